"""The posts of a résumé: who employed the person, as what, and when."""

from __future__ import annotations

import re
from typing import NamedTuple

_MONTH_NAME = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_MONTH = rf"(?:{_MONTH_NAME}|spring|summer|autumn|winter|\d{{1,2}}[/.])"
_YEAR = r"(?:19[6-9]\d|20[0-4]\d)"
_NOW = r"(?:present|today|now|current(?:ly)?|date|ongoing)"
_DATES = re.compile(
    rf"(?P<start>{_MONTH}?\s?{_YEAR})\s*(?:-|–|—|to|until|till)\s*(?P<end>{_MONTH}?\s?{_YEAR}|{_NOW})\b"
    rf"|\bsince\s+(?P<since>{_MONTH}?\s?{_YEAR})\b",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\b(?:manager|assistant|executive|director|head|buyer|analyst|specialist|lead|leader|coordinator"
    r"|officer|intern(?:ship)?"
    r"|trainee|apprentice|consultant|founder|owner|merchandiser|marketer|developer|designer|president"
    r"|vp|chief|c[emotd]o|associate"
    r"|trader|clerk|administrator|engineer|supervisor|representative|adviser|advisor|planner"
    r"|controller|partner|freelancer?"
    r"|working student|copywriter|editor|strategist|picker|cashier|volunteer)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:[,|·•@]|\s[-–—]\s|\bat\b|\bbei\b)\s*")
_LONGEST_HEAD = 16  # words
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


class Post(NamedTuple):
    """A post as the résumé names it; parts that it leaves out are empty. `first` and `last` are years, `last`
    None for a post still held. `years` is how the résumé writes them."""

    employer: str
    title: str
    years: str
    first: int
    last: int | None


def find_post(text: str, above: str = "") -> Post | None:
    """The post that a line is the head of; None for any other line. A line that holds dates alone goes with
    the line `above` it."""
    dates = _DATES.search(text)
    if not dates or len(text.split()) > _LONGEST_HEAD:
        return None
    start = dates["start"] or dates["since"]
    names = _names(text[: dates.start()] + " " + text[dates.end() :])
    if not any(char.isalpha() for name in names for char in name):
        names = _names(above)
    title = next((name for name in names if _TITLE.search(name)), "")
    employer = next((name for name in names if name != title), "")
    return Post(employer, title, dates[0].strip(), _year(start), _last_year(dates["end"] or "now"))


def _names(text: str) -> list[str]:
    parts = _BETWEEN.split(_BRACKETS.sub(" ", text))
    return [part for part in (part.strip(" .:;-–—()[]\t") for part in parts) if re.search(r"[^\W\d_]", part)]


def _year(date: str) -> int:
    return int(re.findall(_YEAR, date)[-1])


def _last_year(date: str) -> int | None:
    return _year(date) if re.search(_YEAR, date) else None
