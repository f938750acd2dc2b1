"""Whether the question is answered: topic first, then substance, then the example that was asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coach import Coach
from coach.judges.fit import BANK_SCALE, FREE_SCALE, Topic, read_fit
from coach.judges.story import Reading
from coach.schema import AnswerType, QuestionKind
from coach.signals.topic import centroid, standing, story_weights
from tests.evals.variants import read_base_answers
from tests.stories import Part, lexicon, make_signals

LONG = Part("action", "I watched the recordings and moved the price to the page. " * 10)
SHORT = Part("action", "I watched the recordings and moved the price to the page.")
ON, DOUBTFUL, TOUCHES, ELSEWHERE = 2.0, -0.3, -1.0, -3.0


def level_of(
    distance: float,
    part: Part = LONG,
    answer_type: AnswerType = "story",
    action: int = 4,
    result: int = 4,
    kind: QuestionKind = "behavioural",
    text: str = "Describe a time when you improved a shop.",
) -> int:
    signals = make_signals(part, answer_type=answer_type)
    asked = signals.submission.question.model_copy(update={"kind": kind, "text": text})
    signals = replace(signals, submission=signals.submission._replace(question=asked))
    story = {"action": Reading(action, (), (), ()), "result": Reading(result, (), (), ())}
    return read_fit(signals, Topic(distance, BANK_SCALE), story, 0, lexicon()).level


def test_another_topic_is_no_answer_however_good_the_story() -> None:
    assert [level_of(distance) for distance in (ELSEWHERE, TOUCHES, DOUBTFUL, ON)] == [0, 1, 2, 5]


def test_a_story_without_a_word_of_the_subject_answers_a_part_at_most(coach: Coach) -> None:
    story = (
        "Last spring the rating of our shop was 4.2 and the marketplace kept us out of its sale. I read all "
        "the low reviews, saw that most were about wrong colours, changed forty pictures and wrote to buyers "
        "myself. By June the rating was 4.8 and we were let in."
    )
    fit = coach.feedback("q18", story, judge="evidence").criterion("question_fit")
    assert fit.level is not None and fit.level <= 2
    assert "does not show what was asked" in fit.why


@pytest.mark.parametrize(
    ("part", "answer_type", "action", "result", "level"),
    [
        (LONG, "story", 5, 5, 5),
        (SHORT, "story", 5, 5, 4),
        (LONG, "story", 3, 2, 4),
        (LONG, "story", 2, 0, 3),
        (SHORT, "story", 1, 0, 2),
        (LONG, "pseudo_story", 2, 4, 3),
        (LONG, "hypothetical", 1, 0, 3),
        (SHORT, "opinion", 1, 0, 2),
        (LONG, "non_answer", 5, 5, 0),
    ],
)
def test_substance_decides_once_the_topic_is_right(
    part: Part, answer_type: AnswerType, action: int, result: int, level: int
) -> None:
    assert level_of(ON, part, answer_type, action, result) == level


def test_a_question_that_asks_for_no_example_can_be_answered_by_a_habit() -> None:
    text = "Which metrics do you watch?"
    assert level_of(ON, answer_type="pseudo_story", kind="knowledge", text=text) == 4
    assert level_of(ON, answer_type="pseudo_story", kind="behavioural", text=text) == 3
    assert level_of(ON, answer_type="pseudo_story", kind="approach", text="How? Give an example.") == 3


def test_the_scales_rise() -> None:
    for scale in (BANK_SCALE, FREE_SCALE):
        assert scale.elsewhere < scale.touches < scale.doubtful


def test_standing_is_the_distance_from_the_others_in_spreads() -> None:
    assert standing([1.0, 3.0], 1) == pytest.approx(1.0)
    assert standing([2.0, 2.0, 2.0], 0) == 0.0


def test_talk_weighs_nothing_unless_there_is_only_talk() -> None:
    told = make_signals(SHORT, Part("other", "That is a great question."))
    assert story_weights(told.clauses).tolist() == [11.0, 0.0]
    talk = make_signals(Part("other", "That is a great question."))
    assert story_weights(talk.clauses).tolist() == [1.0]
    vectors = np.eye(2, dtype=np.float32)
    np.testing.assert_allclose(centroid(vectors, story_weights(told.clauses)), [1, 0])


def test_an_answer_loses_fit_under_an_unrelated_question(coach: Coach) -> None:
    strong = [answer for answer in read_base_answers() if answer.strength == "strong"][:6]
    for answer in strong:
        own = coach.feedback(answer.question, answer.text).criterion("question_fit").level
        other = coach.feedback(answer.unrelated_question, answer.text).criterion("question_fit").level
        assert own is not None and other is not None
        assert other < own, answer.id
