"""Small question sets, for tests that need one whole."""

from __future__ import annotations

from typing import Any

from coach.schema import Coverage, QuestionSet, SetEngine, SetQuestion, Tailoring

TEXTS = {
    "c-1": "Tell me about a launch that went wrong.",
    "c-2": "How do you decide which test to run first?",
    "c-3": "Which figure would you look at first on a Monday?",
}


def make_question(question_id: str = "c-1", **overrides: Any) -> SetQuestion:
    """A composed question; name any field to replace it."""
    fields: dict[str, Any] = {
        "id": question_id,
        "text": TEXTS.get(question_id, f"What would you say about {question_id}?"),
        "kind": "behavioural",
        "topics": ("Metrics",),
        "stage": "",
        "level": "mid",
        "activities": (),
        "kpis": (),
        "why": "It is about launches.",
        "strong_answer_shows": ("what was yours",),
        "follow_ups": ("What came next?",),
        "source": "composed",
        "minutes": 4,
    }
    return SetQuestion.model_validate({**fields, **overrides})


def make_set(*questions: SetQuestion, role: str = "e-commerce-manager", **tailoring: Any) -> QuestionSet:
    """A set of these questions, or of three."""
    found = questions or tuple(make_question(question_id) for question_id in TEXTS)
    return QuestionSet(
        role=role,
        tailoring=Tailoring(count=len(found), **tailoring),
        questions=found,
        coverage=Coverage(activities=0.0, kpis=0.0),
        engine=SetEngine(knowledge="3fa9c1d2"),
    )
