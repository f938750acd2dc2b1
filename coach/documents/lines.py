"""Rows of a file to lines: list marks and headings told apart, lines that were broken to fit put together,
characters that nobody sees taken out."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from coach.documents.document import Line
from coach.documents.raw import Row

_BULLET = re.compile(r"^(?:[-*+•●▪◦‣–—·∙○■□➢➤✓✔]+|\uf0b7|o(?=\s)|\(?\d{1,2}[.)]|\(?[a-z]\))\s+(?=\S)")
_MARKDOWN_HEADING = re.compile(r"^#{1,6}\s+(.*)$")
_RULE = re.compile(r"^(?:[-=_*~•·]\s?){3,}$")
_EMPHASIS = re.compile(r"(\*\*|__|\*|`)(?=\S)([^*`\n]{1,300}?)(?<=\S)\1")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^)\s]{0,500}\)")
_ALL_BOLD = re.compile(r"^(?:\*\*|__)([^*\n]+?)(?:\*\*:?|__:?|:\*\*)$")
_TABLE_EDGE = re.compile(r"^\||\|$")
_LABEL = re.compile(r"[A-Z][\w ,/&'-]{2,40}:(?:\s|$)")
# The head of an entry of a résumé: "Buyer (2005 to 2012)".
_DATED = re.compile(
    r"^[A-Z].*\b(?:19|20)\d\d\s*(?:-|–|—|to|until)\s*(?:\w+\s+)?(?:(?:19|20)\d\d|present|today|now|date)\b",
    re.IGNORECASE,
)
_ENDS_SENTENCE = re.compile(r"[.!?:;]['\")\]]*$")
_LEFT_OPEN = (",", "-", " and", " or", " of", " the", " with")
# A row this near to nine tenths of the others was probably broken to fit when the next begins in lower case.
_FULL = 0.72
# Any row of a text file was, when the next word would have made it the widest; a PDF has narrow letters too.
_PRINTED_FULL = 0.93
_WIDEST = 140  # characters; a file with longer rows breaks none
_NARROWEST = 55  # characters; lists of short things are no broken lines


class _Wrap(NamedTuple):
    """Characters from which on a row was broken to fit: likely, and surely."""

    likely: float
    surely: float


def lines_of_rows(rows: Sequence[Row]) -> tuple[Line, ...]:
    """The lines of rows that a parser found, numbered as they come."""
    wrap = _wrap(rows, _PRINTED_FULL)
    return tuple(line._replace(number=place) for place, line in enumerate(_lines(rows, wrap), 1))


def lines_of_text(text: str, is_markdown: bool) -> tuple[Line, ...]:
    """The lines of a text or Markdown file, each with its number in the file."""
    raw = re.split(r"\r\n|\n|\r|\f|\v|\u2028|\u2029", text)
    rows = _markdown_rows(raw) if is_markdown else [Row(row, is_whole=False) for row in raw]
    return tuple(_lines(rows, _wrap(rows, 1.0)))


def _markdown_rows(raw: Sequence[str]) -> list[Row]:
    rows = []
    for place, row in enumerate(raw):
        text = row.strip()
        under = raw[place + 1].strip() if place + 1 < len(raw) else ""
        heading = _MARKDOWN_HEADING.match(text) or _ALL_BOLD.match(text)
        if heading or (text and re.fullmatch(r"=+|-{3,}", under) and not _BULLET.match(text)):
            rows.append(Row(_plain(_unclosed(heading[1]) if heading else text), "heading"))
        elif text.startswith("|"):
            rows.append(Row(_plain(_TABLE_EDGE.sub("", text).replace("|", " ").strip(" -:")), "text"))
        else:
            rows.append(Row(_plain(text.lstrip("> ")), is_whole=False))
    return rows


def _unclosed(heading: str) -> str:
    """Without the hashes that close a heading; those of "C#" stay."""
    bare = heading.rstrip("#")
    return bare.rstrip() if not bare or bare[-1].isspace() else heading


def _plain(text: str) -> str:
    """Without marks of emphasis, and links as their words."""
    return _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", text))


def _lines(rows: Sequence[Row], wrap: _Wrap) -> Iterator[Line]:
    """Lines that hold something, each with the number of the row that it starts on."""
    for line in _whole_lines(rows, wrap):
        if line.text and not _RULE.match(line.text):
            yield line


def _whole_lines(rows: Sequence[Row], wrap: _Wrap) -> Iterator[Line]:
    cleaned = [_clean(row.text) for row in rows]
    pieces: list[str] = []
    current, before = Line(0, ""), ""
    for number, (row, text) in enumerate(zip(rows, cleaned, strict=True), 1):
        if pieces and not row.is_whole and text and _goes_on(before, text, wrap):
            pieces.append(text)
        else:
            yield current._replace(text=_glued(pieces))
            bare = text if row.form == "heading" else _BULLET.sub("", text)
            current, pieces = Line(number, "", row.form or ("item" if bare != text else "text")), [bare]
        before = text
    yield current._replace(text=_glued(pieces))


def _goes_on(before: str, text: str, wrap: _Wrap) -> bool:
    """Whether a row is the rest of the one before it, which was broken to fit."""
    is_lower = text[0].islower()
    if not before or _BULLET.match(text) or _LABEL.match(text) or (_DATED.match(text) and not is_lower):
        return False
    if is_lower and before.endswith(_LEFT_OPEN):
        return True
    would_be = len(before) + 1 + len(text.split()[0])
    if is_lower:
        return would_be > wrap.likely
    return would_be > wrap.surely and not _ENDS_SENTENCE.search(before)


def _glued(pieces: Sequence[str]) -> str:
    text = " ".join(pieces)
    # A word parted at a line's end keeps its hyphen: "on-site" is commoner in such files than "inven-tory".
    return re.sub(r"(?<=\w)- (?=[a-z])", "-", text) if len(pieces) > 1 else text


def _wrap(rows: Sequence[Row], full: float) -> _Wrap:
    """How wide rows are that were broken to fit; `full` is the share of the widest where one surely was."""
    lengths = sorted(len(row.text.strip()) for row in rows if not row.is_whole and row.text.strip())
    if not lengths or not _NARROWEST <= lengths[-1] <= _WIDEST:
        return _Wrap(math.inf, math.inf)
    return _Wrap(_FULL * lengths[int(0.9 * (len(lengths) - 1))], full * lengths[-1])


def _clean(text: str) -> str:
    """The text without what is not seen (controls, marks of direction, zero-width) and with single spaces."""
    seen = (
        " " if char.isspace() else "" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Cn") else char
        for char in text
    )
    return " ".join("".join(seen).split())
