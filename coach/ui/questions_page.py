"""The page "Questions": a set built for this role, this job and this person, to change, keep and practise."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from coach.errors import CoachError
from coach.schema import QuestionSet, Role, SetQuestion
from coach.ui import drafts, keys, set_making, set_work
from coach.ui.bench import Bench
from coach.ui.chooser import turn_to
from coach.ui.desk import Desk
from coach.ui.interview_work import begin
from coach.ui.keeping import Box, keep_typed
from coach.ui.markup import tag
from coach.ui.notices import Problem, progress_in, show_problem
from coach.ui.saved_sets import saved_sets
from coach.ui.seat import Seat
from coach.ui.set_downloads import offer_downloads
from coach.ui.set_form import draw_form
from coach.ui.set_html import coverage_section
from coach.ui.set_rows import draw_rows, own_question
from coach.ui.wiring import wire

_COVERAGE = "not_all_covered"


def draw(desk: Desk, practise: StreamlitPage, interview: StreamlitPage) -> None:
    """The whole page. `practise` and `interview` are where a question and a set lead to."""
    seat = drafts.take_seat(desk)
    bench = set_work.take_bench(desk, seat)
    desk.start_first_time()
    left, right = st.columns([5, 9], gap="large")
    with left, st.container(key="set_form"):
        wanted = draw_form(desk, seat, bench)
        saved_sets(desk, seat, bench)
    with right, st.container(key="question_set"):
        status = st.empty()
        if wanted:
            set_making.build(desk, seat, bench, progress_in(status))
            st.rerun()  # the form tells of it too, and is drawn by now
        status.empty()
        _set(desk, seat, bench, practise, interview, status)
    wire(bench.fresh)
    keep_typed(_boxes(bench))


def _boxes(bench: Bench) -> dict[str, Box]:
    papers = {"job": bench.job, "resume": bench.resume}
    boxes = {keys.of_paper("text", name): Box(paper.typed) for name, paper in papers.items()}
    boxes[keys.OWN_QUESTION] = Box(bench.own_question, bench.own_taken, keys.ADD_OWN)
    return boxes


# ---- the set ------------------------------------------------------------------------------------------


def _set(
    desk: Desk,
    seat: Seat,
    bench: Bench,
    practise: StreamlitPage,
    interview: StreamlitPage,
    status: DeltaGenerator,
) -> None:
    told, body = st.container(), st.container()
    with body:
        if bench.question_set is None:
            _primer()
        else:
            _shown(desk, seat, bench, bench.question_set, practise, interview, status)
    # A question that is told of may be gone by now.
    places = {set_work.in_row(q.id) for q in bench.question_set.questions} if bench.question_set else ()
    gone = bench.place if bench.place.startswith("row ") and bench.place not in places else ""
    with told:
        if bench.problem is not None and bench.place in ("", gone):
            show_problem(bench.problem)
        if bench.said:
            st.toast(bench.said)
            bench.said = ""
        if seat.history_problem is not None:
            show_problem(seat.history_problem, "aside")


def _shown(
    desk: Desk,
    seat: Seat,
    bench: Bench,
    found: QuestionSet,
    practise: StreamlitPage,
    interview: StreamlitPage,
    status: DeltaGenerator,
) -> None:
    role = _role_of(desk, found)
    if role is None:
        st.html(tag("p", f"The role {found.role} of this set is not there any more.", class_="quiet"))
        _way_back(desk, seat, bench)
        return
    if not found.questions:
        _empty(desk, seat, bench, found)
        return
    st.html(tag("h2", set_work.title_of(found, role), class_="page-title set-title"))
    _actions(desk, seat, bench, role, interview, status)
    for warning in found.warnings:
        if warning.code != _COVERAGE:  # told below, as it is after every change
            show_problem(Problem(warning.message), "aside")
    st.html(coverage_section(found, role))
    with st.container(key="set_rows"):  # so that the box below keeps its place, and what has the focus
        practised = draw_rows(desk, seat, bench, role, found)
    own_question(desk, seat, bench)
    if practised is not None:
        practise_question(desk, seat, role, practised)
        st.switch_page(practise)


def _empty(desk: Desk, seat: Seat, bench: Bench, found: QuestionSet) -> None:
    st.html(tag("h2", "No questions yet", class_="page-title set-title"))
    st.html(tag("p", "Build the set with other wishes, or add a question of your own.", class_="quiet"))
    for warning in found.warnings:
        if warning.code != _COVERAGE:
            show_problem(Problem(warning.message), "aside")
    _way_back(desk, seat, bench)
    own_question(desk, seat, bench)


def _way_back(desk: Desk, seat: Seat, bench: Bench) -> None:
    if bench.last is not None:
        st.button(
            "Back to the last set",
            key=keys.LAST_SET,
            type="tertiary",
            on_click=set_work.take_back,
            args=[desk, seat, bench],
        )


def _role_of(desk: Desk, found: QuestionSet) -> Role | None:
    try:
        return desk.coach.role(found.role)
    except CoachError:
        return None


def _actions(
    desk: Desk, seat: Seat, bench: Bench, role: Role, interview: StreamlitPage, status: DeltaGenerator
) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="set_actions"):
        starts = st.button("Mock interview", key=keys.INTERVIEW_THIS, type="primary")
        if starts and begin(desk, seat, bench):
            st.switch_page(interview)
        st.button(
            "Saved" if bench.is_saved else "Save",
            key=keys.SAVE_SET,
            on_click=set_work.save,
            args=[desk, seat, bench],
            disabled=bench.is_saved,
        )
        offer_downloads(bench.question_set, role, set_work.name_of(bench, role))
        if st.button(
            "A new set",
            key=keys.NEW_SET,
            type="tertiary",
            help="None of these questions again, but those you pinned or wrote",
        ):
            set_making.build_another(desk, seat, bench, progress_in(status))
            st.rerun()
        _way_back(desk, seat, bench)


def practise_question(desk: Desk, seat: Seat, role: Role, question: SetQuestion) -> None:
    """Chooses a question of a set on the page "Practise", with what the set knows of it."""
    seat.of_sets[question.text] = question
    seat.kinds[question.text] = question.kind
    turn_to(desk, seat, role.id, question.text)


def _primer() -> None:
    st.html(
        tag(
            "section",
            tag("h2", "A set for the interview you have"),
            tag(
                "ul",
                tag("li", "Ten questions that cover the role, each with why it is there."),
                tag("li", "With the job description, questions about what it asks for, line by line."),
                tag("li", "With your résumé, questions about what it claims and leaves open."),
            ),
            tag("p", "Swap, drop, add, then practise one or go through all of them.", class_="quiet"),
            class_="primer",
        )
    )
