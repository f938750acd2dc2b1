"""Whether the parts of a story come in an order that can be followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coach.schema import Label

_RANKS: Mapping[Label, int] = {"situation": 0, "task": 0, "action": 1, "result": 2, "learning": 2}


def share_backwards(labels: Sequence[Label]) -> float:
    """Of the pairs of clauses that do different things, the share in which the later part comes first, 0.0 to
    1.0; 0.0 when fewer than three clauses carry a part."""
    ranks = [_RANKS[label] for label in labels if label in _RANKS]
    pairs = [(a, b) for i, a in enumerate(ranks) for b in ranks[i + 1 :] if a != b]
    if len(ranks) < 3 or not pairs:
        return 0.0
    return sum(1 for a, b in pairs if a > b) / len(pairs)
