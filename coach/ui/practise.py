"""The page "Practise": a question, an answer, and what a listener would make of it."""

from __future__ import annotations

import uuid
from contextlib import closing

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from coach.errors import CoachError
from coach.export import report_to_markdown
from coach.schema import Delta, Role
from coach.ui import asking, drafts, keys
from coach.ui.chooser import choose_question, next_question
from coach.ui.desk import Desk
from coach.ui.editor import answer_box
from coach.ui.examples import Example, find_example
from coach.ui.markup import Html, tag
from coach.ui.notices import Problem, problem_of, progress_in, show_problem
from coach.ui.report_html import ReportView
from coach.ui.screen import Screen
from coach.ui.seat import Feedback, Seat
from coach.ui.set_html import brief_of
from coach.ui.wiring import wire
from coach.ui.wishes import draw_wishes

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
    if wanted:
        seat.put_away = None
    with aside:
        if seat.history_problem is not None:
            show_problem(seat.history_problem, "aside")
        if seat.put_away is not None and seat.put_away[0] == seat.slot:
            show_problem(Problem(seat.put_away[1]), "good")


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
    is_read_along = asking.model_of(desk, seat) is not None
    if is_read_along:
        draw_wishes(seat)
    with box:
        answer_box(desk, alone=not (wanted and is_read_along))
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
    status, wires, trouble = st.empty(), st.container(), st.container()
    screen: Screen | None = None
    if wanted:
        screen = _read_aloud(desk, seat, role, status, wires)
    else:
        asking.wait_for_the_last(seat)
    status.empty()
    with trouble:
        _problem(desk, seat)
    if seat.feedback is not None:
        (screen or Screen()).show_all(_view(desk, seat, role, seat.feedback))
        _afterwards(desk, role, seat.feedback)
    elif seat.problem is None:
        st.html(_primer(seat, role))
    if screen is None:
        with wires:
            wire(uuid.uuid4().hex if wanted else None)
    desk.start_first_time()
    if not desk.is_ready and seat.problem is None:
        _wait_quietly(desk, seat, status)


def _read_aloud(
    desk: Desk, seat: Seat, role: Role, status: DeltaGenerator, wires: DeltaGenerator
) -> Screen | None:
    """Reads the answer; with a model, shows the built-in judge's report and what the model writes."""
    model = asking.model_of(desk, seat)
    screen = None
    with closing(asking.ask(desk, seat, progress_in(status))) as given:
        for news in given:
            if isinstance(news, Delta):
                if screen is not None:
                    screen.hear(news)
            elif model is not None and screen is None:
                status.empty()
                screen = Screen()
                writes = desk.coach.model_names(seat.judge, seat.levels_by_model)[1] is not None
                screen.show_first(_view(desk, seat, role, news), model, writes)
                with wires:
                    wire(uuid.uuid4().hex)
    return screen


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
    show = progress_in(place)

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


def _view(desk: Desk, seat: Seat, role: Role, feedback: Feedback) -> ReportView:
    report, previous = feedback.report, feedback.previous
    if previous and not feedback.is_final and previous.engine.judge != report.engine.judge:
        previous = None  # the one to compare with is still to come
    stopped = feedback.stopped
    return ReportView(
        report=report,
        answer=feedback.answer,
        headline=desk.coach.headline(report),
        rubric=desk.coach.rubric,
        role_name=role.name,
        previous=previous,
        aside=f"{stopped} was stopped. This is the built-in judge's report." if stopped else "",
    )


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
    in_bank = next((question for question in role.questions if question.text == seat.question), None)
    known = in_bank or seat.of_sets.get(seat.question)
    shows = known.strong_answer_shows if known and known.strong_answer_shows else _SKELETON
    return tag(
        "section",
        brief_of(seat.of_sets.get(seat.question)),
        tag("h2", "What they listen for"),
        tag("ul", *(tag("li", line) for line in shows)),
        tag("p", "Two minutes at most. Say “I” for what you did yourself.", class_="quiet"),
        class_="primer",
    )
