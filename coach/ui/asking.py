"""Asking for feedback: the text is safe first, then it is read, then the report is kept."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

from coach.coach import BUILT_IN
from coach.errors import CoachError, ConfigError
from coach.history import SavedReport
from coach.schema import AskedQuestion, Delta, Report
from coach.ui import drafts
from coach.ui.desk import Desk
from coach.ui.model_settings import key_of
from coach.ui.notices import problem_of
from coach.ui.seat import Feedback, Seat

PULSE = 0.05  # seconds; how long a click may wait while a model is silent
_PATIENCE = 10.0  # seconds to wait for an older run to end


def ask(
    desk: Desk, seat: Seat, show: Callable[[str, float], None]
) -> Generator[Feedback | Delta, None, None]:
    """Reads the answer that is shown: the built-in judge's feedback at once, then, if a model is chosen, what
    it writes and its feedback.

    What goes wrong is left in the seat; feedback given before that stays. Closing the generator ends what a
    model is doing, and the built-in judge's report is the last word.
    """
    seat.problem = None
    drafts.save_current(desk, seat)
    try:
        desk.wait(show)
    except CoachError as error:
        seat.problem = problem_of(error)._replace(again=True)
        return
    with _reading(seat):
        try:
            yield from _read(desk, seat)
        except GeneratorExit:
            _keep(desk, seat, stopped=model_of(desk, seat))
            raise
        except Exception as error:
            seat.problem = problem_of(error)
        _keep(desk, seat)


def wait_for_the_last(seat: Seat) -> None:
    """Returns once what an older run was reading is kept, so that this one shows how it ended."""
    if seat.feedback is not None and not seat.feedback.is_final:
        with _reading(seat):
            pass


@contextmanager
def _reading(seat: Seat) -> Iterator[None]:
    """One reading at a time: Streamlit begins a run on a thread of its own while an older one, which a click
    ended, is still being closed."""
    is_alone = seat.reading.acquire(timeout=_PATIENCE)
    try:
        yield
    finally:
        if is_alone:
            seat.reading.release()


def model_of(desk: Desk, seat: Seat) -> str | None:
    """The model that reads as well, the one that writes first; None when the built-in judge is alone."""
    judging, advising = desk.coach.model_names(seat.judge, seat.levels_by_model)
    return advising or judging


def _read(desk: Desk, seat: Seat) -> Generator[Feedback | Delta, None, None]:
    answer, previous, given = seat.text, _previous(desk, seat), None
    try:
        with closing(_stream(desk, seat, seat.judge)) as stream:
            for given in stream:
                yield _take(seat, given, answer, previous) if isinstance(given, Report) else given
    except ConfigError:
        if given is not None or model_of(desk, seat) is None:
            raise
        # The model cannot even be asked, which is no reason to give no feedback.
        with closing(_stream(desk, seat, BUILT_IN)) as stream:
            for given in stream:
                if isinstance(given, Report):
                    yield _take(seat, given, answer, previous)
        raise


def _stream(desk: Desk, seat: Seat, judge: str | None) -> Generator[Report | Delta, None, None]:
    return desk.coach.feedback_stream(
        role=seat.role_id,
        question=_asked(desk, seat),
        answer=seat.text,
        judge=judge,
        api_key=key_of(desk, seat),
        api_base=seat.api_base,
        levels_by_model=seat.levels_by_model,
        facts=seat.facts,
        words=seat.words,
        pulse=PULSE,
    )


def _asked(desk: Desk, seat: Seat) -> str | AskedQuestion:
    """The question as text, so that it is checked, unless its kind is known from a set."""
    return drafts.filed_under(desk, seat, seat.slot) if seat.question in seat.kinds else seat.question


def _take(seat: Seat, report: Report, answer: str, previous: Report | None) -> Feedback:
    seat.feedback = Feedback(report, answer, previous, is_final=False)
    return seat.feedback


def _previous(desk: Desk, seat: Seat) -> Report | None:
    """The report on the draft before this one: the one shown, or the newest in the history."""
    if seat.feedback is not None:
        return seat.feedback.report
    newest = None if seat.is_example else _newest(desk, seat)
    return _readable(newest) if newest else None


def _keep(desk: Desk, seat: Seat, stopped: str | None = None) -> None:
    """Keeps what was given last, unless that was done before."""
    given = seat.feedback
    if given is None or given.is_final:
        return
    saved_id = None
    if not seat.is_example:
        with drafts.telling_history_problems(seat):
            saved_id = desk.coach.history.save_report(given.report, given.answer).id
    if seat.feedback is given:  # a newer run may have turned to another question meanwhile
        seat.feedback = replace(given, saved_id=saved_id, is_final=True, stopped=stopped)


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
        question = drafts.filed_under(desk, seat, seat.slot)
        return desk.coach.history.previous_report(seat.role_id, question, before_id)
    return None


def _readable(saved: SavedReport) -> Report | None:
    """The report, unless another version of the program wrote it in a way that this one cannot read."""
    try:
        return saved.report()
    except CoachError:
        return None
