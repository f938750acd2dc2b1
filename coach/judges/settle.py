"""From two views of a criterion, the written ladder and the reader network, to the level that stands.

The network was trained on rated answers and agrees with raters more closely than the ladder; the ladder
says which elements are there and holds what code can promise: a part that is not told earns nothing, and
what only a group did stays at 2. `docs/evaluation.md` says how well the two agree with raters together.
"""

from __future__ import annotations

from dataclasses import replace

from coach.judges.story import Reading
from coach.schema import CriterionId
from coach.signals.types import Signals

TOP = 5
# The share of the network in the level; the ladder has the rest. Chosen on held-out people.
NETWORK_SHARE = 0.85


def settle(criterion: CriterionId, reading: Reading, signals: Signals) -> Reading:
    """The reading with the level that stands; unchanged where the network has not read the answer."""
    strength = signals.strengths.get(criterion)
    if strength is None:
        return _emptied(reading)
    blend = NETWORK_SHARE * strength + (1 - NETWORK_SHARE) * reading.level
    level = min(max(0, min(TOP, int(blend + 0.5))), _most(criterion, reading, signals))
    return _emptied(replace(reading, level=level))


def _most(criterion: CriterionId, reading: Reading, signals: Signals) -> int:
    """What code can defend at most."""
    if criterion == "action" and "group" in reading.found and "own" not in reading.found:
        return 2
    if criterion in ("action", "result") and signals.answer_type == "hypothetical":
        return 1
    return TOP


def _emptied(reading: Reading) -> Reading:
    """An absence rests on no words."""
    return reading if reading.level else replace(reading, spans=())
