"""The page "Mock interview": one question at a time, a quiet clock, and what it showed at the end."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from coach.errors import CoachError
from coach.history import Interview
from coach.interviews import InterviewFeedback
from coach.schema import QuestionSet, Role, SetQuestion
from coach.ui import drafts, interview_work, keys
from coach.ui.clock import show_clock
from coach.ui.desk import Desk
from coach.ui.editor import interview_box
from coach.ui.history_page import when
from coach.ui.interview_html import answer_line, overview
from coach.ui.markup import tag
from coach.ui.notices import problem_of, show_problem
from coach.ui.questions_page import practise_question
from coach.ui.seat import Seat
from coach.ui.set_html import brief_of
from coach.ui.wiring import wire


def draw(desk: Desk, practise: StreamlitPage, questions: StreamlitPage) -> None:
    """The whole page. `practise` is where an answer can be worked on, `questions` where sets are built."""
    seat = drafts.take_seat(desk)
    here = seat.interviewing
    interview_work.catch_up(desk, seat, st.session_state.get(keys.INTERVIEW_BOX))
    desk.start_first_time()
    _resume(desk, seat)
    try:
        if here.interview_id is None:
            _all(desk, seat, questions)
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


# ---- the list -----------------------------------------------------------------------------------------


def _all(desk: Desk, seat: Seat, questions: StreamlitPage) -> None:
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
    try:
        standing = interview_work.standing(interview, interview.question_set())
    except CoachError as error:
        standing = error.message
    with st.container(
        horizontal=True, vertical_alignment="center", key=keys.of_interview("row", interview.id)
    ):
        facts = tag("p", f"{when(interview.started_at)} · {standing}", class_="quiet")
        st.html(tag("div", tag("p", interview.title, class_="question"), facts, class_="saved"))
        st.button(
            "See feedback" if interview.finished_at else "Go on",
            key=keys.of_interview("open", interview.id),
            on_click=_open,
            args=[desk, seat, interview.id],
        )
        st.button(
            "Delete",
            key=keys.of_interview("delete", interview.id),
            type="tertiary",
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


# ---- one question at a time -----------------------------------------------------------------------------


def _one(desk: Desk, seat: Seat, interview: Interview, practise: StreamlitPage) -> None:
    found, here = interview.question_set(), seat.interviewing
    interview_work.look_around(seat, interview)
    if interview.finished_at is not None and here.other is None:
        _feedback(desk, seat, interview, found, practise)
        return
    # Another tab may have gone on: this one stays at the question whose answer is in its box.
    asked = [question.id for question in found.questions]
    position = asked.index(here.question_id) if here.question_id in asked else len(asked) - 1
    question = found.questions[position]
    seat.interviewing.start_clock()
    with st.container(key="interview"):
        with st.container(horizontal=True, horizontal_alignment="distribute", key="interview_head"):
            counted = f"Question {position + 1} of {len(found.questions)}"
            st.html(tag("p", counted, class_="quiet"), width="content")
            show_clock(seat.interviewing.elapsed, question.minutes)
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
            "Go on later",
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


# ---- at the end -----------------------------------------------------------------------------------------


def _feedback(
    desk: Desk, seat: Seat, interview: Interview, found: QuestionSet, practise: StreamlitPage
) -> None:
    role = desk.coach.role(found.role)
    status = st.empty()
    feedback = interview_work.feedback_on(desk, role, interview, _progress_in(status))
    status.empty()
    st.html(tag("h2", "How the interview went", class_="page-title"))
    counted = f"{feedback.answered} of {len(found.questions)} answered"
    st.html(tag("p", f"{interview.title} · {when(interview.started_at)} · {counted}", class_="quiet"))
    with st.container(horizontal=True, key="interview_done"):
        st.button("All interviews", key=keys.INTERVIEW_LIST, on_click=interview_work.leave, args=[desk, seat])
    left, right = st.columns([7, 5], gap="large")
    with left, st.container(key="interview_answers"):
        _answers(desk, seat, role, interview, feedback, practise)
    with right, st.container(key="interview_overview"):
        st.html(overview(feedback, role, desk.coach.rubric))
    st.html(tag("p", "Read by the built-in judge. A practice aid, not a hiring verdict.", class_="quiet"))


def _answers(
    desk: Desk,
    seat: Seat,
    role: Role,
    interview: Interview,
    feedback: InterviewFeedback,
    practise: StreamlitPage,
) -> None:
    for number, line in enumerate(feedback.lines, start=1):
        with st.container(key=keys.of_question("row", line.question.id)):
            st.html(answer_line(number, line))
            said = interview.answers.get(line.question.id)
            label = "Work on this answer" if said and said.text.strip() else "Practise"
            with st.container(key=keys.of_question("steps", line.question.id)):
                wanted = st.button(label, key=keys.of_question("practise", line.question.id), type="tertiary")
            if wanted:
                _work_on(desk, seat, role, line.question, said.text if said else "")
                st.switch_page(practise)


def _work_on(desk: Desk, seat: Seat, role: Role, question: SetQuestion, text: str) -> None:
    """Chooses the question on the page "Practise", with what was said to it unless a draft is there."""
    practise_question(desk, seat, role, question)
    if text.strip() and not seat.text.strip():
        seat.put(text)
        drafts.save_current(desk, seat)


def _progress_in(place: DeltaGenerator) -> Callable[[str, float], None]:
    def show(doing: str, done: float) -> None:
        place.progress(min(max(done, 0.0), 1.0), text=doing)

    return show
