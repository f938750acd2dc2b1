"""From cosine to relevance: the chance that a reader says "this sentence shows this item of the role".

A cosine of 0.4 says little by itself: some items are near to everything said in a shop, and a cosine
never says "none of them". Two things carry the judgement. `affinity`: the mean cosine of an item's three
nearest passages, which one lucky phrase moves less than the best passage alone. `lead`: how far that is
above the best other item of the same kind in this role; below it, it is negative. A logistic function
of both was fitted to the marked parts of the project's own answers, so 0.7 means that about 7 in 10 such
pairs carry the mark. `python -m benchmarks.relevance` fits it again and prints how well it holds on
answers it has not seen. The figures belong to this model and these passages: change either, fit again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

ItemKind = Literal["activity", "kpi", "question"]

NEAREST_PASSAGES = 3


class Calibration(NamedTuple):
    """log(p / (1 - p)) = offset + affinity * its weight + lead * its weight."""

    offset: float
    affinity: float
    lead: float


CALIBRATIONS: dict[ItemKind, Calibration] = {
    "activity": Calibration(-3.3, 2.8, 13.8),
    "kpi": Calibration(-9.6, 23.1, 5.7),
    "question": Calibration(-9.6, 23.1, 5.7),
}


def affinity(similarities: Sequence[float]) -> float:
    """Mean of an item's three highest cosines, or of all when it has fewer passages; -1 to 1."""
    nearest = sorted(similarities, reverse=True)[:NEAREST_PASSAGES]
    return sum(nearest) / len(nearest)


def leads(affinities: Sequence[float]) -> list[float]:
    """How far each item is above the best of the others; 0 when there is no other."""
    if len(affinities) < 2:
        return [0.0] * len(affinities)
    best, second = sorted(affinities, reverse=True)[:2]
    return [value - (second if value == best else best) for value in affinities]


def relevances(kind: ItemKind, affinities: Sequence[float]) -> list[float]:
    """The relevance, 0.0 to 1.0, of every item of one kind for one text, from all their affinities."""
    fit = CALIBRATIONS[kind]
    return [
        _logistic(fit.offset + fit.affinity * value + fit.lead * lead)
        for value, lead in zip(affinities, leads(affinities), strict=True)
    ]


def _logistic(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, log_odds))))
