"""Reads what tells an interviewer to find something out about an applicant as if it asked "you"."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from coach.question_sets.lawful_rules import LawfulRules
from coach.question_sets.plain_words import Word

_THEY = {
    **dict.fromkeys(("she", "he", "they", "him", "them"), "you"),
    **dict.fromkeys(("her", "his", "their", "hers", "theirs"), "your"),
}
_POINTING = frozenset("the this each every an a all any our".split())
_ABOUT = frozenset("about for on regarding concerning include".split())
# Before an order there stands one of these, or nothing.
_LEADS = frozenset(
    ". , please then will to and always also interviewer interviewers recruiter recruiters".split()
)
_FIND_OUT = _ABOUT | frozenset("if whether how what when where which who".split()) | set(_THEY)
_WORDS_BETWEEN = 7


def about_you(words: list[Word], rules: LawfulRules) -> list[Word]:
    """The words with "you" for the applicant wherever an interviewer is told what to find out."""
    return [word for sentence in _sentences(words) for word in _read(sentence, rules)]


def _sentences(words: list[Word]) -> Iterator[list[Word]]:
    start = 0
    for place, word in enumerate(words, start=1):
        if word.text == ".":
            yield words[start:place]
            start = place


def _read(sentence: list[Word], rules: LawfulRules) -> list[Word]:
    texts = [word.text for word in sentence]
    applicants = rules.words["applicant"]
    you = next((place for place, text in enumerate(texts) if text in ("you", "your")), len(texts))
    is_order = any(_is_order(texts, place, rules) for place in range(you))
    speaks_of_one = any(a in _POINTING and b in applicants for a, b in pairwise(texts))
    if is_order or (speaks_of_one and you == len(texts)):
        return list(_turned(sentence, applicants, is_order))
    return sentence


def _is_order(texts: list[str], place: int, rules: LawfulRules) -> bool:
    if place and texts[place - 1] not in _LEADS:
        return False
    rest = texts[place:]
    if not rules.asking.match(texts[place], "".join(f"{text} " for text in rest[:_WORDS_BETWEEN]), 0):
        return False
    return any(text in _FIND_OUT or text in rules.words["applicant"] for text in rest[:_WORDS_BETWEEN])


def _turned(sentence: list[Word], applicants: frozenset[str], is_order: bool) -> Iterator[Word]:
    texts = [*(word.text for word in sentence), ".", "."]
    they = {*_THEY, *applicants}
    for place, word in enumerate(sentence):
        before, after = texts[place - 1] if place else ".", texts[place + 1]
        if word.text in applicants:
            yield word._replace(text="your" if after == "'s" else "you")
        elif word.text == "'s" and before in they:
            if before not in applicants:
                yield word._replace(text="be")
        elif word.text not in _POINTING or (after not in applicants and before not in _ABOUT):
            yield word._replace(text=_THEY.get(word.text, word.text))
            is_named = after in they or (after in _POINTING and texts[place + 2] in they)
            if is_order and word.text in _ABOUT and not is_named:
                yield word._replace(text="your")
