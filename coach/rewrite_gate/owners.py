"""Gives every deed of a rewrite back to whoever did it in the answer: "we" stays "we"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from coach.rewrite_gate.evidence import HAD, Evidence
from coach.rewrite_gate.slots import Issue
from coach.rewrite_gate.source import Passage, content_stems
from coach.rewrite_gate.voice import Doer, Voice, acts

# Verbs that take credit for their object, whatever the answer's own verb was.
_CREDIT = frozenset(
    "make_ create build_ set put take_ give_ provid introduc implement apply bring_ gather collect tackl "
    "address start begin_ handl develop launch lead_ run_ manag".split()
)
# "My team" is one that I lead.
_LED = frozenset("team staff department company agenc crew division".split())
_ME = frozenset(("i", "i'm", "who", "that", "which"))
_AGREE = {"was": "were", "am": "are", "i'm": "we're", "i'd": "we'd", "i've": "we've", "i'll": "we'll"}


def find_borrowed_deeds(passage: Passage, voice: Voice, source: Evidence) -> Iterator[Issue]:
    """Where "I" does what the answer tells of others; "we" is restored, other people's work is cut."""
    settled: set[int] = set()
    for place, doer in enumerate(voice.doer):
        pronoun = voice.pronoun[place]
        if doer != "self" or pronoun in settled or not acts(passage, voice, place, source.words):
            continue
        owners = _owners(passage, place, source)
        if not owners or "self" in owners:
            continue
        if "group" in owners and pronoun >= 0:
            settled.add(pronoun)
            yield from _restore_we(passage, pronoun)
        elif passage.stems[place] not in source.words.outcomes:
            yield Issue(place, place + 1, "cut")
    yield from _havings(passage, source, settled)
    yield from _states(passage, source)
    yield from _possessives(passage, source)


def _states(passage: Passage, source: Evidence) -> Iterator[Issue]:
    """ "I was ready" where somebody else was; "asked I to" is nobody's English."""
    for place, token in enumerate(passage.tokens[:-2]):
        behind = passage.tokens[place + 1].lower
        before = passage.tokens[place - 1].lower if place else ""
        if token.lower == "i" and (
            behind in ("to", "i", "of") or before in ("with", "for", "by", "of", "to")
        ):
            yield Issue(place, place + 1, "cut")
        stem = passage.stems[place + 2]
        if token.lower != "i" or behind not in ("was", "am") or not stem:
            continue
        whose = set(_who_is(stem, source))
        if whose and whose.isdisjoint(_ME):
            yield from _restore_we(passage, place) if "we" in whose else [Issue(place, place + 1, "cut")]


def _who_is(stem: str, source: Evidence) -> Iterator[str]:
    """The words before "was ready" in the answer."""
    for found in source.find(stem):
        tokens = source.passages[found.passage].tokens
        if found.token > 1 and tokens[found.token - 1].lower in ("was", "is", "were", "are"):
            yield tokens[found.token - 2].lower
        elif found.token and tokens[found.token - 1].lower in ("am", "i'm"):
            yield "i"


def _havings(passage: Passage, source: Evidence, settled: set[int]) -> Iterator[Issue]:
    """ "I had twelve shops" where the answer has "we had"."""
    for place, token in enumerate(passage.tokens):
        after = passage.tokens[place + 1].lower if place + 1 < len(passage.tokens) else ""
        if token.lower != "i" or after not in HAD or place in settled:
            continue
        owners = source.who_had(content_stems(passage, source.words, place + 2, place + 12))
        if owners == {"group"}:
            yield from _restore_we(passage, place)


def _owners(passage: Passage, place: int, source: Evidence) -> set[Doer]:
    """Who does this verb in the places of the answer that are most about the same things."""
    stem = passage.stems[place]
    places, shared = source.find_deed(passage, place)
    if places and (shared or stem not in source.words.telling):
        return {source.voices[found.passage].doer[found.token] for found in places}
    about = content_stems(passage, source.words, max(0, place - 3), place + 12) - {stem}
    return _owners_of_things(about, source) if stem in _CREDIT else set()


def _owners_of_things(about: set[str], source: Evidence) -> set[Doer]:
    """Who acts in the sentence of the answer that has most of these things."""
    counts = Counter(number for stem in about for number in {found.passage for found in source.find(stem)})
    most = max(counts.values(), default=0)
    if most < 2:
        return set()
    return {
        doer
        for number, count in counts.items()
        if count == most
        for doer, verb in zip(source.voices[number].doer, source.voices[number].verb, strict=True)
        if verb
    } - {""}


def _restore_we(passage: Passage, pronoun: int) -> Iterator[Issue]:
    token = passage.tokens[pronoun]
    yield Issue(pronoun, pronoun + 1, "say", _AGREE.get(token.lower, "we"))
    after = passage.tokens[pronoun + 1 : pronoun + 2]
    if after and after[0].lower in ("was", "am"):
        yield Issue(pronoun + 1, pronoun + 2, "say", _AGREE[after[0].lower])


def _possessives(passage: Passage, source: Evidence) -> Iterator[Issue]:
    """ "my checkout" where the answer has "our checkout", "my team" where it has a team."""
    for place in range(len(passage.tokens) - 1):
        stem = passage.stems[place + 1]
        if passage.tokens[place].lower != "my" or not stem or stem in source.words.telling:
            continue
        whose = {
            source.passages[found.passage].tokens[found.token - 1].lower
            for other in source.words.near.get(stem, frozenset()) | {stem}
            for found in source.find(other)
            if found.token
        }
        if "our" in whose and "my" not in whose:
            yield Issue(place, place + 1, "say", "our")
        elif whose and "my" not in whose and stem in _LED:
            yield Issue(place, place + 1, "say", "the")
