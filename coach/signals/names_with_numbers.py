"""Numbers that measure nothing: dates, years, ages, times of day, list numbers, versions and names."""

from __future__ import annotations

import re

_YEAR = re.compile(r"(?:19[5-9]\d|20[0-4]\d)\Z")
_ORDINAL_OR_TIME = re.compile(
    r"(?:st|nd|rd|th)\b|\s?(?:am|pm|a\.m|p\.m|o['’]clock)\b|:\d\d|/\d|\.\d{1,2}\.|\.\s?(?:of\s)?(?=\d{4}\b)",
    re.IGNORECASE,
)
# "by month six", "version 3.2": a name's number, unless it is a rate ("per week 40").
_NUMBERED = re.compile(
    r"(?<!per )(?<!each )(?<!every )(?<!a )\b(?:week|month|day|year|version|step|phase|room|page|level|grade"
    r"|chapter|number|no\.|iphone|windows|unit|exit|route|bus)\s\Z",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
)
_MONTH_AFTER = re.compile(rf"\s{_MONTH}\b")
_MONTH_BEFORE = re.compile(rf"\b{_MONTH}\s\Z")
# Sale days are named by their date: "on 11.11", "the 9.9 campaign".
_TWIN_DATE = re.compile(r"([1-9]|1[0-2])\.\1\Z")
_DATE_BEFORE = re.compile(r"\b(?:on|during|before|after|the|for|until|by|since|our)\s\Z", re.IGNORECASE)
_NUMBER = r"[\w-]+"
_AGE_AFTER = re.compile(
    r"[\s-]*(?:years?|yrs?|months?|y\.?o\.?)?[\s-]+(?:olds?\b|of\s+age\b)|[\s-]years?[\s-]old|\s?y\.?o\b"
    r"|\s+years?\s+(?:young)\b",
    re.IGNORECASE,
)
_AGE_BEFORE = re.compile(
    r"\b(?:aged?|age\s+of|(?:at|by|since)\s+(?:the\s+)?age(?:\s+of)?|turned|turning|turn"
    r"|(?:i|he|she)(?:['’](?:m|s)|\s+am|\s+is|\s+was)(?:\s+(?:only|just|about|already|almost|nearly|like))?"
    r"|(?:women|men|people|customers|ladies|them|who\s+(?:are|were))\s+(?:over|under|above|aged|between))\s\Z",
    re.IGNORECASE,
)
_MEASURED_AFTER = re.compile(
    r"\s?(?:[%€£₹$x×]|per\s?cent|points?|k\b|m\b|\.\d|,\d{3}|(?:minutes?|hours?|days?|weeks?|times|orders?|euros?|dollars?"
    r"|pounds?|rupees?|miles|km|clients|units)\b)",
    re.IGNORECASE,
)


def is_name(answer: str, start: int, end: int, digits: str | None) -> bool:
    """Whether the number at `start:end` belongs to a name, a date or a person's age; `digits` is None for
    a number in words."""
    if _is_age(answer, start, end):
        return True
    if _NUMBERED.search(answer, max(0, start - 16), start):
        return True
    return digits is not None and (_is_date(answer, start, end, digits) or _is_label(answer, start, end))


def _is_age(answer: str, start: int, end: int) -> bool:
    if _AGE_AFTER.match(answer, end):
        return True
    before = _AGE_BEFORE.search(answer, max(0, start - 40), start)
    return bool(before) and not _MEASURED_AFTER.match(answer, end)


def _is_date(answer: str, start: int, end: int, digits: str) -> bool:
    if _MONTH_AFTER.match(answer, end) or _MONTH_BEFORE.search(answer, max(0, start - 10), start):
        return True
    if _TWIN_DATE.match(digits) and _DATE_BEFORE.search(answer, max(0, start - 8), start):
        return not _MEASURED_AFTER.match(answer, end)
    # "24-7", "2020-21"
    return bool(_YEAR.match(digits)) and not re.match(r"\s?(?:%|[a-z]+s\b)", answer[end : end + 9] + " ")


def _is_label(answer: str, start: int, end: int) -> bool:
    """A time of day, a list number, or the number in a product's name."""
    after = answer[end : end + 9]
    before = answer[max(0, start - 2) : start]
    if re.match(r":1(?!\d)", after):  # "4:1" is a ratio
        return False
    if _ORDINAL_OR_TIME.match(after) or re.search(r"\d[/:]\Z", before):
        return True
    if before.endswith(("#", "/", "-")) and before[:1].isalpha():
        return True
    line_start = answer.rfind("\n", 0, start) + 1
    return not answer[line_start:start].strip() and after[:1] in (".", ")") and not after[1:2].isdigit()
