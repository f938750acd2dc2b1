"""Finds words that somebody claims to have copied from an answer, and gives back the answer's own.

Both texts are folded (white space, quotation marks, dashes, compatible Unicode forms, invisible
characters) and searched plainly; every folded character remembers the stretch it came from. Upper and
lower case are told apart. Time grows with the length of the answer, once per `FoldedText`.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left

from coach.schema import Evidence
from coach.signals.types import Span

_QUOTES = "\"'`´′″‘’‚‛“”„‟‹›«»ʹʺʼˈˊˋ＂＇「」『』"
_DASHES = "-‐‑‒–—―−﹘﹣－"
_SAME = str.maketrans(_QUOTES + _DASHES, "'" * len(_QUOTES) + "-" * len(_DASHES))
# Marks that belong to no letter: variation selectors and the grapheme joiner.
_SILENT_MARKS = frozenset("\u034f\u180b\u180c\u180d" + "".join(map(chr, range(0xFE00, 0xFE10))))
# Unicode normalisation takes quadratic time on a pile of marks.
_LONGEST_CLUSTER = 32
_WHITE = ("\n", " ")
_DECIMAL = re.compile(r"\d[.,]\d")
_ENDS = " '-.[]()"  # what an ellipsis or a wrapping pair of marks leaves at either end of a quote


class FoldedText:
    """A text folded for comparison, and the way back: `span` maps folded offsets to the text's own."""

    def __init__(self, text: str) -> None:
        self._pieces: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._fold(text)
        self.folded = "".join(self._pieces)
        self._one_line = self.folded.replace("\n", " ")

    def span(self, start: int, end: int) -> Span:
        """The stretch of the text that folded offsets `start` to `end` (at least one apart) came from."""
        return Span(self._starts[start], self._ends[end - 1])

    def find(self, quote: str, hint: int = 0) -> Span | None:
        """The quote's place at or after offset `hint`, else its first place, else None.

        An ellipsis or wrapping marks at either end of the quote are overlooked. Only whole words count.
        """
        wanted = FoldedText(quote).folded.replace("\n", " ").strip()
        start = bisect_left(self._starts, hint)
        for form in dict.fromkeys((wanted, wanted.strip(_ENDS))):
            place = self._place(form, start) if any(map(str.isalnum, form)) else None
            if place is not None:
                return self.span(place, place + len(form))
        return None

    def _place(self, wanted: str, start: int) -> int | None:
        for begin in dict.fromkeys((start, 0)):
            place = self._one_line.find(wanted, begin)
            while place >= 0:
                if self._parts_words(place) and self._parts_words(place + len(wanted)):
                    return place
                place = self._one_line.find(wanted, place + 1)
        return None

    def _parts_words(self, place: int) -> bool:
        """Whether a place is not inside a word, a number, or what one character unfolded to."""
        if not 0 < place < len(self._starts):
            return True
        if self._starts[place - 1] == self._starts[place]:
            return False
        around = self._one_line[max(0, place - 2) : place + 2]
        return not (
            (self._one_line[place - 1].isalnum() and self._one_line[place].isalnum())
            or _DECIMAL.search(around)
        )

    def _fold(self, text: str) -> None:
        position = 0
        while position < len(text):
            end = _cluster_end(text, position)
            piece = _fold_cluster(text[position:end])
            last = self._pieces[-1] if self._pieces else ""
            if _one_run(last, piece):
                self._pieces[-1] = min(last, piece)  # a line break wins over a space
                self._ends[-1] = end
            else:
                self._pieces.extend(piece)
                self._starts.extend([position] * len(piece))
                self._ends.extend([end] * len(piece))
            position = end


def locate(quote: str, answer: str, hint: int = 0) -> Span | None:
    """Where the quote stands in the answer, or None.

    `hint` is the offset from which to look first. For many quotes of one answer keep a `FoldedText`.
    """
    return FoldedText(answer).find(quote, hint)


def evidence(answer: str, span: Span) -> Evidence:
    """The answer's own words at a span, so that `quote == answer[start:end]`."""
    return Evidence(quote=answer[span.start : span.end], start=span.start, end=span.end)


def _cluster_end(text: str, start: int) -> int:
    """The end of the character at `start` with the marks and jamo that join it."""
    end = start + 1
    limit = min(len(text), start + _LONGEST_CLUSTER) if not text[start].isspace() else end
    while end < limit and text[end] > "\u02ff" and _joins(text[end]):
        end += 1
    return end


def _joins(character: str) -> bool:
    return unicodedata.category(character).startswith("M") or "\u1160" <= character <= "\u11ff"


def _fold_cluster(cluster: str) -> str:
    if cluster < "\x7f" and len(cluster) == 1:
        return _fold_ascii(cluster)
    if cluster.isspace():
        return "\n" if cluster in "\x85\u2028\u2029" else " "
    visible = "".join(c for c in cluster.translate(_SAME) if not _invisible(c))
    return unicodedata.normalize("NFKC", visible).translate(_SAME)


def _fold_ascii(character: str) -> str:
    if character.isspace():
        return "\n" if character in "\n\r\x0b\x0c" else " "
    return character.translate(_SAME) if character >= " " else ""


def _one_run(last: str, piece: str) -> bool:
    """Whether a piece goes on with a run of white space or of dashes, which counts as one."""
    return (last == piece == "-") or (last in _WHITE and piece in _WHITE)


def _invisible(character: str) -> bool:
    return character in _SILENT_MARKS or unicodedata.category(character) in ("Cf", "Cc")
