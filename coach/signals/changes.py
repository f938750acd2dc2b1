"""Two amounts that are the ends of one change: "from 1.7 % to 2.6 %", "was 4 days, now 1", "$118, it had
been $97"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from coach.signals.numbers import Amount
from coach.signals.units import is_duration, seconds_in

LONGEST_BETWEEN = 60

_RATE = (
    r"(?:\s*(?:per|a|an|each|every|/)\s*(?:day|week|month|quarter|year|visit|order|session|hour|head|customer))?"
    r"(?:\s+(?:on|in)\s+(?:average|total|mobile|desktop|phones?|search))?"
)
_ABOUT = (
    r"(?:\s*(?:about|around|roughly|nearly|almost|over|under|some|only|just|approximately|maybe|like|say|at\s+least"
    r"|(?:just|slightly|well|a\s+(?:little|bit|touch|shade))?\s*(?:over|under|above|below|more\s+than|less\s+than)"
    r"|close\s+to|something\s+like|a\s+(?:little|bit|touch|shade)|~))*\s*\Z"
)
_IT = r"(?:(?:it|that|this|they|we|which|there)\s*(?:['’]s|['’]re|\s)\s*)?"
_BE = (
    r"(?:(?:is|are|was|were|been|be|had\s+been|has\s+been|takes?|took|stands?|stood|sits?|sat|stayed|comes?"
    r"|came)\s+)?"
)
_EARLY = (
    r"(?:before(?:hand)?|then|previously|at\s+first|initially|originally|earlier|at\s+the\s+(?:start|beginning|time)"
    r"|in\s+the\s+beginning|when\s+(?:i|we)\s+(?:started|began|joined|came|arrived|took\s+over))"
)
# Between start and outcome.
_TO = re.compile(
    rf"{_RATE}\s*(?:[a-z]+\s+)?(?:(?:all\s+the\s+way\s+)?(?:up|down|back|right)\s+)?(?:to|→|->|=>|into"
    rf"|and\s+ended\s+(?:up\s+)?(?:at|on)|and\s+(?:is|are|was|were)\s+(?:then|later)?\s*){_ABOUT}",
    re.IGNORECASE,
)
_NOW = re.compile(
    rf"{_RATE}(?:\s+{_EARLY})?[\s,;–—-]*(?:and|but|then)?\s*{_IT}{_BE}(?:(?:now|today)[\s,]*|(?<=now)\s){_IT}{_BE}"
    rf"(?:(?:down|up)\s+)?(?:to|at|on)?{_ABOUT}",
    re.IGNORECASE,
)
_EARLY_THEN = re.compile(
    rf"{_RATE}\s+{_EARLY}[\s,;–—-]*(?:and|but|then)\s+(?:then\s+)?{_IT}{_BE}(?:(?:up|down)\s+)?(?:to|at)?{_ABOUT}",
    re.IGNORECASE,
)
_THEN_TO = re.compile(
    rf"{_RATE}[\s,]*(?:and\s+)?(?:then|finally|later)\s+(?:(?:up|down)\s+)?to{_ABOUT}", re.IGNORECASE
)
_AS_PERIOD = re.compile(r"\b(?:in|within|over|after|inside)\s+(?:just\s+|only\s+|about\s+)?\Z", re.IGNORECASE)
# Before the start.
_FROM_BEFORE = re.compile(
    r"(?:from|was\s+at|were\s+at|was|were|stood\s+at|of|sat\s+at|at|used\s+to\s+(?:be|take)(?:\s+at)?|took|had\s+been(?:\s+at)?)"
    rf"{_ABOUT}",
    re.IGNORECASE,
)
_FROM_WORD = re.compile(r"\bfrom\s*(?:\w+\s+){0,3}\w*\s*\Z", re.IGNORECASE)
# "climbed, $63 to $68" needs no "from".
_MOVED = re.compile(
    r"\b(?:rose|climbed|grew|fell|dropped|improved|increased|decreased|moved|went|came|jumped|lifted|raised|cut|reduced|slid|shrank|passed)\b",
    re.IGNORECASE,
)
# Between outcome and start.
_BACK = re.compile(
    rf"{_RATE}[\s,(–—-]*(?:up|down|risen|fallen|coming|compared\s+(?:to|with)|against|versus|vs\.?|instead\s+of|rather\s+than"
    r"|rising|dropping|improved)?\s*(?:from|to|with|against|versus|vs\.?|of)?"
    rf"(?:\s+(?:the|our|its|their|a|an)\b)?(?:\s+(?:usual|old|original|previous|initial|earlier|former)\b)?{_ABOUT}",
    re.IGNORECASE,
)
_BACK_CUE = re.compile(r"\b(?:from|compared|against|versus|vs|instead|rather)\b", re.IGNORECASE)
_HAD_BEEN = re.compile(
    rf"{_RATE}[\s,;(–—-]*(?:and\s+|but\s+)?(?:"
    rf"{_IT}(?:had\s+been|used\s+to\s+be|was\s+(?:previously|originally|initially)|were\s+(?:previously|originally|initially))"
    rf"|(?:before|previously|earlier)(?:\s+(?:that|it))?[\s,]*{_IT}{_BE}"
    rf"|(?:where|when|while|whereas)\s+(?:[\w'’-]+\s+){{1,4}}(?:had\s+been|used\s+to\s+be|was|were)"
    rf"|(?:the|our)\s+(?:old|other|original|previous)\s+(?:[\w'’-]+\s+){{1,2}}{_BE}"
    rf"|was\s+(?=[^A-Za-z]*\Z))\s*(?:at)?{_ABOUT}",
    re.IGNORECASE,
)


class Change(NamedTuple):
    """Where a change is told, its outcome, unit and start, and how many amounts it takes."""

    start: int
    end: int
    value: float
    unit: str
    base: float
    taken: int


def find_change(answer: str, amounts: Sequence[Amount]) -> Change | None:
    """The change that the first of the amounts is an end of; None when there is none."""
    if len(amounts) < 2:
        return None
    first, second = amounts[:2]
    between = answer[first.end : second.start]
    if len(between) > LONGEST_BETWEEN or not _same_measure(first, second) or re.search(r"[.!?]\s", between):
        return None
    if (
        is_duration(first.unit)
        and not second.unit
        and _AS_PERIOD.search(answer, max(0, first.start - 24), first.start)
    ):
        return None  # "in six weeks, it used to be 1.7": the time it took is no end of it
    if _goes_on(answer, first, second, between):
        last, taken = _last_stop(answer, amounts)
        lead = answer[max(0, first.start - 40) : first.start]
        opened = _FROM_WORD.search(lead)
        start = first.start - (len(lead) - opened.start()) if opened else first.start
        unit = last.unit or first.unit
        return Change(start, last.end, _value(answer, last, first), unit, _base(answer, first, last), taken)
    if (_BACK.match(between) and _BACK_CUE.search(between)) or _HAD_BEEN.match(between):
        unit = first.unit or second.unit
        return Change(first.start, second.end, first.value, unit, _base(answer, second, first), 2)
    return None


def find_range(answer: str, first: Amount, second: Amount) -> Amount | None:
    """ "12 to 15 percent", "between 10 and 15 units" as one amount with the value in the middle."""
    between = answer[first.end : second.start].strip().lower()
    spanned = re.search(
        r"\bbetween\s*(?:\w+\s+)?\Z", answer[max(0, first.start - 20) : first.start], re.IGNORECASE
    )
    if not (between == "and" and spanned) and not (between in ("to", "or", "-", "–") and not first.unit):
        return None
    if not (first.value < second.value and _same_measure(first, second) and second.unit):
        return None
    return Amount(first.start, second.end, (first.value + second.value) / 2, second.unit)


def _goes_on(answer: str, first: Amount, second: Amount, between: str) -> bool:
    """Whether the second amount is what the first became."""
    lead = answer[max(0, first.start - 40) : first.start]
    if _NOW.match(between) or _EARLY_THEN.match(between):
        return True
    if not _TO.match(between):
        return False
    moved = (
        bool(first.unit)
        and first.unit == second.unit
        and _MOVED.search(answer, max(0, first.start - 60), first.start)
    )
    arrow = any(sign in between for sign in ("→", "->", "=>"))
    said = re.search(r"\b(?:ended|later|then)\b", between)
    if re.match(r"\s*and\b", between) and not said:
        return False
    return bool(moved or arrow or _FROM_BEFORE.search(lead) or _FROM_WORD.search(lead) or said)


def _last_stop(answer: str, amounts: Sequence[Amount]) -> tuple[Amount, int]:
    """The end of a change told in steps, "from 14 to 12 and then to 9"."""
    taken = 2
    while taken < len(amounts):
        before, after = amounts[taken - 1 : taken + 1]
        if not (_same_measure(before, after) and _THEN_TO.match(answer[before.end : after.start])):
            break
        taken += 1
    return amounts[taken - 1], taken


def _same_measure(first: Amount, second: Amount) -> bool:
    """Whether two amounts can be the ends of one change."""
    if first.unit == second.unit or not first.unit or not second.unit:
        return True
    return {first.unit, second.unit} == {"%", "pp"} or (is_duration(first.unit) and is_duration(second.unit))


def _base(answer: str, start: Amount, outcome: Amount) -> float:
    """The start in the unit of the outcome: "from 90 seconds to 2 minutes"."""
    if is_duration(start.unit) and is_duration(outcome.unit):
        return round(start.value * seconds_in(start.unit) / seconds_in(outcome.unit), 3)
    written = answer[start.start : start.end]
    if not start.unit and outcome.value >= 1000 and re.fullmatch(r"\d{1,3}\.\d{3}", written):
        return start.value * 1000
    return start.value


def _value(answer: str, outcome: Amount, start: Amount) -> float:
    """The outcome with the magnitude that is said only once: "from two thousand to over four"."""
    said = re.search(
        r"(thousand|million|lakh|crore|grand)s?\b", answer[start.start : start.end], re.IGNORECASE
    )
    small = not outcome.unit and outcome.value < 100 and start.value >= 1000
    if not (said and small):
        return outcome.value
    scale = {"thousand": 1e3, "grand": 1e3, "lakh": 1e5, "million": 1e6, "crore": 1e7}[said[1].lower()]
    return outcome.value * scale
