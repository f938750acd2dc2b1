"""Cleans a model's free text: no invented figures, no verdict on hiring, no links, no control characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from coach.signals.instructions import find_instructions

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_LEVEL = re.compile(r"\blevels?\s+[0-5](?:\s*(?:to|or|and|-|–)\s*[0-5])?\b", re.IGNORECASE)
_DIGITS = re.compile(
    r"(?P<number>\d++(?:[.,]\d++)*+)"
    r"(?:\s?(?P<scale>k|m|bn|thousand|million|billion)(?![a-z]))?"
    r"(?:\s?(?P<percent>%|percent\b|per cent\b))?",
    re.IGNORECASE,
)
_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
_UNITS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = [
    "ten",
    "eleven",
    "twelve",
    *(f"{w}teen" for w in ("thir", "four", "fif", "six", "seven", "eigh", "nine")),
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SPELLED: dict[str, float] = {
    **{word: value for value, word in enumerate(_UNITS + _TEENS, start=1)},
    **{word: 10 * value for value, word in enumerate(_TENS, start=2)},
    "dozen": 12,
    "hundred": 100,
    **{word: scale for word, scale in _SCALES.items() if len(word) > 2},
}
_TIMES = re.compile(
    r"\b(?:doubl(?:ed?|ing)|tripl(?:ed?|ing)|quadrupled?|twice|halv(?:ed?|ing)|tenfold)\b", re.IGNORECASE
)
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)
_INTERVIEW = r"(?:the|this|your|an?)\s+(?:interview|round|stage|screening)"
_VERDICT = re.compile(
    r"\b(?:"
    r"(?:'d|would|will|should|could|might|may)(?:\s+\w+){0,3}\s+"
    rf"(?:(?:be|get)\s+(?:hired|rejected|shortlisted)|(?:pass|fail)(?=\W*$|\s+{_INTERVIEW}))"
    r"|(?:would|'d)(?:\s+not)?\s+hire|pass(?:es)?\s+" + _INTERVIEW + r"|hireable|job\s+offer"
    r"|recommend\w*(?:\s+\w+){0,4}\s+(?:hire|hiring|candidate|for\s+(?:the|this|a)\s+(?:role|position|job))"
    r"|(?:strong|ideal|perfect|excellent|great|good|weak|poor|best)\s+(?:candidate|hire)\b"
    r"|fit\s+for\s+(?:the|this)\s+(?:role|job|position|company|team)"
    r"|(?:most|highly|well|fully|supremely)\s+qualified(?=\W*$|\s+(?:for|candidate|person|to)\b)"
    r"|hiring\s+(?:decision|recommendation)|(?:get|land|win|lose)\s+(?:the|this)\s+job(?!\s+done)"
    r")",
    re.IGNORECASE,
)
_RUN = 5  # words in a row that no two texts share by chance
_LINK = re.compile(r"://|\bwww\.|</?[a-z]", re.IGNORECASE)


class Number(NamedTuple):
    """A number as a text gives it; 40 and 40 % are two."""

    value: float
    percent: bool


class Cleaned(NamedTuple):
    """A text made fit to show, and how many sentences had to go."""

    text: str
    dropped: int


class Sources:
    """The texts whose figures a model may repeat: the answer, the question, the rubric.

    `refused` are stretches of the answer that speak to a grader: a model that does as they say repeats them.
    """

    def __init__(self, *texts: str, refused: Sequence[str] = ()) -> None:
        joined = "\n".join(texts)
        self._numbers = frozenset(_numbers(joined))
        self._times = frozenset(word.casefold() for word in _TIMES.findall(joined))
        self._refused = [_words(text) for text in refused]

    def allow(self, sentence: str) -> bool:
        """Whether a sentence holds no figure of its own, no verdict on hiring, no link and no order."""
        if self._repeats_an_order(sentence) or _VERDICT.search(sentence) or _LINK.search(sentence):
            return False
        times = {word.casefold() for word in _TIMES.findall(sentence)}
        return times <= self._times and set(_claims(sentence)) <= self._numbers

    def _repeats_an_order(self, sentence: str) -> bool:
        """Whether it shares some words in a row with what speaks to a grader, or speaks to one itself."""
        if not self._refused:
            return False
        words = _words(sentence)
        runs = set(_runs(words, min(_RUN, len(words)))) if len(words) > 2 else set()
        copied = any(runs.intersection(_runs(refused, min(_RUN, len(words)))) for refused in self._refused)
        return copied or bool(find_instructions(sentence))

    def without_orders(self, text: str) -> str:
        """The text without its sentences that hand on what speaks to a grader; lines stay lines."""
        return "\n".join(
            " ".join(one for one in _SENTENCE_END.split(line) if not self._repeats_an_order(one))
            for line in text.splitlines()
        )

    def clean(self, text: str, limit: int, neutral: str) -> Cleaned:
        """The text with `neutral` in place of the first sentence that is not allowed, the others cut.

        The result has at most `limit` characters; a text with nothing left becomes `neutral`.
        """
        kept: list[str] = []
        dropped = 0
        for sentence in filter(None, _SENTENCE_END.split(plain(text))):
            if self.allow(sentence):
                kept.append(sentence)
            else:
                kept += [neutral] if not dropped else []
                dropped += 1
        return Cleaned(_cut(kept, limit) or neutral, dropped)

    def clean_questions(self, texts: tuple[str, ...], most: int, limit: int) -> tuple[str, ...]:
        """One allowed question from each text, `most` in all, none over `limit` characters, none twice."""
        questions: dict[str, str] = {}
        for text in texts:
            question = next((s for s in _SENTENCE_END.split(plain(text)) if s.endswith("?")), "")
            if 10 <= len(question) <= limit and self.allow(question):
                questions.setdefault(question.casefold(), question)
        return tuple(questions.values())[:most]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _runs(words: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    return (tuple(words[start : start + size]) for start in range(len(words) - size + 1))


def plain(text: str) -> str:
    """The text on one line, without control, invisible or unassigned characters."""
    spaced = "".join(" " if c.isspace() else c for c in text)
    visible = "".join(c for c in spaced if not unicodedata.category(c).startswith("C"))
    return " ".join(visible.split())


def _cut(sentences: list[str], limit: int) -> str:
    """As many whole sentences as fit; of a single long one its first words."""
    text = ""
    for sentence in sentences:
        longer = f"{text} {sentence}".strip()
        if len(longer) > limit:
            return text or sentence[: limit - 1].rsplit(" ", 1)[0] + "…"
        text = longer
    return text


def _claims(sentence: str) -> Iterator[Number]:
    """The figures a sentence claims. Counting words under ten are everyday language and are let pass."""
    yield from _numbers(sentence, spelled_from=10)


def _numbers(text: str, spelled_from: float = 1) -> Iterator[Number]:
    text = _LEVEL.sub(" ", text)
    for found in _DIGITS.finditer(text):
        scale = _SCALES.get((found["scale"] or "").casefold(), 1.0)
        yield Number(_value(found["number"]) * scale, bool(found["percent"]))
    yield from _spelled_numbers(text, spelled_from)


def _spelled_numbers(text: str, spelled_from: float) -> Iterator[Number]:
    words = [word.casefold() for word in _WORD.findall(text)]
    for word, following in zip_longest(words, words[1:], fillvalue=""):
        value = _SPELLED.get(word, 0.0)
        if word in _TENS and following in _UNITS:
            value += _SPELLED[following]
        if value >= spelled_from and value:
            percent = following in ("percent", "per")
            yield Number(value, percent)


def _value(digits: str) -> float:
    """Commas part thousands; a lone comma before one or two digits is a decimal one."""
    if re.fullmatch(r"\d+,\d{1,2}", digits):
        return float(digits.replace(",", "."))
    whole = digits.replace(",", "")
    return float(whole) if whole.count(".") < 2 else float(whole.replace(".", ""))
