"""What a mock interview shows over all its answers."""

from __future__ import annotations

import numpy as np
import pytest

from coach import Coach
from coach.interviews import SAME_STORY, Strength, Told, find_retold, find_strengths, sum_up
from coach.role_files import load_role
from coach.rubric import load_rubric
from coach.schema import Notice, Overall, Role
from coach.ui.interview_html import answer_line
from tests.app.answers import BETTER, WEAK
from tests.conftest import REPO_ROOT
from tests.factories import ANSWER, make_criteria, make_report
from tests.question_sets import make_question

RUBRIC = load_rubric(REPO_ROOT / "knowledge" / "rubric.toml")
RETOLD = (
    "Visitors on phones left the web shop of an outdoor brand as soon as they saw what delivery would cost, "
    "and I was to mend the checkout before the summer season. From forty session recordings I learned that "
    "the price came up only on the last page. I put it on the product page, ran two versions against the old "
    "one with a developer and took out the forced account. Six weeks later conversion on phones was 2.6 % "
    "after 1.7 %. Since then I watch people first."
)
OTHER = (
    "When I joined a shop for bicycle parts most of our visits were paid for, so I wrote guides for "
    "the forty repairs that people searched for, had a mechanic check each of them, and linked them to "
    "the parts. Within a year visits from search doubled and the advertising budget fell by a third."
)


@pytest.fixture(scope="module")
def role() -> Role:
    return load_role(REPO_ROOT / "knowledge" / "roles" / "e-commerce-manager.toml")


def told(question_id: str = "c-1", answer: str = ANSWER, **more: object) -> Told:
    return Told(make_question(question_id), answer, 100.0, **{"report": make_report(), **more})  # type: ignore[arg-type]


def test_each_answer_has_its_score_and_first_fix(role: Role) -> None:
    feedback = sum_up(role, [told()])
    (line,) = feedback.lines
    assert line.score == make_report().overall.score and line.first_fix
    assert not line.is_over_time
    slow = sum_up(role, [told()._replace(seconds=241.0)])
    assert slow.lines[0].is_over_time


def test_a_low_score_with_something_strong_says_what_held_it_down(role: Role) -> None:
    weak = [c.model_copy(update={"level": 1}) if c.id == "result" else c for c in make_criteria()]
    report = make_report(criteria=tuple(weak), overall=Overall(score=40, band="partial", uncapped=60))
    (line,) = sum_up(role, [told(report=report)]).lines
    assert "action" in line.strong and line.weak == ("result",)
    shown = answer_line(1, line, RUBRIC)
    assert "Strong in: " in shown and "; held down by: Result" in shown
    assert "Strong in" not in answer_line(1, line._replace(score=85.0), RUBRIC)


def test_what_could_not_be_judged_says_why_and_what_was_skipped_does_not_count(role: Role) -> None:
    short = Notice(code="too_short", message="The answer has 4 words.")
    feedback = sum_up(
        role, [told(answer="Four words are few.", report=None, problem=short), told(answer="", report=None)]
    )
    assert [line.band for line in feedback.lines] == ["not judged", "skipped"]
    assert feedback.lines[0].first_fix == short.message
    assert all(line.score is None for line in feedback.lines)
    assert feedback.answered == 1


def test_a_strength_shows_in_most_of_two_or_more_answers() -> None:
    strong, criteria = make_report(), make_criteria()
    weak_result = [c.model_copy(update={"level": 2}) if c.id == "result" else c for c in criteria]
    weaker = make_report(criteria=tuple(weak_result), overall=Overall(score=50, band="partial", uncapped=50))
    assert find_strengths([strong]) == ()
    found = find_strengths([strong, strong, weaker])
    assert Strength("action", 3, 3) in found and Strength("result", 2, 3) in found
    assert "role_relevance" not in {item.criterion for item in found}
    assert "result" not in {item.criterion for item in find_strengths([strong, weaker])}


def test_gaps_tell_what_was_asked_about_from_what_never_came_up(role: Role) -> None:
    work, kpis = [a.id for a in role.activities], [kpi.id for kpi in role.kpis]
    question = make_question(activities=(work[0], work[1]), kpis=("conversion-rate", kpis[-1]))
    report = make_report(activities=(make_report().activities[0].model_copy(update={"id": work[0]}),))
    skipped = make_question("c-2", activities=(work[2],))
    feedback = sum_up(role, [Told(question, ANSWER, 1.0, report), Told(skipped, "", 0.0)])
    assert feedback.activities.asked == (work[1],)
    assert feedback.activities.skipped == (work[2],)
    assert feedback.activities.never == tuple(work[3:])
    assert "conversion-rate" not in (*feedback.kpis.asked, *feedback.kpis.never)
    assert feedback.kpis.asked == (kpis[-1],)


def test_answers_that_are_alike_are_told_once_for_each_pair() -> None:
    near = np.array([[1, 0], [SAME_STORY + 0.05, (1 - (SAME_STORY + 0.05) ** 2) ** 0.5], [0, 1], [0, 0]])
    (pair,) = find_retold(near)
    assert (pair.first, pair.second) == (0, 1)
    assert pair.likeness == pytest.approx(SAME_STORY + 0.05)


def test_a_story_in_other_words_is_known_again_and_another_is_not(coach: Coach) -> None:
    vectors = coach.engines.reader.embedder.embed([ANSWER, OTHER, RETOLD, WEAK, BETTER])
    pairs = {(pair.first, pair.second) for pair in find_retold(vectors)}
    assert pairs == {(0, 2), (3, 4)}
