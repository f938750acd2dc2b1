"""Question sets made for tests, plain and hostile, and the texts that a file of them has to show."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

from coach.schema import (
    Activity,
    Cite,
    Coverage,
    FittingStory,
    Kpi,
    Notice,
    QuestionSet,
    Role,
    SetEngine,
    SetQuestion,
    Stage,
    Tailoring,
)

ROLE = Role(
    id="shop-keeper",
    name="Shop Keeper",
    function="Sales",
    about="Keeps a shop.",
    activities=tuple(
        Activity(id=f"activity-{number}", name=f"Activity no. {number} & more", description="")
        for number in range(1, 11)
    ),
    kpis=tuple(Kpi(id=f"kpi-{number}", name=f"KPI no. {number}", description="") for number in range(1, 11)),
    stages=(Stage(id="screen", name="Phone screen", description=""),),
    questions=(),
)
LONG_QUESTION = ("Tell me about one week in which everything in the shop changed at once, and why. " * 12)[
    :900
]
LONG_BRIEF = "\n".join(
    f"Channel {number}: {number * 1200} visits a week at {number + 1}.{number % 10} %, "
    f"with an average order of €{20 + number} and {number} returns in a hundred."
    for number in range(1, 19)
)


def make_question(number: int, **changes: Any) -> SetQuestion:
    """A question like no other; each is about one activity and one KPI of ROLE."""
    fields: dict[str, Any] = {
        "id": f"q{number}",
        "text": f"What did you do in week {number} when the till of the shop stood still?",
        "kind": "behavioural",
        "topics": ("Returns", "Till & Cash"),
        "stage": "screen",
        "level": "senior",
        "activities": (f"activity-{(number - 1) % 10 + 1}",),
        "kpis": (f"kpi-{(number * 3 - 1) % 10 + 1}",),
        "why": f"Reason {number}: nothing else asks about it.",
        "strong_answer_shows": (f"first sign {number} of strength", f"second sign {number}"),
        "follow_ups": (f"And then, in week {number}?", "Who else was there?"),
        "source": ("bank", "composed", "model")[number % 3],
        "minutes": 5,
        "cites": (Cite(of="job", line=number, quote=f"You keep till {number} going — “Łódź”, café, ≥ 3 %"),),
        "stories": (FittingStory(report_id=number, question="A bad day?", fit=0.8, why=f"story {number}"),),
    }
    return SetQuestion.model_validate({**fields, **changes})


def make_set(count: int = 3, **changes: Any) -> QuestionSet:
    """A set of `count` questions, each with the same `changes`."""
    return QuestionSet(
        role=ROLE.id,
        tailoring=Tailoring(count=count, level="senior", job=True),
        questions=tuple(make_question(number, **changes) for number in range(1, count + 1)),
        coverage=Coverage(activities=0.9, kpis=0.5, missing_activities=("activity-10",)),
        warnings=(Notice(code="short", message="There were no more questions of this kind."),),
        engine=SetEngine(knowledge="abc123"),
    )


def hostile_set(text: str) -> QuestionSet:
    """A set in which every free text is `text`."""
    plain = make_set(2)
    questions = tuple(
        question.model_copy(
            update={
                "text": text,
                "topics": (text,),
                "why": text,
                "strong_answer_shows": (text, text),
                "follow_ups": (text,),
                "brief": text,
                "cites": (Cite(of="job", line=1, quote=text), Cite(of="weak_spot", quote=text)),
                "stories": (FittingStory(report_id=1, question=text, fit=0.5, why=text),),
                "activities": (text,),
                "stage": text,
            }
        )
        for question in plain.questions
    )
    return plain.model_copy(update={"questions": questions, "warnings": (Notice(code="c", message=text),)})


def texts_of(question: SetQuestion) -> Iterator[str]:
    """What a file has to show of a question."""
    yield from (question.text, question.why, *question.strong_answer_shows, *question.follow_ups)
    yield from (cite.quote for cite in question.cites)
    yield from (story.why for story in question.stories)
    yield from question.brief.splitlines()


def squeezed(text: str) -> str:
    """The text without white space and control characters, as line breaks of a page may fall anywhere."""
    return "".join(c for c in text if not c.isspace() and unicodedata.category(c) != "Cc")
