"""Puts the picked matters into words so that sentence patterns and openings differ as far as they can."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import replace
from typing import NamedTuple

from coach.question_sets.asks import Ask
from coach.question_sets.compose import Composer
from coach.question_sets.grammar import Frame, StageStyle
from coach.question_sets.types import LEVELS, Candidate
from coach.schema_questions import Level

# Every so many questions one is in words that belong to the level or the stage asked for.
_SPECIAL_EVERY = 3
# What it costs to say again what interviewers do not say over and over.
_DEARER = 3


class Wearer(NamedTuple):
    """A picked candidate; a matter has its `ask`, a ready question has none."""

    candidate: Candidate
    ask: Ask | None


class _Worn(NamedTuple):
    frames: Counter[str]
    openings: Counter[str]
    special: list[str]


def dress(
    wearers: Sequence[Wearer],
    composer: Composer,
    level: Level | None,
    style: StageStyle | None,
    seed: int,
    without: Set[str] = frozenset(),
) -> list[tuple[Candidate, Level]]:
    """Each as it is asked, in the order given, with the level it is for.

    Without a level asked for, the levels of a question's own are spread over the set. Wordings whose ids are
    in `without` are used only where there is no other.
    """
    levels = _spread([wearer.candidate.levels for wearer in wearers], level, seed)
    options = {
        place: list(composer.frames(wearer.ask, level, style))
        for place, wearer in enumerate(wearers)
        if wearer.ask
    }
    worn = _Worn(Counter(), Counter(_opening(w.candidate.text) for w in wearers if not w.ask), [])
    words: dict[int, Candidate] = {}
    for turn, place in enumerate(sorted(options, key=lambda p: (len(options[p]), p))):
        ask = wearers[place].ask
        assert ask is not None
        allowed = len(wearers) // _SPECIAL_EVERY
        left = [f for f in options[place] if composer.word(ask, f, None, None).id not in without]
        frame = _choose_frame(left or options[place], worn, allowed, f"{seed}\0{ask.group}\0{ask.kind}")
        worded = composer.word(ask, frame, levels[place], style, turn=turn)
        words[place] = replace(worded, prompted=wearers[place].candidate.prompted)
    ready = (words.get(place, wearer.candidate) for place, wearer in enumerate(wearers))
    return list(zip(ready, levels, strict=True))


def _choose_frame(options: Sequence[Frame], worn: _Worn, special_allowed: int, key: str) -> Frame:
    def rank(frame: Frame) -> tuple[int, int, int, float]:
        wanted = _is_special(frame) if len(worn.special) < special_allowed else not _is_special(frame)
        used = worn.frames[frame.text] * (1 if frame.plain or frame.again else _DEARER)
        return used, worn.openings[_opening(frame.text)], 0 if wanted else 1, luck(key, frame.text)

    best = min(options, key=rank)
    worn.frames[best.text] += 1
    if not best.plain:
        worn.openings[_opening(best.text)] += 1
    if _is_special(best):
        worn.special.append(best.text)
    return best


def _is_special(frame: Frame) -> bool:
    """Whether the frame belongs to a stage, or to one or two levels."""
    return bool(frame.stages) or frame.is_for_few


def _spread(own: Sequence[tuple[Level, ...]], asked: Level | None, seed: int) -> list[Level]:
    """For each question the level asked for, or the one of its own that the set has least of."""
    if asked:
        return [asked] * len(own)
    counts: Counter[Level] = Counter()
    levels: list[Level] = []
    for place, choices in enumerate(own):
        best = min(choices or LEVELS, key=lambda lv: (counts[lv], luck(f"{seed}\0{place}", lv)))
        counts[best] += 1
        levels.append(best)
    return levels


def _opening(text: str) -> str:
    return " ".join(text.lower().split()[:3])


def luck(*parts: str) -> float:
    """0.0 to 1.0 by the parts alone, the same in every process."""
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48
