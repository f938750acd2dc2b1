"""What is wrong with the wording of a question, as far as code can see it."""

from __future__ import annotations

import re
from collections.abc import Callable

MAX_WORDS = 35

_IMPERATIVE = re.compile(
    r"(?:tell|describe|walk|take|think|pick|share|give|explain|show|suppose|imagine|recall|talk)\b", re.I
)
_SECOND_QUESTION = re.compile(
    r"\b(?:and|or) (?:what|how|who|whom|where|when|why|which)\b(?! (?:ever|not)\b)", re.I
)
_CLOSED = re.compile(
    r"(?:did|do|does|is|are|was|were|have|has|had|would|could|will|should) (?:you|your|it)\b", re.I
)
_AN_SOUNDS = re.compile(
    r"(?:[aeio]|u(?!ni|s[ae]|til|topi|k\b|ro)|hour|honest|heir|A/B|[FHLMNRSX][A-Z]+\b|SEO)"
)
_ARTICLE = re.compile(r"\b([Aa]n?) ([\w/'-]+)")
_AGREEMENT = re.compile(
    r"\b(?:you (?:was|is|has)|they (?:was|is|has)|it (?:were|are|have) |(?:he|she) (?:were|are|have)"
    r"|had to \w+ed\b|those \w+ is)\b",
    re.I,
)
_DOUBLED = re.compile(r"\b(?!had\b|that\b)(\w+) \1\b", re.I)
_SLOT = re.compile(r"[{}\[\]<>]|\s{2,}|\s[,.?!]")


def flaws(text: str) -> tuple[str, ...]:
    """Names of what is wrong: too long, no question, several questions, closed, article, agreement, torn."""
    return tuple(name for name, is_wrong in _CHECKS.items() if is_wrong(text))


def _asks_nothing(text: str) -> bool:
    last = re.split(r"(?<=[.?!])\s+", text.strip())[-1]
    return not (last.endswith("?") or (last.endswith(".") and _IMPERATIVE.match(last)))


def _asks_twice(text: str) -> bool:
    return text.count("?") > 1 or bool(_SECOND_QUESTION.search(text))


def _wrong_article(text: str) -> bool:
    for article, word in _ARTICLE.findall(text):
        one_sound = word.lower().startswith(("one", "once", "eu"))
        needs_an = bool(_AN_SOUNDS.match(word)) and not one_sound
        if (article.lower() == "an") != needs_an:
            return True
    return False


_CHECKS: dict[str, Callable[[str], bool]] = {
    "too long": lambda text: len(text.split()) > MAX_WORDS,
    "no question": _asks_nothing,
    "several questions": _asks_twice,
    "closed": lambda text: bool(_CLOSED.match(text)),
    "article": _wrong_article,
    "agreement": lambda text: bool(_AGREEMENT.search(text)),
    "torn": lambda text: bool(_SLOT.search(text) or _DOUBLED.search(text)) or not text[:1].isupper(),
}
