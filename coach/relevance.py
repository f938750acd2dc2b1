"""From cosine to relevance: the chance that a reader says "this shows that item of the role".

A cosine of 0.4 says little by itself: some items are near to everything said in a shop, and a cosine
never says "none of them". So three things are worked out for a text and every item of one kind:

    affinity   the mean cosine of the item's five nearest passages (at most half of what it has), which one
               lucky phrase moves less than the best passage alone, minus the item's baseline: its mean
               affinity to the passages of the role's other items. Baselines come from the passages
               themselves, so any role has them.
    share      the item's part, 0 to 1, of a softmax of all affinities; the shares of a text sum to 1
    relevance  a logistic function of affinity and share, fitted to the marked parts of the project's own
               answers: of the pairs given 0.7, about 7 in 10 carry the mark

What is marked:

    activity   the part, told as something the speaker did, shows this activity. Actions from other jobs
               were in the fit as well, showing none. Parts that tell no action were not.
    kpi        the part is about this KPI, named or meant
    question   the whole answer answers this question

`answer_relevances` does the same for the activities of a whole answer: the chance that a reader who marks
what the answer shows names the activity. It reads the shares of all clauses, how much is told at all,
whether the question asked probes the activity, and, where the reader network has learnt the role's
activities, what that makes of the whole answer.

`python -m benchmarks.relevance` fits again and prints how well it holds on people not seen. The figures
belong to this model and these passages: change either, fit again.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import numpy as np

    from coach.schema import Label

ItemKind = Literal["activity", "kpi", "question"]

NEAREST_PASSAGES = 5
# So many passages with the mean of all items are added to those that a baseline is measured on.
STEADYING_PASSAGES = 10
# How sharply a lead in affinity turns into share: a lead of 0.1 is a share four times as large.
SHARPNESS = 14.0
# A share below it says no more than that the item is far away.
LEAST_SHARE = 0.001
# Nor is the reader network surer of an activity, or of its absence.
LEAST_CHANCE = 0.003


class Calibration(NamedTuple):
    """Log odds of relevance: offset + affinity * its weight + log of share * its weight."""

    offset: float
    affinity: float
    share: float


class AnswerCalibration(NamedTuple):
    """Log odds for a whole answer: offset + log of share, log of what is told, probed, and the log odds that
    the reader network gives (0 where it does not know the activity), each weighted."""

    offset: float
    share: float
    told: float
    probed: float
    seen: float


CALIBRATIONS: dict[ItemKind, Calibration] = {
    "activity": Calibration(-0.37, 8.75, 1.20),
    "kpi": Calibration(-2.58, 22.49, 0.55),
    "question": Calibration(1.12, 0.20, 1.39),
}
# For activities that the reader network has learnt, and for any other.
LEARNT_CALIBRATION = AnswerCalibration(3.43, 3.85, 1.70, 1.77, 0.32)
ANSWER_CALIBRATION = AnswerCalibration(3.24, 4.34, 1.68, 2.04, 0.0)
# How much a clause says about the work that an answer shows. What is said again, or to a grader, is "other".
PART_WEIGHTS: Mapping[Label, float] = {
    "action": 1.0,
    "result": 0.5,
    "situation": 0.3,
    "task": 0.3,
    "learning": 0.2,
    "other": 0.0,
}
# What counts as told where nothing can be told apart.
LEAST_TOLD = 0.1
# What `probed` is when the question is not of the role's bank: a bank question probes 26 of 100 activities.
PROBED_UNKNOWN = 0.26


class Part(NamedTuple):
    """A clause of an answer: its weight, 0 or more, and the relevance of each item to it."""

    weight: float
    relevances: Mapping[str, float]


def affinity(similarities: Sequence[float], passages: int, lowest: float) -> float:
    """Mean cosine, -1 to 1, of the nearest of an item's `passages`: five, or half of them if that is fewer.

    `similarities` are those that a search found; each that it did not reach counts as `lowest`.
    """
    wanted = _nearest_of(passages)
    nearest = sorted(similarities, reverse=True)[:wanted]
    return (sum(nearest) + lowest * (wanted - len(nearest))) / wanted


def _nearest_of(passages: int) -> int:
    """How many passages make an affinity; all of a few would count against an item what it is told beside."""
    return min(NEAREST_PASSAGES, math.ceil(passages / 2))


def affinities(similarities: np.ndarray, owners: Sequence[str]) -> dict[str, np.ndarray]:
    """Affinity, without the baseline, of every item to every text, each of shape (texts,).

    `similarities` has shape (texts, passages); `owners` names the item of each passage.
    """
    import numpy as np

    found = {}
    for item in dict.fromkeys(owners):
        own = similarities[:, [place for place, owner in enumerate(owners) if owner == item]]
        found[item] = np.sort(own, axis=1)[:, -_nearest_of(own.shape[1]) :].mean(axis=1)
    return found


def baselines(vectors: np.ndarray, owners: Sequence[str]) -> dict[str, float]:
    """Each item's mean affinity, -1 to 1, to the passages of the other items.

    Few passages say little about an item, so their mean is drawn towards that of all items. `vectors`
    (passages, 384) have unit length; `owners` names the item of each.
    """
    import numpy as np

    names = np.array(owners)
    foreign = {
        item: values[names != item] for item, values in affinities(vectors @ vectors.T, owners).items()
    }
    every = np.concatenate(list(foreign.values())).mean() if len(foreign) > 1 else 0.0
    return {
        item: float((values.sum() + STEADYING_PASSAGES * every) / (len(values) + STEADYING_PASSAGES))
        for item, values in foreign.items()
    }


def shares(centred: Sequence[float]) -> list[float]:
    """Each item's share, 0 to 1, from the affinities above their baselines; together they are 1."""
    highest = max(centred, default=0.0)
    odds = [math.exp(SHARPNESS * (value - highest)) for value in centred]
    whole = sum(odds)
    return [value / whole for value in odds]


def relevances(kind: ItemKind, centred: Sequence[float]) -> list[float]:
    """The relevance, 0.0 to 1.0, of every item of one kind for one text, from all their affinities above
    their baselines."""
    fit = CALIBRATIONS[kind]
    return [
        _logistic(fit.offset + fit.affinity * value + fit.share * log_share(share))
        for value, share in zip(centred, shares(centred), strict=True)
    ]


def answer_features(
    parts: Sequence[Part], items: Sequence[str], probed: Collection[str], seen: Mapping[str, float]
) -> dict[str, tuple[float, float, float, float]]:
    """What `answer_relevances` weighs, by item: log of its share, log of what is told, whether it is probed,
    and the log odds of the chance in `seen`. The share is the weighted mean of its shares of the parts.

    Odds of relevance grow with affinity as shares do, only faster, so shares are worked back from them.
    """
    fit = CALIBRATIONS["activity"]
    power = SHARPNESS / (fit.affinity + fit.share * SHARPNESS)
    heard = [part for part in parts if part.weight > 0 and part.relevances]
    weight, mass = sum(part.weight for part in heard), dict.fromkeys(items, 0.0)
    for part in heard:
        odds = {item: (chance / (1.0 - chance)) ** power for item, chance in part.relevances.items()}
        total = sum(odds.values())
        for item in items:
            mass[item] += part.weight * odds.get(item, 0.0) / total
    told = log_told(part.weight for part in parts)
    return {
        item: (
            log_share(mass[item] / weight if weight else 1.0 / len(items)),
            told,
            float(item in probed) if probed else PROBED_UNKNOWN,
            _log_odds(seen[item]) if item in seen else 0.0,
        )
        for item in items
    }


def answer_relevances(
    parts: Sequence[Part], items: Sequence[str], probed: Collection[str], seen: Mapping[str, float]
) -> dict[str, float]:
    """The chance, 0.0 to 1.0, that a reader says the whole answer shows each activity.

    `probed` are the activities that the question probes, empty when that is not known; `seen` the chances
    that the reader network gives those it has learnt.
    """
    found = {}
    for item, features in answer_features(parts, items, probed, seen).items():
        offset, *weights = LEARNT_CALIBRATION if item in seen else ANSWER_CALIBRATION
        weighed = (weight * feature for weight, feature in zip(weights, features, strict=True))
        found[item] = _logistic(offset + sum(weighed))
    return found


def log_told(weights: Iterable[float]) -> float:
    """Natural logarithm of how much is told, from the weights of the parts."""
    return math.log(max(sum(weights), LEAST_TOLD))


def log_share(share: float) -> float:
    """Natural logarithm of a share, not below that of the least share that counts."""
    return math.log(max(share, LEAST_SHARE))


def _log_odds(chance: float) -> float:
    kept = min(max(chance, LEAST_CHANCE), 1.0 - LEAST_CHANCE)
    return math.log(kept / (1.0 - kept))


def _logistic(log_odds: float) -> float:
    # Far from 0 and 1 by so much that odds can still be worked back from it.
    return 1.0 / (1.0 + math.exp(-max(-20.0, min(20.0, log_odds))))
