"""The form of the page "Questions": what the set should be for."""

from __future__ import annotations

from typing import Final

import streamlit as st

from coach.documents import read_document
from coach.documents.sniffing import decode
from coach.errors import CoachError
from coach.question_sets.types import LEVELS
from coach.schema import Role
from coach.ui import keys
from coach.ui.asking import model_of
from coach.ui.bench import Bench, Paper
from coach.ui.desk import Desk
from coach.ui.markup import tag
from coach.ui.notices import problem_of
from coach.ui.places import show_problem_at
from coach.ui.seat import Seat
from coach.ui.set_making import COUNT_PLACE
from coach.ui.set_work import keep_bench, take_bench

ANY: Final = ""  # no level, no stage
_FILES = ["txt", "md", "html", "htm", "pdf", "docx"]
LEVEL_NAMES: Final = {
    "entry": "Entry: your own tasks",
    "mid": "Mid: a project",
    "senior": "Senior: a team",
    "lead": "Lead: the business",
}


def draw_form(desk: Desk, seat: Seat, bench: Bench) -> bool:
    """Draws the form; whether a set was asked for."""
    role = _choose_role(desk, seat, bench)
    one, two = st.columns(2)
    with one:
        _choose_level(desk, seat, bench)
    with two:
        _choose_stage(desk, seat, bench, role)
    _choose_topics(desk, seat, bench, role)
    _choose_count(desk, seat, bench)
    _paper(desk, seat, bench, "job", "Job description", "Paste the job advert here.")
    model = model_of(desk, seat)
    where = f"It is sent to {model}." if model else "It stays on this computer."
    _paper(desk, seat, bench, "resume", "Résumé", f"Paste your résumé here. {where}")
    # With a set there, what is done with it comes first.
    return st.button("Build the set", key=keys.BUILD, type="secondary" if bench.question_set else "primary")


def _choose_role(desk: Desk, seat: Seat, bench: Bench) -> Role:
    roles = {role_id: desk.coach.role(role_id) for role_id in desk.coach.roles.ids}
    st.session_state[keys.SET_ROLE] = bench.role_id
    st.selectbox(
        "Role",
        list(roles),
        format_func=lambda role_id: roles[role_id].name,
        key=keys.SET_ROLE,
        on_change=_take,
        args=[desk, seat],
        filter_mode=None if len(roles) == 1 else "fuzzy",
    )
    return roles[bench.role_id]


def _choose_level(desk: Desk, seat: Seat, bench: Bench) -> None:
    st.session_state[keys.SET_LEVEL] = bench.level or ANY
    st.selectbox(
        "Level",
        [ANY, *LEVELS],
        format_func=lambda level: LEVEL_NAMES.get(level, "Any level"),
        key=keys.SET_LEVEL,
        on_change=_take,
        args=[desk, seat],
        filter_mode=None,
    )


def _choose_stage(desk: Desk, seat: Seat, bench: Bench, role: Role) -> None:
    names = {stage.id: stage.name for stage in role.stages}
    st.session_state[keys.SET_STAGE] = bench.stage if bench.stage in names else ANY
    st.selectbox(
        "Stage",
        [ANY, *names],
        format_func=lambda stage: names.get(stage, "Any stage"),
        key=keys.SET_STAGE,
        on_change=_take,
        args=[desk, seat],
        filter_mode=None,
    )


def _choose_topics(desk: Desk, seat: Seat, bench: Bench, role: Role) -> None:
    topics = sorted({topic for question in role.questions for topic in question.topics})
    st.session_state[keys.SET_TOPICS] = [topic for topic in bench.topics if topic in topics]
    st.multiselect(
        "Topics",
        topics,
        key=keys.SET_TOPICS,
        on_change=_take,
        args=[desk, seat],
        placeholder="Any topic",
    )


def _choose_count(desk: Desk, seat: Seat, bench: Bench) -> None:
    st.session_state[keys.SET_COUNT] = bench.count
    st.number_input(
        "How many questions",
        step=1,
        key=keys.SET_COUNT,
        on_change=_take,
        args=[desk, seat],
    )
    show_problem_at(bench, COUNT_PLACE)


def _take(desk: Desk, seat: Seat) -> None:
    """Takes in every choice of the form; a stage or topic of another role is let go."""
    bench, state = take_bench(desk, seat), st.session_state
    role = desk.coach.role(state[keys.SET_ROLE])
    is_same_role = role.id == bench.role_id
    bench.role_id, bench.count = role.id, int(state[keys.SET_COUNT] or 0)
    bench.level = state[keys.SET_LEVEL] or None
    bench.stage = (state[keys.SET_STAGE] or None) if is_same_role else None
    bench.topics = list(state[keys.SET_TOPICS]) if is_same_role else []
    bench.say()
    keep_bench(desk, seat, bench)


# ---- the papers -----------------------------------------------------------------------------------------


def _paper(desk: Desk, seat: Seat, bench: Bench, name: str, label: str, hint: str) -> None:
    paper: Paper = getattr(bench, name)
    with st.container(key=keys.of_paper("paper", name)):
        if paper.file_name:
            _tell_file(desk, seat, name, label, paper)
            show_problem_at(bench, keys.of_paper("paper", name))
            return
        box = keys.of_paper("text", name)
        st.session_state[box] = paper.typed
        st.text_area(
            label, key=box, on_change=_take_text, args=[desk, seat, name], height=110, placeholder=hint
        )  # fmt: skip
        place = keys.of_paper("file", name, paper.drops)
        st.file_uploader(
            f"{label} as a file",
            _FILES,
            key=place,
            on_change=_take_file,
            args=[desk, seat, name, place],
            label_visibility="collapsed",
        )
        show_problem_at(bench, keys.of_paper("paper", name))


def _tell_file(desk: Desk, seat: Seat, name: str, label: str, paper: Paper) -> None:
    lines = sum(bool(line.strip()) for line in paper.file_text.splitlines())
    st.html(tag("p", label, class_="paper-label"))
    with st.container(horizontal=True, vertical_alignment="center"):
        kept = " What you pasted is kept." if paper.typed.strip() else ""
        st.html(tag("p", tag("strong", paper.file_name), f", {lines} lines.{kept}", class_="quiet"))
        st.button(
            "Remove",
            key=keys.of_paper("forget", name),
            type="tertiary",
            on_click=_forget_file,
            args=[desk, seat, name],
        )


def _take_text(desk: Desk, seat: Seat, name: str) -> None:
    bench = take_bench(desk, seat)
    paper: Paper = getattr(bench, name)
    paper.typed = st.session_state[keys.of_paper("text", name)]
    keep_bench(desk, seat, bench)


def _take_file(desk: Desk, seat: Seat, name: str, place: str) -> None:
    """Reads a dropped file; what cannot be read is told, and what was pasted stays."""
    bench, dropped = take_bench(desk, seat), st.session_state.get(place)
    paper: Paper = getattr(bench, name)
    if dropped is None:
        return
    bench.say()
    content = dropped.getvalue()
    try:
        document = read_document(content, dropped.name)
    except CoachError as error:
        bench.say(problem=problem_of(error), place=keys.of_paper("paper", name))
    else:
        # Lines of a text count as its writer sees them; those of other files as they were read.
        is_text = document.kind in ("text", "markdown")
        paper.file_name, paper.file_text = document.name, decode(content) if is_text else document.text
    paper.drops += 1
    keep_bench(desk, seat, bench)


def _forget_file(desk: Desk, seat: Seat, name: str) -> None:
    bench = take_bench(desk, seat)
    paper: Paper = getattr(bench, name)
    paper.file_name, paper.file_text = "", ""
    keep_bench(desk, seat, bench)
