"""Labels each clause with what it does in a story: situation, task, action, result, learning, other.

A linear (multinomial logistic) model over the sentence embedding of the clause, of its neighbours, and
features a reader would use: cue phrases, person, tense, position, figures. A Viterbi pass then picks the
most likely sequence under label-to-label transition weights learned from the same data. The model card
is `knowledge/star/CARD.md`; `training/train_star.py` rebuilds the weights.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coach.lexicons import Lexicon
from coach.schema import LABELS, Label
from coach.signals.segments import count_words
from coach.signals.types import Clause
from coach.weights import StarModel

Matrix = NDArray[np.float32]

PAST_VERB = re.compile(
    r"\b(?:was|were|had|did|went|got|made|took|came|gave|told|said|thought|felt|knew|found|kept|left|met|ran|built|wrote|led|"
    r"saw|chose|began|brought|spoke|sent|grew|rose|fell|cut|won|lost|sold|held|\w{2,}ed)\b",
    re.IGNORECASE,
)
PRESENT_I = re.compile(
    r"\bI\s+(?:\w+ly\s+)?(?!was|had|did|went|got|made|took|came|gave|told|said)(?:[a-z]+(?<!ed))\b"
)
MODAL = re.compile(r"\b(?:would|will|could|can|should|might|may|must)\b", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_PERCENT = re.compile(r"%|\bper\s?cent\b|[$€£₹]", re.IGNORECASE)
_TO_VERB = re.compile(
    r"\b(?:had|needed|wanted|asked|supposed|required|tasked|trying|able|expected)\s+(?:\w+\s+)?to\b",
    re.IGNORECASE,
)
_BECAUSE = re.compile(r"\b(?:because|since|so that|in order to|instead of|rather than)\b", re.IGNORECASE)
SELF_WORD = re.compile(r"\b(?:I|my|me|myself)\b|\bi\b")
GROUP_WORD = re.compile(r"\b(?:we|our|us)\b", re.IGNORECASE)
_THIRD = re.compile(r"\b(?:he|she|they|them|him|her|customers?|clients?|boss|manager|team)\b", re.IGNORECASE)
_WHEN = re.compile(r"^\W*(?:when|while|after|before|during|as|in|at|on|last)\b", re.IGNORECASE)
_SO = re.compile(r"^\W*(?:so|then|and then|next|after that|first|finally|lastly|also)\b", re.IGNORECASE)
_SHAPES = (
    PAST_VERB,
    PRESENT_I,
    MODAL,
    _DIGIT,
    _PERCENT,
    _TO_VERB,
    _BECAUSE,
    SELF_WORD,
    GROUP_WORD,
    _THIRD,
    _WHEN,
    _SO,
)


@dataclass(frozen=True)
class Labelling:
    """Labels with the probability of every label, shape (n, 6)."""

    labels: tuple[Label, ...]
    probabilities: Matrix


def clause_features(clauses: Sequence[Clause], lexicon: Lexicon) -> Matrix:
    """Hand-made features, one row a clause, shape (n, F): counts and flags, unscaled."""
    last = max(len(clauses) - 1, 1)
    rows = []
    for number, clause in enumerate(clauses):
        cues = [
            float(len(pattern.findall(clause.text)))
            for pattern in (*lexicon.cues.values(), *lexicon.types.values())
        ]
        shapes = [float(bool(shape.search(clause.text))) for shape in _SHAPES]
        place = number / last
        rows.append(
            [
                *cues,
                *shapes,
                place,
                place * place,
                float(number == 0),
                float(number == last),
                min(count_words(clause.text), 40) / 10,
                min(len(clauses), 30) / 10,
            ]
        )
    return np.asarray(rows, dtype=np.float32)


def model_inputs(features: Matrix, vectors: Matrix, mean: Matrix, scale: Matrix) -> Matrix:
    """What the linear model reads: own vector, neighbours' vectors, standardised features."""
    blank = np.zeros((1, vectors.shape[1]), dtype=np.float32)
    before = np.vstack([blank, vectors[:-1]])
    after = np.vstack([vectors[1:], blank])
    return np.hstack([vectors, before, after, (features - mean) / scale * 0.25]).astype(np.float32)


def label_clauses(
    clauses: Sequence[Clause], vectors: Matrix, model: StarModel, lexicon: Lexicon
) -> Labelling:
    """Labels for the clauses; `vectors` is (n, 384), one row a clause."""
    if not clauses:
        return Labelling((), np.zeros((0, len(LABELS)), dtype=np.float32))
    inputs = model_inputs(clause_features(clauses, lexicon), vectors, model.mean, model.scale)
    scores = inputs @ model.weights.T + model.bias
    log_probability = scores - _log_sum(scores)
    best = _viterbi(log_probability, model)
    return Labelling(tuple(LABELS[i] for i in best), np.exp(log_probability))


def _log_sum(scores: Matrix) -> Matrix:
    top = scores.max(axis=1, keepdims=True)
    total: Matrix = top + np.log(np.exp(scores - top).sum(axis=1, keepdims=True))
    return total


def _viterbi(emission: Matrix, model: StarModel) -> list[int]:
    """The best label sequence for log-emissions (n, 6)."""
    score = emission[0] + model.initial
    back = []
    for row in emission[1:]:
        paths = score[:, None] + model.transition
        back.append(paths.argmax(axis=0))
        score = paths.max(axis=0) + row
    best = [int(score.argmax())]
    for pointer in reversed(back):
        best.append(int(pointer[best[-1]]))
    return best[::-1]
