"""Where two judges meet: what code sees limits a model's level, and where they lie far apart both are heard.

A model that is kinder than the text is held to what the text shows. Two raters are better than one, so a gap
of two levels or more counts as the lower middle, and the report gives both reasons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from coach.judges.types import Judgement
from coach.schema import CriterionId, Opinion
from coach.signals.types import Signals

WIDE_GAP = 2  # levels
_UNTOLD: Mapping[CriterionId, tuple[int, str]] = {
    "situation": (2, "no setting is told anywhere in the text"),
    "task": (2, "no goal or duty of yours is told anywhere in the text"),
    "action": (1, "no step of yours is told anywhere in the text"),
    "result": (1, "no outcome is told anywhere in the text"),
}
_NO_EPISODE = "no episode that happened is told"
_NO_FIGURE = "a top result needs a figure to measure it, and the text has none"
_SPOKEN_TO = "part of the text speaks to a grader, so nothing counts for more than the built-in judge finds"
# Types of which nothing was done yet.
_NOTHING_HAPPENED = ("hypothetical", "opinion", "self_description", "non_answer")


class Ceiling(NamedTuple):
    """The highest level that code can defend for a criterion, and why no higher one."""

    level: int
    why: str


class Meeting(NamedTuple):
    """The judgement that counts, and what each judge said where they differ widely or one could not say."""

    judgement: Judgement
    opinions: tuple[Opinion, ...] = ()


def find_ceilings(
    own: Mapping[CriterionId, Judgement], signals: Signals, is_instructed: bool
) -> Mapping[CriterionId, Ceiling]:
    """What code can see of an answer that the built-in judge has judged; the lowest ceiling counts."""
    found: list[tuple[CriterionId, Ceiling]] = []
    for criterion, (level, why) in _UNTOLD.items():
        if own[criterion].level == 0:
            found.append((criterion, Ceiling(level, why)))
    if signals.answer_type in _NOTHING_HAPPENED:
        found += [("action", Ceiling(1, _NO_EPISODE)), ("result", Ceiling(1, _NO_EPISODE))]
    if not signals.figures:
        found.append(("result", Ceiling(4, _NO_FIGURE)))
    if is_instructed:
        found += [(c, Ceiling(j.level, _SPOKEN_TO)) for c, j in own.items() if j.level is not None]
    ceilings: dict[CriterionId, Ceiling] = {}
    for criterion, ceiling in found:
        if criterion not in ceilings or ceiling.level < ceilings[criterion].level:
            ceilings[criterion] = ceiling
    return ceilings


def meet(theirs: Judgement, own: Judgement, ceiling: Ceiling | None, model: str) -> Meeting:
    """What counts of the model's judgement beside the built-in judge's own."""
    if own.level is None:
        return Meeting(theirs)
    if theirs.level is None:
        return Meeting(theirs, (Opinion(judge="evidence", level=own.level, why=own.why),))
    if abs(theirs.level - own.level) < WIDE_GAP:
        return Meeting(_capped(theirs, theirs, own, ceiling))
    opinions = (
        Opinion(judge=model, level=theirs.level, why=theirs.why),
        Opinion(judge="evidence", level=own.level, why=own.why),
    )
    return Meeting(_capped(_middle(theirs, own), theirs, own, ceiling), opinions)


def _capped(counts: Judgement, theirs: Judgement, own: Judgement, ceiling: Ceiling | None) -> Judgement:
    if ceiling is None or counts.level is None or counts.level <= ceiling.level:
        return counts
    told = f"The model gave level {theirs.level}, but {ceiling.why}; so it counts as {ceiling.level}."
    if ceiling.level == own.level:
        return replace(own, why=f"{told} {own.why}", reasons=("capped", *own.reasons))
    return replace(
        theirs,
        level=ceiling.level,
        why=f"{told} {own.why}",
        basis=theirs.basis if ceiling.level else "absence",
        evidence=theirs.evidence if ceiling.level else (),
        next_step=own.next_step,
        reasons=("capped", *own.reasons),
    )


def _middle(theirs: Judgement, own: Judgement) -> Judgement:
    """The lower middle of two levels that lie wide apart; it is never 0, since one judge found something."""
    assert theirs.level is not None and own.level is not None
    level = (theirs.level + own.level) // 2
    richer = theirs if theirs.level > own.level else own
    stricter = own if richer is theirs else theirs
    told = f"Uncertain: the model gives level {theirs.level}, the built-in judge {own.level}; {level} counts."
    return replace(
        richer,
        level=level,
        why=f"{told} {stricter.why}",
        next_step=stricter.next_step or richer.next_step,
        reasons=("uncertain",),
    )
