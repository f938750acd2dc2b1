"""Figures of an answer: amounts joined to their starting value ("from 1.7 % to 2.6 %") and period."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.schema import Figure
from coach.signals.changes import find_change, find_range
from coach.signals.numbers import DURATIONS, Amount, find_amounts
from coach.signals.types import Span

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


_SMALL_VALUE = re.compile(
    r"\b(?:ROAS|return(?:\s+on\s+(?:ad\s+)?(?:spend|ads))?|rating|score|conversions?(?:\s+rate)?|rate|ratio|NPS)\s+(?:[a-z]+\s+){0,2}"
    r"(?:of|at|to|over|under|above|below|was|is|hit|reached|around|about|nearly|almost)\s+(?:about\s+|around\s+|only\s+|like\s+)?\Z",
    re.IGNORECASE,
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
        change = find_change(answer, amounts[number:])
        if change:
            figures.append(_figure(answer, change.start, change.end, change.value, change.unit, change.base))
            number += change.taken
            continue
        span = find_range(answer, amount, amounts[number + 1]) if number + 1 < len(amounts) else None
        if span:
            amount, number = span, number + 1
        if amount.unit or _is_plain_value(answer, amount):
            figures.append(_figure(answer, amount.start, amount.end, amount.value, amount.unit, None))
        number += 1
    return figures


def _is_plain_value(answer: str, amount: Amount) -> bool:
    """A number without a unit that still reads as a value: 10 and more ("twenty" and more in words), with a
    decimal ("at 4.4"), or behind the name of something that is told in small numbers ("a ROAS of 4")."""
    digits = answer[amount.start : amount.end]
    if amount.value > 1 and _SMALL_VALUE.search(answer, max(0, amount.start - 45), amount.start):
        return True
    return amount.value >= (10 if digits[:1].isdigit() else 20) or "." in digits or amount.value % 1 != 0


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
