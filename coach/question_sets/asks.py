"""What can be asked of a role, before it is put into words: situations, KPIs, activities by name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from coach.question_sets.grammar import Form, Grammar
from coach.question_sets.situations import RoleSituations, Situation
from coach.question_sets.types import LEVELS
from coach.schema_questions import Level
from coach.schema_role import QUESTION_KINDS, Activity, Kpi, QuestionKind, Role

MAX_WORK_WORDS = 14

# How the bare meaning is said: the same way for all of a form, so that only the matter tells two apart.
_MEANINGS: dict[Form, str] = {
    "do": "How do you {do}?",
    "met": "What do you do when {meets}?",
    "knows": "{Knows}?",
    "kpi": "How do you improve your {kpi}?",
}
# An activity by name can be asked about from four sides, which are four matters.
_SIDES: dict[QuestionKind, str] = {
    "behavioural": "Tell me about something that went wrong in {area}.",
    "approach": "How do you approach {area}?",
    "experience": "How many years of {area} have you behind you?",
    "knowledge": "Which tools and rules matter in {area}?",
}


@dataclass(frozen=True)
class Ask:
    """One matter of one kind. `group` is the matter; `slots` fill frames of its form."""

    group: str
    form: Form
    kind: QuestionKind
    slots: Mapping[str, str]
    levels: tuple[Level, ...]
    topics: tuple[str, ...]
    activities: tuple[str, ...]
    kpis: tuple[str, ...]
    shows: tuple[str, ...]
    follow_ups: tuple[str, ...]
    sudden: bool = False
    steady: bool = False
    others: bool = True

    @property
    def meaning(self) -> str:
        """The matter as one plain question."""
        words = _SIDES[self.kind] if self.form == "area" else _MEANINGS[self.form]
        return words.format_map(self.slots)


def asks_of(role: Role, grammar: Grammar, found: RoleSituations) -> tuple[Ask, ...]:
    """Everything that composed questions can be about, in the role's order."""
    told = {situation.activity for situation in found.situations}
    asks: list[Ask] = []
    for situation in found.situations:
        asks += _of_situation(situation, grammar)
    for activity in role.activities:
        if activity.id not in told:
            asks += _of_activity(activity, role, grammar)
    for kpi in role.kpis:
        asks += _of_kpi(kpi, role, found, grammar)
    return tuple(asks)


def _of_situation(situation: Situation, grammar: Grammar) -> Iterator[Ask]:
    form: Form = "do" if situation.do else "met" if situation.met else "knows"
    slots = {
        "do": lambda: grammar.forms_of(situation.do),
        "met": lambda: {"meets": situation.meets, "met": situation.met},
        "knows": lambda: {"knows": situation.knows, "Knows": _capital(situation.knows)},
    }[form]()
    for kind in situation.kinds:
        yield Ask(
            group=situation.id,
            form=form,
            kind=kind,
            slots=slots,
            levels=situation.levels,
            topics=situation.topics,
            activities=(situation.activity,),
            kpis=situation.kpis,
            shows=situation.shows,
            follow_ups=situation.follow_ups,
            sudden=situation.sudden,
            steady=situation.kinds == ("experience",),
            others=not situation.alone,
        )


# ---- for roles, or activities, without situations --------------------------------------------------


def _of_activity(activity: Activity, role: Role, grammar: Grammar) -> Iterator[Ask]:
    topics = _topics_of(role, activity.id)
    kpis = _kpis_of(role, activity.id)
    for kind in QUESTION_KINDS:
        parts = (LEVELS, topics, (activity.id,), kpis, grammar.shows[kind], grammar.follow_ups[kind])
        yield Ask(f"{activity.id}:{kind}", "area", kind, {"area": _area(activity.name)}, *parts)
    for number, statement in enumerate(activity.work):
        for kind, slots in _work_slots(statement, grammar):
            parts = (LEVELS, topics, (activity.id,), kpis, grammar.shows[kind], grammar.follow_ups[kind])
            yield Ask(f"{activity.id}:{number}", "do", kind, slots, *parts)


def _work_slots(statement: str, grammar: Grammar) -> Iterator[tuple[QuestionKind, dict[str, str]]]:
    """Kinds and slots for a statement that begins with a verb in its base form and is short and plain."""
    text = " ".join(statement.split()).rstrip(". ")
    first, _, rest = text.partition(" ")
    past = {forms[0] for forms in grammar.verbs.values()}  # "cut" may be either, so it is left out
    plain = re.fullmatch(r"[A-Za-z][\w\s,/&%'’-]*", text) and first.isalpha()
    if not plain or not rest or len(text.split()) > MAX_WORK_WORDS:
        return
    if first.lower() in past or first.lower().endswith(("ed", "ing", "s")):
        return
    slots = grammar.forms_of(f"{first.lower()} {rest}")
    yield "behavioural", slots
    yield "approach", slots


def _area(name: str) -> str:
    words = name.replace("&", "and").split()
    return " ".join(word if word[1:] != word[1:].lower() else word.lower() for word in words)


# ---- figures ---------------------------------------------------------------------------------------


def _of_kpi(kpi: Kpi, role: Role, found: RoleSituations, grammar: Grammar) -> Iterator[Ask]:
    figure = found.figures.get(kpi.id)
    activity = figure.activity if figure else _activity_of(kpi.id, role, found)
    topics = _topics_of(role, activity, kpi.id) or _topics_of(role, activity)
    worse = ("fell", "falls") if kpi.good_direction == "up" else ("rose", "rises")
    slots = {"kpi": kpi_phrase(kpi), "fell": worse[0], "falls": worse[1]}
    own_levels = figure.levels if figure else LEVELS
    for kind in QUESTION_KINDS:
        # A beginner has had no figure to answer for.
        levels = tuple(lv for lv in own_levels if lv != "entry" or kind not in ("behavioural", "experience"))
        if not levels:
            continue
        parts = (levels, topics, (activity,), (kpi.id,), grammar.shows[kind], grammar.follow_ups[kind])
        yield Ask(f"{kpi.id}:figure", "kpi", kind, slots, *parts)


def kpi_phrase(kpi: Kpi) -> str:
    """The KPI's name as it stands in a sentence: "return on ad spend" for "Return on Ad Spend (ROAS)"."""
    return _area(re.sub(r"\s*\([^)]*\)", "", kpi.name)) or kpi.name


def _activity_of(kpi: str, role: Role, found: RoleSituations) -> str:
    """The activity that is most often asked about together with the KPI, else the role's first."""
    votes = Counter(s.activity for s in found.situations if kpi in s.kpis)
    votes.update(activity for q in role.questions if kpi in q.kpis for activity in q.activities[:1])
    order = [activity.id for activity in role.activities]
    return max(votes, key=lambda a: (votes[a], -order.index(a))) if votes else order[0]


def _topics_of(role: Role, activity: str, kpi: str = "") -> tuple[str, ...]:
    asked = [q for q in role.questions if activity in q.activities and (not kpi or kpi in q.kpis)]
    return tuple(dict.fromkeys(topic for question in asked for topic in question.topics))[:2]


def _kpis_of(role: Role, activity: str) -> tuple[str, ...]:
    asked = [question for question in role.questions if activity in question.activities]
    return tuple(dict.fromkeys(kpi for question in asked for kpi in question.kpis))[:2]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
