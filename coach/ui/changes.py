"""What moved between two drafts of an answer."""

from __future__ import annotations

from typing import NamedTuple

from coach.schema import CriterionId, Report


class LevelChange(NamedTuple):
    """A criterion whose level moved; both levels are judged, 0 to 5."""

    criterion: CriterionId
    before: int
    after: int


class Changes(NamedTuple):
    """`points`: the new score less the old one, None when it cannot be measured or lies within what the
    readings of one judge differ by. `obstacle` says why two drafts cannot be compared at all; then nothing
    else is filled in."""

    points: float | None = None
    levels: tuple[LevelChange, ...] = ()
    obstacle: str = ""

    def of(self, criterion: CriterionId) -> LevelChange | None:
        return next((change for change in self.levels if change.criterion == criterion), None)


def compare_drafts(before: Report, after: Report) -> Changes:
    """What moved from one draft to the next; drafts read by different judges or rubrics are not compared."""
    if before.engine.judge != after.engine.judge or before.engine.degraded != after.engine.degraded:
        return Changes(obstacle="Your last draft was read by another judge, so the two cannot be compared.")
    if before.engine.rubric != after.engine.rubric:
        return Changes(obstacle="Your last draft was read by another rubric, so the two cannot be compared.")
    points = _points(before, after)
    if points is None and before.overall.margin + after.overall.margin:
        return Changes()  # levels that move within the margin tell of the judge, not of the draft
    return Changes(points=points, levels=tuple(_levels(before, after)))


def _points(before: Report, after: Report) -> float | None:
    old, new = before.overall, after.overall
    if old.score is None or new.score is None:
        return None
    difference = round(new.score - old.score, 1)
    return difference if abs(difference) > old.margin + new.margin else None


def _levels(before: Report, after: Report) -> list[LevelChange]:
    levels = {result.id: result.level for result in before.criteria}
    found = []
    for result in after.criteria:
        old = levels.get(result.id)
        if old is not None and result.level is not None and old != result.level:
            found.append(LevelChange(result.id, old, result.level))
    return found
