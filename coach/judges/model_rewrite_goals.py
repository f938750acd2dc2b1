"""Tells what was wanted from what came of it: a target is no result."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.judges.model_rewrite_figures import Quantity
from coach.judges.model_rewrite_source import Passage, Source

_WANTED = re.compile(
    r"\b(?:targets?|goals?|aim(?:ed|ing)?|objective|brief|mandate|want(?:ed)?|wish(?:ed)?|should|must|would"
    r"|'d|promised|plan(?:ned)?|supposed|expected|hoped|hoping|tasked|challenge|responsib\w+|landed\s+on|mine"
    r"|ready|asked|told|ask|job\s+was|baby|assigned|gave\s+myself"
    r"|(?:had|have|having|need(?:ed|ing)?|was|were)\s+(?:\w+\s+){0,2}to)\b",
    re.IGNORECASE,
)
_DONE_SINCE = re.compile(
    r"\b(?:i|we|they|it)\s+(?!had\s+to|wanted|needed|should|would|must)\w+"
    r"|[,;:]\s+(?:and|but|so|which|until)\b",
    re.IGNORECASE,
)
_REACHED = frozenset(
    "reached hit achieved got brought took raised cut reduced rose fell dropped came went gone risen fallen "
    "increased grew grown lifted improved decreased lowered boosted ended finished closed climbed pushed "
    "drove delivered secured doubled halved tripled saved made managed exceeded resulting reaching hitting "
    "bringing cutting raising".split()
)
_LONGEST_WISH = 18  # tokens from the word for it to the figure


def is_wished(passage: Passage, place: int, reach: int = 8) -> bool:
    """Whether the words before a token tell it as what was wanted."""
    start = passage.tokens[max(0, place - reach)].start
    return bool(_WANTED.search(passage.text, start, passage.tokens[place].start))


def is_told_as_reached(
    passage: Passage, told: Quantity, source: Source, matches: Sequence[tuple[int, Quantity]]
) -> bool:
    """Whether a figure is reached in the rewrite that the answer tells as a target only."""
    before = passage.tokens[max(0, told.first - 14) : told.first]
    if _REACHED.isdisjoint(token.lower for token in before) or is_wished(passage, told.first, 14):
        return False
    return all(is_target(source.passages[number], own) for number, own in matches)


def is_target(passage: Passage, own: Quantity) -> bool:
    """Whether the words before a number tell it as what was wanted. What somebody did after that ends it."""
    start = passage.tokens[max(0, own.first - _LONGEST_WISH)].start
    before = passage.text[start : passage.tokens[own.first].start]
    ends = [wanted.end() for wanted in _WANTED.finditer(before)]
    if not ends:
        return False
    behind = before[ends[-1] :]
    return not _DONE_SINCE.search(behind) and _REACHED.isdisjoint(behind.lower().split())
