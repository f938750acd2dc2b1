"""The answer as patterns read it: same length, so offsets hold, less what depends on keyboard and paste.

Lines that were wrapped by a mail program or editor are one line again, text in capitals throughout is written
as usual, and typographic quotation marks and spaces are the plain ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from coach.signals.neutral import is_shouted
from coach.signals.types import Span

_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "\u202f": " ", "\t": " "})
_LINE = re.compile(r"[^\r\n]+")
_BULLET = re.compile(r"[ \t]*(?:[-*•–▪◦·]|\(?\d{1,2}[.)](?!\d))")
_OPENS = re.compile(r"(?:\A|[.!?]['\")]?\s+|\n\s*)[a-z]")
_ALONE = re.compile(r"(?<![\w'])i(?![\w])")
# Programs wrap within these widths.
_NARROWEST, _WIDEST = 45, 120


def plain_view(answer: str) -> str:
    """The answer with the same number of characters, ready for patterns."""
    view = unwrap(answer.translate(_PLAIN))
    return _quietened(view) if is_shouted(view) else view


def hide(text: str, spans: Sequence[Span]) -> str:
    """The text with each stretch blank: a line break, so that no sentence goes on across it, then spaces."""
    for span in spans:
        text = f"{text[: span.start]}\n{' ' * (span.end - span.start - 1)}{text[span.end :]}"
    return text


def unwrap(text: str) -> str:
    """The text with blanks for line breaks at which the next word would not have fitted on the line."""
    lines = list(_LINE.finditer(text))
    width = max((len(line.group(0).rstrip()) for line in lines), default=0)
    if len(lines) < 3 or not _NARROWEST <= width <= _WIDEST:
        return text
    characters = list(text)
    for line, after in pairwise(lines):
        between = text[line.end() : after.start()]
        if between.count("\n") > 1 or _BULLET.match(after.group(0)):
            continue
        first = after.group(0).split(maxsplit=1)
        if first and len(line.group(0).rstrip()) + 1 + len(first[0]) > width:
            characters[line.end() : after.start()] = " " * len(between)
    return "".join(characters)


def _quietened(text: str) -> str:
    """Small letters but for those that open a sentence and the word I; characters whose small form is longer
    stay as they are."""
    small = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    opened = _OPENS.sub(lambda match: match.group(0)[:-1] + match.group(0)[-1].upper(), small)
    return _ALONE.sub("I", opened)
