"""The text in the answer box: where it comes from, and how every change of it is kept.

The disk is written first wherever possible; where it cannot be, the text stays in the session and the
browser keeps a copy of its own until the disk has it.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NamedTuple

import streamlit as st

from coach.errors import CoachError, InputError
from coach.question_kinds import infer_kind
from coach.roles import find_question
from coach.schema import AskedQuestion, Role
from coach.ui import keys
from coach.ui.desk import Desk
from coach.ui.notices import problem_of

# The page is one person's, on their own machine: whoever opens it finds the same drafts.
SESSION_ID = "local"


class Slot(NamedTuple):
    """What a text in the answer box belongs to."""

    role_id: str
    question: str
    example: bool

    def written(self) -> str:
        return json.dumps(self)

    @classmethod
    def read(cls, written: str) -> Slot:
        role_id, question, example = json.loads(written)
        return cls(str(role_id), str(question), bool(example))


class Typed(NamedTuple):
    """A text as the answer box sends it; `number` grows with each change, in milliseconds of the clock."""

    text: str
    number: int
    slot: Slot


def restore(desk: Desk) -> None:
    """At the start of a session: the role, question and text that were last worked on."""
    if st.session_state.get(keys.RESTORED):
        return
    role = desk.coach.role()
    st.session_state.update({keys.RESTORED: True, keys.FEEDBACK: None, keys.PROBLEM: None})
    begin(role.id, role.questions[0].text, "")
    with telling_history_problems():
        draft = desk.coach.history.latest_draft(SESSION_ID)
        if draft is not None and draft.role_id in desk.coach.roles.ids:
            begin(draft.role_id, draft.question.text, draft.answer)
            st.session_state[keys.STORED] = _milliseconds(datetime.fromisoformat(draft.updated_at))
    # A page that outlived its server may hold newer text than the disk: let it win.
    st.session_state[keys.SEEN] = 0


def begin(role_id: str, question: str, text: str) -> None:
    """Puts a role, a question and a text before the person."""
    st.session_state.update({keys.ROLE: role_id, keys.QUESTION: question, keys.EXAMPLE: False})
    st.session_state.setdefault(keys.STORED, 0)
    put(text)


def put(text: str) -> None:
    """Replaces what stands in the answer box, whatever was typed there up to now."""
    st.session_state[keys.TEXT] = text
    st.session_state[keys.REVISION] = uuid.uuid4().hex
    st.session_state[keys.SEEN] = _milliseconds(datetime.now(UTC))


def forget() -> None:
    """An empty box, after everything was deleted; what a browser kept of older text is void."""
    begin(st.session_state[keys.ROLE], st.session_state[keys.QUESTION], "")
    st.session_state[keys.STORED] = st.session_state[keys.SEEN]
    st.session_state[keys.FEEDBACK] = None


def current_slot() -> Slot:
    """What the text that is shown belongs to."""
    state = st.session_state
    return Slot(state[keys.ROLE], state[keys.QUESTION], state[keys.EXAMPLE])


def asked_question(role: Role, text: str) -> AskedQuestion:
    """The question as drafts are filed under; one that is too odd to be asked is filed all the same."""
    try:
        return find_question(role, text)
    except InputError:
        return AskedQuestion(id=None, text=text, kind=infer_kind(text))


def receive(desk: Desk, typed: Typed) -> None:
    """Takes in what was typed, wherever the person has gone since."""
    if typed.slot == current_slot():
        st.session_state[keys.TEXT] = typed.text
        st.session_state[keys.SEEN] = max(st.session_state[keys.SEEN], typed.number)
    if not typed.slot.example and typed.slot.role_id in desk.coach.roles.ids:
        _save(desk, typed.slot, typed.text, typed.number)


def save_current(desk: Desk) -> None:
    """Makes sure that the disk has what is shown; an example is not kept."""
    slot = current_slot()
    if not slot.example:
        _save(desk, slot, st.session_state[keys.TEXT], st.session_state[keys.SEEN])


def _save(desk: Desk, slot: Slot, text: str, number: int) -> None:
    with telling_history_problems():
        question = asked_question(desk.coach.role(slot.role_id), slot.question)
        desk.coach.history.save_draft(slot.role_id, question, text, SESSION_ID)
        st.session_state[keys.STORED] = max(st.session_state[keys.STORED], number)


def switch_question(desk: Desk, role_id: str, question: str) -> None:
    """Turns to another question with the text last written for it.

    A text that was not asked about yet comes along when the new question has none: people often paste
    first and choose the question afterwards.
    """
    leave_example(desk)
    old = current_slot()
    if (old.role_id, old.question) == (role_id, question):
        return
    save_current(desk)
    text = st.session_state[keys.TEXT]
    own = _text_for(desk, role_id, question)
    comes_along = not own and bool(text.strip()) and old.role_id == role_id and not _was_asked(desk, old)
    begin(role_id, question, text if comes_along else own)
    save_current(desk)
    if comes_along and st.session_state[keys.HISTORY_PROBLEM] is None:
        with telling_history_problems():
            desk.coach.history.delete_draft(
                role_id, asked_question(desk.coach.role(role_id), old.question), SESSION_ID
            )


def show_example(text: str) -> None:
    """Puts a worked example before the person; their own text stays where it is kept."""
    st.session_state[keys.OWN_TEXT] = st.session_state[keys.TEXT]
    st.session_state[keys.EXAMPLE] = True
    put(text)


def leave_example(desk: Desk) -> None:
    """Brings the person's own text back."""
    if st.session_state[keys.EXAMPLE]:
        st.session_state[keys.EXAMPLE] = False
        put(st.session_state.pop(keys.OWN_TEXT, ""))


def _text_for(desk: Desk, role_id: str, question: str) -> str:
    with telling_history_problems():
        filed = asked_question(desk.coach.role(role_id), question)
        draft = desk.coach.history.draft_for(role_id, filed, SESSION_ID)
        return draft.answer if draft else ""
    return ""


def _was_asked(desk: Desk, slot: Slot) -> bool:
    with telling_history_problems():
        filed = asked_question(desk.coach.role(slot.role_id), slot.question)
        return desk.coach.history.previous_report(slot.role_id, filed) is not None
    return st.session_state[keys.FEEDBACK] is not None


@contextmanager
def telling_history_problems() -> Iterator[None]:
    """Work on the history that the page can do without: what goes wrong is told in one line."""
    try:
        yield
    except CoachError as error:
        st.session_state[keys.HISTORY_PROBLEM] = problem_of(error)
    else:
        st.session_state[keys.HISTORY_PROBLEM] = None


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
