"""Outcomes, causes, denials and other claims that a rewrite can make with words of the answer's own."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Literal

from coach.rewrite_gate.evidence import Direction, Evidence, find_ends, is_moved
from coach.rewrite_gate.figures import MONTHS, span_of_time
from coach.rewrite_gate.slots import Issue, word_before
from coach.rewrite_gate.source import Passage, clause_start, content_stems, metrics_of, overlap
from coach.rewrite_gate.voice import Voice, acts, is_wished
from coach.rewrite_gate.words import RewriteWords

Fault = Literal["claim", "praise"]

_DIRECTIONS: Mapping[str, tuple[Direction, ...]] = {
    "up": ("up",), "down": ("down",), "better": ("up", "down"),
}  # fmt: skip
_CAUSE = re.compile(
    r"\b(?:as\s+a\s+result|because\s+of|thanks\s+to|due\s+to|owing\s+to|led\s+to|leading\s+to|resulted\s+in"
    r"|resulting\s+in|caus(?:ed|ing)|that\s+is\s+why|that's\s+why|which\s+is\s+why|consequently|therefore|thus"
    r"|hence)\b",
    re.IGNORECASE,
)
_REASONED = re.compile(
    r"\b(?:because|'cause|so|since|as|thanks|due|result\w*|led|lead|caus\w+|why|therefore|thus|hence|accordingly"
    r"|consequently|from\s+that|meant|meaning|made)\b",
    re.IGNORECASE,
)
_FEWEST_OF_CAUSE = 2  # words of a cause that the answer reasons about
_PAST = ("last", "previous", "past")
_WITHIN = ("in", "within", "inside")
_ONE = ("a", "an", "the", "one")
_COMING = ("next", "following", "coming")
# "All customers" are more than "eighteen"; the answer must have such a word for them as well.
_ALL = frozenset("all every everyone everybody everything".split())
_LIKE_ALL = _ALL | {
    "each",
    "whole",
    "entire",
    "full",
    "always",
    "both",
    "any",
    "anyone",
    "whoever",
    "whatever",
}
_NONE = {
    "nobody": ("nobody", "none"), "none": ("none", "nobody", "no"), "nothing": ("nothing", "none", "no"),
    "never": ("never", "not", "didn't", "don't"),
}  # fmt: skip
# "worked with", "worked on" tell how; "it worked" is a result.
_WORKED = frozenset("with on closely together at for in out through as from to".split())


def outcome_at_fault(passage: Passage, place: int, voice: Voice, source: Evidence) -> Fault | None:
    """An outcome needs one like it in the answer, told of something that this sentence tells it of. A fault
    that is only praise can be left out where the sentence stands without it."""
    kind = source.words.outcomes[passage.stems[place]]
    if kind in ("up", "down") and _runs_against(passage, place, kind):
        return "claim"
    metrics = _metrics(passage, place, source.words)
    told_of_figure = kind in ("up", "down") and bool(metrics) and voice.verb[place]
    if not told_of_figure and _is_said_so(passage, place, source):
        return "claim" if told_otherwise(passage, place, voice, source) else None
    about = content_stems(passage, source.words, max(0, place - 10), place + 11)
    about -= source.words.outcomes.keys()
    if kind == "won" or not about or (kind == "better" and not metrics):
        return "praise"
    if source.tells_change(_DIRECTIONS[kind], about, metrics) or _tells_numbers(passage, place, kind):
        return None
    wished = voice.modal[place] or is_wished(passage, place)
    return None if wished and overlap(source.words, about, source.stems) else "praise"


def grammar_at_fault(passage: Passage, place: int, source: Evidence) -> Issue | None:
    """ "Sales went up" claims an outcome, "all customers" an amount, though each of the words is plain."""
    word = passage.tokens[place].lower
    if word in _ALL and not _says_all(passage, place, source):
        return Issue(place, place + 1, "cut")
    if word in _NONE and source.plain.isdisjoint(_NONE[word]):
        return Issue(place, place + 1, "cut")
    if not is_moved(passage, place, source.words):
        return None
    about = content_stems(passage, source.words, max(0, place - 10), place + 11)
    direction: Direction = "up" if word == "up" else "down"
    metrics = _metrics(passage, place, source.words)
    if source.tells_change((direction,), about, metrics) and not _runs_against(passage, place, direction):
        return None
    return Issue(place, place + 1, "cut")


def _says_all(passage: Passage, place: int, source: Evidence) -> bool:
    """Whether the answer says "all" or the like of what follows here."""
    words = source.words
    things = [stem for stem in passage.stems[place + 1 : place + 4] if stem and stem not in words.telling]
    if not things:
        return not _LIKE_ALL.isdisjoint(source.plain)
    for other in words.near.get(things[0], frozenset()) | {things[0]}:
        for found in source.find(other):
            tokens = source.passages[found.passage].tokens
            before = tokens[max(0, found.token - 4) : found.token + 1]
            if not _LIKE_ALL.isdisjoint(token.lower for token in before):
                return True
    return False


def find_phrases_at_fault(passage: Passage, source: Evidence) -> Iterator[Issue]:
    """ "On time", "the only": plain words that together claim something the answer does not say."""
    for found in source.words.claims.finditer(passage.text):
        if " ".join(found[0].lower().split()) in source.folded:
            continue
        place = bisect_left(passage.tokens, found.start(), key=lambda token: token.start)
        yield Issue(place, place + 1, "cut")


def find_causes_at_fault(passage: Passage, source: Evidence) -> Iterator[Issue]:
    """ "Which led to", "as a result": the answer must give a reason for some of the same things."""
    for found in _CAUSE.finditer(passage.text):
        place = bisect_left(passage.tokens, found.start(), key=lambda token: token.start)
        end = bisect_left(passage.tokens, found.end(), key=lambda token: token.start)
        if _is_reasoned(passage, end, source):
            continue
        opens = not place and end < len(passage.tokens) and passage.tokens[end].text == ","
        lone = end == place + 1 and passage.tokens[place].lower not in ("caused", "causing")
        yield Issue(place, end, "leave out" if opens or lone else "cut")


def _is_reasoned(passage: Passage, place: int, source: Evidence) -> bool:
    about = content_stems(passage, source.words)
    behind = {stem for stem in passage.stems[place : place + 8] if stem}
    for other in source.passages:
        said = set(other.stems)
        shared = overlap(source.words, behind, said)
        if _REASONED.search(other.text) and shared and shared >= min(len(behind), _FEWEST_OF_CAUSE):
            return overlap(source.words, about, said) >= _FEWEST_OF_CAUSE
    return False


def told_otherwise(passage: Passage, place: int, voice: Voice, source: Evidence) -> bool:
    """Whether the answer only denies what is told here, only wishes for it, or tells what is denied here."""
    stem, words = passage.stems[place], source.words
    if acts(passage, voice, place, words):
        return _done_otherwise(passage, place, voice, source)
    if stem in words.telling:
        return False
    if stem not in words.metrics and not voice.denied[place] and source.is_only("denied", stem):
        return True
    return voice.refused[place] and source.is_never("denied", stem) and source.is_never("modal", stem)


def _done_otherwise(passage: Passage, place: int, voice: Voice, source: Evidence) -> bool:
    """Whether a deed is denied or only wished for in the places that are most about the same things."""
    places, shared = source.find_deed(passage, place)
    voices = [(source.voices[found.passage], found.token) for found in places]
    if not voices or (not shared and passage.stems[place] in source.words.telling):
        return False
    if not voice.denied[place] and all(other.denied[token] for other, token in voices):
        return True
    if voice.refused[place] and not any(other.denied[token] or other.modal[token] for other, token in voices):
        return True
    past = source.words.is_past(passage.tokens[place].lower) and not voice.modal[place]
    own = voice.doer[place] in ("self", "group")
    return past and own and all(other.modal[token] for other, token in voices)


def date_at_fault(passage: Passage, place: int, source: Evidence) -> Issue | None:
    """ "last year" is a date, "in a day" and "within weeks" are spans: the answer must have them, not only a
    year or a day somewhere."""
    word, before = passage.tokens[place].lower, word_before(passage.tokens, place)
    if not (span_of_time(word) or word in MONTHS):
        return None
    if _is_untold_span(passage, place, source):
        return Issue(place - (before in _ONE), place + 1, "slot", "[how long]")
    for same in (_PAST, _COMING, ("first",)):
        if before in same and not any(source.has_pair(back, word) for back in same):
            return Issue(place - 1, place + 1, "slot", "[when]")
    return None


def _is_untold_span(passage: Passage, place: int, source: Evidence) -> bool:
    word, before = passage.tokens[place].lower, word_before(passage.tokens, place)
    if before in _WITHIN:
        return not any(source.has_pair(way, word) for way in _WITHIN)
    if before not in _ONE or word_before(passage.tokens, place - 1) not in _WITHIN:
        return False
    return not any(f"{way} {one} {word}" in source.folded for way in _WITHIN for one in _ONE)


def is_purpose(passage: Passage, place: int, words: RewriteWords) -> bool:
    """Whether a verb tells what something was for ("to ensure"), not what came of it ("which ensured")."""
    if passage.stems[place] not in words.purposes:
        return False
    before = word_before(passage.tokens, place)
    after = passage.tokens[place + 1].lower if place + 1 < len(passage.tokens) else ""
    return before == "to" or (passage.stems[place] == "work" and after in _WORKED)


def _metrics(passage: Passage, place: int, words: RewriteWords) -> frozenset[str]:
    return metrics_of(passage, place, words, clause_start(passage, place, words))


def _runs_against(passage: Passage, place: int, kind: str) -> bool:
    """Whether the change told right behind has the other direction: "rose from 71 to 48"."""
    for old, new in find_ends(passage, place, place + 24):
        if place < min(old.first, new.first) <= place + 8:
            return (new.value > old.value) != (kind == "up")
    return False


def _tells_numbers(passage: Passage, place: int, kind: str) -> bool:
    """Whether the sentence gives the change in numbers, which are checked by themselves."""
    return any(
        abs(new.first - place) < 14 and (kind == "better" or (new.value > old.value) == (kind == "up"))
        for old, new in find_ends(passage, place - 20, place + 20)
    )


def _is_said_so(passage: Passage, place: int, source: Evidence) -> bool:
    """Whether the answer has this very word near to a thing that is near to it here."""
    stem = passage.stems[place]
    about = content_stems(passage, source.words, max(0, place - 6), place + 7) - {stem}
    after = passage.tokens[place + 1].lower if place + 1 < len(passage.tokens) else ""
    for found in source.find(stem):
        other = source.passages[found.passage]
        following = other.tokens[found.token + 1].lower if found.token + 1 < len(other.tokens) else ""
        if stem == "lead_" and (after == "to") != (following == "to"):
            continue
        near = source.beside(found, 8) if source.words.outcomes[stem] == "won" else source.around(found, 15)
        if not about or overlap(source.words, about, near):
            return True
    return False
