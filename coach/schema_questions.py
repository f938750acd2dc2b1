"""The nouns of a question set: what was asked for, what came of it. `schema` hands them on."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from coach.schema_base import Notice, Noun, Usage
from coach.schema_role import QuestionKind

SET_SCHEMA_VERSION: Final = 1

Level = Literal["entry", "mid", "senior", "lead"]
QuestionSource = Literal["bank", "composed", "model", "own"]


class Cite(Noun):
    """What a question rests on: a line of the job description or résumé (`line` counts from 1), an item of
    the role, or what saved reports show as weak. The last two have no line; `quote` is then a name."""

    of: Literal["job", "resume", "role", "weak_spot"]
    line: int | None = Field(default=None, ge=1)
    quote: str


class FittingStory(Noun):
    """A saved answer that would fit a question; `fit` lies in 0.0 to 1.0."""

    report_id: int
    question: str
    fit: float = Field(ge=0, le=1)
    why: str


class SetQuestion(Noun):
    """A question of a set. `stage` is an id of the role's stages, or "" when the role has none; `minutes` is
    how long an answer should take; `brief` holds a case's data and what it is judged by."""

    id: str
    text: str
    kind: QuestionKind
    topics: tuple[str, ...]
    stage: str
    level: Level
    activities: tuple[str, ...]
    kpis: tuple[str, ...]
    why: str
    strong_answer_shows: tuple[str, ...]
    follow_ups: tuple[str, ...]
    source: QuestionSource
    minutes: int = Field(ge=1)
    brief: str = ""
    cites: tuple[Cite, ...] = ()
    stories: tuple[FittingStory, ...] = ()


class Tailoring(Noun):
    """What was asked for; None and empty mean no matter. `level` may have been taken from a job or résumé,
    which a warning then says. `avoided` counts the questions not to come again."""

    count: int
    level: Level | None = None
    stage: str | None = None
    topics: tuple[str, ...] = ()
    kinds: tuple[QuestionKind, ...] = ()
    activities: tuple[str, ...] = ()
    kpis: tuple[str, ...] = ()
    seed: int = 0
    job: bool = False
    resume: bool = False
    avoided: int = 0


class Coverage(Noun):
    """Shares, 0.0 to 1.0, of the activities and KPIs asked for (all of the role's where none were), and the
    ids left out."""

    activities: float = Field(ge=0, le=1)
    kpis: float = Field(ge=0, le=1)
    missing_activities: tuple[str, ...] = ()
    missing_kpis: tuple[str, ...] = ()


class SetEngine(Noun):
    """What made this set, so that it can be made again; `model` is None where no model was asked, or none of
    its questions was of use. `elapsed_ms` is the only field that differs between two runs."""

    model: str | None = None
    prompt: str | None = None
    knowledge: str
    usage: Usage | None = None
    elapsed_ms: int = 0


class QuestionSet(Noun):
    """Questions in the order in which to ask them."""

    schema_version: Literal[1] = SET_SCHEMA_VERSION
    role: str
    tailoring: Tailoring
    questions: tuple[SetQuestion, ...]
    coverage: Coverage
    warnings: tuple[Notice, ...] = ()
    engine: SetEngine

    def to_json(self) -> str:
        """One line of JSON as the contract has it."""
        return self.model_dump_json()
