"""Reads amounts: digits and number words, with magnitude, currency or unit, each with its offsets."""

from __future__ import annotations

import re
from typing import NamedTuple

from coach.signals.names_with_numbers import is_name
from coach.signals.number_words import FIRST_WORD, MAGNITUDES, SMALL, TENS, read_number_words
from coach.signals.units import (
    CURRENCIES,
    CURRENCY_BEFORE,
    DURATIONS,
    is_duration,
    is_measure,
    read_unit,
)

__all__ = ["DURATIONS", "Amount", "find_amounts", "is_duration"]

_FRACTIONS = {"half": 50.0, "third": 100 / 3, "quarter": 25.0, "fifth": 20.0, "tenth": 10.0}
_MULTIPLES = {
    "doubled": 2.0, "doubling": 2.0, "tripled": 3.0, "tripling": 3.0, "trebled": 3.0, "trebling": 3.0,
    "quadrupled": 4.0, "quadrupling": 4.0, "halved": 0.5, "halving": 0.5, "twofold": 2.0, "threefold": 3.0,
    "fourfold": 4.0, "fivefold": 5.0, "tenfold": 10.0, "double": 2.0, "twice": 2.0, "triple": 3.0,
    "treble": 3.0, "thrice": 3.0,
}  # fmt: skip
# "double", "twice" are multiples in a comparison only: not in "a double room" or "I called twice".
_LOOSE_MULTIPLES = ("double", "twice", "triple", "treble", "thrice")
_COMPARED_BEFORE = re.compile(
    r"\b(?:almost|nearly|about|roughly|around|over|more\s+than|close\s+to|went\s+up|grew|rose|sold|by|to|is|was|were|are)\s\Z",
    re.IGNORECASE,
)
_COMPARED_AFTER = re.compile(
    r"\s+(?:as\s+(?:many|much|high|long|fast|often|good|likely)|the|our|my|what|of|that|its|last)\b",
    re.IGNORECASE,
)

_DIGITS = r"\d{1,3}(?:[,  ]\d{2,3})+(?:\.\d+)?(?!\d)|\d+(?:[.,]\d+)?"
_GLUED = r"x\b|×|k\b|m\b|mn\b|bn\b|cr\b|mio\b"
_OPENING = re.compile(
    rf"""(?<![\w.])(?:
      (?P<clock>\d{{1,2}}:[0-5]\d\b)
      |(?P<pre>{CURRENCY_BEFORE})?\s?(?P<digits>{_DIGITS})(?P<low_glued>{_GLUED})?
        (?:\s?[-–—]\s?(?:[$€£₹])?(?P<high>{_DIGITS}))?(?P<glued>{_GLUED})?
      |(?P<fraction>(?:\b(?:a|one|by|in|two|three)[\s-]+)?(?P<part>\b(?:{"|".join(_FRACTIONS)})s?\b))
      (?!\s+an?\s+(?:hundred|thousand|million|lakh|crore|billion)\b)
      |(?P<word>\b{FIRST_WORD}\b)
      |(?P<multiple>\b(?:{"|".join(_MULTIPLES)})\b)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_PART_OF = re.compile(
    rf"\b(?P<part>\d+|{'|'.join(SMALL[1:11])})\s+(?P<link>in|out\s+of)\s+(?:every\s+)?"
    rf"(?P<whole>\d+|{'|'.join([*SMALL[2:], *TENS, 'hundred'])})\b(?![.,:]?\d|%|\s*(?:%|percent|per\s+cent))",
    re.IGNORECASE,
)
# Wholes that people say "3 in" of; "2 in 14" is rather two things of a room with fourteen.
_ROUND_WHOLES = (3, 4, 5, 6, 8, 10, 12, 20, 100)
_VISIT_LENGTH = re.compile(
    r"\b(?:sessions?|duration|time\s+on|stay(?:ed|ing|s)?|spent|visit|minutes?|engagement|load(?:ing|ed)?)\b",
    re.IGNORECASE,
)
_MINUTES_AFTER = re.compile(r"\s?(?:minutes?|mins?)\b", re.IGNORECASE)
_AND_SECONDS = re.compile(
    rf"(?:\s|,\s|\s+and\s+)(?P<seconds>[1-5]?\d|(?:{'|'.join(list(TENS)[:5])})(?:[\s-](?:{'|'.join(SMALL[1:10])}))?"
    rf"|{'|'.join(SMALL[5:])})(?P<named>\s?(?:seconds?|secs?|s)\b)?"
    r"(?=\s*(?:[.,;!?)]|\Z|\b(?:to|from|against|and|down|up|instead|per|on|in|a)\b)|$)",
    re.IGNORECASE,
)


class Amount(NamedTuple):
    """A number in the text; `unit` is "%", "pp", "x", a currency sign, a duration, a counted noun or "".
    A range ("12-15 %") has the value in its middle."""

    start: int
    end: int
    value: float
    unit: str


def find_amounts(answer: str) -> tuple[Amount, ...]:
    """All amounts in order, without years, dates, ages, times of day, list numbers and names like "GA4"."""
    found: list[Amount] = []
    shares = {match.start(): match for match in _PART_OF.finditer(answer)}
    place = 0
    while opening := _OPENING.search(answer, place):
        share = shares.get(opening.start())
        amount = (_share(answer, share) if share else None) or _read(answer, opening)
        if amount:
            found.append(amount)
        # A word run is read on from its first word, so what it takes may lie beyond the match.
        place = max(opening.end(), amount.end) if amount else opening.end()
    return tuple(found)


def _share(answer: str, match: re.Match[str]) -> Amount | None:
    """ "one in eight", "2 in 5", "4 out of 5" as per cent."""
    part, whole = (_plain_number(match[name]) for name in ("part", "whole"))
    if not 0 < part < whole:
        return None
    if part > 1 and match["link"].lower() == "in" and whole not in _ROUND_WHOLES:
        return None
    next_word = re.match(r"\s*-?(\w*)", answer[match.end() :])
    if next_word and is_duration(next_word[1]):
        return None
    return Amount(match.start(), match.end(), round(100 * part / whole, 1), "%")


def _plain_number(text: str) -> float:
    if text.isdigit():
        return float(text)
    words = read_number_words(text, 0)
    return words.value if words else MAGNITUDES.get(text.lower(), 0.0)


def _read(answer: str, match: re.Match[str]) -> Amount | None:
    if match["multiple"]:
        return _read_multiple(answer, match)
    if match["fraction"]:
        return _read_fraction(answer, match)
    if match["clock"]:
        return _read_minutes(answer, match)
    if match["word"]:
        return _read_words(answer, match.start("word"))
    return _read_digits(answer, match)


def _read_multiple(answer: str, match: re.Match[str]) -> Amount | None:
    word = match["multiple"].lower()
    if word in _LOOSE_MULTIPLES and not (
        _COMPARED_AFTER.match(answer, match.end())
        or (_COMPARED_BEFORE.search(answer, max(0, match.start() - 20), match.start()))
    ):
        return None
    return Amount(match.start(), match.end(), _MULTIPLES[word], "x")


def _read_minutes(answer: str, match: re.Match[str]) -> Amount | None:
    """ "4:10 minutes" and "time on site 2:55" in minutes; other clock readings are times of day."""
    minutes, seconds = match["clock"].split(":")
    after = _MINUTES_AFTER.match(answer, match.end())
    near = _VISIT_LENGTH.search(answer, max(0, match.start() - 70), match.start())
    if not (after or near) or re.match(r"\s?[ap]\.?m\b", answer[match.end() :], re.IGNORECASE):
        return None
    value = round(int(minutes) + int(seconds) / 60, 3)
    return Amount(match.start(), after.end() if after else match.end(), value, "minutes")


def _read_words(answer: str, start: int) -> Amount | None:
    words = read_number_words(answer, start)
    if words is None or is_name(answer, start, words.end, digits=None):
        return None
    after = read_unit(answer, start, words.end)
    value = words.value * MAGNITUDES.get(after.magnitude, 1.0)
    if value == 1 and not is_measure(after.unit):
        # "one time", "one of them" count nothing, but "was four days, now one" has its end here.
        return Amount(start, words.end, value, "")
    return _with_seconds(answer, Amount(start, after.end, value, after.unit))


def _read_digits(answer: str, match: re.Match[str]) -> Amount | None:
    start = match.start("pre") if match["pre"] else match.start("digits")
    glued = (match["glued"] or match["low_glued"] or "").lower()
    low, high = match["digits"], match["high"]
    named = not match["pre"] and not glued
    if named and is_name(answer, start, match.end("digits"), digits=low):
        return None
    value, end = _number(low), match.end()
    if high and _number(high) > value:
        value = (value + _number(high)) / 2
    elif high:
        end = match.end("low_glued") if match["low_glued"] else match.end("digits")
    if glued in ("x", "×"):
        return Amount(start, end, value, "x")
    after = read_unit(answer, start, end)
    value *= MAGNITUDES.get(glued, 1.0) * MAGNITUDES.get(after.magnitude, 1.0)
    if match["pre"]:
        # The sign in front is the unit; of what follows only the magnitude belongs to the amount.
        end = (
            end if not after.magnitude else answer.lower().index(after.magnitude, end) + len(after.magnitude)
        )
        return Amount(start, end, value, CURRENCIES[match["pre"].strip().lower()])
    if after.unit not in ("%", "pp", "x") and not is_duration(after.unit) and not glued:
        value = _thousands_by_dot(low, after.unit) or value
    if not after.unit and re.match(r":\s?1(?![\d:.,])", answer[end:]):
        return Amount(start, end + answer[end:].index("1") + 1, value, "x")  # "4:1"
    return _with_seconds(answer, Amount(start, after.end, value, after.unit))


def _thousands_by_dot(digits: str, unit: str) -> float | None:
    """ "1.200 Euro" as it is written in Germany or Spain."""
    written = re.fullmatch(r"([1-9]\d{0,2})((?:\.\d{3})+)", digits)
    return float(digits.replace(".", "")) if written and unit else None


def _with_seconds(answer: str, amount: Amount) -> Amount:
    """ "one minute forty" and "2 minutes 50 seconds" as one amount in minutes."""
    more = _AND_SECONDS.match(answer, amount.end)
    if amount.unit not in ("minute", "minutes", "min", "mins") or not more:
        return amount
    joined = answer[amount.end : more.start("seconds")].strip(" ,")
    if joined and not more["named"]:
        return amount
    seconds = _plain_number(more["seconds"])
    return amount._replace(end=more.end(), value=round(amount.value + seconds / 60, 3))


def _read_fraction(answer: str, match: re.Match[str]) -> Amount | None:
    """ "a third", "by half" as per cent; a quarter of the year and "third" in a row are none."""
    lead = match["fraction"][: match.start("part") - match.start("fraction")].strip(" -").lower()
    word = match["part"].lower().removesuffix("s")
    tail = answer[match.end() : match.end() + 12].lower()
    if not lead and word == "half" and re.match(r"\s+(?:of\s+(?!an?\b)|the\b|our\b|as\s)", tail):
        return Amount(match.start(), match.end(), 50.0, "%")
    if lead not in ("a", "one", "by", "two", "three") and not (lead == "in" and word == "half"):
        return None
    if word == "half" and re.match(r"\s+(?:an?|past)\b", tail):
        return None
    by = answer[max(0, match.start() - 3) : match.start()].lower() == "by "
    compared = tail.lstrip().startswith(("of", "more", "less", "fewer", "lower", "higher"))
    if word == "quarter" and not (compared or by):
        return None
    if (
        word in ("third", "fifth", "tenth")
        and lead in ("one", "a")
        and re.match(r"\s+(?!of|of|more|less|fewer|lower|higher|in|within|over)\w", tail)
    ):
        return None
    times = {"two": 2, "three": 3}.get(lead, 1)
    return Amount(match.start(), match.end(), round(times * _FRACTIONS[word], 1), "%")


def _number(text: str) -> float:
    squeezed = re.sub(r"[  ]", "", text)
    if re.fullmatch(r"\d+,\d{1,2}", squeezed):  # a decimal comma: "2,4"
        return float(squeezed.replace(",", "."))
    return float(squeezed.replace(",", ""))
