"""What an amount is counted in: per cent, points, multiples, currencies, durations, things."""

from __future__ import annotations

import re
from typing import NamedTuple

from coach.signals.number_words import SMALL, SPOKEN_MAGNITUDES, TENS

# Signs and what people say or write for them; a currency without a sign of its own keeps its code.
CURRENCIES = {
    "$": "$", "€": "€", "£": "£", "₹": "₹", "¥": "¥", "₱": "₱", "₦": "₦", "usd": "$", "eur": "€", "gbp": "£",
    "inr": "₹", "rs": "₹", "rs.": "₹", "dollar": "$", "dollars": "$", "euro": "€", "euros": "€", "pound": "£",
    "pounds": "£", "quid": "£", "rupee": "₹", "rupees": "₹", "bucks": "$", "kes": "KES", "ksh": "KES",
    "shilling": "KES", "shillings": "KES", "bob": "KES", "aed": "AED", "dirham": "AED", "dirhams": "AED",
    "chf": "CHF", "franken": "CHF", "php": "₱", "peso": "₱", "pesos": "₱", "ngn": "₦", "naira": "₦",
    "yen": "¥", "jpy": "¥", "brl": "BRL", "reais": "BRL", "aud": "$", "cad": "$", "us$": "$", "a$": "$",
    "c$": "$", "r$": "BRL", "sek": "SEK", "pln": "PLN", "zar": "ZAR", "rand": "ZAR", "sgd": "$",
}  # fmt: skip
# Seconds in each.
_SECONDS = {
    1: "second seconds secs sec", 60: "minute minutes mins min", 3600: "hour hours hrs hr",
    86400: "day days night nights", 604800: "week weeks sprint sprints weekend weekends",
    2629800: "month months", 7889400: "quarter quarters season seasons semester",
    31557600: "year years yrs",
}  # fmt: skip
_LENGTHS = {word: seconds for seconds, words in _SECONDS.items() for word in words.split()}
DURATIONS = tuple(_LENGTHS)

_NAMES = "|".join(sorted((re.escape(word) for word in CURRENCIES if word.isalpha()), key=len, reverse=True))
CURRENCY_BEFORE = (
    r"(?:(?:US|A|C|R)?[$€£₹¥₱₦]"
    r"|\b(?:USD|EUR|GBP|INR|Rs\.?|KES|KSh|AED|CHF|PHP|NGN|AUD|CAD|SGD|ZAR)(?![a-z])\s?)"
)
_AFTER = re.compile(
    rf"(?:\s?(?P<magnitude>\b(?:{'|'.join(SPOKEN_MAGNITUDES)})\b)\.?)?"
    rf"\s?-?(?P<unit>%|\bper\s?cent\b|\bpercentage\s+points?\b|\bpct\b|pp\b|\bpoints?\b|\btimes\b|\bx\b|×"
    rf"|[\s-]?fold\b|[€£₹$¥₱₦](?!\d)|\b(?:{_NAMES})\b|\b(?:{'|'.join(DURATIONS)})\b|\bstars?\b"
    rf"|\b[A-Za-z][a-z'’-]{{2,}}\b)?",
    re.IGNORECASE,
)
_NOT_UNITS = frozenset(
    "and but the for from with this that was were are had has have then than when which who our their its "
    "his her into out off per because after before over under during within until while since about around "
    "nearly almost just only even also more less very not you they she him them all any some each both "
    "between against without across down instead rather like now back versus compared where still again "
    "old again later earlier ago each every total higher lower fewer better worse roughly maybe what how "
    "did does didn't wasn't is it's as-is however though although if or so yes no there here too till "
    "overall already right plus whereas we i'm i've he it of to at on in by as per went came fell "
    "rose".split()
) | {*SMALL, *TENS}
# "three times" multiplies only in a comparison; otherwise it counts occasions.
_TIMES_BEFORE = re.compile(
    r"\b(?:grew|grow|grown|rose|up|increased|multiplied|went\s+up|by|almost|nearly|about|over|sold|to|got|is|was)\s+(?:about\s+|almost\s+|nearly\s+|over\s+)?\Z",
    re.IGNORECASE,
)
_TIMES_AFTER = re.compile(
    r"\s+(?:as|more|higher|larger|bigger|faster|better|the|our|what|that|its|over)\b", re.IGNORECASE
)
_OCCASIONS_AFTER = re.compile(r"\s+(?:a|an|each|every|per|in)\s", re.IGNORECASE)


class UnitAfter(NamedTuple):
    """What follows a number: its magnitude word or "", its unit or "", and where they end."""

    magnitude: str
    unit: str
    end: int


def read_unit(text: str, start: int, end: int) -> UnitAfter:
    """Reads magnitude and unit behind the number at `start:end`."""
    after = _AFTER.match(text, end)
    if not after or not after[0]:
        return UnitAfter("", "", end)
    magnitude = (after["magnitude"] or "").lower()
    plain = UnitAfter(magnitude, "", after.end("magnitude") if magnitude else end)
    if not after["unit"]:
        return plain
    unit = _name(re.sub(r"\s+", " ", after["unit"].lower().strip(" -")))
    if unit == "times":
        unit = "x" if _multiplies(text, start, after.end()) else "times"
    return plain._replace(unit=unit, end=after.end("unit")) if unit else plain


def _name(word: str) -> str:
    if word in ("%", "percent", "per cent", "pct"):
        return "%"
    if word.startswith(("percentage p", "pp", "point")):
        return "pp"
    if word in ("x", "×", "fold"):
        return "x"
    return "" if word in _NOT_UNITS else CURRENCIES.get(word, word)


def _multiplies(text: str, start: int, end: int) -> bool:
    if _TIMES_AFTER.match(text, end):
        return True
    before = bool(_TIMES_BEFORE.search(text, max(0, start - 24), start))
    return before and not _OCCASIONS_AFTER.match(text, end)


def is_duration(unit: str) -> bool:
    """Whether a unit counts time."""
    return unit.lower() in _LENGTHS


def seconds_in(unit: str) -> float:
    """How many seconds a unit of time has."""
    return float(_LENGTHS[unit.lower()])


def is_currency(unit: str) -> bool:
    """Whether a unit is money."""
    return bool(unit) and unit in CURRENCIES.values()


def is_share(unit: str) -> bool:
    """Whether a unit is a part of a whole, or a step between two parts: per cent and points."""
    return unit in ("%", "pp")


def is_measure(unit: str) -> bool:
    """Whether a unit measures, where another only counts things."""
    return is_share(unit) or unit == "x" or is_currency(unit) or is_duration(unit)
