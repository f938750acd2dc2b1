"""Of two readings of an answer that speaks to a grader the lower counts.

Nothing tells for certain where such a stretch ends and the answer goes on, so it is read twice: without all
that may belong to it, and without only what stands between its first and its last sure sign. Leaving a weak
sentence out, or a planted one in, can each make the rest look stronger; neither alone lifts a level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coach.judges.types import Judgement
from coach.rubric import Rubric


def lower_of(
    judgements: Sequence[Judgement], others: Sequence[Judgement], rubric: Rubric
) -> tuple[Judgement, ...]:
    """The judgements, held down to the levels of the others. Words and quotes stay those of the first, since
    the others may rest on what was planted; where the level moves, the reason is the rubric's own."""
    return tuple(
        _held_down(judgement, other.level, rubric)
        for judgement, other in zip(judgements, others, strict=True)
    )


def _held_down(judgement: Judgement, level: int | None, rubric: Rubric) -> Judgement:
    if level is None or judgement.level is None or level >= judgement.level:
        return judgement
    criterion = rubric.criteria[judgement.criterion]
    return replace(
        judgement,
        level=level,
        basis=judgement.basis if level else "absence",
        evidence=judgement.evidence if level else (),
        why=criterion.anchors[level],
        next_step=criterion.next_steps[level],
    )
