"""The answer box: a text area of our own, since Streamlit's tells nothing until it is left."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from coach.ui import drafts, interview_work, keys
from coach.ui.desk import Desk
from coach.ui.interview_seat import InterviewSeat
from coach.ui.markup import tag
from coach.ui.notices import Problem, show_problem
from coach.ui.seat import Seat

ASSETS = Path(__file__).parent / "assets"

_mount = st.components.v2.component(
    "coach_answer_box",
    html=(ASSETS / "editor.html").read_text(encoding="utf-8"),
    css=(ASSETS / "editor.css").read_text(encoding="utf-8"),
    js=(ASSETS / "editor.js").read_text(encoding="utf-8"),
)


def answer_box(desk: Desk, alone: bool = True) -> None:
    """Draws the box with the session's text. Typing runs this alone, so the report stays as it is; not
    `alone` it runs the whole page, which ends what a model is writing on the text before."""
    (_box_alone if alone else _box)(desk)


def _box(desk: Desk) -> None:
    seat = drafts.take_seat(desk)
    box = _mount(
        key=keys.ANSWER,
        on_typed_change=lambda: None,
        data={
            "label": "Your answer",
            "placeholder": "Paste or write your answer here.",
            "text": seat.text,
            "revision": seat.revision,
            "slot": seat.slot.written(),
            "keep": not seat.is_example,
            "seen": seat.seen,
            "stored": seat.stored,
            "failing": seat.history_problem is not None,
            "asked": seat.asked,
            "submit": f".st-key-{keys.ASK} button",
            "hint": "Control or Command and Enter asks for feedback.",
        },
    )
    # After a restart of the server the first to know what was typed meanwhile is the box itself.
    drafts.catch_up(desk, seat, box)


_box_alone = st.fragment(_box)


@st.fragment
def interview_box(desk: Desk) -> None:
    """Draws the box of a mock interview, which keeps its text with the interview."""
    seat = drafts.take_seat(desk)
    interview_work.catch_up(desk, seat, st.session_state.get(keys.INTERVIEW_BOX))
    here = seat.interviewing
    told = st.container(key="answer_elsewhere")
    box = _mount(
        key=keys.INTERVIEW_BOX,
        on_typed_change=lambda: None,
        data={
            "label": "Your answer",
            "placeholder": "Say it aloud first, then write or paste it here.",
            "text": here.text,
            "revision": here.revision,
            "slot": here.slot,
            "base": here.mark,
            "follow": True,
            "keep": True,
            "seen": here.seen,
            "stored": here.stored,
            "failing": seat.history_problem is not None or here.is_gone,
            "asked": None,
            "submit": f".st-key-{keys.NEXT_IN_INTERVIEW} button",
            "hint": "Control or Command and Enter goes on to the next question.",
        },
    )
    interview_work.catch_up(desk, seat, box)
    with told:
        if here.is_gone:
            _tell_of_deletion(here)
        elif here.other is not None:
            _offer_both(desk, seat, here.other)


def _offer_both(desk: Desk, seat: Seat, other: str) -> None:
    """Another tab's text beside the one in the box, which is kept in this tab until a choice is made."""
    show_problem(Problem("This answer was changed in another tab.", "There it says:"), "aside")
    st.html(tag("blockquote", other or "(nothing)", class_="other-answer"))
    with st.container(horizontal=True, key="answer_choice"):
        st.button("Use that one", key=keys.USE_OTHER, on_click=interview_work.use_other, args=[seat])
        st.button("Keep this one", key=keys.USE_OWN, on_click=interview_work.use_own, args=[desk, seat])


def _tell_of_deletion(here: InterviewSeat) -> None:
    """The interview is no more; what is in the box can still be taken away."""
    show_problem(
        Problem(
            "This interview was deleted in another window.",
            "What you wrote here is kept in this browser only: save or copy it before you leave.",
        ),
        "aside",
    )
    if here.text.strip():
        st.download_button(
            "Save this answer as a file",
            here.text,
            file_name="interview-answer.txt",
            mime="text/plain",
            key=keys.SAVE_GONE,
            on_click="ignore",
        )
