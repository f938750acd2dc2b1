"""The page "Practise": a question, an answer, and what a listener would make of it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from coach.coach import BUILT_IN
from coach.errors import CoachError
from coach.export import report_to_markdown
from coach.schema import Role
from coach.ui import asking, drafts, keys
from coach.ui.asking import Feedback
from coach.ui.chooser import choose_question, next_question
from coach.ui.desk import Desk
from coach.ui.editor import answer_box
from coach.ui.examples import Example, find_example
from coach.ui.markup import Html, tag
from coach.ui.notices import problem_of, show_problem
from coach.ui.report_html import ReportView, render_report

_WIRING = (Path(__file__).parent / "assets" / "wiring.js").read_text(encoding="utf-8")
_wire = st.components.v2.component("coach_wiring", js=_WIRING)

_SKELETON = (
    "where it was, and what was at stake",
    "what was yours to achieve",
    "what you did yourself, step by step, and why that way",
    "what changed because of it, in figures you know",
)


def draw(desk: Desk) -> None:
    """The whole page."""
    first = not st.session_state.get(keys.RESTORED)
    drafts.restore(desk)
    if first:
        asking.recall(desk)
    role = choose_question(desk)
    left, right = st.columns([6, 7], gap="large")
    with left, st.container(key="desk"):
        wanted = _answer(desk, role)
    with right, st.container(key="listener"):
        _listener(desk, role, wanted)


# ---- left: the answer --------------------------------------------------------------------------------


def _answer(desk: Desk, role: Role) -> bool:
    """The answer box with its buttons; whether feedback was asked for."""
    if st.session_state[keys.EXAMPLE]:
        with st.container(horizontal=True, vertical_alignment="center", key="example_note"):
            st.html(tag("p", "An invented example. Your own text is kept.", class_="quiet"), width="content")
            st.button(
                "Back to my text",
                key=keys.LEAVE_EXAMPLE,
                type="tertiary",
                on_click=_leave_example,
                args=[desk],
            )
    answer_box(desk, "Paste or write your answer here.")
    with st.container(horizontal=True, vertical_alignment="center", key="asking"):
        wanted = st.button("Get feedback", key=keys.ASK, type="primary")
        st.html(tag("p", "Ctrl + Enter", class_="quiet shortcut"), width="content")
        _offer_example(desk, role)
    problem = st.session_state.get(keys.HISTORY_PROBLEM)
    if problem is not None:
        show_problem(problem, "aside")
    return wanted


def _offer_example(desk: Desk, role: Role) -> None:
    if st.session_state[keys.EXAMPLE]:
        return
    try:
        example = find_example(
            role, st.session_state[keys.QUESTION], desk.coach.settings.knowledge_dir / "examples"
        )
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
    drafts.save_current(desk)
    drafts.show_example(example.answer)
    st.session_state[keys.FEEDBACK] = None
    st.session_state[keys.PROBLEM] = None


def _leave_example(desk: Desk) -> None:
    drafts.leave_example(desk)
    asking.recall(desk)


# ---- right: what a listener makes of it ----------------------------------------------------------------


def _listener(desk: Desk, role: Role, wanted: bool) -> None:
    place = st.empty()
    if wanted:
        for feedback in asking.ask(desk, _progress_in(place)):
            with place.container():
                _report(desk, role, feedback)
    else:
        desk.start_first_time()
    with place.container():
        _state_of_things(desk, role, wanted)
    if not wanted and not desk.is_ready:
        _wait_quietly(desk)


def _progress_in(place: st.delta_generator.DeltaGenerator):
    def show(doing: str, done: float) -> None:
        place.progress(min(max(done, 0.0), 1.0), text=doing)

    return show


def _state_of_things(desk: Desk, role: Role, wanted: bool) -> None:
    problem, feedback = st.session_state[keys.PROBLEM], st.session_state[keys.FEEDBACK]
    if problem is not None:
        show_problem(problem)
        if problem.again:
            st.button("Try again", key=keys.RETRY, on_click=asking.retry, args=[desk])
    if feedback is not None:
        _report(desk, role, feedback)
        _afterwards(desk, role, feedback)
    elif problem is None:
        st.html(_primer(role))
    _wire(key=keys.WIRING, data={"fresh": wanted, "report": id(feedback) if wanted else None})


def _wait_quietly(desk: Desk) -> None:
    """Tells how the first opening goes, and why when it fails, without keeping anybody from typing."""
    place = st.empty()
    show = _progress_in(place)
    try:
        # An opening that has no more to tell than that it goes on is over in a moment.
        desk.wait(lambda doing, done: show(doing, done) if done > 0 else None)
    except CoachError as error:
        with place.container():
            show_problem(problem_of(error))
    else:
        place.empty()


def _report(desk: Desk, role: Role, feedback: Feedback) -> None:
    view = ReportView(
        report=feedback.report,
        answer=feedback.answer,
        headline=desk.coach.headline(feedback.report),
        rubric=desk.coach.rubric,
        role_name=role.name,
        previous=feedback.previous,
    )
    model = st.session_state.get(keys.JUDGE) or desk.coach.settings.model
    if not feedback.is_final and model and model != BUILT_IN:
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
            "Next question",
            key=keys.NEXT_QUESTION,
            type="tertiary",
            on_click=next_question,
            args=[desk, role],
        )


def _primer(role: Role) -> Html:
    """Before the first feedback: what a strong answer to this question shows."""
    text = st.session_state[keys.QUESTION]
    known = next((question for question in role.questions if question.text == text), None)
    shows = known.strong_answer_shows if known and known.strong_answer_shows else _SKELETON
    return tag(
        "section",
        tag("h2", "What they listen for"),
        tag("ul", *(tag("li", line) for line in shows)),
        tag("p", "Two minutes at most. Say “I” for what you did yourself.", class_="quiet"),
        class_="primer",
    )
