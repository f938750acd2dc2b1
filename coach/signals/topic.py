"""How near an answer lies to the question asked, against other questions: pure arithmetic on vectors.

`topic_distance` is a z-score: the cosine of the answer's centroid with the question, in standard
deviations above its mean cosine with a background of other questions. On 251 real answers the question
asked lay above 0.7 in 95 %, a random other question below 0.7 in half of the cases
(`python -m benchmarks.question_fit`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from coach.signals.segments import count_words
from coach.signals.star import Matrix
from coach.signals.types import Clause


def centroid(clauses: Sequence[Clause], vectors: Matrix) -> Matrix:
    """Unit mean of the clause vectors (n, 384), weighted by words; shape (384,)."""
    words = np.asarray([count_words(clause.text) for clause in clauses], dtype=np.float32)
    mean = (vectors * words[:, None]).sum(axis=0)
    norm = float(np.linalg.norm(mean))
    return (mean / norm if norm else mean).astype(np.float32)


def topic_distance(answer: Matrix, question: Matrix, background: Matrix) -> float:
    """z-score of the answer's nearness to the question; `background` is (m, 384) other questions."""
    others = background @ answer
    spread = float(others.std())
    return (float(question @ answer) - float(others.mean())) / spread if spread else 0.0
