"""The text in the answer box: where it comes from, and how every change of it is kept.

The disk is written first wherever possible; where it cannot be, the text stays in the session and the
browser keeps a copy of its own until the disk has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import streamlit as st

from coach.errors import CoachError, InputError
from coach.question_kinds import infer_kind
from coach.roles import find_question
from coach.schema import AskedQuestion, QuestionKind, Role
from coach.ui import keys
from coach.ui.desk import Desk
from coach.ui.notices import problem_of
from coach.ui.seat import Seat, Slot

# The page is one person's, on their own machine: whoever opens it finds the same drafts.
SESSION_ID = "local"


class Typed(NamedTuple):
    """A text as the answer box sends it."""

    text: str
    number: int
    slot: Slot


def take_seat(desk: Desk) -> Seat:
    """The session's seat, with all that was typed up to now; a new one finds what was last worked on."""
    posted = st.session_state.get(keys.ANSWER)
    seat: Seat | None = st.session_state.get(keys.SEAT)
    if seat is None:
        seat = _restored(desk)
        st.session_state[keys.SEAT] = seat
    catch_up(desk, seat, posted)
    return seat


def _restored(desk: Desk) -> Seat:
    role = desk.coach.role()
    seat = Seat(role.id, role.questions[0].text)
    seat.put("")
    with telling_history_problems(seat):
        draft = desk.coach.history.latest_draft(SESSION_ID)
        if draft is not None and draft.role_id in desk.coach.roles.ids:
            learn_kind(desk, seat, draft.role_id, draft.question)
            seat.begin(draft.role_id, draft.question.text, draft.answer)
            seat.stored = int(datetime.fromisoformat(draft.updated_at).timestamp() * 1000)
    # A page that outlived its server may hold newer text than the disk: let it win.
    seat.seen = 0
    return seat


def catch_up(desk: Desk, seat: Seat, posted: Any) -> None:
    """Takes in what the box sent last, unless that was done before.

    Done in every run and not in a callback: a callback that is stopped half-way is never called again.
    """
    typed = _read(posted)
    if typed is None or typed.number <= seat.taken:
        return
    seat.taken = typed.number
    if typed.slot == seat.slot and typed.number > seat.seen:
        seat.text, seat.seen = typed.text, typed.number
    # The person may have gone on to another question since.
    if not typed.slot.is_example and typed.slot.role_id in desk.coach.roles.ids:
        _save(desk, seat, typed.slot, typed.text, typed.number)


def _read(posted: Any) -> Typed | None:
    """What the browser sent, or None when it is not what our own script sends."""
    typed: Any = posted.get("typed") if isinstance(posted, Mapping) else None
    try:
        text, number, slot = typed["text"], typed["number"], Slot.read(typed["slot"])
    except (KeyError, TypeError, ValueError):
        return None
    return Typed(text, number, slot) if isinstance(text, str) and isinstance(number, int) else None


def save_current(desk: Desk, seat: Seat) -> None:
    """Makes sure that the disk has what is shown; an example is not kept."""
    if not seat.is_example:
        _save(desk, seat, seat.slot, seat.text, seat.seen)


def _save(desk: Desk, seat: Seat, slot: Slot, text: str, number: int) -> None:
    with telling_history_problems(seat):
        desk.coach.history.save_draft(slot.role_id, filed_under(desk, seat, slot), text, SESSION_ID)
        seat.stored = max(seat.stored, number)


def filed_under(desk: Desk, seat: Seat, slot: Slot) -> AskedQuestion:
    """The question that drafts and reports of a slot are kept under."""
    role = desk.coach.role(slot.role_id)
    return filed_under_question(role, slot.question, seat.kinds.get(slot.question))


def filed_under_question(role: Role, question: str, kind: QuestionKind | None = None) -> AskedQuestion:
    """As `filed_under`, with the kind where it is known; a question too odd to be asked has its drafts all
    the same."""
    try:
        found = find_question(role, question)
    except InputError:
        found = AskedQuestion(id=None, text=question, kind=infer_kind(question))
    return found if found.id is not None or kind is None else found.model_copy(update={"kind": kind})


def learn_kind(desk: Desk, seat: Seat, role_id: str, question: AskedQuestion) -> None:
    """Remembers the kind of a question where its words alone would not give it."""
    if filed_under(desk, seat, Slot(role_id, question.text, False)).kind != question.kind:
        seat.kinds[question.text] = question.kind


def switch_question(desk: Desk, seat: Seat, role_id: str, question: str) -> None:
    """Turns to another question with the text last written for it.

    A text that was not asked about yet comes along when the new question has none: people often paste
    first and choose the question afterwards.
    """
    leave_example(seat)
    old, text = seat.slot, seat.text
    if (old.role_id, old.question) == (role_id, question):
        return
    save_current(desk, seat)
    own = _text_for(desk, seat, Slot(role_id, question, False))
    comes_along = not own and text.strip() and old.role_id == role_id and not _was_asked(desk, seat, old)
    seat.begin(role_id, question, text if comes_along else own)
    save_current(desk, seat)
    if comes_along and seat.history_problem is None:
        with telling_history_problems(seat):
            desk.coach.history.delete_draft(role_id, filed_under(desk, seat, old), SESSION_ID)


def show_example(seat: Seat, text: str) -> None:
    """Puts a worked example before the person; their own text stays where it is kept."""
    seat.own_text, seat.is_example = seat.text, True
    seat.put(text)
    seat.show(None)


def leave_example(seat: Seat) -> None:
    """Brings the person's own text back."""
    if seat.is_example:
        seat.begin(seat.role_id, seat.question, seat.own_text)


def forget(seat: Seat) -> None:
    """An empty box, after everything was deleted; what a browser kept of older text is void."""
    seat.begin(seat.role_id, seat.question, "")
    seat.stored = seat.seen
    seat.show(None)
    seat.bench, seat.of_sets, seat.kinds = None, {}, {}
    seat.interviewing.leave()


def _text_for(desk: Desk, seat: Seat, slot: Slot) -> str:
    with telling_history_problems(seat):
        draft = desk.coach.history.draft_for(slot.role_id, filed_under(desk, seat, slot), SESSION_ID)
        if draft is not None:
            learn_kind(desk, seat, slot.role_id, draft.question)
        return draft.answer if draft else ""
    return ""


def _was_asked(desk: Desk, seat: Seat, slot: Slot) -> bool:
    if seat.feedback is not None:
        return True
    with telling_history_problems(seat):
        return desk.coach.history.previous_report(slot.role_id, filed_under(desk, seat, slot)) is not None
    return False


class telling_history_problems:
    """Work on the history that the page can do without: what goes wrong is told in one line."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if error is None:
            self._seat.history_problem = None
        if isinstance(error, CoachError):
            self._seat.history_problem = problem_of(error)
            return True
        return False
