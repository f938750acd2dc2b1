"""From two views of a criterion, the written ladder and the reader network, to the level that stands.

The network was trained on rated answers and agrees with raters more closely than the ladder; the ladder
says which elements are there and holds what code can promise: a part that is not told earns nothing, and
what only a group did stays at 2. `docs/evaluation.md` says how well the two agree with raters together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from coach.judges.story import Reading
from coach.schema import CriterionId
from coach.signals.segments import count_words
from coach.signals.types import Signals

TOP = 5
# Words: two minutes, and three. The best levels of a setting ask for economy, those of an answer for focus.
LONGEST, RAMBLE = 300, 450
# More talk than this share of the words pads an answer.
PADDED = 1 / 4
# Words in which place, trigger and stakes can hardly all be told; the ladder may still find that they are.
SETTING = 24


class Weighing(NamedTuple):
    """The network's share in a level, the ladder having the rest, and what is added before rounding."""

    share: float
    lift: float


# An outcome in which the ladder finds nothing specific is one only where the network is this sure of it.
SPECIFIC = 2.9
# Chosen on the real answers as judged by networks that had not seen the speaker.
WEIGHINGS: Mapping[CriterionId, Weighing] = {
    "situation": Weighing(0.9, 0.0),
    "task": Weighing(0.9, 0.1),
    "action": Weighing(0.8, 0.0),
    "result": Weighing(0.65, 0.0),
}


def settle(criterion: CriterionId, reading: Reading, signals: Signals) -> Reading:
    """The reading with the level that stands; unchanged where the network has not read the answer."""
    strength = signals.strengths.get(criterion)
    if strength is None:
        return _emptied(reading)
    weighing = WEIGHINGS[criterion]
    blend = weighing.share * strength + (1 - weighing.share) * reading.level + weighing.lift
    # In the midst of talk some of it is taken for the story, and beside what speaks to a grader the rest may
    # read otherwise than alone, so what is in doubt counts for nothing: only a level reached in full stands.
    rounding = 0.0 if drowns(signals) or signals.muted else 0.5
    level = min(TOP, int(blend + rounding), _most(criterion, reading, signals))
    return _emptied(replace(reading, level=level))


def _most(criterion: CriterionId, reading: Reading, signals: Signals) -> int:
    """What code can defend at most."""
    told = {clause.label for clause in signals.clauses}
    if criterion == "situation":
        return _most_setting(reading, signals)
    if criterion == "task" and "task" not in told and "own_goal" not in reading.found:
        return 3
    if criterion == "action" and ("action" not in told or _only_group(reading)):
        return 2
    if criterion == "result" and not (reading.spans and told & {"result", "learning"}):
        return 2
    if criterion == "result" and reading.level <= 2 and signals.strengths["result"] < SPECIFIC:
        return 2
    if criterion in ("action", "result") and signals.answer_type == "hypothetical":
        return 1
    return TOP


def _most_setting(reading: Reading, signals: Signals) -> int:
    words = sum(count_words(c.clause.text) for c in signals.clauses if c.label == "situation")
    if not words:
        return 2
    brief = words < SETTING and reading.level < 4
    return 3 if brief or rambles(signals) else TOP


def rambles(signals: Signals) -> bool:
    """Whether nobody could call it economical or in focus: over three minutes long."""
    return signals.submission.words > RAMBLE


def drowns(signals: Signals) -> bool:
    """Whether talk may hide the story: over two minutes and padded, or so long that nobody has rated the like
    and the network cannot be trusted to tell talk from story."""
    words = signals.submission.words
    padded = words > LONGEST and words - story_words(signals) > words * PADDED
    return padded or rambles(signals)


def story_words(signals: Signals) -> int:
    """Words in the clauses that tell a part of the story."""
    return sum(count_words(c.clause.text) for c in signals.clauses if c.label != "other")


def _only_group(reading: Reading) -> bool:
    return "group" in reading.found and "own" not in reading.found


def _emptied(reading: Reading) -> Reading:
    """An absence rests on no words."""
    return reading if reading.level else replace(reading, spans=())
