"""What all pages share: look, navigation, settings, and a calm word when nothing can be opened."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import NamedTuple

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from coach.errors import CoachError
from coach.ui import drafts, history_page, interview_page, interview_work, practise, questions_page
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
        if chosen.url_path != pages.interview.url_path:
            interview_work.pause(desk, drafts.take_seat(desk))
        chosen.run()
    except CoachError as error:
        show_problem(problem_of(error))


class Pages(NamedTuple):
    """All pages, in the order of their links."""

    practise: StreamlitPage
    questions: StreamlitPage
    interview: StreamlitPage
    history: StreamlitPage


def _pages(desk: Desk) -> Pages:
    """The pages; some lead to one another, so each is drawn with all of them at hand."""

    def draw_questions() -> None:
        questions_page.draw(desk, pages.practise, pages.interview)

    def draw_interview() -> None:
        interview_page.draw(desk, pages.practise, pages.questions)

    def draw_history() -> None:
        history_page.draw(desk, pages.practise)

    pages = Pages(
        st.Page(partial(practise.draw, desk), title="Practise", url_path="practise", default=True),
        st.Page(draw_questions, title="Questions", url_path="questions"),
        st.Page(draw_interview, title="Mock interview", url_path="interview"),
        st.Page(draw_history, title="History", url_path="history"),
    )
    return pages


def _masthead(desk: Desk) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="masthead"):
        st.html(tag("h1", "Interview Answer Coach", class_="wordmark"))
        draw_settings(desk, drafts.take_seat(desk))
    for problem in desk.coach.roles.problems:
        show_problem(problem_of(problem), "aside")
