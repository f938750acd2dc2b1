"""From cosine to relevance: the chance that a reader says "this shows that item of the role".

A cosine of 0.4 says little by itself: some items are near to everything said in a shop, and a cosine
never says "none of them". Two things carry the judgement. The affinity of an item is the mean cosine of
its three nearest passages, which one lucky phrase moves less than the best passage alone. Its lead is
how far that is above the best other item of the same kind in this role; below it, it is negative. A
logistic function of both was fitted to the marked parts of the project's own answers, so of the pairs
given 0.7, about 7 in 10 carry the mark. What is marked:

    activity   the part, told as something the speaker did, shows this activity. Actions from other jobs
               were in the fit as well, showing none. Parts that tell no action were not: multiply by the
               chance that the part tells one.
    kpi        the part is about this KPI, named or meant
    question   the whole answer answers this question

`python -m benchmarks.relevance` fits again and prints how well it holds on answers not seen. The figures
belong to this model and these passages: change either, fit again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

ItemKind = Literal["activity", "kpi", "question"]

NEAREST_PASSAGES = 3


class Calibration(NamedTuple):
    """Log odds of relevance: offset + affinity * its weight + lead * its weight."""

    offset: float
    affinity: float
    lead: float


CALIBRATIONS: dict[ItemKind, Calibration] = {
    "activity": Calibration(-4.44, 9.01, 9.28),
    "kpi": Calibration(-9.46, 22.29, 6.64),
    "question": Calibration(-1.35, 0.49, 22.46),
}
# Parts of one answer resemble one another, so together they prove less than independent ones would.
ANSWER_OFFSETS: dict[ItemKind, float] = {"activity": -0.68, "kpi": -0.36}


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


def answer_relevance(kind: Literal["activity", "kpi"], part_relevances: Iterable[float]) -> float:
    """The chance, 0.0 to 1.0, that any part of an answer shows an item, from its relevance to each part."""
    none_shows = math.prod(1.0 - relevance for relevance in part_relevances)
    if none_shows >= 1.0:
        return 0.0
    return _logistic(math.log((1.0 - none_shows) / max(none_shows, 1e-12)) + ANSWER_OFFSETS[kind])


def _logistic(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, log_odds))))
