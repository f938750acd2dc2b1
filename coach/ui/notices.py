"""What went wrong, in plain words, with what to do about it; and how far work is."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from coach.errors import CoachError
from coach.ui.desk import log_without_text
from coach.ui.markup import tag


class Problem(NamedTuple):
    """A message and a hint. `again`: whether trying once more may help; `kind` "good" is no
    problem at all."""

    message: str
    hint: str = ""
    again: bool = False
    kind: str = ""


def problem_of(error: Exception) -> Problem:
    """What to tell about an error; the details of an unexpected one go to the log, without its message."""
    if isinstance(error, CoachError):
        return Problem(error.message, error.hint)
    log_without_text(error)
    return Problem(
        f"Something went wrong inside the coach ({type(error).__name__}). Your text is kept.",
        "Try again. If it happens again, the terminal that runs the coach shows where.",
    )


def show_problem(problem: Problem, kind: str = "problem") -> None:
    """Draws a problem; `kind` is "problem" for what stops the work, "aside" for what does not, "good" for
    what went well."""
    hint = tag("p", problem.hint, class_="hint") if problem.hint else None
    st.html(
        tag("div", tag("p", problem.message), hint, class_=kind, role="status" if kind == "good" else "alert")
    )


def progress_in(place: DeltaGenerator) -> Callable[[str, float], None]:
    """Shows in `place` what is being done and how far it is, 0.0 to 1.0."""

    def show(doing: str, done: float) -> None:
        place.progress(min(max(done, 0.0), 1.0), text=doing)

    return show
