"""Cuts a text that may hold anything into sentences, lines and verdicts, which speak to a grader or not."""

from __future__ import annotations

import re

from coach.signals.types import Span

_PART_END = re.compile(r"(?<=[.!?])['\])]*\s+|\n|(?<=[}\]>`])[ \t]+(?=[A-Z])|(?<=[\w+/=]{24})[ \t]+")
# "Status: FINALIZED", after which an answer may go on.
_LABELLED = re.compile(
    r"(?:(?<=[.!?\n] )|(?<=[.!?\n])|^)[ \t]*"
    r"(?:status|total|results?|scores?|verdict|rating|grade|outcome|level|pass|final|confidence|evaluation|decision"
    r"|overall|marks?|points)\b[\w \t]{0,20}:[ \t]*"
    r"(?:true|yes|pass(?:ed)?|max(?:imum)?|full|final\w*|complete\w*|approved|excellent|outstanding|perfect"
    r"|\d[\d./%]*)(?=\s)",
    re.IGNORECASE,
)


def find_parts(text: str) -> list[Span]:
    """Sentences and lines, without the white space around them; a verdict at the start of one is a part."""
    parts, start = [], 0
    for end in sorted(
        {*(found.end() for found in (*_PART_END.finditer(text), *_LABELLED.finditer(text))), len(text)}
    ):
        part = text[start:end].strip()
        if part:
            begin = text.index(part, start)
            parts.append(Span(begin, begin + len(part)))
        start = end
    return parts
