"""Tells a story from a habit, a hypothetical, an opinion, a self-description and a non-answer.

The types follow Bangerter, Corvalan & Cavin (2014), who found that past-behaviour questions draw a real
story in about a quarter of answers. A linear model over the mean clause vector and counted cues decides;
`training/train_star.py` rebuilds it and the card says how often it is right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from coach.lexicons import Lexicon
from coach.schema import ANSWER_TYPES, AnswerType
from coach.signals.segments import count_words
from coach.signals.star import GROUP_WORD, MODAL, PAST_VERB, PRESENT_I, SELF_WORD, Matrix
from coach.signals.types import Clause
from coach.weights import TypeModel

_YOU = re.compile(r"\byou\b", re.IGNORECASE)
# The mean vector is short against standardised counts; this puts both on one footing.
_VECTOR_SCALE = 5.0


def type_features(clauses: Sequence[Clause], lexicon: Lexicon) -> Matrix:
    """Hand-made features of the whole answer, shape (F,), unscaled: shares of clauses and counts."""
    texts = [clause.text for clause in clauses]
    whole = " ".join(texts)
    patterns = [*lexicon.types.values(), PAST_VERB, PRESENT_I, SELF_WORD, GROUP_WORD, MODAL, _YOU]
    shares = [sum(1 for text in texts if pattern.search(text)) / len(texts) for pattern in patterns]
    own_past = sum(
        1 for text in texts if PAST_VERB.search(text) and (SELF_WORD.search(text) or GROUP_WORD.search(text))
    )
    episode = lexicon.types["episode"]
    return np.asarray(
        [
            *shares,
            own_past / len(texts),
            min(own_past, 5),
            min(len(episode.findall(whole)), 3),
            float(bool(episode.search(texts[0]))),
            min(count_words(whole), 200) / 100,
        ],
        dtype=np.float32,
    )


def type_inputs(features: Matrix, vectors: Matrix, mean: Matrix, scale: Matrix) -> Matrix:
    """What the linear model reads, shape (384+F,), from features (F,) and clause vectors (n, 384)."""
    return np.concatenate([vectors.mean(axis=0) * _VECTOR_SCALE, (features - mean) / scale]).astype(
        np.float32
    )


def find_answer_type(
    clauses: Sequence[Clause], vectors: Matrix, model: TypeModel, lexicon: Lexicon
) -> AnswerType:
    """The most likely type; `vectors` is (n, 384), one row a clause."""
    inputs = type_inputs(type_features(clauses, lexicon), vectors, model.mean, model.scale)
    return ANSWER_TYPES[int((model.weights @ inputs + model.bias).argmax())]
