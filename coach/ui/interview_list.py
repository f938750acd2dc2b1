"""The list of mock interviews: which there are, how far each is, and going on with one."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from coach.errors import CoachError
from coach.history import Interview
from coach.ui import drafts, interview_work, keys
from coach.ui.desk import Desk
from coach.ui.history_page import when
from coach.ui.markup import tag
from coach.ui.notices import problem_of
from coach.ui.seat import Seat


def draw_list(desk: Desk, seat: Seat, questions: StreamlitPage) -> None:
    """Every interview, newest first. `questions` is where sets are built."""
    st.html(tag("h2", "Mock interview", class_="page-title"))
    found = desk.coach.history.interviews.all()
    if not found:
        st.html(
            tag(
                "p",
                "No interview yet. Build a set of questions, then choose “Mock interview” there: one "
                "question at a time, a clock, and feedback at the end.",
                class_="quiet",
            )
        )
    for interview in found:
        _row(desk, seat, interview)
    if st.button("Build a set of questions", key=keys.TO_QUESTIONS, type="tertiary"):
        st.switch_page(questions)


def _row(desk: Desk, seat: Seat, interview: Interview) -> None:
    begins = None
    try:
        found = interview.question_set()
        standing = interview_work.standing(interview, found)
        begins = tag("p", f"Begins with “{found.questions[0].text}”", class_="quiet")
    except CoachError as error:
        standing = error.message
    with st.container(
        horizontal=True, vertical_alignment="center", key=keys.of_interview("row", interview.id)
    ):
        facts = tag("p", f"{when(interview.started_at)} · {standing}", class_="quiet")
        st.html(tag("div", tag("p", interview.title, class_="question"), facts, begins, class_="saved"))
        st.button(
            "See feedback" if interview.finished_at else "Continue",
            key=keys.of_interview("open", interview.id),
            on_click=_open,
            args=[desk, seat, interview.id],
        )
        with st.popover("Delete", key=keys.of_interview("ask_delete", interview.id), type="tertiary"):
            st.markdown("This deletes the interview with its answers. It cannot be undone.")
            st.button(
                "Delete this interview",
                key=keys.of_interview("delete", interview.id),
                on_click=_delete,
                args=[desk, seat, interview.id],
            )


def _open(desk: Desk, seat: Seat, interview_id: int) -> None:
    seat.interviewing.problem = None
    try:
        interview_work.enter(desk, seat, interview_id)
    except CoachError as error:
        seat.interviewing.problem = problem_of(error)


def _delete(desk: Desk, seat: Seat, interview_id: int) -> None:
    with drafts.telling_history_problems(seat):
        desk.coach.history.interviews.delete(interview_id)
