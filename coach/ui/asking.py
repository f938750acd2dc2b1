"""Asking for feedback: the text is safe first, then it is read, then the report is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import streamlit as st

from coach.errors import CoachError
from coach.history import SavedReport
from coach.schema import Report
from coach.ui import drafts, keys
from coach.ui.desk import Desk
from coach.ui.notices import problem_of


@dataclass(frozen=True)
class Feedback:
    """A report that is shown. `saved_id` is None when it is not in the history; `is_final` is False while
    a model is still reading."""

    report: Report
    answer: str
    previous: Report | None = None
    saved_id: int | None = None
    is_final: bool = True


def ask(desk: Desk, show: Callable[[str, float], None]) -> Iterator[Feedback]:
    """Reads the answer that is shown: the built-in judge's feedback at once, then a model's if one is chosen.

    What goes wrong is left in the session under PROBLEM; feedback given before that stays.
    """
    state = st.session_state
    import sys, time

    print("ASK", time.time(), state[keys.TEXT][-20:], file=sys.stderr)
    state[keys.PROBLEM] = None
    drafts.save_current(desk)
    try:
        desk.wait(show)
    except CoachError as error:
        state[keys.PROBLEM] = problem_of(error)._replace(again=True)
        return
    try:
        yield from _read(desk)
    except Exception as error:
        state[keys.PROBLEM] = problem_of(error)
        return
    _keep(desk)


def _read(desk: Desk) -> Iterator[Feedback]:
    slot, answer = drafts.current_slot(), st.session_state[keys.TEXT]
    previous = _previous(desk)
    judge, api_key = st.session_state.get(keys.JUDGE), st.session_state.get(keys.API_KEY) or None
    stream = desk.coach.feedback_stream(
        role=slot.role_id, question=slot.question, answer=answer, judge=judge, api_key=api_key
    )
    for report in stream:
        # The first report of a model's run is the built-in judge's, and says so.
        feedback = Feedback(report, answer, previous, is_final=False)
        st.session_state[keys.FEEDBACK] = feedback
        yield feedback


def _previous(desk: Desk) -> Report | None:
    """The report on the draft before this one: the one shown, or the newest in the history."""
    shown: Feedback | None = st.session_state[keys.FEEDBACK]
    if shown is not None:
        return shown.report
    if drafts.current_slot().example:
        return None
    newest = _newest(desk, None)
    return _readable(newest) if newest else None


def _keep(desk: Desk) -> None:
    feedback: Feedback | None = st.session_state[keys.FEEDBACK]
    if feedback is None:
        return
    saved_id = None
    if not drafts.current_slot().example:
        with drafts.telling_history_problems():
            saved_id = desk.coach.history.save_report(feedback.report, feedback.answer).id
    st.session_state[keys.FEEDBACK] = replace(feedback, saved_id=saved_id, is_final=True)


def recall(desk: Desk) -> None:
    """Shows the last feedback on the chosen question again, if it is on the very text that is shown."""
    st.session_state[keys.FEEDBACK] = None
    st.session_state[keys.PROBLEM] = None
    newest = _newest(desk, None)
    if newest is None or newest.answer != st.session_state[keys.TEXT]:
        return
    report = _readable(newest)
    if report is not None:
        before = _newest(desk, newest.id)
        previous = _readable(before) if before else None
        st.session_state[keys.FEEDBACK] = Feedback(report, newest.answer, previous, newest.id)


def _newest(desk: Desk, before_id: int | None) -> SavedReport | None:
    slot = drafts.current_slot()
    with drafts.telling_history_problems():
        question = drafts.asked_question(desk.coach.role(slot.role_id), slot.question)
        return desk.coach.history.previous_report(slot.role_id, question, before_id)
    return None


def _readable(saved: SavedReport) -> Report | None:
    """The report, unless another version of the program wrote it in a way that this one cannot read."""
    try:
        return saved.report()
    except CoachError:
        return None


def retry(desk: Desk) -> None:
    """Opens the coach once more after it failed."""
    st.session_state[keys.PROBLEM] = None
    desk.start()
