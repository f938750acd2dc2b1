"""What a mock interview shows as a whole: over all its answers, not one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from coach.coaching import headline
from coach.schema import CRITERIA, CriterionId, Notice, Report, Role, SetQuestion

if TYPE_CHECKING:
    import numpy as np

# Cosine of two whole answers above which they tell one story. Of 25,782 pairs of answers of different people
# 0.02 % lie above it, of 324 pairs of different answers of one person none, of 36 pairs of different stories
# about online shops none.
SAME_STORY = 0.75
STRONG_LEVEL = 4
_WEAK_LEVEL = 2
# Of the answers that were judged on a criterion, so many have to be strong for it to be a strength.
_MOSTLY = 0.6
_FEWEST = 2


class Told(NamedTuple):
    """One question with what was said to it. Without a report, `problem` says why it could not be judged;
    an answer that was never given has neither."""

    question: SetQuestion
    answer: str
    seconds: float
    report: Report | None = None
    problem: Notice | None = None


class Line(NamedTuple):
    """One answer in short: its score, 0 to 100 or None, and what to change first or why it has no score;
    `strong` and `weak` are the criteria that lift it and hold it down."""

    question: SetQuestion
    score: float | None
    band: str
    first_fix: str
    seconds: float
    is_over_time: bool
    strong: tuple[CriterionId, ...] = ()
    weak: tuple[CriterionId, ...] = ()


class Strength(NamedTuple):
    """A criterion that was strong in `strong` of the `judged` answers."""

    criterion: CriterionId
    strong: int
    judged: int


class Retold(NamedTuple):
    """Two answers, by place, that tell one story; `likeness` is their cosine."""

    first: int
    second: int
    likeness: float


class Gaps(NamedTuple):
    """Ids of the role that no answer shows: those that an answered question was about, those that only a
    skipped question was about, and the rest."""

    asked: tuple[str, ...]
    skipped: tuple[str, ...]
    never: tuple[str, ...]


class InterviewFeedback(NamedTuple):
    """All that can be said of an interview."""

    lines: tuple[Line, ...]
    strengths: tuple[Strength, ...]
    retold: tuple[Retold, ...]
    activities: Gaps
    kpis: Gaps
    answered: int


def sum_up(role: Role, told: Sequence[Told], vectors: np.ndarray | None = None) -> InterviewFeedback:
    """Feedback over all answers, in the order asked. `vectors` are those of the answers, L2-normalised, one
    row each, shape (n, d), zeros for an answer that is empty; without them no retelling is looked for."""
    reports = [item.report for item in told if item.report is not None]
    shown_work = {a.id for r in reports for a in r.activities if a.status == "evidenced"}
    shown_kpis = {k.id for r in reports for k in r.kpis if k.status in ("evidenced", "named")}
    asked = [item.question for item in told if item.answer.strip()]
    skipped = [item.question for item in told if not item.answer.strip()]
    return InterviewFeedback(
        lines=tuple(_line(item) for item in told),
        strengths=find_strengths(reports),
        retold=() if vectors is None else find_retold(vectors),
        activities=_gaps(
            [activity.id for activity in role.activities],
            shown_work,
            {activity for question in asked for activity in question.activities},
            {activity for question in skipped for activity in question.activities},
        ),
        kpis=_gaps(
            [kpi.id for kpi in role.kpis],
            shown_kpis,
            {kpi for question in asked for kpi in question.kpis},
            {kpi for question in skipped for kpi in question.kpis},
        ),
        answered=len(asked),
    )


def find_strengths(reports: Sequence[Report]) -> tuple[Strength, ...]:
    """Criteria that were strong in most of two or more judged answers, the strongest first."""
    found = []
    for criterion in CRITERIA:
        levels = [level for report in reports if (level := report.criterion(criterion).level) is not None]
        strong = sum(level >= STRONG_LEVEL for level in levels)
        if strong >= _FEWEST and strong >= _MOSTLY * len(levels):
            found.append(Strength(criterion, strong, len(levels)))
    return tuple(sorted(found, key=lambda item: (-item.strong / item.judged, -item.strong)))


def find_retold(vectors: np.ndarray) -> tuple[Retold, ...]:
    """Pairs of answers that are alike by meaning, the most alike first."""
    likeness = vectors @ vectors.T
    pairs = (
        Retold(first, second, float(likeness[first, second]))
        for first in range(len(vectors))
        for second in range(first + 1, len(vectors))
    )
    return tuple(sorted((pair for pair in pairs if pair.likeness > SAME_STORY), key=lambda p: -p.likeness))


def _line(item: Told) -> Line:
    question, report = item.question, item.report
    is_over = item.seconds > 60 * question.minutes
    if report is None:
        why = item.problem.message if item.problem else ""
        return Line(question, None, "not judged" if item.problem else "skipped", why, item.seconds, is_over)
    overall, fix = report.overall, headline(report)
    levels = [(criterion, report.criterion(criterion).level) for criterion in CRITERIA]
    strong = tuple(name for name, level in levels if level is not None and level >= STRONG_LEVEL)
    weak = tuple(name for name, level in levels if level is not None and level <= _WEAK_LEVEL)
    return Line(question, overall.score, overall.band, fix, item.seconds, is_over, strong, weak)


def _gaps(all_ids: Sequence[str], shown: set[str], asked: set[str], skipped: set[str]) -> Gaps:
    missing = [item for item in all_ids if item not in shown]
    return Gaps(
        tuple(item for item in missing if item in asked),
        tuple(item for item in missing if item in skipped - asked),
        tuple(item for item in missing if item not in asked | skipped),
    )
