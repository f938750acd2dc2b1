"""The nouns of a role: what it does, how it is measured, selects and asks. `schema` hands them on."""

from __future__ import annotations

from typing import Literal

from coach.schema_base import Noun

QuestionKind = Literal["behavioural", "approach", "experience", "knowledge"]
QUESTION_KINDS: tuple[QuestionKind, ...] = ("behavioural", "approach", "experience", "knowledge")


class Activity(Noun):
    """Something the job does, with the words that show it in a story."""

    id: str
    name: str
    description: str
    verbs: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    work: tuple[str, ...] = ()  # short statements of concrete work that shows the activity
    said: tuple[str, ...] = ()  # how people tell this work in an interview; embedded for retrieval


class Kpi(Noun):
    """A figure the job is measured by."""

    id: str
    name: str
    description: str
    aliases: tuple[str, ...] = ()
    # Beside a figure these stand for the KPI too: "/" between choices, "_" for a space in one, "*" for a gap.
    in_other_words: tuple[str, ...] = ()
    formula: str = ""
    unit: str = ""
    good_direction: Literal["up", "down"] = "up"
    statement: str = ""  # a sentence with [slots] that states it believably
    believable: str = ""  # what makes such a statement believable
    find_it: str = ""  # where a candidate finds the figure


class Stage(Noun):
    """One step of the selection process, in order."""

    id: str
    name: str
    description: str
    tests: str = ""
    prepare: str = ""


class Question(Noun):
    """A question of the role's bank. `subject` holds words of which an answer about this question says at
    least one; empty where the question takes any story of the role."""

    id: str
    text: str
    kind: QuestionKind
    topics: tuple[str, ...]
    subject: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    kpis: tuple[str, ...] = ()
    strong_answer_shows: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()


class Role(Noun):
    """A job: what it does, how it is measured, how it selects, what it asks."""

    id: str
    name: str
    function: str
    about: str
    activities: tuple[Activity, ...]
    kpis: tuple[Kpi, ...]
    stages: tuple[Stage, ...]
    questions: tuple[Question, ...]
