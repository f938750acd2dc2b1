"""What a person's saved reports show as weak, and which questions practise it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from coach.question_sets.types import Candidate, Lift, Prompted
from coach.schema import CriterionId, Report

if TYPE_CHECKING:
    from coach.question_sets.pool import Pool
    from coach.schema_role import Role

_LOW = 2.5  # mean level, 0 to 5
_FEWEST_REPORTS = 2
_KPI_WORTH = 0.7
_CRITERION_WORTH = 0.35
_STORY_CRITERIA: tuple[CriterionId, ...] = ("situation", "task", "action", "result")


class WeakSpots(NamedTuple):
    """Criteria with their mean level (0.0 to 5.0), lowest first; ids of KPIs that were named and never proven
    with a figure; ids of activities that no answer showed. `reports` is how many were read."""

    criteria: Mapping[CriterionId, float]
    kpis: tuple[str, ...]
    activities: tuple[str, ...]
    reports: int


def find_weak_spots(reports: Sequence[Report], role: Role) -> WeakSpots:
    """What the reports show; with fewer than two of them nothing is called weak."""
    if len(reports) < _FEWEST_REPORTS:
        return WeakSpots({}, (), (), len(reports))
    means = {c: m for c, m in _means(reports).items() if m < _LOW}
    kpis = {(kpi.id, kpi.status) for report in reports for kpi in report.kpis}
    shown = {a.id for report in reports for a in report.activities if a.status == "evidenced"}
    return WeakSpots(
        criteria=dict(sorted(means.items(), key=lambda pair: pair[1])),
        kpis=tuple(k.id for k in role.kpis if (k.id, "named") in kpis and (k.id, "evidenced") not in kpis),
        activities=tuple(activity.id for activity in role.activities if activity.id not in shown),
        reports=len(reports),
    )


def _means(reports: Iterable[Report]) -> dict[CriterionId, float]:
    levels: dict[CriterionId, list[int]] = {}
    for report in reports:
        for result in report.criteria:
            if result.level is not None:
                levels.setdefault(result.id, []).append(result.level)
    return {c: sum(found) / len(found) for c, found in levels.items() if len(found) >= _FEWEST_REPORTS}


def weak_lifts(spots: WeakSpots, names: Mapping[CriterionId, str], pool: Pool) -> dict[str, Lift]:
    """By id of a candidate of the pool, what practising the weak spots adds. `names` are the criteria's."""
    lifts = {}
    for candidate in pool.candidates:
        if found := _about(candidate, spots, names, {k.id: k.name for k in pool.composer.role.kpis}):
            weight, quote = found
            lifts[candidate.id] = Lift(weight, (Prompted("weak spot", quote),))
    return lifts


def _about(
    candidate: Candidate, spots: WeakSpots, names: Mapping[CriterionId, str], kpis: Mapping[str, str]
) -> tuple[float, str] | None:
    named = next((kpi for kpi in candidate.kpis if kpi in spots.kpis), None)
    if named:
        return _KPI_WORTH, f"{kpis[named]}, named without a figure"
    for criterion, mean in spots.criteria.items():
        if _practises(candidate, criterion, spots):
            level = f"{names[criterion]}, level {mean:.1f} of 5 on average over {spots.reports} reports"
            return _CRITERION_WORTH, level
    return None


def _practises(candidate: Candidate, criterion: CriterionId, spots: WeakSpots) -> bool:
    if criterion == "metrics":
        return bool(candidate.kpis)
    if criterion == "role_relevance":
        return bool(set(candidate.activities[:1]) & set(spots.activities))
    return criterion in _STORY_CRITERIA and candidate.kind == "behavioural"
