"""The page "Questions": a set built for this role, this job and this person, to change, keep and practise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from coach.errors import CoachError
from coach.history import SavedSet
from coach.question_sets import editing
from coach.schema import QuestionSet, Role, SetQuestion
from coach.ui import drafts, keys, set_work
from coach.ui.bench import Bench
from coach.ui.chooser import turn_to
from coach.ui.desk import Desk
from coach.ui.interview_work import begin
from coach.ui.keeping import Box, keep_typed
from coach.ui.markup import tag
from coach.ui.notices import Problem, show_problem
from coach.ui.seat import Seat
from coach.ui.set_downloads import offer_downloads
from coach.ui.set_form import draw_form
from coach.ui.set_html import coverage_section, question_card
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
        _saved_sets(desk, seat, bench)
    with right, st.container(key="question_set"):
        status = st.empty()
        if wanted:
            set_work.build(desk, seat, bench, _progress_in(status))
        status.empty()
        _set(desk, seat, bench, practise, interview, status)
    wire(bench.fresh)
    keep_typed(_boxes(bench))


def _boxes(bench: Bench) -> dict[str, Box]:
    papers = {"job": bench.job, "resume": bench.resume}
    boxes = {keys.of_paper("text", name): Box(paper.typed) for name, paper in papers.items()}
    boxes[keys.OWN_QUESTION] = Box(bench.own_question, bench.own_taken, keys.ADD_OWN)
    return boxes


def _progress_in(place: DeltaGenerator) -> Callable[[str, float], None]:
    def show(doing: str, done: float) -> None:
        place.progress(min(max(done, 0.0), 1.0), text=doing)

    return show


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
    with told:
        if bench.problem is not None:
            show_problem(bench.problem)
        elif bench.said:
            show_problem(Problem(bench.said), "good")
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
        return
    st.html(tag("h2", set_work.title_of(found, role), class_="page-title set-title"))
    _actions(desk, seat, bench, role, interview, status)
    for warning in found.warnings:
        if warning.code != _COVERAGE:  # told below, as it is after every change
            show_problem(Problem(warning.message), "aside")
    st.html(coverage_section(found, role))
    for number, question in enumerate(found.questions, start=1):
        _row(desk, seat, bench, role, number, question, practise)
    _own_question(desk, seat, bench)


def _role_of(desk: Desk, found: QuestionSet) -> Role | None:
    try:
        return desk.coach.role(found.role)
    except CoachError:
        return None


def _actions(
    desk: Desk, seat: Seat, bench: Bench, role: Role, interview: StreamlitPage, status: DeltaGenerator
) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="set_actions"):
        if st.button("Mock interview", key=keys.INTERVIEW_THIS) and begin(desk, seat, bench):
            st.switch_page(interview)
        st.button(
            "Saved" if bench.is_saved else "Save",
            key=keys.SAVE_SET,
            on_click=set_work.save,
            args=[desk, seat, bench],
            disabled=bench.is_saved,
        )
        offer_downloads(bench.question_set, role)
        if st.button(
            "A new set",
            key=keys.NEW_SET,
            type="tertiary",
            help="None of these questions again, but those you pinned",
        ):
            set_work.build_another(desk, seat, bench, _progress_in(status))
            st.rerun()


def _row(
    desk: Desk,
    seat: Seat,
    bench: Bench,
    role: Role,
    number: int,
    question: SetQuestion,
    practise: StreamlitPage,
) -> None:
    with st.container(key=keys.of_question("row", question.id)):
        st.html(question_card(number, question, role, question.id in bench.pinned))
        with st.container(
            horizontal=True,
            vertical_alignment="center",
            gap="small",
            key=keys.of_question("steps", question.id),
        ):
            if st.button("Practise", key=keys.of_question("practise", question.id)):
                practise_question(desk, seat, role, question)
                st.switch_page(practise)
            for label, action in _changes(desk, seat, bench, question):
                key = keys.of_question(label.lower(), question.id)
                st.button(label, key=key, type="tertiary", on_click=action)


def _changes(
    desk: Desk, seat: Seat, bench: Bench, question: SetQuestion
) -> list[tuple[str, Callable[[], None]]]:
    def move(by: int) -> Callable[[], None]:
        return partial(
            set_work.change,
            desk,
            seat,
            bench,
            lambda found, role: editing.moved(found, role, question.id, by),
        )

    return [
        ("Swap", partial(set_work.swap, desk, seat, bench, question.id)),
        (
            "Unpin" if question.id in bench.pinned else "Pin",
            partial(set_work.pin, desk, seat, bench, question.id),
        ),
        ("Up", move(-1)),
        ("Down", move(1)),
        ("Drop", partial(set_work.drop, desk, seat, bench, question)),
    ]


def practise_question(desk: Desk, seat: Seat, role: Role, question: SetQuestion) -> None:
    """Chooses a question of a set on the page "Practise", with what the set knows of it."""
    seat.of_sets[question.text] = question
    seat.kinds[question.text] = question.kind
    turn_to(desk, seat, role.id, question.text)


def _own_question(desk: Desk, seat: Seat, bench: Bench) -> None:
    def take() -> None:
        bench.own_question = st.session_state[keys.OWN_QUESTION]

    def add() -> None:
        take()
        set_work.add_own(desk, seat, bench)

    st.session_state[keys.OWN_QUESTION] = bench.own_question
    with st.container(horizontal=True, vertical_alignment="bottom", key="own_question_row"):
        st.text_input(
            "Add a question of your own",
            key=keys.OWN_QUESTION,
            on_change=take,
            placeholder="Tell me about a time when …",
        )
        st.button("Add", key=keys.ADD_OWN, on_click=add)


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


# ---- saved sets ---------------------------------------------------------------------------------------


def _saved_sets(desk: Desk, seat: Seat, bench: Bench) -> None:
    saved: list[SavedSet] = []
    with drafts.telling_history_problems(seat):
        saved = desk.coach.history.sets.all()
    if not saved:
        return
    st.html(tag("p", "Saved sets", class_="paper-label"))
    for one in saved:
        with st.container(horizontal=True, vertical_alignment="center", key=keys.of_set("row", one.id)):
            st.html(
                tag("p", one.title, tag("span", f" · {_day(one.created_at)}", class_="quiet"), class_="saved")
            )
            st.button(
                "Open",
                key=keys.of_set("open", one.id),
                type="tertiary",
                on_click=set_work.open_saved,
                args=[desk, seat, bench, one.id],
            )
            st.button(
                "Delete",
                key=keys.of_set("delete", one.id),
                type="tertiary",
                on_click=set_work.delete_saved,
                args=[desk, seat, bench, one.id],
            )


def _day(moment: str) -> str:
    local = datetime.fromisoformat(moment).astimezone(UTC)
    return f"{local.day} {local:%B}"
