"""How many unlawful questions are noticed and how many lawful ones are left alone, with every miss."""

from __future__ import annotations

import argparse
import time
import tomllib
from pathlib import Path
from typing import NamedTuple

from coach.config import resource_root
from coach.question_sets.lawful import LawfulCheck, Unlawful

CASES = Path(__file__).resolve().parent.parent / "tests" / "evals" / "lawful_cases.toml"


class Case(NamedTuple):
    """A question, the part of the file and the list that it is in."""

    part: str
    lawful: bool
    kind: str
    question: str


class Figures(NamedTuple):
    """Counts over cases."""

    caught: int
    missed: int
    wrongly: int
    left_alone: int

    @property
    def recall(self) -> float:
        return self.caught / (self.caught + self.missed)

    @property
    def precision(self) -> float:
        return self.caught / (self.caught + self.wrongly)

    def __str__(self) -> str:
        return (
            f"recall {self.recall:.3f} ({self.missed} of {self.caught + self.missed} missed), "
            f"precision {self.precision:.3f} "
            f"({self.wrongly} of {self.wrongly + self.left_alone} lawful ones called unlawful)"
        )


def read_cases() -> list[Case]:
    """All cases in the order of the file."""
    raw = tomllib.loads(CASES.read_text(encoding="utf-8"))
    return [
        Case(part, side == "lawful", kind, question)
        for part, sides in raw.items()
        for side, kinds in sides.items()
        for kind, questions in kinds.items()
        for question in questions
    ]


def figures(verdicts: list[tuple[Case, Unlawful | None]]) -> Figures:
    """Counts of what was caught and left alone."""
    counts = {
        key: sum((case.lawful, found is not None) == key for case, found in verdicts)
        for key in ((False, True), (False, False), (True, True), (True, False))
    }
    return Figures(*counts.values())


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", nargs="*", help="only these parts of the cases")
    parts = parser.parse_args().parts
    cases = [case for case in read_cases() if not parts or case.part in parts]
    check = LawfulCheck.open(resource_root() / "knowledge")
    started = time.process_time()
    verdicts = [(case, check.check(case.question)) for case in cases]
    taken = (time.process_time() - started) / len(cases)
    for case, found in verdicts:
        if case.lawful == (found is not None):
            print(
                f"{case.part} {case.kind}: {case.question}"
                + (f"  [{found.topic}: {found.quote}]" if found else "")
            )
        elif found and case.kind not in ("mixed", found.topic):
            print(f"  other topic: {case.question}  {case.kind} -> {found.topic}: {found.quote}")
    for part in dict.fromkeys(case.part for case in cases):
        print(f"{part:<7}{figures([v for v in verdicts if v[0].part == part])}")
    print(f"all    {figures(verdicts)}")
    print(f"{taken * 1000:.2f} ms a question")


if __name__ == "__main__":
    main()
