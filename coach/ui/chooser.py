"""Choosing a role and a question: typed to search, narrowed by topic and kind, or one of your own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from coach.roles import MIN_QUESTION_WORDS
from coach.schema import QUESTION_KINDS, Question, QuestionKind, Role
from coach.ui import asking, drafts, keys
from coach.ui.desk import Desk
from coach.ui.markup import tag
from coach.ui.seat import Seat

KIND_NAMES: Final[dict[QuestionKind, str]] = {
    "behavioural": "One real time",
    "approach": "How you work",
    "experience": "Your experience",
    "knowledge": "What you know",
}
_ADVICE: Final[dict[QuestionKind, str]] = {
    "behavioural": "It asks for one real time. Tell a single story from start to end.",
    "approach": "It asks how you work. Show it in one real case.",
    "experience": "It asks what you have done. Pick the one piece of work that shows most.",
    "knowledge": "It asks what you know. Show it by the last time you used it.",
}


def choose_question(desk: Desk, seat: Seat) -> Role:
    """Draws role, question and filter, and returns the chosen role."""
    with st.container(key="chooser"):
        narrow, wide = st.columns([1, 4], vertical_alignment="bottom")
        with narrow:
            role = _choose_role(desk, seat)
        with wide, st.container(horizontal=True, vertical_alignment="bottom", key="question_row"):
            # Drawn first because the filter decides what can be chosen; CSS puts it behind the question.
            found = _filter(role)
            _question_box(desk, seat, found)
        st.html(tag("p", _ADVICE[drafts.filed_under(desk, seat, seat.slot).kind], class_="kind-advice"))
    return role


def narrowed(questions: Sequence[Question], topics: Sequence[str], kinds: Sequence[str]) -> list[Question]:
    """The questions with any of the topics and any of the kinds; nothing chosen means no limit."""
    return [
        question
        for question in questions
        if (not topics or set(topics) & set(question.topics)) and (not kinds or question.kind in kinds)
    ]


def search(questions: Sequence[Question], words: str) -> list[Question]:
    """The questions that hold the words in their topics or their text, those with the topic first."""
    asked = words.casefold()
    by_topic = [question for question in questions if asked in " ".join(question.topics).casefold()]
    return by_topic + [q for q in questions if asked in q.text.casefold() and q not in by_topic]


def _choose_role(desk: Desk, seat: Seat) -> Role:
    roles = {role_id: desk.coach.role(role_id) for role_id in desk.coach.roles.ids}
    st.session_state[keys.ROLE_BOX] = seat.role_id
    st.selectbox(
        "Role",
        list(roles),
        format_func=lambda role_id: roles[role_id].name,
        key=keys.ROLE_BOX,
        on_change=_take_role,
        args=[desk],
        filter_mode=None if len(roles) == 1 else "fuzzy",
    )
    return roles[seat.role_id]


def _take_role(desk: Desk) -> None:
    role = desk.coach.role(st.session_state[keys.ROLE_BOX])
    turn_to(desk, drafts.take_seat(desk), role.id, role.questions[0].text)


def _filter(role: Role) -> list[Question]:
    with st.popover("Filter", key=keys.FILTER):
        topics = st.multiselect(
            "Topics", sorted({topic for q in role.questions for topic in q.topics}), key=keys.TOPICS,
            placeholder="Any topic",
        )  # fmt: skip
        kinds = st.pills(
            "Kind of question",
            QUESTION_KINDS,
            format_func=KIND_NAMES.__getitem__,
            selection_mode="multi",
            key=keys.KINDS,
        )
        found = narrowed(role.questions, topics, kinds)
        st.caption(f"{len(found)} of {len(role.questions)} questions" if found else "No question has both.")
    return found


def _question_box(desk: Desk, seat: Seat, found: Sequence[Question]) -> None:
    texts = [question.text for question in found]
    if seat.question not in texts:
        texts.insert(0, seat.question)
    st.session_state[keys.QUESTION_BOX] = seat.question
    st.selectbox(
        "Question: type to search, or write your own",
        texts,
        key=keys.QUESTION_BOX,
        on_change=_take_question,
        args=[desk],
        accept_new_options=True,
        filter_mode="contains",
    )


def _take_question(desk: Desk) -> None:
    chosen = (st.session_state[keys.QUESTION_BOX] or "").strip()
    seat = drafts.take_seat(desk)
    if len(chosen.split()) < MIN_QUESTION_WORDS:
        # Enter after a search word offers the word itself first.
        found = search(desk.coach.role(seat.role_id).questions, chosen)
        chosen = found[0].text if chosen and found else ""
    if chosen:
        turn_to(desk, seat, seat.role_id, chosen)


def next_question(desk: Desk) -> None:
    """Turns to the question after this one, from the last back to the first."""
    seat = drafts.take_seat(desk)
    texts = [question.text for question in desk.coach.role(seat.role_id).questions]
    place = texts.index(seat.question) + 1 if seat.question in texts else 0
    turn_to(desk, seat, seat.role_id, texts[place % len(texts)])


def turn_to(desk: Desk, seat: Seat, role_id: str, question: str) -> None:
    """Another question, with the draft and the feedback it had."""
    drafts.switch_question(desk, seat, role_id, question)
    asking.recall(desk, seat)
