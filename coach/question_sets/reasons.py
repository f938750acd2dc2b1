"""Why each question is in a set: the role's items that it covers, and what asked for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from coach.question_sets.grammar import Grammar
from coach.question_sets.types import Asker, Candidate, Chosen, ChosenQuestion, Prompted, Wishes
from coach.schema_role import Role

_LONGEST_QUOTE = 120
_MOST_CAUSES = 2
_PROMPTS: dict[Asker, str] = {
    "job description": "the job description says “{quote}”",
    "resume": "your resume says “{quote}”",
    "weak spot": "your saved reports show this as weak: {quote}",
}


class _Set(NamedTuple):
    """What a reason may draw on: names by id, and how many questions of the set touch each item."""

    role: Role
    wishes: Wishes
    grammar: Grammar
    names: dict[str, str]
    counts: Counter[str]


def reasons_for(chosen: Chosen, role: Role, wishes: Wishes, grammar: Grammar) -> tuple[str, ...]:
    """One sentence for each question of the set, in its order. `wishes` are those after `check_wishes`."""
    questions = [item.question for item in chosen.questions]
    names = {a.id: a.name for a in role.activities} | {k.id: k.name for k in role.kpis}
    counts = Counter(item for question in questions for item in (*question.activities, *question.kpis))
    whole = _Set(role, wishes, grammar, names, counts)
    return tuple(
        f"{_about(item.question, names)}: {'; '.join(_causes(item, turn, whole))}."
        for turn, item in enumerate(chosen.questions)
    )


def _about(question: Candidate, names: dict[str, str]) -> str:
    activities = [names[a] for a in question.activities]
    kpis = [names[k] for k in question.kpis]
    if not activities:
        return f"About {_listed(kpis)}" if kpis else "Beyond the role's own list"
    return f"About {_listed(activities[:2])}" + (f", with {_listed(kpis[:2])} in view" if kpis else "")


def _causes(item: ChosenQuestion, turn: int, whole: _Set) -> list[str]:
    """What asked for it, the most particular first; the stage and the level take turns."""
    question, names = item.question, whole.names
    asked = [*map(_prompted, question.prompted), *_named_wishes(question, whole)]
    alone = [names[i] for i in (*question.activities, *question.kpis) if whole.counts[i] == 1]
    if alone:
        asked.append(f"no other question of the set covers {_listed(alone[:2])}")
    place = [*_stage_cause(turn, whole), *_level_cause(item, turn, whole)]
    if place:
        asked.append(place[turn % len(place)])
    return (asked or [_plain_cause(question, names)])[:_MOST_CAUSES]


def _prompted(prompt: Prompted) -> str:
    quote = " ".join(prompt.quote.split())
    if len(quote) > _LONGEST_QUOTE:
        quote = quote[: _LONGEST_QUOTE - 1].rsplit(" ", 1)[0] + "…"
    return _PROMPTS[prompt.by].replace("{quote}", quote)


def _named_wishes(question: Candidate, whole: _Set) -> Iterator[str]:
    wishes = whole.wishes
    named = [i for i in (*question.activities, *question.kpis) if i in (*wishes.activities, *wishes.kpis)]
    topics = [topic for topic in question.topics if topic in wishes.topics]
    if topics or named:
        yield f"you asked for {_listed([*topics, *(whole.names[i] for i in named)][:2])}"


def _stage_cause(turn: int, whole: _Set) -> Iterator[str]:
    stage = next((stage for stage in whole.role.stages if stage.id == whole.wishes.stage), None)
    if stage:
        asks = whole.grammar.style(stage).asks
        yield f"the stage “{stage.name}” {asks[turn // 2 % len(asks)]}"


def _level_cause(item: ChosenQuestion, turn: int, whole: _Set) -> Iterator[str]:
    if whole.wishes.level and item.question.source == "composed":
        scope = whole.grammar.levels[item.level].scope
        ways = ("at {level} level interviewers look for {scope}", "people at {level} level are asked {scope}")
        yield ways[turn // 2 % len(ways)].format(level=item.level, scope=scope)


def _plain_cause(question: Candidate, names: dict[str, str]) -> str:
    if question.source == "bank":
        return f"the role's own list has it under {_listed(question.topics[:2])}"
    lead = [names[i] for i in question.activities[:1]]
    side = f"another side of {lead[0]}" if lead else "another side of the work"
    return f"it shows {side}, on {_listed(question.topics[:1])}" if question.topics else f"it shows {side}"


def _listed(items: Sequence[str]) -> str:
    return " and ".join(items)
