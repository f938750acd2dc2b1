"""Are the activities and KPIs that a report shows really in the answer? Run: python -m benchmarks.activities

Over the base answers, whose activities and KPIs are marked, and the 100 answers of training/answers/ whose
activities two readers marked and the reader network was not trained with: precision and recall of what a
report calls evidenced, and how many of the marked activities are among the three most relevant; for the 100
also the agreement of role_relevance with the readers. Then retrieval within an occupation on O*NET, beside
TF-IDF (needs COACH_DEV_DATA).

Answers and marks were written by language models, and calibration and thresholds were fitted to them, so
these figures are kind; `python -m benchmarks.relevance` prints those on people not seen.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from benchmarks.onet import report_onet
from benchmarks.role_answers import read_role_answers
from coach import Coach
from coach.config import resource_root
from coach.schema import Report
from evaluation.agreement import kappa
from tests.evals.variants import read_base_answers

ROOT = resource_root()
TOP = 3
OCCUPATIONS = 120


class Tally(NamedTuple):
    """What was shown, what was marked, and how many of them are the same."""

    shown: int = 0
    marked: int = 0
    both: int = 0

    def add(self, shown: Collection[str], marked: Collection[str]) -> Tally:
        both = len(set(shown) & set(marked))
        return Tally(self.shown + len(shown), self.marked + len(marked), self.both + both)

    def recall(self) -> str:
        """The share of what is marked that is shown."""
        return f"{self.both / max(1, self.marked):.2f} ({self.both} of {self.marked})"

    def __str__(self) -> str:
        precision, recall = self.both / max(1, self.shown), self.both / max(1, self.marked)
        return (
            f"precision {precision:.2f} ({self.both} of {self.shown}), "
            f"recall {recall:.2f} ({self.both} of {self.marked})"
        )


class Tallies(NamedTuple):
    """What reports show of the role in the base answers and in 100 written ones: activities called
    evidenced, activities among the three most relevant, KPIs called evidenced; `mistakes` names what is shown
    and not marked; `kappas` are role_relevance with reader A, with B, and A with B."""

    base_activities: Tally
    base_top: Tally
    base_kpis: Tally
    mistakes: list[str]
    activities: Tally
    top: Tally
    kappas: tuple[float, float, float]

    @property
    def base_recall(self) -> float:
        """The share of the base answers' activities that are among the three most relevant."""
        return self.base_top.both / max(1, self.base_top.marked)

    def rows(self) -> list[tuple[str, str, str]]:
        """(what, on the base answers, on the written ones)."""
        own, other, readers = (f"{value:.2f}" for value in self.kappas)
        relevance = f"{own} with A, {other} with B (A with B {readers})"
        return [
            ("activities called evidenced", str(self.base_activities), str(self.activities)),
            (f"activities, recall at {TOP} (bar .90)", self.base_top.recall(), self.top.recall()),
            ("KPIs called evidenced (bar .95, .90)", str(self.base_kpis), "see tests/evals/kpi_marks.toml"),
            ("role_relevance, QWK", "", relevance),
        ]


def tally(opened: Coach) -> Tallies:
    """Reports on all marked answers, counted."""
    return Tallies(*tally_base_answers(opened), *tally_role_answers(opened))


def main() -> None:
    """Command line."""
    opened = Coach.open()
    found = tally(opened)
    for name, base, written in found.rows():
        print(f"{name}\n  base answers: {base or '-'}\n  written answers: {written}")
    print("Shown and not marked in the base answers:" if found.mistakes else "All that is shown is marked.")
    print("\n".join(found.mistakes))
    data = Path(os.environ.get("COACH_DEV_DATA", ROOT.parent / "shared" / "data"))
    if data.is_dir():
        report_onet(opened.engines.reader.embedder, data / "onet", OCCUPATIONS)
    else:
        print(f"\nO*NET: skipped, there is no folder {data} (set COACH_DEV_DATA).")


def tally_base_answers(opened: Coach) -> tuple[Tally, Tally, Tally, list[str]]:
    """Activities, the three most relevant, KPIs, and what is shown and not marked."""
    answers = read_base_answers()
    activities, top, kpis = Tally(), Tally(), Tally()
    mistakes = []
    for answer in answers:
        report = opened.feedback(answer.question, answer.text, judge="evidence")
        shown, proven = shown_in(report), {kpi.id for kpi in report.kpis if kpi.status == "evidenced"}
        activities = activities.add(shown, answer.activities)
        top = top.add(best_of(report), answer.activities)
        kpis = kpis.add(proven, answer.kpis_evidenced)
        wrong = (shown - {*answer.activities}) | (proven - {*answer.kpis_evidenced})
        mistakes += [f"  {answer.id}: {', '.join(sorted(wrong))}"] if wrong else []
    return activities, top, kpis, mistakes


def tally_role_answers(opened: Coach) -> tuple[Tally, Tally, tuple[float, float, float]]:
    """Activities and role_relevance of the answers that two readers marked; each reader's marks count."""
    answers = [answer for answer in read_role_answers() if not answer.trained]
    activities, top = Tally(), Tally()
    own: list[int] = []
    a: list[int] = []
    b: list[int] = []
    for answer in answers:
        report = opened.feedback(answer.question, answer.text, judge="evidence")
        if answer.levels:
            own.append(report.criterion("role_relevance").level or 0)
            a.append(answer.levels["A"])
            b.append(answer.levels["B"])
        for marks in answer.marks.values():
            activities, top = activities.add(shown_in(report), marks), top.add(best_of(report), marks)
    return activities, top, (kappa(own, a), kappa(own, b), kappa(a, b))


def shown_in(report: Report) -> set[str]:
    """The activities that a report calls evidenced."""
    return {found.id for found in report.activities if found.status == "evidenced"}


def best_of(report: Report) -> list[str]:
    """The three most relevant activities of a report."""
    ranked = sorted(report.activities, key=lambda found: (-found.relevance, found.id))
    return [found.id for found in ranked[:TOP]]


if __name__ == "__main__":
    main()
