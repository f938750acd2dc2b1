"""The answer box: a text area of our own, since Streamlit's tells nothing until it is left."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from coach.ui import drafts, keys
from coach.ui.desk import Desk
from coach.ui.drafts import Slot, Typed

ASSETS = Path(__file__).parent / "assets"

_mount = st.components.v2.component(
    "coach_answer_box",
    html=(ASSETS / "editor.html").read_text(encoding="utf-8"),
    css=(ASSETS / "editor.css").read_text(encoding="utf-8"),
    js=(ASSETS / "editor.js").read_text(encoding="utf-8"),
)


@st.fragment
def answer_box(desk: Desk, placeholder: str) -> None:
    """Draws the box with the session's text. Typing runs this alone, so the report stays as it is."""
    state = st.session_state
    import sys, time

    print("BOX", time.time(), state[keys.TEXT][-20:], file=sys.stderr)
    slot = drafts.current_slot()
    feedback = state[keys.FEEDBACK]
    _mount(
        key=keys.ANSWER,
        on_typed_change=lambda: _receive(desk),
        data={
            "label": "Your answer",
            "placeholder": placeholder,
            "text": state[keys.TEXT],
            "revision": state[keys.REVISION],
            "slot": slot.written(),
            "keep": not slot.example,
            "seen": state[keys.SEEN],
            "stored": state[keys.STORED],
            "failing": state[keys.HISTORY_PROBLEM] is not None,
            "asked": feedback.answer if feedback else None,
            "submit": f".st-key-{keys.ASK} button",
            "focus": True,
        },
    )


def _receive(desk: Desk) -> None:
    posted = st.session_state[keys.ANSWER].get("typed")
    typed = _read(posted)
    import sys, time

    print("RECV", time.time(), str(posted)[-70:], file=sys.stderr)
    if typed is not None:
        drafts.receive(desk, typed)


def _read(posted: Any) -> Typed | None:
    """What the browser sent, or None when it is not what our own script sends."""
    if not isinstance(posted, Mapping):
        return None
    try:
        text, number, slot = posted["text"], posted["number"], Slot.read(posted["slot"])
    except (KeyError, TypeError, ValueError):
        return None
    return Typed(text, number, slot) if isinstance(text, str) and isinstance(number, int) else None
