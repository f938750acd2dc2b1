"""What all pages share: look, navigation, settings, and a calm word when nothing can be opened."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from coach.errors import CoachError
from coach.ui import drafts, history_page, practise
from coach.ui.desk import Desk, open_desk
from coach.ui.markup import tag
from coach.ui.notices import problem_of, show_problem
from coach.ui.settings_panel import draw_settings

_ASSETS = Path(__file__).parent / "assets"
# A picture of our own: a named icon would be fetched from its makers.
ICON = str(_ASSETS / "icon.svg")


def run() -> None:
    """Draws the page that was navigated to."""
    st.html(_ASSETS / "page.css")
    try:
        desk = open_desk()
        pages = _pages(desk)
        chosen = st.navigation(list(pages), position="top")
        _masthead(desk)
        chosen.run()
    except CoachError as error:
        show_problem(problem_of(error))


def _pages(desk: Desk) -> tuple[st.Page, st.Page]:
    practising = st.Page(partial(practise.draw, desk), title="Practise", url_path="practise", default=True)
    past = st.Page(partial(history_page.draw, desk, practising), title="History", url_path="history")
    return practising, past


def _masthead(desk: Desk) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="masthead"):
        st.html(tag("h1", "Interview Answer Coach", class_="wordmark"))
        draw_settings(desk, drafts.take_seat(desk))
    for problem in desk.coach.roles.problems:
        show_problem(problem_of(problem), "aside")
