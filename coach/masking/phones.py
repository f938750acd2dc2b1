"""Reads telephone numbers, and leaves figures alone.

A telephone number needs a sign that no figure has: a plus and a country's code, a leading zero, the grouping
of a country that writes no zero (555-123-4567, 98765 43210), or words that tell it ("call me on ...").
In doubt a number stays: figures are what an answer proves its results with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from coach.masking.digits import Run
from coach.masking.view import Found

_COUNTRY = re.compile(
    r"[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|2[1-6]\d|29[01789]|3[578]\d|42[013]|5[09]\d"
    r"|6[789]\d|8[0578]\d|9[679]\d"
)
# No figure is written like these ...
_WRITTEN = re.compile(
    r"(?:(?:1[ -]?)?(?:\(\d{3}\)[ -]?|\d{3}-)\d{3}-\d{4}|(?:1[ -]?)?\(\d{3}\) ?(?:\d{3} \d{4}|\d{7})"
    r"|(?:1\.)?\d{3}\.\d{3}\.\d{4}|\(\d\d\) ?\d{4,5}-\d{4}|\(\d{3}\) ?\d{3}-\d\d-\d\d)(?!\d)"
)
# ... while several figures in a row, or one that nobody grouped, may look like these.
_SPACED = re.compile(
    r"(?:(?:1 )?\d{3} \d{3} \d{4}|1[3-9]\d \d{4} \d{4}|\d{3}(?: \d\d){3}|\d\d \d{3} \d\d \d\d"
    r"|[6-9]\d{4}(?<!00) \d{5}(?<!00)|1?[2-9]\d\d[1-9]\d{6}|(?:91)?[6-9]\d{9}|1[3-9]\d{9})(?!\d)"
)

_NAMED = r"(?:tel(?:ephone)?|phone|mobile|cell(?:phone)?|contact|whats\s?app|fax|landline|office|home|direct)"
_LEADS_ON = r"[\s.:=(-]*(?:\b(?:is|was|on|at|under|via)\b[\s.:=(-]*){0,2}\Z"
_CUE = re.compile(
    rf"(?:\b{_NAMED}\s+(?:number|no|nr)s?|\b(?:tel|telephone|fax|whats\s?app|dial)"
    r"|\b(?:call|ring|text|phone|reach|contact|whats\s?app|message|sms)\s+(?:me|us|him|her|them)"
    rf"|\bmy\s+(?:number|mobile|cell|phone|whats\s?app))\b{_LEADS_ON}",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\b(?:phone|mobile|cell|contact|call|mob|ph)\b\s*[.:-]*\s*\Z", re.IGNORECASE)
# "Tel.030/1234567", while "AB-0301234567" is no number to call.
_GLUED = re.compile(r"\b(?:tel|phone|fax|mob|mobile|ph|cell|contact|whatsapp)[.-]\Z", re.IGNORECASE)
_ANOTHER = re.compile(r"\s*(?:or|and|,|;|/|&)\s*")
_IDENTIFIER = re.compile(
    r"(?:[#№]|\b(?:(?:order|invoice|ticket|ref|reference|po|sku|upc|ean|gtin|isbn|asin|imei|barcode|batch"
    r"|serial|case|tracking|iban|parcel|shipment|version|id|code)s?(?:\s+(?:number|no|nr|id|code))?"
    r"|(?:account|article|item|part|model|customer|member|employee|policy|product)s?"
    r"\s+(?:number|no|nr|id|code))\b)[\s.:=(#-]*(?:\b(?:is|was)\b\s*)?\Z",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"(?:\b(?:from|to|by|of|over|about|around|than|reached|nearly|almost|roughly|approximately|some|up|down"
    r"|under|above|below|between|total|totall?ed|was|were|exactly|hit|usd|eur|gbp|inr|aud|cad|rs\.?)"
    r"|[~≈<>=x×*$€£₹¥])\s*\Z|\b(?:revenue|turnover|traffic|volume|budget|gmv"
    r"|(?!(?:thi|thu|number|contact|phone|mobile|detail)s\b)[a-z]{3,}s)\b\s*[:=]?\s*\Z",
    re.IGNORECASE,
)
_AFTER_NUMBER = re.compile(r"\d[\d.]*(?:\s*[,;—-]\s*|\s+)(?:(?:and|or|to)\s+)?[$€£₹]?\Z")
_BEFORE_NUMBER = re.compile(r"(?:\s*[,;—-]\s*|\s+)(?:(?:and|or|to)\s+)?[$€£₹]?\d")
_CONTEXT = 40  # characters before a number that can say what it is


def phone_at(run: Run, first: int, told: Collection[str], previous: Found | None) -> Found | None:
    """The telephone number that starts with this group of a run; `previous` is the item before it."""
    if not run.is_whole(first) or not (run.is_open(first) or _GLUED.search(run.before(first, _CONTEXT))):
        return None
    plus = run.plus(first)
    if plus is not None:
        cued = bool(_CUE.search(run.plain, max(0, plus - _CONTEXT), plus))
        last = _international(run, first, cued)
        return None if last is None else run.found("phone", plus, last)
    for shape in _shapes(run, first, previous):
        last = shape(run, first)
        if last is not None:
            return run.found("phone", run.opening(first), last)
    if not told:
        return None
    last = run.take(first, 15)
    item = run.found("phone", run.opening(first), last)
    return item if item.plain in told and not run.is_measured(last) else None


_Shape = Callable[[Run, int], int | None]


def _shapes(run: Run, first: int, previous: Found | None) -> tuple[_Shape, ...]:
    """What a number may look like to be one to call, given what stands around it."""
    before = run.before(first, _CONTEXT)
    if _CUE.search(before):
        return _with_zero, _written, _told_to_be_one
    if _IDENTIFIER.search(before):
        return ()
    if previous and _is_another(run, first, previous):
        return _with_zero, _written, _told_to_be_one
    if _COUNTED.search(before) or _is_listed(run, first, before):
        return _with_zero, _written
    return _with_zero, _written, _spaced, *([_labelled] if _LABEL.search(before) else [])


def _is_another(run: Run, first: int, previous: Found) -> bool:
    """Whether this goes on from a telephone number: "... or 612 345 679"."""
    start = run.opening(first)
    goes_on = start > previous.end and _ANOTHER.fullmatch(run.plain, previous.end, start)
    count = run.count(first, run.take(first, 15))
    return bool(goes_on) and previous.kind == "phone" and count == sum(map(str.isdigit, previous.plain))


def _is_listed(run: Run, first: int, before: str) -> bool:
    """Whether another number stands beside this one: "580, 2173749454 and 600"."""
    end = run.end(run.take(first, 15))
    return bool(_AFTER_NUMBER.search(before) or _BEFORE_NUMBER.match(run.plain, end))


def _international(run: Run, first: int, cued: bool) -> int | None:
    """+49 151 23456789, +1 (555) 123-4567: what follows the plus."""
    country = _COUNTRY.match(run.digits(first, run.take(first, 15)))
    if not country:
        return None
    one_length = country[0] in ("1", "7")
    last = run.take(first, 11 if one_length else 15)
    count = run.count(first, last)
    if one_length and count != 11:
        return None
    if cued:
        return last if 7 <= count <= 15 else None
    is_figure = _is_amount(run, first, last) or run.is_range(first, last)
    return last if 9 <= count <= 15 and not is_figure else None


def _is_amount(run: Run, first: int, last: int) -> bool:
    """Whether digits after a plus are a figure: "+12 500 000", "+250000000"."""
    digits = run.digits(first, last)
    if first == last:
        return digits.endswith("0000" if len(digits) < 11 else "000000") or run.is_measured(last)
    if run.is_thousands(first, last):
        ungrouped = digits[0] in "17" and run.length(first) > 1  # "+12 345 678 901" parts no country's code
        return len(digits) < 11 or ungrouped or digits.endswith("000") or run.is_measured(last)
    return False


def _with_zero(run: Run, first: int) -> int | None:
    """0151 23456789, (030) 123-4567, 01 23 45 67 89, 0049 151 23456789."""
    opening = run.digits(first, first)
    if not re.match(r"0[1-9]|00[1-9]|00$", opening) or run.is_tail(first):
        return None
    abroad = opening.startswith("00")
    last = run.take(first, 17 if abroad else 12)
    digits = run.digits(first, last)
    fits = 11 <= len(digits) <= 17 if abroad else 9 <= len(digits) <= 12
    if not fits or digits.startswith("000") or run.continues(last) or run.is_shift(first, last):
        return None
    if run.has_date(first, last) or run.is_mixed(first, last):
        return None
    pairs = all(run.length(number) == 2 for number in range(first, last + 1))
    if pairs and (last - first != 4 or not run.stands_alone(first, last) or run.counts_up(first, last)):
        return None
    return last


def _written(run: Run, first: int) -> int | None:
    """555-123-4567, (555) 123-4567, 555.123.4567, 1-555-123-4567, (11) 96123-4567."""
    last = _last_of(run, first, _WRITTEN)
    if last is None or not run.is_whole(last) or run.continues(last) or run.is_round(first, last):
        return None
    return last


def _spaced(run: Run, first: int) -> int | None:
    """555 123 4567, 131 2345 6789, 612 34 56 78, 98765 43210, 9876543210."""
    last = _last_of(run, first, _SPACED)
    if last is None or not run.is_whole(last) or not run.stands_alone(first, last):
        return None
    return None if run.is_round(first, last) or run.is_measured(last) else last


def _last_of(run: Run, first: int, pattern: re.Pattern[str]) -> int | None:
    """The last group of what the pattern matches from this group on."""
    match = pattern.match(run.plain, run.opening(first))
    return None if match is None else run.after(match.end()) - 1


def _told_to_be_one(run: Run, first: int) -> int | None:
    """Whatever words tell to be a number to call; 7 to 15 digits."""
    last = run.take(first, 15)
    count = run.count(first, last)
    if not 7 <= count <= 15 or run.continues(last) or run.is_measured(last):
        return None
    if run.has_date(first, last) or run.are_years(first, last) or run.is_shift(first, last):
        return None
    if run.is_mixed(first, last) or (count < 9 and run.is_range(first, last)):
        return None
    grouped = run.is_thousands(first, last) and (count < 8 or run.digits(last, last) == "000")
    return None if grouped and count < 9 else last


def _labelled(run: Run, first: int) -> int | None:
    """ "Phone: 612 34 56 78", "call 555-0199"; a label alone also stands before figures."""
    last = _told_to_be_one(run, first)
    if last is None or not run.stands_alone(first, last) or run.is_round(first, last):
        return None
    pairs = max(run.length(number) for number in range(first, last + 1)) < 3
    if pairs or run.is_thousands(first, last) or run.is_range(first, last):
        return None
    local = re.fullmatch(r"\d{3}-0\d{3}", run.plain[run.start(first) : run.end(last)])
    return last if local or run.count(first, last) >= 9 else None
