"""KPIs called evidenced, against the marks of the project's own answers."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from coach import Coach
from tests.conftest import REPO_ROOT
from tests.evals.variants import read_base_answers

pytestmark = pytest.mark.slow
ANSWERS = REPO_ROOT / "training" / "answers" / "answers.jsonl"
MARKS = Path(__file__).with_name("kpi_marks.toml")
PRECISION, RECALL = 0.95, 0.90


class Marked(NamedTuple):
    """An answer and the KPIs it is marked to prove."""

    question: str
    text: str
    evidenced: frozenset[str]


def precision_and_recall(answers: Iterable[Marked]) -> tuple[float, float]:
    coach = Coach.open()
    shown = marked = both = 0
    for answer in answers:
        report = coach.feedback(answer.question, answer.text, judge="evidence")
        proven = {kpi.id for kpi in report.kpis if kpi.status == "evidenced"}
        shown, marked = shown + len(proven), marked + len(answer.evidenced)
        both += len(proven & answer.evidenced)
    return both / shown, both / marked


def marked_answers(odd: bool) -> list[Marked]:
    """The further answers of odd or even persons; none where the texts are not in the checkout."""
    if not ANSWERS.exists():
        return []
    marks = tomllib.loads(MARKS.read_text(encoding="utf-8"))["answers"]
    lines = [json.loads(line) for line in ANSWERS.read_text(encoding="utf-8").splitlines()]
    return [
        Marked(line["question"], line["answer"], frozenset(marks.get(line["id"], {}).get("evidenced", ())))
        for line in lines
        if line["id"].startswith("w7-") and (int(line["id"][4:6]) % 2 == 1) == odd
    ]


def test_base_answers_prove_the_kpis_they_are_marked_with() -> None:
    answers = [Marked(a.question, a.text, frozenset(a.kpis_evidenced)) for a in read_base_answers()]
    precision, recall = precision_and_recall(answers)
    assert precision >= PRECISION
    assert recall >= RECALL


@pytest.mark.parametrize("odd", [True, False], ids=["odd", "even"])
def test_further_answers_prove_the_kpis_they_are_marked_with(odd: bool) -> None:
    answers = marked_answers(odd)
    if not answers:
        pytest.skip("the answers are not in this checkout")
    precision, recall = precision_and_recall(answers)
    assert precision >= PRECISION
    assert recall >= RECALL


def test_marks_name_kpis_of_the_role() -> None:
    marks = tomllib.loads(MARKS.read_text(encoding="utf-8"))["answers"]
    role = tomllib.loads(
        (REPO_ROOT / "knowledge" / "roles" / "e-commerce-manager.toml").read_text(encoding="utf-8")
    )
    known = {kpi["id"] for kpi in role["kpis"]}
    for answer, kinds in marks.items():
        assert {*kinds["evidenced"], *kinds["named"]} <= known, answer
        assert not {*kinds["evidenced"]} & {*kinds["named"]}, answer
