"""Does the built-in judge notice what is taken out of an answer, and pay nothing for padding?

The answers and their marks were written by a language model for this project (README.md here), and the
judge was built while looking at them: this shows that it keeps doing what it was built for, no more.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from coach import Coach
from coach.schema import CriterionId, Report
from evaluation.faults import said_twice, under_another_question, without_figures, without_results
from evaluation.retelling import group_for_self
from evaluation.suites import run_unchanged
from evaluation.unchanged import CHANGES, Swap
from tests.evals.variants import BaseAnswer, read_base_answers, read_fillers

ANSWERS = read_base_answers()
FIT = [answer for answer in ANSWERS if answer.fit_for_faults]
Judge = Callable[[str, str], Report]


@pytest.fixture(scope="module")
def judge(coach: Coach) -> Judge:
    """Feedback on (question, answer), each pair judged once."""

    @cache
    def ask(question: str, answer: str) -> Report:
        return coach.feedback(question, answer, judge="evidence")

    return ask


def level(report: Report, criterion: CriterionId) -> int:
    found = report.criterion(criterion).level
    assert found is not None
    return found


def unnoticed(
    judge: Judge, criterion: CriterionId, change: Callable[[BaseAnswer], tuple[str, str]]
) -> set[tuple[str, str]]:
    """(answer, question) wherever the changed answer keeps its level of the criterion."""
    kept = set()
    for answer in FIT:
        before, (question, text) = level(judge(answer.question, answer.text), criterion), change(answer)
        assert (question, text) != (answer.question, answer.text), answer.id
        if level(judge(question, text), criterion) >= before:
            kept.add((answer.id, question))
    return kept


def test_there_are_enough_answers_to_show_it() -> None:
    assert len(FIT) >= 20
    assert len({answer.question for answer in FIT}) >= 10


def test_without_results_the_result_falls(judge: Judge) -> None:
    assert unnoticed(judge, "result", lambda answer: (answer.question, without_results(answer))) == set()


def test_without_figures_the_metrics_fall(judge: Judge) -> None:
    assert unnoticed(judge, "metrics", lambda answer: (answer.question, without_figures(answer))) == set()


def test_told_as_we_the_action_falls(judge: Judge) -> None:
    assert unnoticed(judge, "action", lambda answer: (answer.question, group_for_self(answer.text))) == set()


def test_under_another_question_the_fit_falls(judge: Judge) -> None:
    assert unnoticed(judge, "question_fit", under_another_question) == set()


def gained(before: Report, after: Report) -> list[str]:
    """What the second report gives more for."""
    more = [c.id for c in before.criteria if level(after, c.id) > level(before, c.id)]
    assert before.overall.score is not None and after.overall.score is not None
    return more + (["score"] if after.overall.score > before.overall.score else [])


@pytest.mark.parametrize("number", range(3))
def test_padding_gains_nothing(judge: Judge, number: int) -> None:
    filler = read_fillers()[number]
    assert len(filler.split()) == 120
    gains = {
        answer.id: gained(
            judge(answer.question, answer.text), judge(answer.question, f"{answer.text} {filler}")
        )
        for answer in FIT
    }
    assert {id: more for id, more in gains.items() if more} == {}


def test_saying_it_twice_gains_nothing_new(judge: Judge) -> None:
    gains = {
        answer.id: gained(judge(answer.question, answer.text), judge(*said_twice(answer))) for answer in FIT
    }
    assert {id: more for id, more in gains.items() if more} == {}


def scores(judge: Judge, strength: str) -> dict[str, float]:
    return {
        answer.id: judge(answer.question, answer.text).overall.score or 0.0
        for answer in ANSWERS
        if answer.strength == strength
    }


def test_strong_answers_stand_above_weak_ones(judge: Judge) -> None:
    strong, good, weak = (scores(judge, strength) for strength in ("strong", "good", "weak"))
    assert min(len(strong), len(good), len(weak)) >= 4
    assert {id: score for id, score in strong.items() if score < 70} == {}
    assert {id: score for id, score in weak.items() if score > 55} == {}
    assert min(strong.values()) > max(weak.values())
    assert min(good.values()) > max(weak.values())


def test_kpis_that_are_called_proven_are(judge: Judge) -> None:
    right, wrong, marked = 0, {}, 0
    for answer in ANSWERS:
        report = judge(answer.question, answer.text)
        proven = {kpi.id for kpi in report.kpis if kpi.status == "evidenced"}
        right, marked = right + len(proven & {*answer.kpis_evidenced}), marked + len(answer.kpis_evidenced)
        if proven - {*answer.kpis_evidenced}:
            wrong[answer.id] = proven - {*answer.kpis_evidenced}
    assert wrong == {}
    assert right / marked >= 0.75


def test_who_somebody_is_moves_no_level(judge: Judge) -> None:
    swaps = [change for change in CHANGES if isinstance(change, Swap) and change.exact]
    assert {swap.name.removeprefix("another ") for swap in swaps} == {
        "name", "gender", "nationality", "age", "school",
    }  # fmt: skip
    counts = run_unchanged(judge, ANSWERS[::5], swaps)
    assert {count.name: count.moves for count in counts if count.moved} == {}
    assert sum(count.of for count in counts) > 500
