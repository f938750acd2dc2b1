"""What a model's tighter version should be like: how long, and what it may use beside the answer."""

from __future__ import annotations

import streamlit as st

from coach.ui import keys
from coach.ui.seat import Seat

_LENGTHS: dict[int | None, str] = {
    None: "As long as mine",
    130: "1 minute, about 130 words",
    195: "90 seconds, about 195 words",
    260: "2 minutes, about 260 words",
}
_LONGEST_FACTS = 2_000  # characters


def draw_wishes(seat: Seat) -> None:
    """The folded part under the answer."""
    # Said anew in each run: the browser draws what is folded away only when it is opened.
    st.session_state[keys.LENGTH_BOX] = seat.words
    st.session_state[keys.FACTS_BOX] = seat.facts_written
    with st.expander("For the tighter version"):
        st.selectbox(
            "Length",
            list(_LENGTHS),
            format_func=_LENGTHS.__getitem__,
            key=keys.LENGTH_BOX,
            on_change=_take,
            args=[seat],
        )
        st.text_area(
            "Facts it may use",
            key=keys.FACTS_BOX,
            on_change=_take,
            args=[seat],
            height=100,
            max_chars=_LONGEST_FACTS,
            placeholder="One a line, such as: 12 people in the team",
            help="True things that your answer does not say. Kept until you close or reload the page.",
        )


def _take(seat: Seat) -> None:
    seat.words = st.session_state.get(keys.LENGTH_BOX)
    seat.facts_written = st.session_state.get(keys.FACTS_BOX) or ""
