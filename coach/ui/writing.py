"""What a model is writing, shown while it comes: as text, unchecked, in a box that never grows."""

from __future__ import annotations

import time
from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from coach.schema import Delta
from coach.ui import keys
from coach.ui.markup import Html, join, tag

_APART = 0.06  # seconds between two pictures of a growing text; the first comes at once
_HEADING = "## "


class Writing:
    """The panel of one model. `place` is where it stands, until that is emptied."""

    def __init__(
        self, place: DeltaGenerator, model: str, writes: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._text = ""
        self._is_new = False
        self._drawn: float | None = None
        with place.container(key="writing"):
            with st.container(horizontal=True, vertical_alignment="center", key="writing_head"):
                st.html(_title(model, writes))
                st.button("Stop", key=keys.STOP, help="Keeps the built-in judge's report")
            self._page = st.empty()
            if writes:
                self._page.html(written(""))

    def hear(self, piece: Delta) -> None:
        """Takes a piece, and shows what came when it is time; Streamlit may end the run here."""
        if piece.restart:
            self._text = ""
        self._text += piece.text
        self._is_new = self._is_new or piece.restart or bool(piece.text)
        now = self._clock()
        if self._is_new and (self._drawn is None or now - self._drawn >= _APART):
            self._page.html(written(self._text))
            self._is_new, self._drawn = False, now
        else:
            st.session_state.get(keys.SEAT)  # any access lets Streamlit stop here for a click


def written(text: str) -> Html:
    """The text so far, its headings set off; the newest lines are in view."""
    lines = [line for line in text.splitlines() if line not in ("#", "##")]  # a heading that just begins
    shown = [_line(line) for line in lines] or [tag("p", "Nothing has come yet.", class_="quiet")]
    # The outer box is laid out from its bottom, which keeps the end in view without a script.
    return tag("div", tag("div", join(shown)), class_="written", tabindex="0", aria_label="Unchecked text")


def _line(line: str) -> Html:
    if line.startswith(_HEADING):
        return tag("p", line.removeprefix(_HEADING), class_="label")
    return tag("p", line)


def _title(model: str, writes: bool) -> Html:
    doing, note = ("is writing", "Not checked yet. ") if writes else ("is reading", "")
    return tag(
        "p",
        tag("strong", f"{model} {doing}"),
        tag("span", f" {note}Below is the built-in judge's report.", class_="quiet"),
        class_="writer",
    )
