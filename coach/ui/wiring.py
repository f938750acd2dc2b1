"""What a drawn report does when it is clicked; see assets/wiring.js."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from coach.ui import keys

_mount = st.components.v2.component(
    "coach_wiring", js=(Path(__file__).parent / "assets" / "wiring.js").read_text(encoding="utf-8")
)


def wire(fresh: str | None = None) -> None:
    """Brings the reports on the page to life. `fresh` names a report that was just asked for: on a narrow
    screen it comes into view."""
    _mount(key=keys.WIRING, data={"fresh": fresh})
