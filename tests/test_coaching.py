"""Advice: at most three changes with what blocks the rest first, probes that aim at gaps, one headline."""

from __future__ import annotations

import pytest

from coach import Coach
from coach.coaching import HEADLINE_WORDS, find_follow_ups, find_priorities, find_results, headline, is_strong
from coach.judges.types import Judgement
from coach.rubric import load_rubric
from coach.schema import CRITERIA, AnswerType, CriterionId, CriterionResult, KpiFinding, Report
from tests.evals.variants import BaseAnswer, read_base_answers
from tests.factories import make_report
from tests.stories import KNOWLEDGE, Part, make_signals

RUBRIC = load_rubric(KNOWLEDGE / "rubric.toml")
BASE = read_base_answers()


def results(answer_type: AnswerType = "story", **levels: int | None) -> tuple[CriterionResult, ...]:
    """All at level 3 but those named."""
    judgements = []
    for criterion in CRITERIA:
        level = levels.get(criterion, 3)
        basis = "unscored" if level is None else "whole"
        judgements.append(Judgement(criterion, level, basis, f"Why {criterion}.", (), f"Mend {criterion}."))
    return find_results(judgements, answer_type, "behavioural", RUBRIC)


def first_of(answer_type: AnswerType = "story", **levels: int | None) -> list[CriterionId]:
    chosen = find_priorities(results(answer_type, **levels), answer_type, "behavioural", RUBRIC)
    return [priority.criterion for priority in chosen]


@pytest.fixture(scope="module")
def reports(coach: Coach) -> list[tuple[BaseAnswer, Report]]:
    return [(answer, coach.feedback(answer.question, answer.text)) for answer in BASE]


def test_the_greatest_gain_comes_first_and_three_is_enough() -> None:
    assert first_of() == ["action", "result", "question_fit"]
    assert first_of(action=5, result=5) == ["question_fit", "task", "situation"]
    assert first_of(**dict.fromkeys(CRITERIA, 5)) == []


def test_result_and_metrics_are_one_piece_of_advice() -> None:
    chosen = first_of(action=5, question_fit=5, task=5, situation=5, role_relevance=5, delivery=5)
    assert chosen == ["result"]


@pytest.mark.parametrize(
    ("answer_type", "levels", "first"),
    [
        ("story", {"question_fit": 1, "action": 0}, "question_fit"),
        ("story", {"question_fit": 0}, "question_fit"),
        ("hypothetical", {"action": 1, "situation": 0, "result": 0}, "action"),
        ("pseudo_story", {"action": 1}, "action"),
        ("story", {"question_fit": None}, "action"),
    ],
)
def test_what_blocks_the_rest_goes_first(
    answer_type: AnswerType, levels: dict[str, int | None], first: str
) -> None:
    assert first_of(answer_type, **levels)[0] == first


def test_the_gain_of_a_blocker_counts_the_cap_it_lifts() -> None:
    found = find_priorities(results(question_fit=1), "story", "behavioural", RUBRIC)
    assert found[0].gain == pytest.approx(60 - 35)
    assert found[0].advice == "Why question_fit. Mend question_fit."


def test_what_was_not_judged_is_no_priority() -> None:
    assert "action" not in first_of(action=None)


PLACE = Part("situation", "Last spring I ran a shop for tea.")
WE = Part("action", "We rebuilt the whole checkout together.")
SUGGESTED = KpiFinding(id="bounce-rate", name="Bounce Rate", status="suggested")
NAMED = KpiFinding(id="bounce-rate", name="Bounce Rate", status="named")


@pytest.mark.parametrize(
    ("answer_type", "kpis", "levels", "probe"),
    [
        ("hypothetical", (), {}, "one particular time"),
        (
            "story",
            (),
            {"action": 2},
            "“We rebuilt the whole checkout together”. Which part of that was yours?",
        ),
        ("story", (), {"result": 0, "action": 5}, "what came of it in the end"),
        ("story", (NAMED,), {"action": 5}, "What was the bounce rate before and after?"),
        ("story", (), {"action": 5, "task": 2}, "asked to achieve"),
        ("story", (), {"action": 5, "task": 5, "situation": 2}, "if you had done nothing"),
        ("story", (SUGGESTED,), {"action": 5, "task": 5, "situation": 5}, "show in the bounce rate?"),
        ("story", (), {"action": 5, "task": 5, "situation": 5, "result": 5}, "do differently"),
    ],
)
def test_a_probe_aims_at_the_gap(
    answer_type: AnswerType, kpis: tuple[KpiFinding, ...], levels: dict[str, int | None], probe: str
) -> None:
    signals = make_signals(PLACE, WE, answer_type=answer_type)
    asked = find_follow_ups(results(answer_type, **levels), signals, kpis, None)
    assert any(probe in question for question in asked), asked


def test_probes_are_few_and_none_comes_twice(reports: list[tuple[BaseAnswer, Report]]) -> None:
    for answer, report in reports:
        assert 1 <= len(report.follow_ups) <= 3, answer.id
        assert len(set(report.follow_ups)) == len(report.follow_ups)
        assert len(report.priorities) <= 3


def test_the_headline_is_short_and_says_strong_only_when_it_is(
    reports: list[tuple[BaseAnswer, Report]],
) -> None:
    for answer, report in reports:
        line = headline(report)
        assert 0 < len(line.split()) <= HEADLINE_WORDS, answer.id
        assert line.startswith("This stands.") == is_strong(report)
        assert not (is_strong(report) and answer.strength == "weak")


def test_strong_needs_score_and_every_part_of_the_story() -> None:
    report = make_report()
    assert is_strong(report)
    lame = tuple(c.model_copy(update={"level": 3}) if c.id == "task" else c for c in report.criteria)
    assert not is_strong(report.model_copy(update={"criteria": lame}))
    low = report.overall.model_copy(update={"score": 80.0})
    assert not is_strong(report.model_copy(update={"overall": low}))
    assert headline(report.model_copy(update={"overall": low, "priorities": ()}))
