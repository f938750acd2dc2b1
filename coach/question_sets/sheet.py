"""What every printed form of a question set says, in plain text; a writer only lays it out.

All text is free of control characters and of marks that turn the direction of text; it is not escaped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from coach.schema import Activity, Cite, Coverage, FittingStory, Kpi, QuestionSet, Role, SetQuestion, Stage

SOURCES = {
    "bank": "the role's question bank",
    "composed": "composed from what the role does",
    "model": "a language model",
    "own": "added by you",
}
_CITED = {"job": "Job description", "resume": "Résumé", "role": "The role", "weak_spot": "Your saved reports"}
_UNSAFE = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufffe\uffff]")


class Row(NamedTuple):
    """A row of the coverage matrix: an activity's or KPI's name and the numbers, from 1, of its questions."""

    name: str
    numbers: tuple[int, ...]


class Card(NamedTuple):
    """One question. `text` is one line; `brief` holds a line of the case each, "" between paragraphs;
    `facts` are pairs of a label and a value."""

    number: int
    question: SetQuestion
    text: str
    facts: tuple[tuple[str, str], ...]
    brief: tuple[str, ...]
    why: str
    cites: tuple[str, ...]
    shows: tuple[str, ...]
    follow_ups: tuple[str, ...]
    stories: tuple[str, ...]


class Sheet(NamedTuple):
    """The whole set. `facts` is the line below the title, `covered` says in sentences what is covered."""

    title: str
    facts: str
    activities: tuple[Row, ...]
    kpis: tuple[Row, ...]
    covered: tuple[str, ...]
    warnings: tuple[str, ...]
    cards: tuple[Card, ...]
    closing: str


def sheet_of(question_set: QuestionSet, role: Role) -> Sheet:
    """The set with the role's names in place of ids."""
    questions = question_set.questions
    engine = question_set.engine
    closing = f"Made from knowledge {one_line(engine.knowledge)}"
    if engine.model:
        closing += f", some questions with {one_line(engine.model)}"
    return Sheet(
        title=f"Interview questions: {one_line(role.name)}",
        facts=_set_facts(question_set, role),
        activities=_rows(role.activities, [question.activities for question in questions]),
        kpis=_rows(role.kpis, [question.kpis for question in questions]),
        covered=tuple(_covered(question_set.coverage, role)),
        warnings=tuple(one_line(notice.message) for notice in question_set.warnings),
        cards=tuple(_card(number, question, role) for number, question in enumerate(questions, 1)),
        closing=closing + ". For practice.",
    )


def one_line(text: str) -> str:
    """The text as one line, white space folded."""
    return " ".join(part for line in lines_of(text) for part in line.split())


def lines_of(text: str) -> tuple[str, ...]:
    """The text's lines without control characters; white space at the ends of lines is lost."""
    kept = (
        character
        for character in _UNSAFE.sub("", text)
        if character.isspace() or unicodedata.category(character) not in ("Cc", "Cs")
    )
    return tuple(" ".join(line.split()) for line in "".join(kept).strip().splitlines())


# ---- the set ----------------------------------------------------------------------------------------


def _set_facts(question_set: QuestionSet, role: Role) -> str:
    asked, count = question_set.tailoring, len(question_set.questions)
    minutes = sum(question.minutes for question in question_set.questions)
    facts = [f"{count} question{'' if count == 1 else 's'}", f"about {minutes} minutes"]
    facts += [f"{asked.level} level"] if asked.level else []
    facts += [_name(asked.stage, role.stages)] if asked.stage else []
    papers = [name for name, given in (("job description", asked.job), ("résumé", asked.resume)) if given]
    facts += [f"for your {' and '.join(papers)}"] if papers else []
    return " · ".join(facts)


def _rows(
    items: Sequence[Activity] | Sequence[Kpi], of_questions: Sequence[tuple[str, ...]]
) -> tuple[Row, ...]:
    """The role's items in its order, then ids of questions that the role does not have."""
    names = {item.id: one_line(item.name) for item in items}
    unknown = {id_: _plain(id_) for ids in of_questions for id_ in ids if id_ not in names}
    return tuple(
        Row(name, tuple(number for number, ids in enumerate(of_questions, 1) if id_ in ids))
        for id_, name in {**names, **unknown}.items()
    )


def _covered(coverage: Coverage, role: Role) -> Iterable[str]:
    shares = f"{coverage.activities:.0%} of the activities and {coverage.kpis:.0%} of the KPIs"
    yield f"The questions cover {shares}."
    for what, missing, items in (
        ("Activities", coverage.missing_activities, role.activities),
        ("KPIs", coverage.missing_kpis, role.kpis),
    ):
        if missing:
            yield f"{what} left out: {_names(missing, items)}."


# ---- a question -------------------------------------------------------------------------------------


def _card(number: int, question: SetQuestion, role: Role) -> Card:
    return Card(
        number=number,
        question=question,
        text=one_line(question.text),
        facts=_facts(question, role),
        brief=lines_of(question.brief),
        why=one_line(question.why),
        cites=tuple(_cite(cite) for cite in question.cites),
        shows=tuple(one_line(point) for point in question.strong_answer_shows),
        follow_ups=tuple(one_line(probe) for probe in question.follow_ups),
        stories=tuple(_story(story) for story in question.stories),
    )


def _facts(question: SetQuestion, role: Role) -> tuple[tuple[str, str], ...]:
    facts: Mapping[str, str] = {
        "Stage": _name(question.stage, role.stages) if question.stage else "",
        "Level": question.level,
        "Kind": question.kind,
        "Time": f"{question.minutes} minute{'' if question.minutes == 1 else 's'}",
        "Topics": ", ".join(one_line(topic) for topic in question.topics),
        "Activities": _names(question.activities, role.activities),
        "KPIs": _names(question.kpis, role.kpis),
        "Source": SOURCES[question.source],
    }
    return tuple((label, value) for label, value in facts.items() if value)


def _cite(cite: Cite) -> str:
    line = f", line {cite.line}" if cite.line is not None else ""
    return f"{_CITED[cite.of]}{line}: “{one_line(cite.quote)}”"


def _story(story: FittingStory) -> str:
    told = f"Your answer to “{one_line(story.question)}” (report {story.report_id}) fits to {story.fit:.0%}"
    return f"{told}: {one_line(story.why)}"


def _names(ids: Iterable[str], items: Sequence[Activity] | Sequence[Kpi]) -> str:
    return ", ".join(_name(id_, items) for id_ in ids)


def _name(id_: str, items: Sequence[Activity] | Sequence[Kpi] | Sequence[Stage]) -> str:
    return next((one_line(item.name) for item in items if item.id == id_), "") or _plain(id_)


def _plain(id_: str) -> str:
    words = one_line(id_).replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]
