"""What is asked for and what comes back when a set of questions is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, cast, get_args

from coach.schema_questions import Level, QuestionSource
from coach.schema_role import QuestionKind

LEVELS: tuple[Level, ...] = get_args(Level)
Asker = Literal["job description", "weak spot", "resume"]
MAX_COUNT = 50


class Prompted(NamedTuple):
    """Why a candidate is there: a line of a job description or resume, or what reports show as weak.

    `lacks` is what the line leaves open, or "shown" for what a job asks for and the résumé does not show;
    `is_nice` marks what a job would only like to have.
    """

    by: Asker
    quote: str
    line: int | None = None
    lacks: str = ""
    is_nice: bool = False


class Lift(NamedTuple):
    """What makes a candidate of the pool worth more, and why."""

    weight: float
    prompted: tuple[Prompted, ...]


@dataclass(frozen=True)
class Candidate:
    """A question that may get into a set.

    `levels` and `stages` (ids of the role's stages) are those it suits, all when empty. Two candidates of the
    same `group` ask the same. `weight` adds to its worth, 0.0 to 2.0; a new activity or KPI is worth about 1.
    `brief` is the data of a case, a line each.
    """

    id: str
    text: str
    kind: QuestionKind
    topics: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    kpis: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    stages: tuple[str, ...] = ()
    strong_answer_shows: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    brief: tuple[str, ...] = ()
    minutes: int = 5
    source: QuestionSource = "composed"
    group: str = ""
    weight: float = 0.0
    prompted: tuple[Prompted, ...] = ()


@dataclass(frozen=True)
class Wishes:
    """What a set should be like; empty means no matter.

    Activities, KPIs and stage are ids or names of the role's. `avoid` holds ids or texts of questions that
    must not come again. The same seed gives the same set.
    """

    count: int = 10
    kinds: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    stage: str | None = None
    level: str | None = None
    activities: tuple[str, ...] = ()
    kpis: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    seed: int = 0

    @property
    def asked_level(self) -> Level | None:
        """The level, once checked."""
        return cast(Level | None, self.level)

    @property
    def asked_kinds(self) -> tuple[QuestionKind, ...]:
        """The kinds, once checked."""
        return cast(tuple[QuestionKind, ...], self.kinds)


class ChosenQuestion(NamedTuple):
    """A question of a set, as it is asked, with the stage (an id, or "") and level it is for."""

    question: Candidate
    stage: str
    level: Level


class Coverage(NamedTuple):
    """Shares 0.0 to 1.0 of what was asked for (all of the role's where nothing was), and ids left out."""

    activities: float
    kpis: float
    missing_activities: tuple[str, ...] = ()
    missing_kpis: tuple[str, ...] = ()


class SetWarning(NamedTuple):
    """Something to know about a set: a stable code and a sentence."""

    code: str
    message: str


class Chosen(NamedTuple):
    """A set, in the order in which to ask."""

    questions: tuple[ChosenQuestion, ...]
    coverage: Coverage
    warnings: tuple[SetWarning, ...] = ()
