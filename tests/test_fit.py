"""Whether the question is answered: topic first, then substance, then the example that was asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coach import Coach
from coach.judges.fit import (
    BANK_SCALE,
    FREE_SCALE,
    NEAR,
    Topic,
    fullness,
    fullness_parts,
    goal_share,
    read_fit,
)
from coach.judges.reasons import find_reason
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


GOAL = Part("task", "I had to raise the rating of our shop. ")
SEEN = {"question_fit": 2.8, "action": 3.0, "result": 2.0, "situation": 3.0, "task": 3.0}


def fullness_of(*parts: Part, cosine: float = 0.5, question: str | None = None) -> float:
    signals = replace(make_signals(*parts), strengths=SEEN, type_chances={"story": 0.9, "opinion": 0.05})
    if question is not None:
        asked = signals.submission.question.model_copy(update={"text": question})
        signals = replace(signals, submission=signals.submission._replace(question=asked))
    return fullness(fullness_parts(signals, cosine))


def test_actions_far_from_the_question_show_less_of_what_was_asked() -> None:
    near, far, farther = (fullness_of(LONG, cosine=cosine) for cosine in (NEAR, 0.1, 0.0))
    assert near > far > farther
    # Saying the words of the question again makes no answer fuller.
    assert fullness_of(LONG, cosine=0.9) == near


def test_a_question_that_asks_for_more_is_answered_less_fully_by_the_same_words() -> None:
    short = "Describe a hard decision you made in a shop."
    long = f"{short} What did you weigh, whom did you ask, what came of it, and what did you learn from it?"
    assert fullness_of(LONG, question=short) > fullness_of(LONG, question=long)
    # A question that is pasted with half a page around it asks for no more than a long one.
    assert fullness_of(LONG, question=long * 5) == fullness_of(LONG, question=long * 10)


def test_a_goal_told_at_length_is_no_deed() -> None:
    mostly_goal = (Part("task", GOAL.text * 3), SHORT)
    assert fullness_of(GOAL, Part("action", SHORT.text * 3)) > fullness_of(*mostly_goal)
    assert goal_share(make_signals(LONG)) == 0.0
    assert goal_share(make_signals(Part("other", "That is a great question."))) == 0.0
    signals = replace(make_signals(*mostly_goal), strengths=SEEN, type_chances={"story": 0.9}, words_read=60)
    story = {"action": Reading(2, (), (), ()), "result": Reading(0, (), (), ())}
    reading = read_fit(signals, Topic(ON, BANK_SCALE), story, 0, lexicon())
    assert reading.level in (2, 3)
    assert find_reason("question_fit", reading, signals).why == "goal"


def test_what_is_said_twice_answers_no_more() -> None:
    habit = Part("other", "Listening to people always matters most to me in a team.")
    once, twice = (
        replace(make_signals(*parts), strengths=SEEN, type_chances={"opinion": 1.0})
        for parts in ((habit,), (habit, habit))
    )
    assert twice.repeated
    assert fullness(fullness_parts(once, 0.5)) == fullness(fullness_parts(twice, 0.5))


def test_a_story_of_other_deeds_than_asked_for_answers_less(coach: Coach) -> None:
    story = (
        "One evening two guests at my table began to shout at each other. I brought water, sat them apart "
        "and spoke to each of them quietly. After ten minutes they said sorry and ordered dessert."
    )
    learning, calming = (
        coach.feedback(f"Describe a time when you {asked}.", story, judge="evidence").criterion(
            "question_fit"
        )
        for asked in ("had to learn a new tool quickly", "calmed an argument between customers")
    )
    assert learning.level is not None and calming.level is not None
    assert learning.level < calming.level


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
