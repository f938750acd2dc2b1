"""The clock of a mock interview; see assets/clock.js."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from coach.ui import keys

_ASSETS = Path(__file__).parent / "assets"
_mount = st.components.v2.component(
    "coach_clock",
    html='<p class="clock" role="timer" aria-label="Time taken"></p>\n',
    css=(_ASSETS / "clock.css").read_text(encoding="utf-8"),
    js=(_ASSETS / "clock.js").read_text(encoding="utf-8"),
)


def show_clock(seconds: float, minutes: int, slot: str) -> None:
    """Counts on from `seconds`, beside the minutes that an answer should take. The browser keeps the time of
    what `slot` names, and tells it after a reload."""
    data = {"seconds": seconds, "minutes": minutes, "slot": slot}
    _mount(key=keys.CLOCK, on_kept_change=lambda: None, data=data)
