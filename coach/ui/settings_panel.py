"""Who reads the answers, what is kept where, and what leaves the machine."""

from __future__ import annotations

import streamlit as st

from coach.coach import BUILT_IN
from coach.markdown import escape_line
from coach.ui import keys
from coach.ui.desk import Desk
from coach.ui.seat import Seat

_MODEL = "model"


def draw_settings(desk: Desk, seat: Seat) -> None:
    """The popover "Settings"."""
    with st.popover("Settings", key=keys.SETTINGS, type="tertiary"):
        _choose_judge(desk, seat)
        st.markdown("**What is kept**")
        st.markdown(
            "Drafts and reports, in one file on this computer: "
            f"{escape_line(str(desk.coach.settings.history_path))}. Delete them on the page History. "
            "The page reports nothing to anybody."
        )


def _choose_judge(desk: Desk, seat: Seat) -> None:
    state = st.session_state
    judge = seat.judge or desk.coach.settings.model or BUILT_IN
    state.setdefault(keys.JUDGE_CHOICE, BUILT_IN if judge == BUILT_IN else _MODEL)
    state.setdefault(keys.MODEL_BOX, "" if judge == BUILT_IN else judge)
    state.setdefault(keys.API_KEY_BOX, seat.api_key or "")
    st.radio(
        "Who reads your answers",
        [BUILT_IN, _MODEL],
        format_func={
            BUILT_IN: "The built-in judge: at once, nothing leaves this computer",
            _MODEL: "A language model as well: slower, your answers are sent to its provider",
        }.__getitem__,
        key=keys.JUDGE_CHOICE,
        on_change=_take,
        args=[seat],
    )
    if state[keys.JUDGE_CHOICE] == _MODEL:
        st.text_input(
            "Model, as litellm names it",
            key=keys.MODEL_BOX,
            on_change=_take,
            args=[seat],
            placeholder="openai/gpt-4o-mini",
        )
        st.text_input(
            "Key of its provider",
            key=keys.API_KEY_BOX,
            on_change=_take,
            args=[seat],
            type="password",
            autocomplete="off",
            placeholder="Not needed if it is set in the environment",
        )
        st.caption("The key stays in this browser session only and is written nowhere.")


def _take(seat: Seat) -> None:
    choice, model, api_key = (
        st.session_state.get(key) for key in (keys.JUDGE_CHOICE, keys.MODEL_BOX, keys.API_KEY_BOX)
    )
    if choice == BUILT_IN:
        seat.judge = BUILT_IN
    else:
        seat.judge = (model or "").strip() or None
    seat.api_key = (api_key or "").strip() or None
