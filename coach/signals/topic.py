"""How near an answer lies to the question asked, against other questions: pure arithmetic on vectors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coach.signals.segments import count_words
from coach.signals.types import LabelledClause, Matrix

# How many clauses must speak of a question for its detail to count as answered.
_NEAREST_CLAUSES = 4


def story_weights(clauses: Sequence[LabelledClause]) -> Matrix:
    """Words of each clause that carries a part of the story, shape (n,); all clauses when none does."""
    words = np.asarray([count_words(c.clause.text) * (c.label != "other") for c in clauses], dtype=np.float32)
    return words if words.any() else np.ones(len(clauses), dtype=np.float32)


def centroid(vectors: Matrix, weights: Matrix) -> Matrix:
    """Unit mean of the clause vectors (n, 384), weighted (n,); shape (384,)."""
    mean = (vectors * weights[:, None]).sum(axis=0)
    norm = float(np.linalg.norm(mean))
    return np.asarray(mean / norm if norm else mean, dtype=np.float32)


def detail_nearness(vectors: Matrix, weights: Matrix, details: Matrix) -> float:
    """Mean cosine of the four story clauses nearest to any of a question's details (m, 384)."""
    nearest = (vectors @ details.T).max(axis=1)[weights > 0]
    return float(np.sort(nearest)[-_NEAREST_CLAUSES:].mean())


def standing(values: Sequence[float], place: int) -> float:
    """z-score of one value among all; 0.0 when they are equal."""
    spread = float(np.std(values))
    return (float(values[place]) - float(np.mean(values))) / spread if spread else 0.0
