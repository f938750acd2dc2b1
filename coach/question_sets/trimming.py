"""A line of a job description without what only this employer can know: figures, head counts, how often."""

from __future__ import annotations

import re
from collections.abc import Callable

_NUMBER = (
    r"(?:\d[\d.,]*\s?\+?|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty"
    r"|forty|fifty|hundred|dozen)\b)"
)
_AMOUNT = (
    rf"(?:(?:about|around|some|at\s+least|up\s+to|more\s+than|over)\s+)?(?:(?:EUR|GBP|USD|CHF)\s?|[€£$])?{_NUMBER}"
    r"\s?(?:%|k\b|m\b|bn\b|million\b|billion\b|thousand\b)?\s?(?:(?:pounds?|euros?|dollars?|percent|stars?)\b)?"
)
_MONEY = (
    rf"(?:(?:EUR|GBP|USD|CHF)\s?|[€£$]){_NUMBER}\s?(?:k\b|m\b|bn\b|million\b|billion\b)?"
    rf"|{_NUMBER}\s?(?:k|m|bn|million|billion|thousand)?\s?(?:pounds?|euros?|dollars?)\b"
)
_PERIOD = r"(?:days?|weeks?|months?|quarters?|years?)"
_FORM = r"strategy|roadmap|budget|calendar|newsletter|report|plan|scheme|programme|program"
_KINDS_OF_COMPANY = (
    r"charity|company|brand|business|organi[sz]ation|firm|group|shop|store|site|website|web\s+shop"
)
# Names of what may stand for the employer, with at most two words before them.
_OURS = rf"\bour\s+((?:[\w&-]+\s+){{0,2}}(?:{_KINDS_OF_COMPANY}))\b"
_THE_COMPANY = (
    r"\bthe\s+((?:charity|company|brand|business|organi[sz]ation|firm|group)\b)"
    r"(?=\s+(?:to|on|in|against|at|with|for|and)\b|[,.]|$)"
)
_LIST_MARK = r"(?=\s*(?:[,.;]|and\b|or\b|by\b|so\b|to\b|with\b|for\b|in\b|on\b|$))"


def _a(found: re.Match[str]) -> str:
    return f"a {found[1]}"


def _its(found: re.Match[str]) -> str:
    verb = found[2]
    ending = "es" if verb.endswith(("s", "x", "ch", "sh")) else "ies" if verb.endswith("ply") else "s"
    return f"{found[1]}the company {verb[:-1] if ending == 'ies' else verb}{ending}"


_Change = str | Callable[[re.Match[str]], str]
_RULES: tuple[tuple[str, _Change], ...] = (
    (r"\s*[:–—]\s.*$|\s-\s.*$", ""),
    (r"\b(work(?:ing)?)\s+(?:well|closely)\s+with\b", r"\1 with"),
    (r"\broadmap\s+of\b", "roadmap for"),
    (r",\s+which\b.*$", ""),
    (r"\s+at\s+the\s+same\s+time\b|\s+at\s+senior\s+level\b|\s+on\s+a\s+\w+\s+basis\b", ""),
    (r",?\s+with\s+an?\s+(?:[\w-]+\s+){0,3}(?:target|budget|turnover|revenue)\b.*?(?=\s+and\s+be\b|$)", ""),
    (r",?\s+and\s+(?:take|be|have)\s+(?:full\s+)?(?:responsib|accountab)\w+\b.*$", ""),
    (rf"\s+(?:and|with)\s+an?\s+(?:[\w-]+\s+)?budget\s+of\s+(?:{_MONEY}).*$", ""),
    (rf"\s+for\s+a\s+business\s+of\s+(?:{_MONEY}).*$", ""),
    (rf"\b(keep\s+[^,]*?)\s+(?:above|over)\s+{_AMOUNT}{_LIST_MARK}", r"\1 high "),
    (rf"\b(keep(?:ing)?\s+[^,]*?)\s+(?:below|under)\s+{_AMOUNT}(?:\s+an?\s+\w+)?{_LIST_MARK}", r"\1 low "),
    (rf",?\s+(?:once|twice|{_NUMBER}\s+times)\s+(?:a|an|per)\s+\w+\b", ""),
    (rf",?\s+(?:each|every|per)\s+{_PERIOD}\b|\s+(?:daily|weekly|monthly|quarterly|yearly)\s*$", ""),
    (rf"\b{_NUMBER}-(?:day|week|month|year)s?\s+", ""),
    (rf"\bacross\s+{_NUMBER}\s+(?=[a-z])", "across several "),
    (rf"\bteams?\s+of\s+(?:about\s+)?{_NUMBER}(?:\s+people)?(?=\s*(?:[,.;]|and\b|$))", "team"),
    (rf"\bteam\s+of\s+(?:about\s+)?{_NUMBER}\s+", "team of "),
    (rf"\s+of\s+(?:about\s+)?{_NUMBER}\s+[a-z]+\b", ""),
    (
        rf"\s+(?:beyond|over|above|below|under|to|of|by|from|worth|at)\s+(?:{_MONEY})(?:\s+an?\s+{_PERIOD})?",
        "",
    ),
    (rf"\s+(?:beyond|over|above|below|under|to|of|by|from)\s+{_AMOUNT}(?:\s+an?\s+\w+)?{_LIST_MARK}", ""),
    (rf"\b(?:about\s+|around\s+|some\s+)?{_NUMBER}\s+(?=[a-z]+)", ""),
    (r"\b((?:manage|lead|develop|coach)\s+(?:and\s+\w+\s+)?)one\s+", r"\1a "),
    (r"\bour\s+own\b", "the company's own"),
    (_OURS, _a),
    (_THE_COMPANY, _a),
    (rf"\bthe\s+((?:[\w-]+\s+(?:and\s+[\w-]+\s+)?){{0,3}}(?:{_FORM}))\b", _a),
    (r"(\bthat\s+|\bwhat\s+|\bwhere\s+|\bproducts\s+)we\s+([a-z]+)\b", _its),
    (r"\bour\b", "the"),
    (r"\ba\s+(?=(?:[aeio]\w|un(?!i)|hon|A/B|[FHLMNRSX][A-Z])(?<!\bone))", "an "),
    (r"\ban\s+(?=one\b|eu)", "a "),
)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), change) for pattern, change in _RULES[:-2]) + tuple(
    (re.compile(pattern), change) for pattern, change in _RULES[-2:]
)


def trimmed(text: str) -> str:
    """The line without figures, budgets, head counts and frequencies, with "a company" for "our company"."""
    for pattern, change in _COMPILED:
        text = pattern.sub(change, text)
    return re.sub(r"\s+(?=[,;.])", "", " ".join(text.split())).strip(" ,;")
