"""Why each question is in a set: one sentence with the most particular thing that asked for it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from coach.question_sets.grammar import Grammar
from coach.question_sets.role_items import item_of
from coach.question_sets.types import Candidate, Chosen, ChosenQuestion, Prompted, Wishes
from coach.schema_questions import QuestionSet, SetQuestion
from coach.schema_role import Role

_LONGEST_QUOTE = 90  # characters
_ASKED_FOR = "You asked for "
_ONLY_ONE = "The set's one question on "
_USUAL = "Usual for this role: {name}."
_JOB_SAYS = (
    "The job description asks for this: “{quote}”.",
    "The job description says: “{quote}”.",
    "This is from the job description: “{quote}”.",
)
_NICE_SAYS = "The job description would like to have this: “{quote}”."
_LACKING: Mapping[str, str] = {
    "shown": "The job description asks for this, and your résumé does not show it: “{quote}”.",
    "figure": "Your résumé gives no figure for this: “{quote}”.",
    "baseline": "Your résumé gives a result without a starting point: “{quote}”.",
    "own part": "Your résumé leaves open which part was yours: “{quote}”.",
    "size": "Your résumé does not say how large this was: “{quote}”.",
    "result": "Your résumé does not say what came of this: “{quote}”.",
    "period": "Your résumé does not say how long this took: “{quote}”.",
    "example": "Your résumé names this without an example: “{quote}”.",
}
_WITHOUT_FIGURE = "Your résumé says “{word}” without a figure: “{quote}”."
# Kinds in which people tell what they did, of which a level says how much.
_TOLD = ("behavioural", "experience")
_BIG_WORDS = re.compile(
    r"\b(?:significantly|substantially|considerably|strongly|dramatically|greatly|massively|noticeably|markedly"
    r"|vastly|much\s+\w+er|double-digit|triple-digit)\b",
    re.IGNORECASE,
)


class _Set(NamedTuple):
    """What a reason may draw on: names by id, and how many questions of the set touch each item."""

    role: Role
    wishes: Wishes
    grammar: Grammar
    names: dict[str, str]
    counts: Counter[str]
    cited: Mapping[str, str]


def reasons_for(
    chosen: Chosen, role: Role, wishes: Wishes, grammar: Grammar, cited: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """One sentence for each question of the set, in its order. `wishes` are those after `check_wishes`;
    `cited` names the item that each question of the bank is about."""
    questions = [item.question for item in chosen.questions]
    names = {a.id: a.name for a in role.activities} | {k.id: k.name for k in role.kpis}
    counts = Counter(item for question in questions for item in (*question.activities, *question.kpis))
    known = {q.id: q.activities[0] for q in questions if q.activities} if cited is None else cited
    whole = _Set(role, wishes, grammar, names, counts, known)
    return tuple(next(_causes(item, turn, whole)) for turn, item in enumerate(chosen.questions))


def reason_beside(question: SetQuestion, rest: QuestionSet, role: Role, topics: Collection[str]) -> str:
    """The reason of a question that was made by itself, as it is true beside the rest of a set and where no
    wish was named but these topics."""
    is_wish, is_alone = question.why.startswith(_ASKED_FOR), question.why.startswith(_ONLY_ONE)
    asked = [topic for topic in question.topics if topic in topics]
    if is_wish and asked:
        return f"{_ASKED_FOR}{_listed(asked[:2])}."
    names = {a.id: a.name for a in role.activities} | {k.id: k.name for k in role.kpis}
    there = {names[i] for q in rest.questions for i in (*q.activities, *q.kpis) if i in names}
    own = [names[i] for i in (*question.activities, *question.kpis) if i in names]
    if is_alone:
        own = [name for name in own if question.why == f"{_ONLY_ONE}{name}."]
    if not (is_wish or is_alone) or not own:
        return question.why
    return _USUAL.format(name=own[0]) if own[0] in there else f"{_ONLY_ONE}{own[0]}."


def _causes(item: ChosenQuestion, turn: int, whole: _Set) -> Iterator[str]:
    """What asked for it, the most particular first; the stage, the level and the role take turns."""
    question = item.question
    yield from (_prompted(prompt, turn) for prompt in question.prompted)
    yield from _named_wishes(question, whole)
    ways = [*_stage_cause(turn, whole), *_level_cause(item, turn, whole), _role_cause(question, turn, whole)]
    yield ways[turn % len(ways)]


def _prompted(prompt: Prompted, turn: int) -> str:
    quote = _quotable(prompt.quote)
    if prompt.by == "weak spot":
        return f"To practise what your saved reports show as weak: {quote}."
    if prompt.by == "resume":
        big = _BIG_WORDS.search(prompt.quote) if prompt.lacks == "figure" else None
        if big:
            return _WITHOUT_FIGURE.format(word=big[0], quote=quote)
        return _LACKING.get(prompt.lacks, "Your résumé says: “{quote}”.").replace("{quote}", quote)
    if prompt.is_nice:
        return _NICE_SAYS.replace("{quote}", quote)
    return _LACKING.get(prompt.lacks, _JOB_SAYS[turn % len(_JOB_SAYS)]).replace("{quote}", quote)


def _quotable(quote: str) -> str:
    """On one line, cut where it is long, and without the full stop that would stand before another."""
    quote = " ".join(quote.split()).rstrip(" .")
    if len(quote) > _LONGEST_QUOTE:
        return quote[: _LONGEST_QUOTE - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
    return quote


def _named_wishes(question: Candidate, whole: _Set) -> Iterator[str]:
    wishes = whole.wishes
    named = [i for i in (*question.activities, *question.kpis) if i in (*wishes.activities, *wishes.kpis)]
    topics = [topic for topic in question.topics if topic in wishes.topics]
    if topics or named:
        yield f"{_ASKED_FOR}{_listed([*topics, *(whole.names[i] for i in named)][:2])}."


def _stage_cause(turn: int, whole: _Set) -> Iterator[str]:
    stage = next((stage for stage in whole.role.stages if stage.id == whole.wishes.stage), None)
    if stage:
        asks = whole.grammar.style(stage).asks
        yield f"The stage “{stage.name}” {asks[turn // 2 % len(asks)]}."


def _level_cause(item: ChosenQuestion, turn: int, whole: _Set) -> Iterator[str]:
    if whole.wishes.level and item.question.source == "composed" and item.question.kind in _TOLD:
        scope = whole.grammar.levels[item.level].scope
        ways = (
            "At {level} level interviewers look for {scope}.",
            "At {level} level you are asked {scope}.",
        )
        yield ways[turn // 2 % len(ways)].format(level=item.level, scope=scope)


def _role_cause(question: Candidate, turn: int, whole: _Set) -> str:
    """That the role has its item, and where that is true that nothing else of the set is about it."""
    item = item_of(question, whole.cited)
    if item is None:
        under = _listed(question.topics[:2])
        return f"From the role's own questions, under {under}." if under else "From the role's own questions."
    name = whole.names[item]
    if whole.counts[item] == 1:
        return f"{_ONLY_ONE}{name}."
    return (
        (_USUAL.format(name=name), f"Part of this role's work: {name}.")[turn % 2]
        if item in question.activities
        else f"A figure of this role: {name}."
    )


def _listed(items: Sequence[str]) -> str:
    return " and ".join(items)
