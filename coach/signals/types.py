"""What code can see in a text: the nouns that the modules of this package pass on. All offsets are
code points into the answer as submitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coach.schema import AnswerType, AskedQuestion, CriterionId, Figure, Label

Matrix = NDArray[np.float32]
Owner = Literal["self", "group", "passive", "other"]


class Span(NamedTuple):
    """A stretch of the answer."""

    start: int
    end: int


class Submission(NamedTuple):
    """An answer that can be assessed, with the question it answers."""

    answer: str
    question: AskedQuestion
    words: int


@dataclass(frozen=True)
class Clause:
    """A clause of the answer: `text == answer[start:end]`; `sentence` counts from 0."""

    start: int
    end: int
    text: str
    sentence: int


@dataclass(frozen=True)
class LabelledClause:
    """A clause with what it does in the story and who acts in it."""

    clause: Clause
    label: Label
    confidence: float
    owner: Owner


class Outlook(NamedTuple):
    """What the reader network makes of an answer of n clauses: `labels` (n, 6) probabilities in the order of
    schema.LABELS, `levels` (5, 5) the chances that situation, task, action, result and question_fit are more
    than 0 .. more than 4, `kind` (6,) probabilities in the order of schema.ANSWER_TYPES, `shown` the chance
    that the answer shows an activity, by id, for the activities that the network has learnt."""

    labels: Matrix
    levels: Matrix
    kind: Matrix
    shown: Mapping[str, float] = {}


class KpiMention(NamedTuple):
    """A KPI of the role found in the text, by its name or an alias."""

    kpi_id: str
    start: int
    end: int


@dataclass(frozen=True)
class Signals:
    """Everything the evidence judge reads."""

    submission: Submission
    clauses: tuple[LabelledClause, ...]
    sentences: tuple[Span, ...]
    figures: tuple[Figure, ...]
    kpi_mentions: tuple[KpiMention, ...]
    fillers: tuple[Span, ...]
    hedges: tuple[Span, ...]
    answer_type: AnswerType
    repeated: tuple[Span, ...] = field(default=())
    # Stretches that speak to a grader; they are no part of what is said.
    muted: tuple[Span, ...] = field(default=())
    # Expected levels, 0.0 to 5.0, as the reader network sees them; empty where none has read the answer.
    strengths: Mapping[CriterionId, float] = field(default_factory=dict)
    # Words of the neutral text that was read, in which a long name is one word.
    words_read: int = 0
    # The chance that an activity is shown, 0.0 to 1.0, by id; only of those that the network has learnt.
    shown: Mapping[str, float] = field(default_factory=dict)
    # The chance of each answer type, 0.0 to 1.0.
    type_chances: Mapping[AnswerType, float] = field(default_factory=dict)

    @property
    def answer(self) -> str:
        return self.submission.answer
