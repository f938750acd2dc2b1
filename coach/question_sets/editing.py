"""A set that its owner changes: a question less, more, moved or swapped, and what it covers afterwards."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from coach.errors import InputError
from coach.question_kinds import infer_kind
from coach.question_sets.reasons import reason_beside
from coach.question_sets.sheet import one_line
from coach.roles import MAX_QUESTION_CHARS, MIN_QUESTION_WORDS
from coach.schema import Coverage, QuestionSet, Role, SetQuestion

OWN_MINUTES = 4


def without(question_set: QuestionSet, role: Role, question_id: str) -> QuestionSet:
    """The set without one question."""
    kept = [question for question in question_set.questions if question.id != question_id]
    return with_questions(question_set, role, kept)


def moved(question_set: QuestionSet, role: Role, question_id: str, by: int) -> QuestionSet:
    """The set with a question so many places later, or earlier; it stops at either end."""
    questions = list(question_set.questions)
    place = _place(questions, question_id)
    if place is None:
        return question_set
    question = questions.pop(place)
    questions.insert(max(0, min(place + by, len(questions))), question)
    return with_questions(question_set, role, questions)


def swapped(question_set: QuestionSet, role: Role, question_id: str, new: SetQuestion) -> QuestionSet:
    """The set with another question in the place of one."""
    questions = [new if question.id == question_id else question for question in question_set.questions]
    return with_questions(question_set, role, questions)


def added(question_set: QuestionSet, role: Role, text: str) -> QuestionSet:
    """The set with a question of one's own at its end.

    Raises InputError for what is too short or too long to be a question, and for one that is there.
    """
    question = _own_question(question_set, text)
    return with_questions(question_set, role, [*question_set.questions, question])


def explained(question: SetQuestion, rest: QuestionSet, role: Role, topics: Collection[str]) -> SetQuestion:
    """A question that was made by itself, with a reason that is true beside the rest of a set and names no
    wish but these topics."""
    return question.model_copy(update={"why": reason_beside(question, rest, role, topics)})


def joined(new: QuestionSet, role: Role, old: QuestionSet, pinned: Collection[str]) -> QuestionSet:
    """A new set in which the pinned questions of the old one keep their places."""
    questions = list(new.questions)
    for place, question in enumerate(old.questions):
        if question.id in pinned:
            questions.insert(min(place, len(questions)), question)
    return with_questions(new, role, questions)


def with_questions(question_set: QuestionSet, role: Role, questions: Sequence[SetQuestion]) -> QuestionSet:
    """The set with these questions and what they cover."""
    tailoring = question_set.tailoring
    activities = tailoring.activities or tuple(activity.id for activity in role.activities)
    kpis = tailoring.kpis or tuple(kpi.id for kpi in role.kpis)
    coverage = cover(questions, activities, kpis)
    return question_set.model_copy(update={"questions": tuple(questions), "coverage": coverage})


def cover(questions: Sequence[SetQuestion], activities: Sequence[str], kpis: Sequence[str]) -> Coverage:
    """How much of these activities and KPIs, by id, the questions touch."""
    touched = {item for question in questions for item in (*question.activities, *question.kpis)}
    missing_activities = tuple(item for item in activities if item not in touched)
    missing_kpis = tuple(item for item in kpis if item not in touched)
    return Coverage(
        activities=1 - len(missing_activities) / max(1, len(activities)),
        kpis=1 - len(missing_kpis) / max(1, len(kpis)),
        missing_activities=missing_activities,
        missing_kpis=missing_kpis,
    )


def _own_question(question_set: QuestionSet, text: str) -> SetQuestion:
    text = one_line(text)
    if len(text.split()) < MIN_QUESTION_WORDS:
        raise InputError(
            "question_too_short", "A question needs at least three words.", "Write it as it would be asked."
        )
    if len(text) > MAX_QUESTION_CHARS:
        raise InputError(
            "question_too_long",
            f"The question has {len(text)} characters; {MAX_QUESTION_CHARS} are the limit.",
            "Keep to what the interviewer would say.",
        )
    if any(_letters(text) == _letters(question.text) for question in question_set.questions):
        raise InputError("question_is_there", "This question is in the set.", "Write another one.")
    tailoring = question_set.tailoring
    return SetQuestion(
        id=_free_id({question.id for question in question_set.questions}),
        text=text,
        kind=infer_kind(text),
        topics=(),
        stage=tailoring.stage or "",
        level=tailoring.level or "mid",
        activities=(),
        kpis=(),
        why="You added it.",
        strong_answer_shows=(),
        follow_ups=(),
        source="own",
        minutes=OWN_MINUTES,
    )


def _letters(text: str) -> str:
    """What two questions have in common that differ in case, spaces and punctuation only."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _free_id(taken: Collection[str]) -> str:
    number = 1
    while f"own-{number}" in taken:
        number += 1
    return f"own-{number}"


def _place(questions: Sequence[SetQuestion], question_id: str) -> int | None:
    return next((place for place, q in enumerate(questions) if q.id == question_id), None)
