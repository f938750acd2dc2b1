"""The page "Practise": a question, an answer, and what a listener would make of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from coach.coach import BUILT_IN
from coach.errors import CoachError
from coach.export import report_to_markdown
from coach.schema import Role
from coach.ui import asking, drafts, keys
from coach.ui.chooser import choose_question, next_question
from coach.ui.desk import Desk
from coach.ui.editor import answer_box
from coach.ui.examples import Example, find_example
from coach.ui.markup import Html, tag
from coach.ui.notices import problem_of, show_problem
from coach.ui.report_html import ReportView, render_report
from coach.ui.seat import Feedback, Seat
from coach.ui.wiring import wire

_SKELETON = (
    "where it was, and what was at stake",
    "what was yours to achieve",
    "what you did yourself, step by step, and why that way",
    "what changed because of it, in figures you know",
)


def draw(desk: Desk) -> None:
    """The whole page."""
    seat = drafts.take_seat(desk)
    if seat.is_new:
        asking.recall(desk, seat)
        seat.is_new = False
    role = choose_question(desk, seat)
    left, right = st.columns([6, 7], gap="large")
    with left, st.container(key="desk"):
        wanted = _answer(desk, seat, role)
        aside = st.container()
    with right, st.container(key="listener"):
        _listener(desk, seat, role, wanted)
    if seat.history_problem is not None:
        with aside:
            show_problem(seat.history_problem, "aside")


# ---- left: the answer --------------------------------------------------------------------------------


def _answer(desk: Desk, seat: Seat, role: Role) -> bool:
    """The answer box with its buttons; whether feedback was asked for."""
    if seat.is_example:
        with st.container(horizontal=True, vertical_alignment="center", key="example_note"):
            st.html(tag("p", "An invented example. Your own text is kept.", class_="quiet"), width="content")
            st.button(
                "Back to my text",
                key=keys.LEAVE_EXAMPLE,
                type="tertiary",
                on_click=_leave_example,
                args=[desk],
            )
    box = st.container()
    with st.container(horizontal=True, vertical_alignment="center", key="asking"):
        wanted = st.button("Get feedback", key=keys.ASK, type="primary")
        st.html(tag("p", "Ctrl + Enter", class_="quiet shortcut"), width="content")
        if not seat.is_example:
            _offer_example(desk, seat, role)
    if wanted:
        seat.asked = seat.text
    with box:
        answer_box(desk)
    return wanted


def _offer_example(desk: Desk, seat: Seat, role: Role) -> None:
    try:
        example = find_example(role, seat.question, desk.coach.settings.knowledge_dir / "examples")
    except CoachError as error:
        show_problem(problem_of(error), "aside")
        return
    if example is not None:
        st.button(
            "Show me an example",
            key=keys.SHOW_EXAMPLE,
            type="tertiary",
            on_click=_show_example,
            args=[desk, example],
        )


def _show_example(desk: Desk, example: Example) -> None:
    seat = drafts.take_seat(desk)
    drafts.save_current(desk, seat)
    drafts.show_example(seat, example.answer)


def _leave_example(desk: Desk) -> None:
    seat = drafts.take_seat(desk)
    drafts.leave_example(seat)
    asking.recall(desk, seat)


# ---- right: what a listener makes of it ----------------------------------------------------------------


def _listener(desk: Desk, seat: Seat, role: Role, wanted: bool) -> None:
    status = st.empty()
    # A place that is emptied first would make the report flicker, so that is for a model's second one only.
    place = st.empty() if _model(desk, seat) else None
    if wanted:
        for feedback in asking.ask(desk, seat, _progress_in(status)):
            if place is not None:
                with place.container():
                    _report(desk, seat, role, feedback)
    with st.container() if place is None else place.container():
        _state_of_things(desk, seat, role)
    wire(uuid.uuid4().hex if wanted else None)
    desk.start_first_time()
    if not desk.is_ready and seat.problem is None:
        _wait_quietly(desk, seat, status)


def _model(desk: Desk, seat: Seat) -> str | None:
    """The name of the model that reads as well, if one does."""
    name = seat.judge or desk.coach.settings.model or BUILT_IN
    return None if name == BUILT_IN else name


def _progress_in(place: DeltaGenerator) -> Callable[[str, float], None]:
    def show(doing: str, done: float) -> None:
        place.progress(min(max(done, 0.0), 1.0), text=doing)

    return show


def _state_of_things(desk: Desk, seat: Seat, role: Role) -> None:
    _problem(desk, seat)
    if seat.feedback is not None:
        _report(desk, seat, role, seat.feedback)
        _afterwards(desk, role, seat.feedback)
    elif seat.problem is None:
        st.html(_primer(seat, role))


def _problem(desk: Desk, seat: Seat) -> None:
    if seat.problem is not None:
        show_problem(seat.problem)
        if seat.problem.again:
            st.button("Try again", key=keys.RETRY, on_click=_retry, args=[desk])


def _retry(desk: Desk) -> None:
    drafts.take_seat(desk).problem = None
    desk.start()


def _wait_quietly(desk: Desk, seat: Seat, place: DeltaGenerator) -> None:
    """Tells how the first opening goes, and why when it fails, without keeping anybody from typing."""
    show = _progress_in(place)

    def hear(doing: str, done: float) -> None:
        # An opening that has no more to tell than that it goes on is over in a moment. Drawing something
        # in any case lets Streamlit stop here for what the person does meanwhile.
        if done > 0:
            show(doing, done)
        else:
            place.empty()

    try:
        desk.wait(hear)
    except CoachError as error:
        seat.problem = problem_of(error)._replace(again=True)
        with place.container():
            _problem(desk, seat)
    else:
        place.empty()


def _report(desk: Desk, seat: Seat, role: Role, feedback: Feedback) -> None:
    view = ReportView(
        report=feedback.report,
        answer=feedback.answer,
        headline=desk.coach.headline(feedback.report),
        rubric=desk.coach.rubric,
        role_name=role.name,
        previous=feedback.previous,
    )
    model = _model(desk, seat)
    if model and not feedback.is_final:
        st.html(tag("p", f"{model} is reading it too. This is the built-in judge's reading.", class_="quiet"))
    st.html(render_report(view))


def _afterwards(desk: Desk, role: Role, feedback: Feedback) -> None:
    with st.container(horizontal=True, key="afterwards"):
        st.download_button(
            "Download as Markdown",
            report_to_markdown(feedback.report, feedback.answer, role.name),
            file_name=f"feedback-{feedback.report.question.id or 'own-question'}.md",
            mime="text/markdown",
            key=keys.DOWNLOAD,
            on_click="ignore",
        )
        st.button(
            "Next question", key=keys.NEXT_QUESTION, type="tertiary", on_click=next_question, args=[desk]
        )


def _primer(seat: Seat, role: Role) -> Html:
    """Before the first feedback: what a strong answer to this question shows."""
    known = next((question for question in role.questions if question.text == seat.question), None)
    shows = known.strong_answer_shows if known and known.strong_answer_shows else _SKELETON
    return tag(
        "section",
        tag("h2", "What they listen for"),
        tag("ul", *(tag("li", line) for line in shows)),
        tag("p", "Two minutes at most. Say “I” for what you did yourself.", class_="quiet"),
        class_="primer",
    )
