"""The questions of the set on the bench, each with what can be done to it, and the box for one more."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from coach.question_sets import editing
from coach.question_sets.lawful import LawfulCheck
from coach.schema import QuestionSet, Role, SetQuestion
from coach.ui import keys, set_making, set_work
from coach.ui.bench import Bench
from coach.ui.desk import Desk
from coach.ui.places import show_problem_at
from coach.ui.seat import Seat
from coach.ui.set_html import question_card


class _Step(NamedTuple):
    """What can be done to a question; `why_not` says why it cannot be done now."""

    label: str
    action: Callable[[], None]
    is_off: bool = False
    why_not: str | None = None


def draw_rows(desk: Desk, seat: Seat, bench: Bench, role: Role, found: QuestionSet) -> SetQuestion | None:
    """Draws all questions; the one that is to be practised, if any."""
    chosen = None
    tells_level = len({question.level for question in found.questions if question.source != "own"}) > 1
    for number, question in enumerate(found.questions, start=1):
        is_own = question.source == "own"
        card = question_card(
            number,
            question,
            role,
            question.id in bench.pinned,
            tells_level and not is_own,
            is_own and _is_unlawful(desk, question),
        )
        with st.container(key=keys.of_question("row", question.id)):
            st.html(card)
            if _steps(desk, seat, bench, number, question):
                chosen = question
            show_problem_at(bench, set_work.in_row(question.id))
    return chosen


def _is_unlawful(desk: Desk, question: SetQuestion) -> bool:
    return _lawful_check(str(desk.coach.settings.knowledge_dir)).check(question.text) is not None


@st.cache_resource(show_spinner=False)
def _lawful_check(knowledge: str) -> LawfulCheck:
    return LawfulCheck.open(Path(knowledge))


def _steps(desk: Desk, seat: Seat, bench: Bench, number: int, question: SetQuestion) -> bool:
    """The buttons of a question, each with its number for listeners; whether it is to be practised."""
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=keys.of_question("steps", question.id)
    ):
        name = f":small[question {number}]"
        wanted = st.button(f"Practise {name}", key=keys.of_question("practise", question.id))
        for step in _changes(desk, seat, bench, number, question):
            st.button(
                f"{step.label} {name}",
                key=keys.of_question(step.label.lower(), question.id),
                type="tertiary",
                on_click=step.action,
                disabled=step.is_off,
                help=step.why_not,
            )
    return wanted


def _changes(desk: Desk, seat: Seat, bench: Bench, number: int, question: SetQuestion) -> list[_Step]:
    def move(by: int) -> Callable[[], None]:
        return partial(
            set_work.change,
            desk,
            seat,
            bench,
            lambda found, role: editing.moved(found, role, question.id, by),
        )

    is_pinned = question.id in bench.pinned
    last = len(bench.question_set.questions) if bench.question_set else 0
    swap = partial(set_making.swap, desk, seat, bench, question.id)
    return [
        _Step("Swap", swap, is_pinned, "Unpin it to swap it" if is_pinned else None),
        _Step("Unpin" if is_pinned else "Pin", partial(set_work.pin, desk, seat, bench, question.id)),
        _Step("Up", move(-1), number == 1),
        _Step("Down", move(1), number == last),
        _Step("Drop", partial(set_work.drop, desk, seat, bench, question)),
    ]


def own_question(desk: Desk, seat: Seat, bench: Bench) -> None:
    """The box for a question of one's own; what keeps it from being added is told below it."""

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
    show_problem_at(bench, set_work.OWN_PLACE)
