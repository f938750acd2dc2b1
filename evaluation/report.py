"""Everything that is measured of the built-in judge, gathered and written as one page."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.activities import Tallies, tally
from benchmarks.speed import time_reports
from coach import Coach
from evaluation.agreement import STAR, Agreement, agreements, confusion, label_f1, type_accuracy
from evaluation.held_out import HELD_OUT, read_held_out
from evaluation.shortfalls import shortfall
from evaluation.suites import ChangeCount, FaultCount, mean_caught, run_faults, run_unchanged, share_moved
from tests.evals.variants import BASE_ANSWERS, read_base_answers
from training.corpus import WRITTEN, dev_folder, read_real

# Speakers whose ratings the readers of the written answers had seen (training/answers/README.md).
EXEMPLARS = frozenset(("d000", "d001", "d016", "d024", "d029", "d033", "d050"))
ACTIVITY_BAR = 0.90
BARS = {"situation": 0.86, "task": 0.80, "action": 0.78, "result": 0.78, "question_fit": 0.62}


class RealFigures(NamedTuple):
    """On the real answers, held out by person."""

    answers: int
    people: int
    stale: bool
    agreements: list[Agreement]
    without_exemplars: list[Agreement]
    type_accuracy: float
    clause_f1: dict[str, float]
    character_f1: dict[str, float]
    confusions: dict[str, list[list[int]]]


class Figures(NamedTuple):
    """All that is measured; `real` is None where the real answers are absent."""

    real: RealFigures | None
    role: Tallies
    faults: list[FaultCount]
    changes: list[ChangeCount]
    milliseconds: tuple[float, float]
    data: str


Say = Callable[[str], None]


def measure(opened: Coach, say: Say) -> Figures:
    """Runs everything; about six minutes on two cores. `say` hears what is being done."""

    def judge(question: str, text: str) -> Any:
        return opened.feedback(question, text, judge="evidence")

    say("agreement with the raters")
    real = measure_real(opened.engines.knowledge)
    say("activities and KPIs")
    role = tally(opened)
    say("planted faults")
    answers = read_base_answers()
    faults = run_faults(judge, answers)
    say("changes that must move nothing")
    changes = run_unchanged(judge, answers)
    say("speed")
    return Figures(real, role, faults, changes, time_reports(opened, 200), data_hash())


def measure_real(knowledge: str) -> RealFigures | None:
    """Agreement on the real answers from the held-out reports; None when answers or reports are absent."""
    answers = list(read_real())
    if not answers or not HELD_OUT.exists():
        return None
    made_with, rows = read_held_out()
    judged = [answer for answer in answers if answer.id in rows]
    fresh = [answer for answer in judged if answer.person not in EXEMPLARS]
    return RealFigures(
        answers=len(judged),
        people=len({answer.person for answer in judged}),
        stale=made_with != knowledge,
        agreements=agreements(judged, rows),
        without_exemplars=agreements(fresh, rows),
        type_accuracy=type_accuracy(judged, rows),
        clause_f1=label_f1(judged, rows, by_character=False),
        character_f1=label_f1(judged, rows, by_character=True),
        confusions={name: confusion(name, judged, rows) for name in BARS},
    )


def data_hash() -> str:
    """First 12 digits of the SHA-256 over the files that the figures rest on."""
    files = [BASE_ANSWERS, *sorted(WRITTEN.glob("*.jsonl")), *sorted(dev_folder().glob("dev*.jsonl"))]
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def write_page(figures: Figures, path: Path) -> None:
    """Writes `docs/evaluation.md`."""
    parts = [
        *(_head(figures), _real(figures.real), _role(figures.role), _suites(figures), _speed(figures)),
        _shortfalls(figures),
    ]
    path.write_text("\n\n".join(part for part in parts if part) + "\n", encoding="utf-8")


def _head(figures: Figures) -> str:
    machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return (
        "# How good the built-in judge is\n\n"
        f"Written by `coach eval` on {date.today()} ({machine}; data {figures.data}).\n\n"
        "**Raters, readers and writers are language models, not people.** Two rated 256 real answers apart "
        "from each other with the same anchors. Their agreement with each other is a ceiling, not a proof "
        "that people would agree."
    )


def _real(real: RealFigures | None) -> str:
    if real is None:
        return "## Levels on real answers\n\nNot measured: the real answers are not here (COACH_DEV_DATA)."
    rows = [_agreement_row(found) for found in real.agreements]
    labels = [
        f"| {name} | {real.clause_f1[name]:.2f} | {real.character_f1[name]:.2f} |" for name in real.clause_f1
    ]
    stale = (
        "\n**The held-out reports are older than the role's or judge's files; make them again.**"
        if real.stale
        else ""
    )
    others = ", ".join(f"{found.criterion} {_two(found.kappa)}" for found in real.without_exemplars)
    return "\n".join(
        [
            "## Levels on real answers",
            "",
            f"{real.answers} answers of at least 15 words, typed by {real.people} people, mostly short and "
            "weak. The network that judged an answer had seen none of its speaker's (five folds by person). "
            "Word lists, ladders and the weighing of the two were chosen while looking at these answers, so "
            f"the figures are kind.{stale}",
            "",
            "| criterion | QWK with the raters' mean (95 % interval) | bar | with A | with B | A with B "
            "| exact | within one | bias | bias where raters say 0–1 |",
            "|---|---|---|---|---|---|---|---|---|---|",
            *rows,
            "",
            f"Without the seven people whose ratings the readers of the training answers had seen: {others}.",
            "",
            f"Answer type: the same as a rater's in {real.type_accuracy:.1%} (bar 85 %).",
            "",
            "| label | F1 by clause | F1 by character |",
            "|---|---|---|",
            *labels,
            f"| mean of the four | {_mean(real.clause_f1):.2f} (bar .75) | {_mean(real.character_f1):.2f} |",
        ]
    )


def _agreement_row(found: Agreement) -> str:
    return (
        f"| {found.criterion} | {_two(found.kappa)} ({_two(found.low)} to {_two(found.high)}) "
        f"| {_two(BARS[found.criterion])} | {_two(found.with_a)} | {_two(found.with_b)} "
        f"| {_two(found.raters)} | {found.exact:.0%} | {found.within_one:.0%} | {found.bias:+.2f} "
        f"| {found.weak_bias:+.2f} |"
    )


def _mean(scores: dict[str, float]) -> float:
    return sum(scores[name] for name in STAR) / len(STAR)


def _role(role: Tallies) -> str:
    return "\n".join(
        [
            "## Role",
            "",
            "On answers written for the project (`python -m benchmarks.activities`).",
            "",
            "| | base answers | written answers |",
            "|---|---|---|",
            *(f"| {name} | {base} | {written} |" for name, base, written in role.rows()),
        ]
    )


def _suites(figures: Figures) -> str:
    faults = [f"| {c.name} | {c.caught} of {c.of} | {c.share:.0%} |" for c in figures.faults]
    changes = [f"| {c.name} | {c.moved} of {c.of} | {c.share:.1%} |" for c in figures.changes]
    return "\n".join(
        [
            "## Planted faults",
            "",
            "`python -m evaluation.suites`, on the base answers; `evaluation/README.md` says how it is "
            "counted. One of the two networks whose mean is used has seen the parts of these answers, not "
            "their levels; rules were written with them in view.",
            "",
            "| fault | caught | |",
            "|---|---|---|",
            *faults,
            f"| **mean** (bar 95 %, none under 85 %) | | {mean_caught(figures.faults):.1%} |",
            "",
            "## Changes that must move nothing",
            "",
            "| change | levels moved | |",
            "|---|---|---|",
            *changes,
            f"| **all** (bar 2 %; who somebody is: none) | | {share_moved(figures.changes):.2%} |",
        ]
    )


def _speed(figures: Figures) -> str:
    median, slow = figures.milliseconds
    return (
        "## Speed\n\nOne report on a 201-word answer, warm, everything included, 200 runs: median "
        f"{median:.0f} ms (bar 60), 95th percentile {slow:.0f} ms. The steps: `python -m benchmarks.speed`."
    )


def _shortfalls(figures: Figures) -> str:
    """What is under its bar, and why; empty when nothing is."""
    parts = []
    if figures.real is not None:
        for found in figures.real.agreements:
            if found.kappa < BARS[found.criterion]:
                table = figures.real.confusions[found.criterion]
                parts.append(shortfall(found.criterion, found.kappa, BARS[found.criterion], table))
    recall = figures.role.base_recall
    if recall < ACTIVITY_BAR:
        parts.append(shortfall("activities", recall, ACTIVITY_BAR))
    return "\n\n".join(["## What is short, and why", *parts]) if parts else ""


def _two(value: float) -> str:
    return f"{value:.2f}".replace("0.", ".", 1)


def missed(figures: Figures) -> Sequence[str]:
    """Criteria under their bar, in words."""
    if figures.real is None:
        return []
    return [
        f"{found.criterion}: {_two(found.kappa)}, not {_two(BARS[found.criterion])}"
        for found in figures.real.agreements
        if found.kappa < BARS[found.criterion]
    ]
