"""How far the judge agrees with the raters: pure arithmetic over levels, types and segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from sklearn.metrics import cohen_kappa_score, f1_score

from coach.schema import LABELS
from training.corpus import RATED, Answer, cut, label_shares

DRAWS = 1000
STAR = ("situation", "task", "action", "result")


class Agreement(NamedTuple):
    """One criterion: quadratic weighted kappa with the mean of the raters (with the bounds of a 95 % interval
    over people), with each rater, and of the raters with each other; shares of equal levels and of levels at
    most one apart; mean difference in all and where the raters' mean is at most 1."""

    criterion: str
    kappa: float
    low: float
    high: float
    with_a: float
    with_b: float
    raters: float
    exact: float
    within_one: float
    bias: float
    weak_bias: float


def kappa(one: Sequence[int], other: Sequence[int]) -> float:
    """Quadratic weighted kappa over levels 0 to 5 (Cohen 1968)."""
    return float(cohen_kappa_score(one, other, weights="quadratic", labels=range(6)))


def agreements(answers: Sequence[Answer], rows: Mapping[str, Mapping[str, Any]]) -> list[Agreement]:
    """Agreement on each rated criterion over the answers that have a row."""
    judged = [answer for answer in answers if answer.id in rows]
    return [_agreement(name, judged, rows) for name in RATED]


def _agreement(name: str, answers: Sequence[Answer], rows: Mapping[str, Mapping[str, Any]]) -> Agreement:
    own = np.array([rows[answer.id]["levels"][name] for answer in answers])
    mean = np.array([answer.mean_levels()[name] for answer in answers])
    whole = _rounded(mean)
    a, b = ([answer.ratings[k].levels[name] for answer in answers] for k in (0, 1))
    low, high = _interval(own, whole, [answer.person for answer in answers])
    weak = mean <= 1
    return Agreement(
        criterion=name,
        kappa=kappa(own, whole),
        low=low,
        high=high,
        with_a=kappa(own, a),
        with_b=kappa(own, b),
        raters=kappa(a, b),
        exact=float(np.mean(own == whole)),
        within_one=float(np.mean(np.abs(own - whole) <= 1)),
        bias=float(np.mean(own - mean)),
        weak_bias=float(np.mean((own - mean)[weak])),
    )


def confusion(name: str, answers: Sequence[Answer], rows: Mapping[str, Mapping[str, Any]]) -> list[list[int]]:
    """How often each level of the raters' mean (row, halves up) met each level of the judge (column)."""
    table = np.zeros((6, 6), dtype=int)
    for answer in answers:
        if answer.id in rows:
            mean = _rounded(np.array([answer.mean_levels()[name]]))[0]
            table[mean, rows[answer.id]["levels"][name]] += 1
    return [[int(count) for count in row] for row in table]


def _rounded(mean: np.ndarray) -> np.ndarray:
    """The raters' mean as a level, halves up."""
    return np.floor(mean + 0.5).astype(int)


def _interval(own: np.ndarray, whole: np.ndarray, people: Sequence[str]) -> tuple[float, float]:
    """Bounds of the kappa's 95 % interval: people drawn with replacement (Efron 1979)."""
    chance = np.random.default_rng(0)
    rows = {person: [n for n, name in enumerate(people) if name == person] for person in sorted(set(people))}
    names = list(rows)
    found = []
    for _ in range(DRAWS):
        drawn = [n for name in chance.choice(names, len(names)) for n in rows[name]]
        found.append(kappa(own[drawn], whole[drawn]))
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)


def type_accuracy(answers: Sequence[Answer], rows: Mapping[str, Mapping[str, Any]]) -> float:
    """Share of (answer, rater) pairs in which the answer type is the same."""
    return float(
        np.mean(
            [
                rows[answer.id]["answer_type"] == rating.answer_type
                for answer in answers
                if answer.id in rows
                for rating in answer.ratings
            ]
        )
    )


def label_f1(
    answers: Sequence[Answer], rows: Mapping[str, Mapping[str, Any]], by_character: bool
) -> dict[str, float]:
    """F1 of each label over the clauses, or over the characters, of all answers and both raters."""
    truth: list[int] = []
    guess: list[int] = []
    for answer in answers:
        if answer.id in rows:
            pairs = _characters if by_character else _clauses
            for rating in answer.ratings:
                right, said = pairs(answer, rating.segments, rows[answer.id]["segments"])
                truth += right
                guess += said
    scores = f1_score(truth, guess, labels=range(len(LABELS)), average=None, zero_division=0)
    return dict(zip(LABELS, map(float, scores), strict=True))


def _characters(
    answer: Answer, right: Sequence[Mapping[str, Any]], said: Sequence[Mapping[str, Any]]
) -> tuple[list[int], list[int]]:
    pair = []
    for segments in (right, said):
        row = np.full(len(answer.text), -1)
        for segment in segments:
            row[segment["start"] : segment["end"]] = LABELS.index(segment["label"])
        pair.append(row)
    both = (pair[0] >= 0) & (pair[1] >= 0)
    return list(pair[0][both]), list(pair[1][both])


def _clauses(
    answer: Answer, right: Sequence[Mapping[str, Any]], said: Sequence[Mapping[str, Any]]
) -> tuple[list[int], list[int]]:
    clauses = cut(answer.text)
    found = []
    for segments in (right, said):
        shares = label_shares(clauses, [_Segments(segments)])
        found.append(np.where(shares.sum(1) > 0, shares.argmax(1), -1))
    both = (found[0] >= 0) & (found[1] >= 0)
    return list(found[0][both]), list(found[1][both])


class _Segments(NamedTuple):
    """What label_shares reads of a rating."""

    segments: Sequence[Mapping[str, Any]]
