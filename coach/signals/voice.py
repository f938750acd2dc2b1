"""Who speaks and how: ownership of actions, fillers and hedges."""

from __future__ import annotations

import re

from coach.lexicons import Lexicon
from coach.signals.types import Owner, Span

_PASSIVE = re.compile(
    r"\b(?:was|were|is|are|been|being|got|gets)\s+(?:\w+ly\s+)?(?:\w+(?:ed|en)|made|done|(?:re)?built|sent|put|set|cut|run|told|held|"
    r"brought|found|kept|sold|paid|led|hit|met)\b",
    re.IGNORECASE,
)
# "I" as the grammatical subject counts more than a "my" somewhere in the clause.
_SELF_SUBJECT = re.compile(r"(?<![\w'’])(?:i|i['’]d|i['’]ve|i['’]m|im|ive)\s+\w+", re.IGNORECASE)
_GROUP_SUBJECT = re.compile(
    r"(?<![\w'’])(?:we|we['’]d|we['’]ve|we['’]re|the\s+team|my\s+team|our\s+team|us\s+all|all\s+of\s+us)\s+\w+",
    re.IGNORECASE,
)
_IMPERATIVE_I = re.compile(
    r"^(?:and\s+|then\s+|also\s+|so\s+|first,?\s+|next,?\s+)*(?P<verb>[a-z]+ed|(?:re)?built|(?:re)?wrote|ran|led|set|made|took|cut|put|sent|met|"
    r"found|chose|drew|began|brought|kept|got|went|spoke|taught|sold)\b",
    re.IGNORECASE,
)


def find_owner(clause: str, lexicon: Lexicon) -> Owner:
    """Who acts in the clause: the speaker, the speaker's group, nobody named (passive), or others.

    A clause with a bare past verb ("rebuilt the checkout") is the speaker's own, as in notes and bullets.
    """
    own = _SELF_SUBJECT.search(clause)
    group = _GROUP_SUBJECT.search(clause)
    if own and (not group or own.start() < group.start()):
        return "self"
    if group:
        return "group"
    if _IMPERATIVE_I.match(clause):
        return "self"
    if _PASSIVE.search(clause):
        return "passive"
    if lexicon.owner["self"].search(clause):
        return "self"
    return "group" if lexicon.owner["group"].search(clause) else "other"


def find_phrases(answer: str, pattern: re.Pattern[str]) -> tuple[Span, ...]:
    """Where a lexicon's phrases occur in the answer, in order."""
    return tuple(Span(*match.span()) for match in pattern.finditer(answer))
