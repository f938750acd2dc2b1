"""What a judge hands over, whichever judge it is."""

from __future__ import annotations

from dataclasses import dataclass

from coach.schema import Basis, CriterionId, Evidence


@dataclass(frozen=True)
class Judgement:
    """One criterion's level. `level` is 0 to 5, or None with basis "unscored" and the reason in `why`.

    `reasons` are codes of what was found or missed (for example "no_measure"); the built-in judge
    writes its sentences from them.
    """

    criterion: CriterionId
    level: int | None
    basis: Basis
    why: str
    evidence: tuple[Evidence, ...] = ()
    next_step: str = ""
    reasons: tuple[str, ...] = ()
