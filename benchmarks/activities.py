"""Are the activities and KPIs that a report shows really in the answer? Run: python -m benchmarks.activities

Over the base answers, whose activities and KPIs are marked: precision and recall of what a report calls
evidenced, and how many of the marked activities are among the three most relevant. The answers and marks
were written by one language model, and thresholds were chosen on them.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from coach import Coach
from tests.evals.variants import read_base_answers

TOP = 3


class Tally(NamedTuple):
    """What was shown, what was marked, and how many of them are the same."""

    shown: int = 0
    marked: int = 0
    both: int = 0

    def add(self, shown: Collection[str], marked: Collection[str]) -> Tally:
        both = len(set(shown) & set(marked))
        return Tally(self.shown + len(shown), self.marked + len(marked), self.both + both)

    def __str__(self) -> str:
        precision, recall = self.both / max(1, self.shown), self.both / max(1, self.marked)
        return (
            f"precision {precision:.2f} ({self.both} of {self.shown}), "
            f"recall {recall:.2f} ({self.both} of {self.marked})"
        )


def main() -> None:
    """Command line."""
    opened, answers = Coach.open(), read_base_answers()
    activities, top, kpis = Tally(), Tally(), Tally()
    mistakes = []
    for answer in answers:
        report = opened.feedback(answer.question, answer.text, judge="evidence")
        shown = {found.id for found in report.activities if found.status == "evidenced"}
        ranked = sorted(report.activities, key=lambda found: (-found.relevance, found.id))
        proven = {kpi.id for kpi in report.kpis if kpi.status == "evidenced"}
        activities = activities.add(shown, answer.activities)
        top = top.add([found.id for found in ranked[:TOP]], answer.activities)
        kpis = kpis.add(proven, answer.kpis_evidenced)
        wrong = (shown - {*answer.activities}) | (proven - {*answer.kpis_evidenced})
        mistakes += [f"  {answer.id}: {', '.join(sorted(wrong))}"] if wrong else []
    print(f"{len(answers)} base answers")
    print(f"Activities called evidenced: {activities}")
    print(f"Activities, recall at {TOP}: {top.both / top.marked:.2f} ({top.both} of {top.marked})")
    print(f"KPIs called evidenced: {kpis}")
    print("Shown and not marked:" if mistakes else "Nothing is shown that is not marked.")
    print("\n".join(mistakes))


if __name__ == "__main__":
    main()
