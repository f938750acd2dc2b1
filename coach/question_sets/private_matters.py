"""Lines that no question may be drawn from: about private matters, since asking would be unlawful or an
intrusion, and those that speak to a machine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from coach.documents import Line
from coach.signals.instructions import find_instructions

_FORGED = re.compile(r"^\W*(?:system|developer)\s+(?:prompt|message|override)\s*:", re.IGNORECASE)
_LONGEST = 20_000  # characters of a line that are looked at, as of an answer

_WORDS = (
    r"criminal\s+record",
    r"background\s+check",
    r"dbs\s+check",
    r"disclosure\s+and\s+barring",
    r"credit\s+check",
    r"medical\s+exam\w*",
    r"drug\s+test\w*",
    r"vetting",
    r"disab(?:led|ilit\w+)",
    r"pregnan\w+",
    r"physical(?:ly)?\s+(?:fit|demand\w*|requirements?|able)",
    r"lift(?:ing)?\s+(?:up\s+to\s+)?\d+",
    r"(?:sit|stand)\s+for\s+long",
    r"(?:maternity|paternity|parental|family|sick|carer'?s)\s+leave",
    r"career\s+break",
    r"sabbatical",
    r"illness",
    r"caring\s+for",
    r"religio\w+",
    r"church\s+member\w*",
    r"ethnic\w*",
    r"race",
    r"gender",
    r"sexual\s+(?:orientation|identity)",
    r"marital",
    r"married",
    r"single\s+(?:mother|father|parent)",
    r"children\s*:",
    r"(?:mother|father)\s+of",
    r"date\s+of\s+birth",
    r"born\s+(?:in|on)",
    r"nationality",
    r"national\s+origin",
    r"protected\s+characteristics?",
    r"lived\s+experience",
    r"union\s+member\w*",
    r"salary\s+(?:expectations?|history)",
    r"current\s+salary",
    r"(?:young|youthful)\s+(?:and|team|person|talent)",
    r"regardless\s+of",
    r"whatever\s+their",
)
PRIVATE = re.compile(rf"\b(?:{'|'.join(_WORDS)})", re.IGNORECASE)


def lines_for_people(lines: Sequence[Line]) -> Iterator[Line]:
    """Without the lines that speak to a machine; what is very long is cut.

    Each line is judged alone: next to it stands somebody else's text, without an "I" to tell it by.
    """
    for line in lines:
        cut = line._replace(text=line.text[:_LONGEST])
        if not _FORGED.search(cut.text) and not find_instructions(cut.text):
            yield cut
