"""Which of a person's saved answers would fit a question."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from coach.schema import FittingStory

if TYPE_CHECKING:
    import numpy as np

    from coach.embedding import Embedder
    from coach.question_sets.types import Candidate
    from coach.schema import Report
    from coach.schema_role import Role

MOST_READ = 40  # reports
_MOST_NAMED = 2
_LEAST_FIT = 0.4
_LEAST_NEAR = 0.2
_OVERLAP_WEIGHT = 0.5
_STATUS = {"evidenced": 1.0, "related": 0.5}


class Told(NamedTuple):
    """A saved report with the answer it is about."""

    id: int
    answer: str
    report: Report


def fitting_stories(
    questions: Sequence[Candidate], told: Sequence[Told], role: Role, embedder: Embedder
) -> list[tuple[FittingStory, ...]]:
    """For each question at most two stories, the best first. The fit, 0.0 to 1.0, is half the share of the
    question's activities that the answer shows and half the cosine of answer and question."""
    stories = [one for one in told if one.report.answer_type == "story"]
    if not stories or not questions:
        return [()] * len(questions)
    import numpy as np

    answers = np.array([_vector(embedder, one.answer) for one in stories])
    near = embedder.embed_quickly([question.text for question in questions]) @ answers.T
    names = {activity.id: activity.name for activity in role.activities}
    return [
        _best(question, stories, row, names) for question, row in zip(questions, near.tolist(), strict=True)
    ]


def _best(
    question: Candidate, stories: Sequence[Told], near: Sequence[float], names: dict[str, str]
) -> tuple[FittingStory, ...]:
    found = []
    for one, cosine in zip(stories, near, strict=True):
        shown = {a.id: _STATUS[a.status] for a in one.report.activities}
        shared = [activity for activity in question.activities if activity in shown]
        if shared and cosine >= _LEAST_NEAR:
            overlap = sum(shown[activity] for activity in shared) / len(question.activities)
            fit = _OVERLAP_WEIGHT * overlap + (1 - _OVERLAP_WEIGHT) * max(0.0, min(1.0, cosine))
            found.append((fit, one, names.get(shared[0], shared[0])))
    found.sort(key=lambda item: (-item[0], -item[1].id))
    return tuple(
        FittingStory(
            report_id=one.id,
            question=one.report.question.text,
            fit=round(fit, 2),
            why=f"Your answer shows {name}, which this question is about.",
        )
        for fit, one, name in found[:_MOST_NAMED]
        if fit >= _LEAST_FIT
    )


@lru_cache(maxsize=256)
def _vector(embedder: Embedder, answer: str) -> np.ndarray:
    """Kept in memory only: answers are personal."""
    vector: np.ndarray = embedder.embed([answer])[0]
    return vector
