"""Reads a text for the rewrite gate: cleaned of what hides in Unicode, cut into sentences and tokens.

Numbers in other digits, full-width letters, invisible characters and stacked marks are read as a person
would see them, so that nothing passes because it is written strangely. Time grows with the text's length.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, NamedTuple

LONGEST_TEXT = 20_000  # characters; of a longer text the rest is not read

Kind = Literal["word", "number", "slot", "link", "mark", "foreign"]

_SAME = str.maketrans(
    dict.fromkeys("`´′’‘‚‛ʹʼˈ＇", "'") | dict.fromkeys("″“”„‟«»＂", '"') | dict.fromkeys("‐‑‒–—―−﹘﹣－", "-")
    # Markup, and what else is no part of a sentence.
    | dict.fromkeys("_#|\\{}<>~^", " ") | {"⁄": "/", "∕": "/", "…": "..."}
)  # fmt: skip
# Letters that show nothing.
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800")
_MOST_MARKS = 2
_SENTENCE_END = re.compile(r"(?<![.!?])[.!?]+[\"')\]]{0,4}(?=\s)")
# A full stop behind these ends no sentence.
_SHORT = re.compile(
    r"(?:^|[\s(])(?:mr|mrs|ms|dr|st|vs|no|approx|e\.g|i\.e|etc|inc|ltd|co|jr|sr|u\.s|u\.k|[a-z])\.\Z", re.I
)
_BULLET = re.compile(r"^(?:[-•▪◦·+]+\s+|\(?\d{1,2}[.)]\s+)")
_NUMBERING = re.compile(r"\(?\d{1,2}[.)]+")
_TOKEN = re.compile(
    r"""(?P<slot>\[[^\[\]\n]{0,160}\])
      |(?P<link>(?:[a-z][a-z0-9+.-]{1,12}://|www\.)\S+|[\w.+-]{1,64}@[\w.-]{1,64}\w
        |\b(?:[a-z0-9-]{1,40}\.){1,3}(?:com|net|org|io|co|ai|app|dev|uk|de|in|eu|shop|store|info|biz|me|us)\b(?!'))
      |(?P<number>(?<!\w)\d{1,3}(?:[ ,]\d{2,3}){0,4}[ ,]\d{3}(?:\.\d+)?(?:[a-z]+\b|(?![\w]))
        |\w*\d\w*(?:[.,:/]\d\w*)*)
      |(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)
      |(?P<mark>\S)""",
    re.VERBOSE | re.IGNORECASE,
)


class Token(NamedTuple):
    """A word, number, slot, link or sign at `start:end` of the cleaned text; `lower` is its plain form."""

    text: str
    start: int
    end: int
    kind: Kind
    lower: str


class Sentence(NamedTuple):
    """A sentence of the cleaned text and the number of the paragraph it stands in."""

    text: str
    paragraph: int


def clean(text: str) -> str:
    """The text as it looks: compatible forms, plain digits, quotes and dashes, nothing invisible; at most
    `LONGEST_TEXT` characters of it. Line breaks stay."""
    kept: list[str] = []
    marks = 0
    for char in text[:LONGEST_TEXT].translate(_SAME):
        category = unicodedata.category(char)
        if category[0] == "M":
            marks += 1
            if category == "Mn" and marks <= _MOST_MARKS and kept and kept[-1].isalpha():
                kept.append(char)
            continue
        marks = 0
        kept.append(_plain(char, category))
    folded = unicodedata.normalize("NFKC", "".join(kept)).translate(_SAME)
    digits = "".join(_digit(char) for char in folded[:LONGEST_TEXT])
    lines = (" ".join(line.split()) for line in digits.split("\n"))
    return "\n".join(line for line in lines if line)


def split_sentences(text: str) -> list[Sentence]:
    """The sentences of a cleaned text; a line break ends one, and bullets and emphasis are taken off."""
    found = []
    for number, line in enumerate(text.split("\n")):
        line = _BULLET.sub("", line.replace("*", ""))
        start = 0
        for end in _SENTENCE_END.finditer(line):
            if end[0] == "." and _SHORT.search(line, max(0, end.end() - 8), end.end()):
                continue
            found.append(Sentence(line[start : end.end()].strip(), number))
            start = end.end()
        found.append(Sentence(line[start:].strip(), number))
    return [one for one in found if one.text and not _NUMBERING.fullmatch(one.text)]


def read_tokens(text: str) -> list[Token]:
    """The tokens of a cleaned text in order. Letters that are not Latin make a token "foreign"."""
    tokens = []
    for found in _TOKEN.finditer(text):
        kind: Kind = found.lastgroup  # type: ignore[assignment]
        # The department is no pronoun.
        lower = unaccented(found[0].lower()) if found[0] != "IT" else "i.t."
        if kind in ("word", "number") and not _is_latin(found[0]):
            kind = "foreign"
        tokens.append(Token(found[0], found.start(), found.end(), kind, lower))
    return tokens


def unaccented(word: str) -> str:
    """Zoë is Zoe."""
    if word.isascii():
        return word
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def _plain(char: str, category: str) -> str:
    if char in "\n\r\x0b\x0c\x85\u2028\u2029":
        return "\n"
    if char.isspace():
        return " "
    if category[0] == "C" or char in _BLANK_LETTERS:
        return ""
    # Emoji, trade marks and accents that stand alone part words; "2½" must not become 21/2.
    return " " if category in ("So", "Sk") else f" {char}" if category in ("No", "Nl") else char


def _digit(char: str) -> str:
    if char.isascii():
        return char
    value = unicodedata.decimal(char, None)
    return str(value) if value is not None else char


def _is_latin(word: str) -> bool:
    return all(char < "\u0250" or "\u1e00" <= char <= "\u1eff" for char in word)
