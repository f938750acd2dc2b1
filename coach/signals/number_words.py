"""Numbers in words: "eleven thousand six hundred", "half a million", "two and a half", "3 lakh"."""

from __future__ import annotations

import re
from typing import NamedTuple

SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
MAGNITUDES = {
    "hundred": 1e2, "hundreds": 1e2, "thousand": 1e3, "thousands": 1e3, "grand": 1e3, "k": 1e3, "tsd": 1e3,
    "lakh": 1e5, "lakhs": 1e5, "lac": 1e5, "lacs": 1e5, "m": 1e6, "mn": 1e6, "mil": 1e6, "mio": 1e6,
    "million": 1e6, "millions": 1e6, "cr": 1e7, "crore": 1e7, "crores": 1e7, "bn": 1e9, "billion": 1e9,
    "billions": 1e9, "mrd": 1e9,
}  # fmt: skip
# Those that end a number in words or digits as a word of their own; "m" and "cr" only stand glued.
SPOKEN_MAGNITUDES = tuple(word for word in MAGNITUDES if len(word) > 2)

_UNITS = {word: float(value) for value, word in enumerate(SMALL)} | {w: float(v) for w, v in TENS.items()}
_SCALES = "|".join(sorted(SPOKEN_MAGNITUDES, key=len, reverse=True))
FIRST_WORD = rf"(?:{'|'.join([*TENS, *SMALL])}|an?\s+(?:{_SCALES})|half\s+a\s+(?:{_SCALES}))"
_FIRST = re.compile(rf"(?:(?P<half>half\s+)?an?\s+(?={_SCALES})|(?={FIRST_WORD}))", re.IGNORECASE)
_NEXT = re.compile(
    rf"(?P<gap>[\s-]+|\Z|)(?P<and>and\s+)?(?P<word>{'|'.join([*TENS, *reversed(SMALL), _SCALES])})\b",
    re.IGNORECASE,
)
_POINT = re.compile(rf"\s+point((?:\s+(?:{'|'.join(SMALL[:10])})\b)+)", re.IGNORECASE)
_AND_A_HALF = re.compile(rf"\s+and\s+a\s+(half|quarter)\b(?:\s+({_SCALES})\b)?", re.IGNORECASE)


class NumberWords(NamedTuple):
    """The value of a number in words and where it ends in the text."""

    value: float
    end: int


def read_number_words(text: str, start: int) -> NumberWords | None:
    """The longest number in words that begins at `start`; None when none does."""
    first = _FIRST.match(text, start)
    if not first:
        return None
    lead = 0.5 if first["half"] else 1.0 if first.end() > start else 0.0
    value, end = _fold(text, first.end(), lead)
    if end == start:
        return None
    if point := _POINT.match(text, end):
        digits = "".join(str(SMALL.index(word.lower())) for word in point[1].split())
        value, end = _with_magnitude(text, value + float(f"0.{digits}"), point.end())
    if half := _AND_A_HALF.match(text, end):
        value += 0.5 if half[1].lower() == "half" else 0.25
        value, end = value * MAGNITUDES.get((half[2] or "").lower(), 1.0), half.end()
    return NumberWords(value, end)


def _with_magnitude(text: str, value: float, end: int) -> tuple[float, int]:
    following = _NEXT.match(text, end)
    if following and not following["and"] and following["word"].lower() in MAGNITUDES:
        return value * MAGNITUDES[following["word"].lower()], following.end()
    return value, end


def _fold(text: str, place: int, lead: float) -> tuple[float, int]:
    """Value and end of a run of number words; it ends where the next word cannot belong to it."""
    done, open_part, end, last = 0.0, lead, place, ""
    while following := _NEXT.match(text, end):
        word = following["word"].lower()
        if last and not following["gap"]:
            break
        if word in MAGNITUDES:
            if following["and"]:
                break
            done, open_part = _scaled(done, open_part, MAGNITUDES[word])
        elif not _can_follow(word, last, bool(following["and"])):
            break
        else:
            open_part += _UNITS[word]
        end, last = following.end(), word
    return done + open_part, end


def _scaled(done: float, open_part: float, magnitude: float) -> tuple[float, float]:
    """ "six hundred" stays open for "thousand"; larger magnitudes close what came before them."""
    if magnitude == MAGNITUDES["hundred"]:
        return done, (open_part or 1) * magnitude
    return done + (open_part or 1) * magnitude, 0.0


def _can_follow(word: str, last: str, joined: bool) -> bool:
    """Whether a number word can stand behind another: "twenty one", "hundred and ten", not "two five"."""
    if not last:
        return not joined
    if last in TENS:
        return not joined and word in SMALL[1:10]
    return last in MAGNITUDES and word != "zero"
