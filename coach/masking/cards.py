"""Reads card numbers: 13 to 19 digits with an issuer's beginning and length that pass the Luhn check."""

from __future__ import annotations

import re

from coach.masking.digits import Run
from coach.masking.view import Found

_CARD_SHAPES = {(4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 3), (4, 4, 4, 1)}
_ISSUERS = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5\d{15}|5[0678]\d{11,17}|2[2-7]\d{14}|3[47]\d{13}|35\d{14}"
    r"|3(?:0[0-5]|[689]\d)\d{11,16}|6\d{12,18}"
)


# A number of an article passes the check one time in ten.
_PRODUCT = re.compile(
    r"\b(?:ean|gtin|isbn|upc|sku|imei|bar\s?code|article|item|product|order|invoice|parcel|tracking)s?"
    r"(?:\s+(?:number|code|no|nr|id)s?)?[\s.:=(#-]*(?:\b(?:is|was)\b\s*)?\Z",
    re.IGNORECASE,
)
_CONTEXT = 40  # characters before a number that can say what it is


def card_at(run: Run, first: int) -> Found | None:
    """The longest card number that starts with this group of a run."""
    lengths: list[int] = []
    best = None
    for last in range(first, len(run)):
        lengths.append(run.length(last))
        if (last > first and run.joint(last) not in (" ", "-")) or sum(lengths) > 19:
            break
        if sum(lengths) >= 13 and _is_card(run, first, last, tuple(lengths)):
            best = last
    return None if best is None else run.found("card", run.start(first), best)


def _is_card(run: Run, first: int, last: int, lengths: tuple[int, ...]) -> bool:
    digits = run.digits(first, last)
    if not _ISSUERS.fullmatch(digits) or not _passes_luhn(digits) or digits.endswith("0" * 8):
        return False
    if not run.is_open(first) or not run.is_whole(last) or not _is_written_so(run, first, last, lengths):
        return False
    return len(digits) > 15 or not _PRODUCT.search(run.before(first, _CONTEXT))


def _is_written_so(run: Run, first: int, last: int, lengths: tuple[int, ...]) -> bool:
    """Whether cards are grouped like this; "45 52 61 38 47 50 44" and "4100 4200 4300 4400" are figures."""
    if len(lengths) == 1:
        return True
    if run.is_round(first, last):
        return False
    spaced = {run.joint(number) for number in range(first + 1, last + 1)} == {" "}
    long = min(lengths) >= 4 and len(lengths) <= 4 and run.stands_alone(first, last)
    return lengths in _CARD_SHAPES or (long and spaced)


def _passes_luhn(digits: str) -> bool:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[::-2])) + sum(doubled)) % 10 == 0
