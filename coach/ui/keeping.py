"""Keeps in the browser what is typed in Streamlit's own boxes until the server has it; see
assets/keeping.js."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from coach.ui import keys

_mount = st.components.v2.component(
    "coach_keeping", js=(Path(__file__).parent / "assets" / "keeping.js").read_text(encoding="utf-8")
)


class Box(NamedTuple):
    """What the server has of a box, the text that it took from it last when that is another, and the key of
    a button that Enter presses."""

    text: str
    taken: str | None = None
    button: str | None = None


def keep_typed(boxes: Mapping[str, Box]) -> None:
    """Watches the boxes with these keys."""
    written = {
        key: {
            "text": box.text,
            "taken": box.taken,
            "press": f".st-key-{box.button} button" if box.button else None,
        }
        for key, box in boxes.items()
    }
    _mount(key=keys.KEEPING, data={"boxes": written})
