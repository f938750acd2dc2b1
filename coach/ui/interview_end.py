"""The end of a mock interview: all answers with their scores, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from coach.history import Interview
from coach.interviews import Line
from coach.schema import Role
from coach.ui import interview_work, keys
from coach.ui.desk import Desk
from coach.ui.history_page import when
from coach.ui.interview_html import answer_line, overview
from coach.ui.markup import tag
from coach.ui.notices import progress_in
from coach.ui.seat import Seat
from coach.ui.taking_up import take_up

_Numbered = Sequence[tuple[int, Line]]


def draw_end(desk: Desk, seat: Seat, interview: Interview, practise: StreamlitPage) -> None:
    """Feedback on the whole interview. `practise` is where an answer can be worked on."""
    found = interview.question_set()
    role = desk.coach.role(found.role)
    status = st.empty()
    feedback = interview_work.feedback_on(desk, role, interview, progress_in(status))
    status.empty()
    st.html(tag("h2", "How the interview went", class_="page-title"))
    counted = f"{feedback.answered} of {len(found.questions)} answered"
    st.html(tag("p", f"{interview.title} · {when(interview.started_at)} · {counted}", class_="quiet"))
    with st.container(horizontal=True, key="interview_done"):
        st.button("All interviews", key=keys.INTERVIEW_LIST, on_click=interview_work.leave, args=[desk, seat])
    left, right = st.columns([7, 5], gap="large")
    numbered = list(enumerate(feedback.lines, start=1))
    skipped = [(number, line) for number, line in numbered if line.band == "skipped"]
    with left, st.container(key="interview_answers"):
        _rows(desk, seat, role, interview, [row for row in numbered if row not in skipped], practise)
        if skipped:
            listed = ", ".join(str(number) for number, _ in skipped)
            with st.expander(f"Skipped: {'question' if len(skipped) == 1 else 'questions'} {listed}"):
                _rows(desk, seat, role, interview, skipped, practise)
    with right, st.container(key="interview_overview"):
        st.html(overview(feedback, role, desk.coach.rubric))
    st.html(tag("p", "Read by the built-in judge. A practice aid, not a hiring verdict.", class_="quiet"))


def _rows(
    desk: Desk, seat: Seat, role: Role, interview: Interview, rows: _Numbered, practise: StreamlitPage
) -> None:
    for number, line in rows:
        said = interview.answers.get(line.question.id)
        with st.container(key=keys.of_question("row", line.question.id)):
            st.html(answer_line(number, line, desk.coach.rubric, said.text if said else ""))
            with st.container(key=keys.of_question("steps", line.question.id)):
                key = keys.of_question("practise", line.question.id)
                wanted = st.button(_step(line), key=key, type="tertiary")
            if wanted:
                take_up(desk, seat, role, line.question, said)
                st.switch_page(practise)


def _step(line: Line) -> str:
    if line.score is not None:
        return "Work on this answer, with its full report"
    return "Practise" if line.band == "skipped" else "Work on this answer"
