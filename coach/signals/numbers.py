"""Reads amounts: digits and number words, with magnitude, currency or unit, each with its offsets."""

from __future__ import annotations

import re
from typing import NamedTuple

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_UNITS = {word: value for value, word in enumerate(_SMALL)}
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_MAGNITUDES = {
    "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6, "millions": 1e6,
    "bn": 1e9, "billion": 1e9, "lakh": 1e5, "lakhs": 1e5, "crore": 1e7, "crores": 1e7, "cr": 1e7,
    "hundred": 1e2,
}  # fmt: skip
_FRACTIONS = {"half": 50.0, "third": 100 / 3, "quarter": 25.0, "fifth": 20.0, "tenth": 10.0}
_MULTIPLES = {
    "doubled": 2.0, "double": 2.0, "doubling": 2.0, "twice": 2.0, "tripled": 3.0, "triple": 3.0,
    "tripling": 3.0, "trebled": 3.0, "quadrupled": 4.0, "halved": 0.5, "halving": 0.5, "twofold": 2.0,
    "threefold": 3.0, "fourfold": 4.0,
}  # fmt: skip
_CURRENCIES = {
    "$": "$", "€": "€", "£": "£", "₹": "₹", "usd": "$", "eur": "€", "gbp": "£", "inr": "₹", "rs": "₹",
    "rs.": "₹", "dollar": "$", "dollars": "$", "euro": "€", "euros": "€", "pound": "£", "pounds": "£",
    "quid": "£", "rupee": "₹", "rupees": "₹", "bucks": "$",
}  # fmt: skip
DURATIONS = tuple(
    (
        "second seconds secs sec minute minutes mins min hour hours hrs day days week weeks month months "
        "quarter quarters year years yrs season seasons semester sprint sprints weekend weekends night nights"
    ).split()
)

_DIGITS = r"\d{1,3}(?:[,  ]\d{2,3})+(?:\.\d+)?|\d+(?:[.,]\d+)?"
_WORD_NUMBER = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[\s-](?:{'|'.join(_SMALL[1:10])}))?|{'|'.join(_SMALL)}"
    r"|a\s+hundred|a\s+thousand|a\s+million)"
    rf"(?:\s+hundred|\s+thousand|\s+million)?(?:\s+point\s+(?:{'|'.join(_SMALL[:10])}))?"
)
_AMOUNT = re.compile(
    rf"""(?<![\w.])(?:
      (?P<pre>[$€£₹]|\b(?:USD|EUR|GBP|INR|Rs\.?)\s?)?\s?(?P<digits>{_DIGITS})(?P<glued>x\b|×|k\b|m\b|mn\b|bn\b|cr\b)?
      |(?P<fraction>(?:\b(?:a|one|by|in|two|three)[\s-]+)?(?P<part>\b(?:{"|".join(_FRACTIONS)})s?\b))
      |(?P<word>\b(?:{_WORD_NUMBER})\b)
      |(?P<multiple>\b(?:{"|".join(_MULTIPLES)})\b)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_PART_OF = re.compile(
    rf"\b(?P<part>\d+|{'|'.join(_SMALL[1:11])})\s+(?P<link>in|out\s+of)\s+(?:every\s+)?"
    rf"(?P<whole>\d+|{'|'.join([*_SMALL[2:], *_TENS, 'hundred'])})\b",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"\s?(?P<magnitude>\b(?:thousand|millions?|mn|mio|billion|lakhs?|crores?|hundred)\b)?"
    rf"\s?-?(?P<unit>%|\bper\s?cent\b|\bpercentage\s+points?\b|pp\b|\bpoints?\b|\btimes\b|\bx\b|[€£₹$](?!\d)"
    rf"|\b(?:{'|'.join(word for word in _CURRENCIES if word.isalpha() and word not in ('rs',))})\b"
    rf"|\b(?:{'|'.join(DURATIONS)})\b|\b(?:stars?)\b|\b[A-Za-z][a-z'’-]{{2,}}\b)?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19[5-9]\d|20[0-4]\d)\Z")
_NOT_UNITS = frozenset(
    "and but the for from with that this was were are had has have then than when which who our their its "
    "his her into out off per because after before over under during within until while since about around "
    "nearly almost just only even also more less very not you they she him them all any some each both "
    "between against without across".split()
)
_ORDINAL_OR_TIME = re.compile(
    r"(?:st|nd|rd|th)\b|\s?(?:am|pm|a\.m|p\.m|o['’]clock)\b|:\d\d|/\d", re.IGNORECASE
)


# "by month six", "version 3.2": a name's number, unless it is a rate ("per week 40").
_NUMBERED = re.compile(
    r"(?<!per )(?<!each )(?<!every )(?<!a )\b(?:week|month|day|year|version|step|phase|room|page|level)\s\Z",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
)
_MONTH_AFTER = re.compile(rf"\s{_MONTH}\b")
_MONTH_BEFORE = re.compile(rf"\b{_MONTH}\s\Z")


class Amount(NamedTuple):
    """A number in the text; `unit` is "%", "pp", "x", a currency sign, a duration, a counted noun or ""."""

    start: int
    end: int
    value: float
    unit: str


def find_amounts(answer: str) -> tuple[Amount, ...]:
    """All amounts in order, without years, dates, times of day, list numbers and names like "GA4"."""
    found: list[Amount] = []
    shares = _shares(answer)
    for match in _AMOUNT.finditer(answer):
        amount = shares.get(match.start()) or _read(answer, match)
        if amount and (not found or amount.start >= found[-1].end):
            found.append(amount)
    return tuple(found)


def _shares(answer: str) -> dict[int, Amount]:
    """ "one in eight", "4 out of 5" as per cent, by where they start."""
    found = {}
    for match in _PART_OF.finditer(answer):
        part, whole = (float(g) if g.isdigit() else _words(g) for g in (match["part"], match["whole"]))
        one_of = part == 1 or match["link"].lower() != "in"
        if (
            one_of
            and 0 < part < whole
            and not is_duration((re.match(r"\s*(\w*)", answer[match.end() :]) or [""])[1])
        ):
            found[match.start()] = Amount(match.start(), match.end(), round(100 * part / whole, 1), "%")
    return found


def _is_measure(unit: str) -> bool:
    return unit in ("%", "pp", "x", *_CURRENCIES.values()) or is_duration(unit)


def is_duration(unit: str) -> bool:
    """Whether a unit counts time."""
    return unit.lower() in DURATIONS


def _read(answer: str, match: re.Match[str]) -> Amount | None:
    if match["multiple"]:
        return Amount(match.start(), match.end(), _MULTIPLES[match["multiple"].lower()], "x")
    if match["fraction"]:
        return _read_fraction(answer, match)
    if _is_numbered(answer, match) or (match["digits"] and _is_label(answer, match)):
        return None
    value = _digits(match["digits"]) if match["digits"] else _words(match["word"])
    glued = (match["glued"] or "").lower()
    start, end = match.span()
    start += len(match[0]) - len(match[0].lstrip())
    if glued in ("x", "×"):
        return Amount(start, end, value, "x")
    value *= _MAGNITUDES.get(glued, 1.0)
    after = _AFTER.match(answer, end)
    if after and after["magnitude"]:
        value *= _MAGNITUDES[after["magnitude"].lower()]
        end = after.end("magnitude")
    unit, unit_end = _unit(after, bool(match["pre"]))
    if match["pre"]:
        return Amount(start, end, value, _CURRENCIES[match["pre"].strip().lower()])
    if value == 1 and match["word"] and not _is_measure(unit):
        return None  # "one time", "one of them" count nothing
    if match["word"] and not unit:
        # From-to phrases read their unit off the second number.
        return Amount(start, end, value, "")
    return Amount(start, max(end, unit_end), value, unit)


def _unit(after: re.Match[str] | None, has_currency: bool) -> tuple[str, int]:
    if has_currency or not after or not after["unit"]:
        return "", 0
    word = after["unit"]
    lower = re.sub(r"\s+", " ", word.lower())
    if lower in ("%", "percent", "per cent"):
        return "%", after.end("unit")
    if lower.startswith(("percentage", "pp", "point")):
        return "pp", after.end("unit")
    if lower in ("x", "times"):
        return "x", after.end("unit")
    if lower in _CURRENCIES:
        return _CURRENCIES[lower], after.end("unit")
    return ("", 0) if lower in _NOT_UNITS else (lower, after.end("unit"))


def _read_fraction(answer: str, match: re.Match[str]) -> Amount | None:
    """ "a third", "by half" as per cent; a quarter of the year and "third" in a row are none."""
    lead = match["fraction"][: match.start("part") - match.start("fraction")].strip(" -").lower()
    word = match["part"].lower().removesuffix("s")
    tail = answer[match.end() : match.end() + 12].lower()
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


def _is_numbered(answer: str, match: re.Match[str]) -> bool:
    """Whether the number belongs to a name or a date: "month six", "version 3.2", "5 May"."""
    if match["pre"] or match["glued"]:
        return False
    return bool(
        _NUMBERED.search(answer, max(0, match.start() - 16), match.start())
        or (match["digits"] and _MONTH_AFTER.match(answer, match.end()))
        or (match["digits"] and _MONTH_BEFORE.search(answer, max(0, match.start() - 10), match.start()))
    )


def _is_label(answer: str, match: re.Match[str]) -> bool:
    """Digits that measure nothing: years, dates, times, list numbers, version and product names."""
    after = answer[match.end() : match.end() + 9]
    before = answer[max(0, match.start() - 2) : match.start()]
    if _ORDINAL_OR_TIME.match(after) or re.search(r"\d[/:]\Z", before):
        return True
    if (
        not match["pre"]
        and not match["glued"]
        and _YEAR.match(match["digits"])
        and not re.match(r"\s?(?:%|[a-z]+s\b)", after + " ")
    ):
        return True
    if before.endswith(("#", "/", "-")) and before[:1].isalpha():
        return True
    line_start = answer.rfind("\n", 0, match.start()) + 1
    return (
        not answer[line_start : match.start()].strip()
        and after[:1] in (".", ")")
        and not after[1:2].isdigit()
    )


def _digits(text: str) -> float:
    squeezed = re.sub(r"[  ]", "", text)
    if re.fullmatch(r"\d+,\d{1,2}", squeezed):  # a decimal comma: "2,4"
        return float(squeezed.replace(",", "."))
    return float(squeezed.replace(",", ""))


def _words(text: str) -> float:
    value, whole = 0.0, re.split(r"[\s-]+", text.lower())
    if "point" in whole:
        point = whole.index("point")
        return _words(" ".join(whole[:point])) + _UNITS[whole[point + 1]] / 10
    for word in whole:
        if word in _MAGNITUDES:
            value = (value or 1) * _MAGNITUDES[word]
        else:
            value += _TENS.get(word, _UNITS.get(word, 1 if word == "a" else 0))
    return value
