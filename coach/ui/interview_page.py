"""The page "Mock interview": one question at a time, a quiet clock, and what it showed at the end."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from coach.errors import CoachError
from coach.history import Interview
from coach.ui import drafts, interview_work, keys
from coach.ui.clock import show_clock
from coach.ui.desk import Desk
from coach.ui.editor import interview_box
from coach.ui.interview_end import draw_end
from coach.ui.interview_list import draw_list
from coach.ui.markup import tag
from coach.ui.notices import problem_of, show_problem
from coach.ui.seat import Seat
from coach.ui.set_html import brief_of
from coach.ui.wiring import wire


def draw(desk: Desk, practise: StreamlitPage, questions: StreamlitPage) -> None:
    """The whole page. `practise` is where an answer can be worked on, `questions` where sets are built."""
    seat = drafts.take_seat(desk)
    here = seat.interviewing
    interview_work.catch_up(desk, seat, st.session_state.get(keys.INTERVIEW_BOX))
    interview_work.catch_up_clock(desk, seat, st.session_state.get(keys.CLOCK))
    desk.start_first_time()
    _resume(desk, seat)
    try:
        if here.interview_id is None:
            draw_list(desk, seat, questions)
        elif (interview := interview_work.find(desk, seat)) is not None:
            _one(desk, seat, interview, practise)
        else:
            _gone(desk, seat)
    except CoachError as error:
        here.leave()
        show_problem(problem_of(error))
    for problem in (here.problem, seat.history_problem):
        if problem is not None:
            show_problem(problem, "aside")
    wire()


def _resume(desk: Desk, seat: Seat) -> None:
    """After a reload the interview that the address names goes on."""
    named = st.query_params.get("interview", "")
    here = seat.interviewing
    if here.interview_id is None and not here.has_left and named.isdigit():
        try:
            interview_work.resume(desk, seat, int(named))
        except CoachError:
            st.query_params.clear()
    if here.interview_id is not None:
        st.query_params["interview"] = str(here.interview_id)
    else:
        st.query_params.clear()


# ---- one question at a time -----------------------------------------------------------------------------


def _one(desk: Desk, seat: Seat, interview: Interview, practise: StreamlitPage) -> None:
    found, here = interview.question_set(), seat.interviewing
    interview_work.look_around(seat, interview)
    if interview.finished_at is not None and here.other is None:
        draw_end(desk, seat, interview, practise)
        return
    # Another tab may have gone on: this one stays at the question whose answer is in its box.
    asked = [question.id for question in found.questions]
    position = asked.index(here.question_id) if here.question_id in asked else len(asked) - 1
    question = found.questions[position]
    here.start_clock()
    with st.container(key="interview"):
        with st.container(horizontal=True, horizontal_alignment="distribute", key="interview_head"):
            counted = f"Question {position + 1} of {len(found.questions)}"
            st.html(tag("p", counted, class_="quiet"), width="content")
            show_clock(here.elapsed, question.minutes, here.slot)
        st.html(tag("h2", question.text, class_="interview-question"))
        brief = brief_of(question)
        if brief is not None:
            st.html(brief)
        interview_box(desk)
        _steps(desk, seat, position, len(found.questions))


def _steps(desk: Desk, seat: Seat, position: int, count: int) -> None:
    is_last = position + 1 >= count
    with st.container(horizontal=True, vertical_alignment="center", key="interview_steps"):
        st.button(
            "Finish" if is_last else "Next question",
            key=keys.NEXT_IN_INTERVIEW,
            type="primary",
            on_click=interview_work.go_to,
            args=[desk, seat, position + 1],
        )
        if position:
            st.button(
                "Back",
                key=keys.BACK_IN_INTERVIEW,
                type="tertiary",
                on_click=interview_work.go_to,
                args=[desk, seat, position - 1],
            )
        st.button(
            "Pause",
            key=keys.PAUSE_INTERVIEW,
            type="tertiary",
            on_click=interview_work.leave,
            args=[desk, seat],
        )
        if not is_last:
            st.button(
                "Finish now",
                key=keys.FINISH_INTERVIEW,
                type="tertiary",
                on_click=interview_work.go_to,
                args=[desk, seat, count],
            )


def _gone(desk: Desk, seat: Seat) -> None:
    """What is left of an interview that was deleted in another window: the words in the box."""
    seat.interviewing.stop_clock()
    with st.container(key="interview"):
        interview_box(desk)
        st.button("All interviews", key=keys.INTERVIEW_LIST, on_click=interview_work.leave, args=[desk, seat])
