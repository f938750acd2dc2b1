"""How well probabilities agree with marks. Arrays have shape (texts, items); marks are 0.0 to 1.0."""

from __future__ import annotations

import itertools

import numpy as np

BIN_EDGES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)


def log_loss(probabilities: np.ndarray, marked: np.ndarray) -> float:
    """Mean log loss in nats."""
    return -float(np.mean(marked * np.log(probabilities) + (1 - marked) * np.log(1 - probabilities)))


def calibration_error(probabilities: np.ndarray, marked: np.ndarray) -> float:
    """Expected calibration error over ten bins of equally many pairs, 0 to 1."""
    order = np.argsort(probabilities.ravel())
    bins = np.array_split(order, 10)
    gaps = [abs(probabilities.ravel()[b].mean() - marked.ravel()[b].mean()) * len(b) for b in bins]
    return float(sum(gaps) / len(order))


def recall(scores: np.ndarray, marked: np.ndarray, k: int) -> float:
    """Share of texts with a marked item that have one among their k best."""
    rows = np.flatnonzero(marked.any(axis=1))
    best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return float(np.mean([marked[row, best[row]].any() for row in rows]))


def found_at(scores: np.ndarray, marked: np.ndarray, k: int) -> float:
    """Share of the marks that are among the k best of their text."""
    best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return float(np.take_along_axis(marked, best, axis=1).sum() / marked.sum())


def report_reliability(probabilities: np.ndarray, marked: np.ndarray) -> None:
    """Prints, by how relevant pairs were called, how many are marked."""
    print("  relevance    pairs  mean said  really marked")
    for low, high in itertools.pairwise(BIN_EDGES):
        inside = (probabilities >= low) & (probabilities < high)
        if inside.any():
            said, really = probabilities[inside].mean(), marked[inside].mean()
            print(f"  {low:.2f}-{high:.2f}  {inside.sum():8d}  {said:9.3f}  {really:13.3f}")
