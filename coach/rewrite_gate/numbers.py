"""Reads the numbers of a text: digits in any grouping, words, parts, multiples, ordinals, years.

Other than `signals.numbers`, which reads what an answer measures, nothing is left out here: years, dates,
names with digits, fractions and multiples in words are all somebody's claim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from coach.rewrite_gate.text import Token
from coach.signals.number_words import MAGNITUDES, SMALL, SPOKEN_MAGNITUDES, TENS, read_number_words

_PARTS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "twentieth": 20, "hundredth": 100,
}  # fmt: skip
_ORDINALS = {
    word: number
    for number, word in enumerate(
        "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=2,
    )
} | {"thirtieth": 30, "fortieth": 40, "fiftieth": 50, "hundredth": 100, "thousandth": 1000}
_MULTIPLES = {
    **dict.fromkeys(("double", "doubled", "doubles", "doubling", "twice"), 2.0),
    **dict.fromkeys(
        ("triple", "tripled", "triples", "tripling", "treble", "trebled", "trebling", "thrice"), 3.0
    ),
    **dict.fromkeys(("quadruple", "quadrupled", "quadrupling"), 4.0),
    **dict.fromkeys(("quintuple", "quintupled"), 5.0),
}
_HALVED = frozenset(("halve", "halved", "halves", "halving"))
_DOZEN = 12.0
_HEAPS = {"score": 20.0, "gross": 144.0}  # "a score of people", but "a score of 4.5"
_CHUNK = re.compile(
    r"(?P<whole>\d{1,3}(?:[ ,.]\d{2,3})*[ ,.]\d{3}|\d+)(?P<rest>[.,]\d{1,2}|\.\d+)?(?P<tail>[a-z]*)\Z"
)
_TAILS = {tail: MAGNITUDES[tail] for tail in ("k", "m", "mn", "mio", "bn", "cr")} | {"b": 1e9, "l": 1e5}
_ORDINAL_TAILS = ("st", "nd", "rd", "th")
_LONG_ORDINAL = re.compile(r"(?:\w{1,20}(?:ty|dred|sand))(?:first|second|third|\w{2,8}th)")
_PART_SIGN = re.compile(r"(?P<part>\d{1,2})/(?P<whole>\d{1,3})")
_FIRST = frozenset((*SMALL, *TENS))
# What may stand behind "a third" when it is a part and not the next in a row.
_BEHIND_PART = frozenset("of more less fewer in over to and from higher lower off was were came".split())


class Number(NamedTuple):
    """A number that ends with token `last`. `unit` is "x", "part", "ordinal", "vague", "calendar",
    "literal" or ""; a literal is no plain number ("ga4") and equals only itself."""

    value: float
    unit: str
    last: int
    literal: str = ""


def read_number(text: str, tokens: Sequence[Token], place: int) -> Number | None:
    """The longest number that begins at a token of the text; None when none does."""
    token = tokens[place]
    if token.kind == "number":
        return _with_part(tokens, _with_magnitude(tokens, _chunk(token, tokens, place)))
    return _spelled(text, tokens, place) if token.kind == "word" else None


def _chunk(token: Token, tokens: Sequence[Token], place: int) -> Number:
    read = _CHUNK.match(token.lower)
    part = _PART_SIGN.fullmatch(token.text)
    if part and int(part["whole"]) > int(part["part"]):
        return Number(int(part["part"]) / int(part["whole"]), "part", place)
    if not read or read["tail"] not in ("", "x", "s", *_ORDINAL_TAILS, *_TAILS):
        return Number(0.0, "literal", place, re.sub(r"[^a-z0-9]", "", token.lower))
    whole = re.sub(r"[ ,.]", "", read["whole"])
    value = float(whole + (read["rest"] or "").replace(",", ".")) * _TAILS.get(read["tail"], 1.0)
    if read["tail"] in _ORDINAL_TAILS:
        return Number(value, "ordinal", place)
    if read["tail"] == "x":
        return Number(value, "x", place)
    if re.fullmatch(r"(?:19[5-9]|20[0-4])\d", token.text):
        return Number(value, "calendar", place)
    if place and tokens[place - 1].text == "'" and re.fullmatch(r"[0-4]\d", token.text):
        return Number(2000 + value, "calendar", place)
    return Number(value, "", place)


def _with_magnitude(tokens: Sequence[Token], number: Number) -> Number:
    after = number.last + 1
    if number.literal or after >= len(tokens):
        return number
    word = tokens[after].lower
    if word in SPOKEN_MAGNITUDES or word == "dozen":
        return number._replace(value=number.value * MAGNITUDES.get(word, _DOZEN), last=after, unit="")
    return number


def _spelled(text: str, tokens: Sequence[Token], place: int) -> Number | None:
    word = tokens[place].lower
    following = tokens[place + 1].lower if place + 1 < len(tokens) else ""
    opens = word in _FIRST or word == "half" or (word in ("a", "an") and following in SPOKEN_MAGNITUDES)
    if opens and (words := read_number_words(text, tokens[place].start)):
        last = place
        while last + 1 < len(tokens) and tokens[last + 1].end <= words.end:
            last += 1
        return _with_part(tokens, _with_magnitude(tokens, Number(words.value, "", last)))
    if word in ("dozen", "dozens") or word in SPOKEN_MAGNITUDES or word in _HEAPS:
        return _bare_magnitude(tokens, place, word)
    if word in _PARTS and _is_part(tokens, place):
        return Number(1 / _PARTS[word], "part", place)
    if word in _HALVED:
        return Number(0.5, "part", place)
    if word in _MULTIPLES:
        return Number(_MULTIPLES[word], "x", place)
    if word.endswith("fold") and (times := read_number_words(word.removesuffix("fold"), 0)):
        return Number(times.value, "x", place)
    if word in _ORDINALS:
        return Number(float(_ORDINALS[word]), "ordinal", place)
    return Number(0.0, "literal", place, word) if _LONG_ORDINAL.fullmatch(word) else None


def _bare_magnitude(tokens: Sequence[Token], place: int, word: str) -> Number | None:
    """ "a dozen" is twelve; "dozens" and "hundreds" are nothing to count with."""
    if word in _HEAPS:
        heap = place and tokens[place - 1].lower == "a" and tokens[place + 1 : place + 2]
        of = heap and heap[0].lower == "of" and tokens[place + 2 : place + 3]
        return Number(_HEAPS[word], "vague", place) if of and of[0].kind == "word" else None
    if word == "dozen" and place and tokens[place - 1].lower in ("a", "per"):
        return Number(_DOZEN, "", place)
    return Number(MAGNITUDES.get(word, _DOZEN), "vague", place)


def _with_part(tokens: Sequence[Token], number: Number) -> Number:
    """ "two thirds", "three-quarters", "2 1/2"."""
    after = number.last + 1
    if after < len(tokens) and tokens[after].text in ("1/2", "1/4", "3/4"):
        part, whole = tokens[after].text.split("/")
        return number._replace(value=number.value + int(part) / int(whole), last=after)
    if after < len(tokens) and tokens[after].text == "-":
        after += 1
    word = tokens[after].lower if after < len(tokens) else ""
    part_word = word.removesuffix("s")
    # Seconds and quarters count time.
    if (
        word != part_word
        and part_word in _PARTS
        and part_word not in ("half", "quarter")
        and number.value < 10
    ):
        return Number(number.value / _PARTS[part_word], "part", after)
    return number


def _is_part(tokens: Sequence[Token], place: int) -> bool:
    """Whether "third" or "quarter" is a part of something, not the next in a row nor three months."""
    word = tokens[place].lower
    if word in ("half", "halves"):
        return True
    before = tokens[place - 1].lower if place else ""
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    following = after.lower if after else ""
    if word == "quarter" and following not in ("of", "more", "less", "fewer"):
        return False
    lone = after is None or after.kind == "mark" or following in _BEHIND_PART
    return lone and before in ("a", "one", "by", "almost", "nearly", "about")
