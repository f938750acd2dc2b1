"""Asking for feedback: the text is safe first, then it is read, then the report is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

from coach.errors import CoachError
from coach.history import SavedReport
from coach.schema import Report
from coach.ui import drafts
from coach.ui.desk import Desk
from coach.ui.notices import problem_of
from coach.ui.seat import Feedback, Seat


def ask(desk: Desk, seat: Seat, show: Callable[[str, float], None]) -> Iterator[Feedback]:
    """Reads the answer that is shown: the built-in judge's feedback at once, then a model's if one is chosen.

    What goes wrong is left in the seat; feedback given before that stays.
    """
    seat.problem = None
    drafts.save_current(desk, seat)
    try:
        desk.wait(show)
    except CoachError as error:
        seat.problem = problem_of(error)._replace(again=True)
        return
    try:
        yield from _read(desk, seat)
    except Exception as error:
        seat.problem = problem_of(error)
        return
    _keep(desk, seat)


def _read(desk: Desk, seat: Seat) -> Iterator[Feedback]:
    answer, previous = seat.text, _previous(desk, seat)
    stream = desk.coach.feedback_stream(
        role=seat.role_id, question=seat.question, answer=answer, judge=seat.judge, api_key=seat.api_key
    )
    with closing(stream):
        for given in stream:
            if isinstance(given, Report):
                seat.feedback = Feedback(given, answer, previous, is_final=False)
                yield seat.feedback


def _previous(desk: Desk, seat: Seat) -> Report | None:
    """The report on the draft before this one: the one shown, or the newest in the history."""
    if seat.feedback is not None:
        return seat.feedback.report
    newest = None if seat.is_example else _newest(desk, seat)
    return _readable(newest) if newest else None


def _keep(desk: Desk, seat: Seat) -> None:
    if seat.feedback is None:
        return
    saved_id = None
    if not seat.is_example:
        with drafts.telling_history_problems(seat):
            saved_id = desk.coach.history.save_report(seat.feedback.report, seat.feedback.answer).id
    seat.feedback = replace(seat.feedback, saved_id=saved_id, is_final=True)


def recall(desk: Desk, seat: Seat) -> None:
    """Shows the last feedback on the chosen question again, if it is on the very text that is shown."""
    seat.show(None)
    newest = _newest(desk, seat)
    if newest is None or newest.answer != seat.text:
        return
    report = _readable(newest)
    if report is not None:
        before = _newest(desk, seat, newest.id)
        seat.show(Feedback(report, newest.answer, _readable(before) if before else None, newest.id))


def _newest(desk: Desk, seat: Seat, before_id: int | None = None) -> SavedReport | None:
    with drafts.telling_history_problems(seat):
        question = drafts.filed_under(desk, seat.slot)
        return desk.coach.history.previous_report(seat.role_id, question, before_id)
    return None


def _readable(saved: SavedReport) -> Report | None:
    """The report, unless another version of the program wrote it in a way that this one cannot read."""
    try:
        return saved.report()
    except CoachError:
        return None
