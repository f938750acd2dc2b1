"""What went wrong on the page "Questions", told beside what it is about."""

from __future__ import annotations

from coach.ui.bench import Bench
from coach.ui.notices import show_problem


def show_problem_at(bench: Bench, place: str) -> None:
    """Draws the problem of the bench if it is about this place."""
    if bench.problem is not None and bench.place == place:
        show_problem(bench.problem)
