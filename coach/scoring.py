"""Levels and a rubric give score, band, caps and gain: pure arithmetic, no judgement."""

from __future__ import annotations

from collections.abc import Mapping

from coach.rubric import Cap, Rubric
from coach.schema import CRITERIA, AnswerType, CriterionId, Overall, QuestionKind

TOP_LEVEL = 5
Levels = Mapping[CriterionId, int | None]


def weighted_score(levels: Levels, weights: Mapping[CriterionId, float]) -> float | None:
    """`100 * sum(weight * level / 5) / sum(weight)` over the judged criteria; None when none is judged."""
    judged = [criterion for criterion in CRITERIA if levels.get(criterion) is not None]
    total = sum(weights[criterion] for criterion in judged)
    if not total:
        return None
    return (
        100 * sum(weights[criterion] * (levels[criterion] or 0) / TOP_LEVEL for criterion in judged) / total
    )


def active_caps(
    levels: Levels, answer_type: AnswerType, kind: QuestionKind, rubric: Rubric
) -> tuple[Cap, ...]:
    """The caps whose condition holds, lowest limit first."""
    found = [cap for cap in rubric.caps if kind in cap.kinds and _holds(cap, levels, answer_type)]
    return tuple(sorted(found, key=lambda cap: cap.limit))


def score_levels(levels: Levels, answer_type: AnswerType, kind: QuestionKind, rubric: Rubric) -> Overall:
    """The overall standing. `caps` names only the caps that really hold the score down."""
    raw = weighted_score(levels, rubric.weights[kind])
    if raw is None:
        return Overall(score=None, band="not judged")
    binding = [cap for cap in active_caps(levels, answer_type, kind, rubric) if cap.limit < raw]
    score = round(min([raw, *(cap.limit for cap in binding)]), 1)
    return Overall(
        score=score,
        band=band_of(score, rubric),
        caps=tuple(f"{cap.id}: at most {cap.limit:g} points, because {cap.reason}" for cap in binding),
        uncapped=round(raw, 1),
    )


def band_of(score: float, rubric: Rubric) -> str:
    """The band's word for a score of 0 to 100."""
    return [band.id for band in rubric.bands if score >= band.at_least][-1]


def gain_of(
    criterion: CriterionId, levels: Levels, answer_type: AnswerType, kind: QuestionKind, rubric: Rubric
) -> float:
    """Points the score rises when this one level rises by one; 0.0 at the top or when not judged."""
    level = levels.get(criterion)
    if level is None or level >= TOP_LEVEL:
        return 0.0
    before = score_levels(levels, answer_type, kind, rubric).score or 0.0
    after = score_levels({**levels, criterion: level + 1}, answer_type, kind, rubric).score or 0.0
    return round(max(0.0, after - before), 1)


def _holds(cap: Cap, levels: Levels, answer_type: AnswerType) -> bool:
    if answer_type in cap.answer_types:
        return True
    if cap.criterion is None:
        return False
    level = levels.get(cap.criterion)
    return level is not None and level <= cap.at_most_level
