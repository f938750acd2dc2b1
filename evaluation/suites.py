"""Does the judge catch what is planted, and hold still otherwise? Run: python -m evaluation.suites

Both suites are made from the base answers (tests/evals/README.md), which a language model wrote for this
project, as it wrote the texts here. What they show holds for texts of this kind. `--misses` lists every
fault that was not caught and every level that moved.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from coach import Coach
from coach.schema import CRITERIA, Report
from evaluation.faults import FAULTS, Fault, levels
from evaluation.unchanged import CHANGES, Change, Swap
from tests.evals.variants import BaseAnswer, read_base_answers

Judge = Callable[[str, str], Report]
MEAN_CAUGHT, LEAST_CAUGHT, MOST_MOVED = 0.95, 0.85, 0.02


@dataclass(frozen=True)
class FaultCount:
    """How often a fault was caught; a miss says the answer and what the judge gave before and after."""

    name: str
    caught: int
    of: int
    misses: tuple[str, ...]

    @property
    def share(self) -> float:
        """Caught, 0.0 to 1.0; 1.0 when it was planted nowhere."""
        return self.caught / self.of if self.of else 1.0


@dataclass(frozen=True)
class ChangeCount:
    """How many levels moved; `exact` when none may."""

    name: str
    moved: int
    of: int
    moves: tuple[str, ...]
    exact: bool = False

    @property
    def share(self) -> float:
        """Moved, 0.0 to 1.0."""
        return self.moved / self.of if self.of else 0.0


def run_faults(
    judge: Judge, answers: Sequence[BaseAnswer], faults: Sequence[Fault] = FAULTS
) -> list[FaultCount]:
    """Plants every fault in every answer that has what it takes away."""
    return [_count_fault(judge, answers, fault) for fault in faults]


def run_unchanged(
    judge: Judge, answers: Sequence[BaseAnswer], changes: Sequence[Change | Swap] = CHANGES
) -> list[ChangeCount]:
    """Compares all eight levels of both texts of every pair, under the answer's own question."""
    return [_count_change(judge, answers, change) for change in changes]


def mean_caught(counts: Sequence[FaultCount]) -> float:
    """The mean of the faults' shares, each fault counting the same."""
    return sum(count.share for count in counts) / len(counts)


def share_moved(counts: Sequence[ChangeCount]) -> float:
    """Levels moved over levels looked at, all changes together."""
    return sum(count.moved for count in counts) / max(1, sum(count.of for count in counts))


def missed_bars(faults: Sequence[FaultCount], changes: Sequence[ChangeCount]) -> list[str]:
    """What the judge falls short of, in words; empty when it holds."""
    missed = []
    if mean_caught(faults) < MEAN_CAUGHT:
        missed.append(f"faults caught on average: {mean_caught(faults):.1%}, not {MEAN_CAUGHT:.0%}")
    for fault in faults:
        if fault.share < LEAST_CAUGHT:
            missed.append(f"{fault.name}: {fault.share:.1%} caught, not {LEAST_CAUGHT:.0%}")
    if share_moved(changes) > MOST_MOVED:
        missed.append(f"levels moved: {share_moved(changes):.2%}, not {MOST_MOVED:.0%}")
    return missed + [f"{c.name}: {c.moved} levels moved, not 0" for c in changes if c.exact and c.moved]


def _count_fault(judge: Judge, answers: Sequence[BaseAnswer], fault: Fault) -> FaultCount:
    of, misses = 0, []
    for answer in answers:
        planted = fault.plant(answer)
        if planted is None:
            continue
        of += 1
        before, after = judge(answer.question, answer.text), judge(*planted)
        if not fault.caught(before, after):
            misses.append(f"{answer.id} {_shown(before)} -> {_shown(after)}")
    return FaultCount(fault.name, of - len(misses), of, tuple(misses))


def _count_change(judge: Judge, answers: Sequence[BaseAnswer], change: Change | Swap) -> ChangeCount:
    of, moves = 0, []
    for answer in answers:
        for first, second in change.pairs(answer.text):
            old, new = levels(judge(answer.question, first)), levels(judge(answer.question, second))
            of += len(CRITERIA)
            moves += [
                f"{answer.id} {criterion} {old[criterion]} -> {new[criterion]}"
                for criterion in CRITERIA
                if old[criterion] != new[criterion]
            ]
    exact = isinstance(change, Swap) and change.exact
    return ChangeCount(change.name, len(moves), of, tuple(moves), exact)


def _shown(report: Report) -> str:
    found = levels(report)
    return f"{' '.join(str(found[criterion]) for criterion in CRITERIA)} ({report.overall.score})"


def print_faults(counts: Sequence[FaultCount], with_misses: bool = False) -> None:
    """The first table."""
    print(f"{'fault':<24}{'caught':>8}{'of':>6}{'':>9}")
    for count in counts:
        print(f"{count.name:<24}{count.caught:>8}{count.of:>6}{count.share:>9.1%}")
        if with_misses:
            print("".join(f"    {miss}\n" for miss in count.misses), end="")
    print(f"{'mean over faults':<24}{'':>14}{mean_caught(counts):>9.1%}\n")


def print_changes(counts: Sequence[ChangeCount], with_moves: bool = False) -> None:
    """The second table."""
    print(f"{'no change':<24}{'moved':>8}{'of':>6}{'':>9}")
    for count in counts:
        print(f"{count.name:<24}{count.moved:>8}{count.of:>6}{count.share:>9.2%}")
        if with_moves:
            print("".join(f"    {move}\n" for move in count.moves), end="")
    total, levels_seen = sum(count.moved for count in counts), sum(count.of for count in counts)
    print(f"{'all':<24}{total:>8}{levels_seen:>6}{share_moved(counts):>9.2%}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--misses", action="store_true", help="list each miss and each level that moved")
    options = parser.parse_args(arguments)
    opened, answers = Coach.open(), read_base_answers()

    @cache
    def judge(question: str, text: str) -> Report:
        return opened.feedback(question, text, judge="evidence")

    print(f"{len(answers)} base answers, the built-in judge\n")
    faults = run_faults(judge, answers)
    print_faults(faults, options.misses)
    changes = run_unchanged(judge, answers)
    print_changes(changes, options.misses)
    missed = missed_bars(faults, changes)
    print("\n".join(f"Missed: {bar}" for bar in missed) or "All bars are met.")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
