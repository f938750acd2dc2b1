"""Figures of an answer: amounts joined to their starting value ("from 1.7 % to 2.6 %") and period."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.schema import Figure
from coach.signals.numbers import DURATIONS, Amount, find_amounts, is_duration
from coach.signals.types import Span

# "from A to B", "A -> B", "A to B"; and "B, up from A", "B against A", "B compared with A before".
_RATE = r"(?:\s*(?:per|a|an|each|every|/)\s*(?:day|week|month|quarter|year|visit|order|session|hour))?"
_TO = re.compile(
    rf"{_RATE}\s*(?:[a-z]+\s+)?(?:up\s+|down\s+|right\s+)?(?:to|→|->|=>|into|and\s+ended\s+(?:at|on)|and\s+is\s+now)\s*(?:about|around|roughly|nearly|almost|over|just\s+(?:over|under)|under|some|a\s+little\s+over|close\s+to|approximately)?\s*\Z",
    re.IGNORECASE,
)
_FROM_BEFORE = re.compile(
    r"(?:from|was\s+at|were\s+at|was|were|stood\s+at|of|sat\s+at|at)\s*(?:about|around|roughly|nearly|almost|over|under|just\s+(?:over|under)|some)?\s*\Z",
    re.IGNORECASE,
)
_BACK = re.compile(
    rf"{_RATE}[\s,(]*(?:up|down|risen|fallen|coming|compared\s+(?:to|with)|against|versus|vs\.?|instead\s+of|rather\s+than|rising|dropping|improved)?\s*"
    r"(?:from|to|with|against|versus|vs\.?|of)?\s*(?:about|around|roughly|nearly|almost|over|under)?\s*\Z",
    re.IGNORECASE,
)
_BACK_CUE = re.compile(r"\b(?:from|compared|against|versus|vs|instead|rather)\b", re.IGNORECASE)
# "climbed, $63 to $68" needs no "from".
_MOVED = re.compile(
    r"\b(?:rose|climbed|grew|fell|dropped|improved|increased|decreased|moved|went|came|jumped|lifted|raised|cut|reduced|slid|shrank)\b",
    re.IGNORECASE,
)
_NUMBER = (
    r"(?:\d+(?:[.,]\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|eighteen"
    r"|twenty|ninety|thirty|sixty|the\s+first|the\s+last|the\s+next|the\s+same|half\s+a|a\s+couple\s+of"
    r"|a\s+few|the\s+whole)"
)
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)
_PERIOD = re.compile(
    rf"""\b(?:in|within|over|after|for|during|inside|across|by\s+the\s+end\s+of|under|about|around|through)\s+
        (?:just\s+|only\s+|about\s+|around\s+|roughly\s+|less\s+than\s+|under\s+|the\s+following\s+|the\s+next\s+|the\s+first\s+)*
        (?:(?P<span>{_NUMBER}[\s-]+(?:\w+[\s-]+)?(?:{"|".join(DURATIONS)})\b)
          |(?P<named>(?:the\s+)?(?:first|second|third|fourth|last|next|same|following|whole|spring|summer|autumn|fall|winter|christmas|peak|holiday)\s+(?:{"|".join(DURATIONS)}|sale|peak|trading)\b
          |q[1-4](?:\s+\d{{4}})?|h[12]\b|{_MONTH}(?:\s+\d{{4}})?\b|(?:19|20)\d\d\b|christmas|black\s+friday|diwali|easter|the\s+(?:season|year|quarter|month|semester|spring|summer|autumn|winter)\b))
      |\bby\s+(?P<by>(?:month|week|day|year)\s+(?:\d+|{_NUMBER}))\b
      |\b(?P<compared>year[\s-]on[\s-]year|year[\s-]over[\s-]year|yoy|month[\s-]on[\s-]month|month[\s-]over[\s-]month|mom|quarter[\s-]on[\s-]quarter
          |(?:than|against|on|versus|vs\.?)\s+(?:the\s+)?(?:last|previous|prior)\s+(?:year|month|quarter|season|week|christmas)(?:['’]s)?
          |(?:{_NUMBER}[\s-]+(?:{"|".join(DURATIONS)}))\s+later
          |(?:the|a)\s+(?:year|month|quarter|week|season)\s+(?:after|later|before)
          |(?:per|a|each|every)\s+(?:day|week|month|quarter|year)
          |by\s+(?:the\s+end\s+of\s+)?(?:{_MONTH}|q[1-4]|christmas|summer|spring|autumn|the\s+(?:year|month|quarter|season))\b)""",
    re.IGNORECASE | re.VERBOSE,
)


_RATE_SPAN = re.compile(r"(?:per|a|each|every)\s+(?:day|week|month|quarter|year)\Z", re.IGNORECASE)


def find_figures(answer: str, sentences: Sequence[Span]) -> tuple[Figure, ...]:
    """Figures in order. A figure's period is the time span told in its own sentence, else in the next.

    Bare small numbers without unit ("one of them") are left out unless they are one end of a change.
    """
    amounts = find_amounts(answer)
    joined = _join(answer, amounts)
    periods = find_periods(answer)
    return tuple(_with_period(answer, figure, periods, sentences) for figure in joined)


def find_periods(answer: str) -> tuple[Span, ...]:
    """Where time spans and dates of a change are told: "in six weeks", "by December", "year on year"."""
    found = []
    for match in _PERIOD.finditer(answer):
        name = next(key for key in ("span", "named", "by", "compared") if match[key])
        found.append(Span(*match.span(name)))
    return tuple(found)


def _join(answer: str, amounts: Sequence[Amount]) -> list[Figure]:
    """Amounts as figures; two that are the ends of one change become one figure."""
    figures: list[Figure] = []
    number = 0
    while number < len(amounts):
        amount = amounts[number]
        later = amounts[number + 1] if number + 1 < len(amounts) else None
        pair = _pair(answer, amount, later) if later else None
        if pair:
            figures.append(pair)
            number += 2
            continue
        if amount.unit or _is_plain_value(answer, amount):
            figures.append(_figure(answer, amount.start, amount.end, amount.value, amount.unit, None))
        number += 1
    return figures


def _is_plain_value(answer: str, amount: Amount) -> bool:
    """Digits without a unit that still read as a value: 10 and more, or with a decimal ("at 4.4")."""
    digits = answer[amount.start : amount.end]
    return digits[:1].isdigit() and (amount.value >= 10 or "." in digits)


def _pair(answer: str, first: Amount, second: Amount) -> Figure | None:
    between = answer[first.end : second.start]
    if len(between) > 40 or not _same_measure(first, second):
        return None
    unit = second.unit or first.unit
    if _TO.match(between):
        lead = answer[max(0, first.start - 24) : first.start]
        arrow = "→" in between or "->" in between or "=>" in between
        moved = (
            bool(first.unit)
            and first.unit == second.unit
            and _MOVED.search(answer, max(0, first.start - 60), first.start)
        )
        if moved or arrow or _FROM_BEFORE.search(lead) or "ended" in between or "now" in between:
            opened = re.search(r"\bfrom\s*\w*\s*\Z", lead, re.IGNORECASE)
            start = first.start - (len(lead) - opened.start()) if opened else first.start
            return _figure(answer, start, second.end, second.value, unit, first.value)
        return None
    if _BACK.match(between) and _BACK_CUE.search(between):
        return _figure(answer, first.start, second.end, first.value, unit, second.value)
    return None


def _same_measure(first: Amount, second: Amount) -> bool:
    """Whether two amounts can be the ends of one change."""
    if first.unit == second.unit or not first.unit or not second.unit:
        return True
    return {first.unit, second.unit} == {"%", "pp"} or (is_duration(first.unit) and is_duration(second.unit))


def _figure(answer: str, start: int, end: int, value: float, unit: str, base: float | None) -> Figure:
    quote = answer[start:end]
    return Figure.model_validate(
        {"quote": quote, "start": start, "end": end, "value": value, "unit": unit, "from": base}
    )


def _with_period(answer: str, figure: Figure, periods: Sequence[Span], sentences: Sequence[Span]) -> Figure:
    """The nearest period of the figure's own sentence; a duration is no period of itself."""
    home = next((span for span in sentences if span.start <= figure.start < span.end), None)
    if home is None:
        return figure
    near = [span for span in periods if home.start <= span.start < home.end and not _overlap(span, figure)]
    if not near:
        following = sentences[sentences.index(home) + 1 :][:1] if figure.from_ is not None else []
        near = [span for after in following for span in periods if after.start <= span.start < after.end]
    if not near:
        return figure
    # "350 orders a week in eight weeks": how often it happens says less than how long the change took.
    best = min(
        near,
        key=lambda span: (
            bool(_RATE_SPAN.match(answer, span.start, span.end)),
            abs(span.start - figure.end),
            span.start,
        ),
    )
    return figure.model_copy(update={"period": answer[best.start : best.end]})


def _overlap(span: Span, figure: Figure) -> bool:
    return span.start < figure.end and figure.start < span.end
