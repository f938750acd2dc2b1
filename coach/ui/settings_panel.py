"""Who reads the answers, what is kept where, and what leaves the machine."""

from __future__ import annotations

import streamlit as st

from coach.coach import BUILT_IN
from coach.markdown import escape_line
from coach.ui import keys
from coach.ui.desk import Desk
from coach.ui.markup import tag
from coach.ui.model_settings import choose_model, take_model, tell_spent
from coach.ui.seat import Seat

_MODEL = "model"


def draw_settings(desk: Desk, seat: Seat) -> None:
    """The popover "Settings"."""
    with st.popover("Settings", key=keys.SETTINGS, type="tertiary"), st.container(key="settings_body"):
        _choose_reader(desk, seat)
        if _with_model(desk, seat):
            choose_model(desk, seat)
            tell_spent(desk)
        _tell_kept(desk)


def _choose_reader(desk: Desk, seat: Seat) -> None:
    # Said anew in each run: the browser draws what is in a popover only when it is opened.
    st.session_state[keys.JUDGE_CHOICE] = _MODEL if _with_model(desk, seat) else BUILT_IN
    st.radio(
        "Who reads your answers",
        [BUILT_IN, _MODEL],
        format_func={
            BUILT_IN: "The built-in judge: at once, nothing leaves this computer",
            _MODEL: "A language model as well: slower, your answers are sent to its provider",
        }.__getitem__,
        key=keys.JUDGE_CHOICE,
        on_change=_take_reader,
        args=[desk, seat],
    )


def _with_model(desk: Desk, seat: Seat) -> bool:
    judge = seat.judge or desk.coach.settings.model or BUILT_IN
    return judge != BUILT_IN if seat.with_model is None else seat.with_model


def _take_reader(desk: Desk, seat: Seat) -> None:
    seat.with_model = st.session_state.get(keys.JUDGE_CHOICE) == _MODEL
    if not seat.with_model:
        seat.judge = BUILT_IN
        return
    take_model(seat, seat.model)
    desk.start_models()


def _tell_kept(desk: Desk) -> None:
    st.html(tag("p", "What is kept", class_="settings-head"))
    st.caption(
        "Drafts, reports, question sets with the papers they were built for, and mock interviews, in one "
        "file on this computer: "
        f"{escape_line(str(desk.coach.settings.history_path))}. Delete them on the page History. "
        "The page reports nothing to anybody."
    )
