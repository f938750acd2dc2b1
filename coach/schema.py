"""The nouns of the coach: what a role is, what a report says.

Reports follow the published JSON contract (`schema_version` 1); `docs/report.md` walks through one.
Offsets are Unicode code points into the answer exactly as submitted; levels are 0 to 5 or None (not
judged); relevance and confidence lie in 0.0 to 1.0; scores and gains are points out of 100.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field, model_validator

from coach.schema_base import Notice, Noun, Usage
from coach.schema_questions import (
    SET_SCHEMA_VERSION,
    Cite,
    Coverage,
    FittingStory,
    Level,
    QuestionSet,
    QuestionSource,
    SetEngine,
    SetQuestion,
    Tailoring,
)
from coach.schema_role import QUESTION_KINDS, Activity, Kpi, Question, QuestionKind, Role, Stage

__all__ = [
    "ANSWER_TYPES",
    "CODE_CRITERIA",
    "CRITERIA",
    "LABELS",
    "QUESTION_KINDS",
    "SCHEMA_VERSION",
    "SET_SCHEMA_VERSION",
    "Activity",
    "ActivityFinding",
    "AnswerType",
    "AskedQuestion",
    "Basis",
    "Cite",
    "Coverage",
    "CriterionId",
    "CriterionResult",
    "Delta",
    "Engine",
    "Evidence",
    "Figure",
    "FittingStory",
    "Kpi",
    "KpiFinding",
    "Label",
    "Level",
    "Notice",
    "Noun",
    "Opinion",
    "Overall",
    "Priority",
    "Question",
    "QuestionKind",
    "QuestionSet",
    "QuestionSource",
    "Report",
    "Rewrite",
    "Role",
    "Segment",
    "SetEngine",
    "SetQuestion",
    "Stage",
    "Tailoring",
    "Usage",
]
SCHEMA_VERSION: Final = 1

CriterionId = Literal[
    "situation", "task", "action", "result", "question_fit", "role_relevance", "metrics", "delivery"
]
CRITERIA: tuple[CriterionId, ...] = (
    "situation",
    "task",
    "action",
    "result",
    "question_fit",
    "role_relevance",
    "metrics",
    "delivery",
)
# Code alone sets these two, whichever judge reads the rest.
CODE_CRITERIA: tuple[CriterionId, ...] = ("metrics", "delivery")

AnswerType = Literal["story", "pseudo_story", "hypothetical", "opinion", "self_description", "non_answer"]
ANSWER_TYPES: tuple[AnswerType, ...] = (
    "story",
    "pseudo_story",
    "hypothetical",
    "opinion",
    "self_description",
    "non_answer",
)
Label = Literal["situation", "task", "action", "result", "learning", "other"]
LABELS: tuple[Label, ...] = ("situation", "task", "action", "result", "learning", "other")
Basis = Literal["span", "whole", "absence", "unscored"]


# ---- a report -------------------------------------------------------------------------------------


class Evidence(Noun):
    """Words of the answer: `quote == answer[start:end]`."""

    quote: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class AskedQuestion(Noun):
    """The question that was answered; `id` is None when it is not of the role's bank."""

    id: str | None
    text: str
    kind: QuestionKind


class Opinion(Noun):
    """What one judge made of a criterion."""

    judge: str
    level: int | None = Field(ge=0, le=5)
    why: str


class CriterionResult(Noun):
    """One criterion's level and the words it rests on. `opinions` holds what each judge said where they lie
    two levels or more apart, or where the model's level could not count."""

    id: CriterionId
    level: int | None = Field(ge=0, le=5)
    weight: float = Field(ge=0)
    basis: Basis
    evidence: tuple[Evidence, ...] = ()
    why: str
    next_step: str = ""
    gain: float = Field(default=0.0, ge=0)
    opinions: tuple[Opinion, ...] = ()

    @model_validator(mode="after")
    def _basis_matches(self) -> CriterionResult:
        if (self.level is None) != (self.basis == "unscored"):
            raise ValueError("a level of None and the basis 'unscored' go together")
        if self.basis == "absence" and self.evidence:
            raise ValueError("an absence has no quote")
        return self


class Overall(Noun):
    """The score of a report; `uncapped` is the weighted mean before `caps` held it down; `margin` is how many
    points the samples of a model judge lie to either side."""

    score: float | None = Field(ge=0, le=100)
    band: str
    caps: tuple[str, ...] = ()
    margin: float = 0.0
    uncapped: float | None = None


class Segment(Noun):
    """A part of the answer and what it does in the story."""

    start: int
    end: int
    label: Label
    confidence: float = Field(ge=0, le=1)


class Figure(Noun):
    """A number in the answer. `value` is the outcome, `from` the baseline where one is told."""

    quote: str
    start: int
    end: int
    value: float
    unit: str = ""
    from_: float | None = Field(default=None, alias="from")
    period: str | None = None


class ActivityFinding(Noun):
    """An activity of the role near to this answer."""

    id: str
    name: str
    relevance: float = Field(ge=0, le=1)
    status: Literal["evidenced", "related"]
    evidence: tuple[Evidence, ...] = ()


class KpiFinding(Noun):
    """A KPI proven with a figure, only named, or worth adding."""

    id: str
    name: str
    status: Literal["evidenced", "named", "suggested"]
    evidence: tuple[Evidence, ...] = ()
    figures: tuple[Figure, ...] = ()
    why: str = ""
    statement: str = ""  # for a suggestion: the sentence to fill in
    find_it: str = ""


class Priority(Noun):
    """What to change, most helpful first."""

    criterion: CriterionId
    advice: str
    gain: float = Field(ge=0)


class Rewrite(Noun):
    """What the candidate said in order, with slots where facts are missing.

    `by` is "evidence" for the candidate's own sentences put in order by code, or the model that worded it.
    `dropped` holds what was left out. `score` is what the built-in judge gives a model's text as it stands.
    """

    text: str
    slots: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    by: str = "evidence"
    score: float | None = None


class Delta(Noun):
    """A piece of what a model is writing, as it comes and not checked yet. `restart`: what came before it is
    void, since the model was asked again."""

    text: str
    restart: bool = False


class Engine(Noun):
    """What made this report, so that it can be made again.

    `adviser` is the model that worded advice, follow-ups and rewrite. `reused`: all that the models said had
    been asked before and was taken from this machine at no cost. `samples`: how often the judge was asked.
    """

    judge: str
    adviser: str | None = None
    samples: int = 1
    reused: bool = False
    degraded: bool = False
    rubric: str
    prompt: str | None = None
    adviser_prompt: str | None = None
    knowledge: str
    usage: Usage | None = None
    elapsed_ms: int = 0


class Report(Noun):
    """Feedback on one answer."""

    schema_version: Literal[1] = SCHEMA_VERSION
    id: str | None = None
    role: str
    question: AskedQuestion
    answer_type: AnswerType
    overall: Overall
    criteria: tuple[CriterionResult, ...]
    segments: tuple[Segment, ...]
    activities: tuple[ActivityFinding, ...]
    kpis: tuple[KpiFinding, ...]
    priorities: tuple[Priority, ...]
    follow_ups: tuple[str, ...]
    rewrite: Rewrite | None = None
    warnings: tuple[Notice, ...] = ()
    engine: Engine

    def criterion(self, criterion_id: CriterionId) -> CriterionResult:
        """The result for one criterion; raises KeyError when the report lacks it."""
        for result in self.criteria:
            if result.id == criterion_id:
                return result
        raise KeyError(criterion_id)

    def to_json(self) -> str:
        """One line of JSON as the contract has it."""
        return self.model_dump_json(by_alias=True)
