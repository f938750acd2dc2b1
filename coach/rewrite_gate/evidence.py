"""What the answer tells of deeds and changes, for the claims of a rewrite to be held against."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

from coach.rewrite_gate.figures import Quantity, span_of_time
from coach.rewrite_gate.source import (
    Passage,
    Place,
    Source,
    clause_start,
    content_stems,
    metrics_of,
    overlap,
)
from coach.rewrite_gate.voice import Doer, Voice, is_speaker, is_target, read_voice
from coach.rewrite_gate.words import RewriteWords

Direction = Literal["up", "down"]

HAD = frozenset(("had", "have", "got"))
_MOVES = frozenset("go_ come_ be_ mov creep_ shoot_ jump edg".split())
_BACKWARDS = frozenset("against versus vs compared instead from than".split())
_MOST_HAVINGS = 40
_REACH = 25  # tokens from a change within which its things are named


class Change(NamedTuple):
    """A rise or fall that the answer tells, and where."""

    direction: Direction
    place: Place


class Evidence(Source):
    """The source with its voices and its changes."""

    def __init__(self, words: RewriteWords, texts: Iterable[str]) -> None:
        super().__init__(words, texts)
        self.voices: list[Voice] = [read_voice(passage, words) for passage in self.passages]
        self._havings = list(self._find_havings())[:_MOST_HAVINGS]
        # What each change is about is all that is ever asked of it.
        self._changed: dict[Direction, set[str]] = {"up": set(), "down": set()}
        self._changed_metrics: dict[Direction, set[str]] = {"up": set(), "down": set()}
        for change in self._find_changes():
            self._changed[change.direction] |= self.around(change.place, _REACH)
            self._changed_metrics[change.direction] |= self._metrics_of(change.place)

    def tells_change(
        self, directions: Collection[Direction], about: Collection[str], metrics: Collection[str]
    ) -> bool:
        """Whether the answer tells a change in one of the directions of one of these metrics, or, where none
        is named, near to one of these things."""
        if metrics:
            alike = {other for stem in metrics for other in self.words.alike(stem)}
            return any(not alike.isdisjoint(self._changed_metrics[direction]) for direction in directions)
        return any(overlap(self.words, about, self._changed[direction]) for direction in directions)

    def _metrics_of(self, place: Place) -> frozenset[str]:
        """What the clause of a change says it is of; where it says nothing, all that was told before."""
        passage = self.passages[place.passage]
        start = clause_start(passage, place.token, self.words)
        named = metrics_of(passage, place.token, self.words, start)
        return named or self.told_before(place.passage) & self.words.metrics

    def find_deed(self, passage: Passage, place: int) -> tuple[list[Place], int]:
        """The places of the answer with this verb, or another word for it, that are most about the same
        things as the sentence here, and how many things they share."""
        words, stem = self.words, passage.stems[place]
        about = content_stems(passage, words, max(0, place - 3), place + 12) - {stem}
        best, places = 0, list[Place]()
        for other in words.near.get(stem, frozenset()) | {stem}:
            for found in self.find(other):
                if not self.voices[found.passage].verb[found.token]:
                    continue
                shared = overlap(words, about, self.beside(found, 12))
                if shared > best:
                    best, places = shared, []
                if shared == best:
                    places.append(found)
        return places, best

    def who_had(self, about: Collection[str]) -> set[Doer]:
        """Who has these things in the answer, where it says "I had" or "we had" of them."""
        best, doers = 0, set[Doer]()
        for place, doer in self._havings:
            shared = overlap(self.words, about, self.around(place, 10))
            if shared > best:
                best, doers = shared, set()
            if shared and shared == best:
                doers.add(doer)
        return doers

    def is_only(self, what: Literal["denied", "modal"], stem: str) -> bool:
        """Whether the answer has a stem, and everywhere only denied, or only as what might be done."""
        places = [p for other in self.words.near.get(stem, frozenset()) | {stem} for p in self.find(other)]
        return bool(self.find(stem)) and all(getattr(self.voices[p.passage], what)[p.token] for p in places)

    def is_never(self, what: Literal["denied", "modal"], stem: str) -> bool:
        """Whether the answer has a stem or another word for it, and nowhere denied or as what might be."""
        places = [p for other in self.words.near.get(stem, frozenset()) | {stem} for p in self.find(other)]
        return bool(places) and not any(getattr(self.voices[p.passage], what)[p.token] for p in places)

    def _find_havings(self) -> Iterator[tuple[Place, Doer]]:
        for number, passage in enumerate(self.passages):
            for place in range(1, len(passage.tokens)):
                doer = self.voices[number].doer[place - 1]
                if passage.tokens[place].lower in HAD and is_speaker(passage.tokens[place - 1].lower):
                    yield Place(number, place), doer
            for place, token in enumerate(passage.tokens):
                if token.lower in ("we'd", "i'd", "we've", "i've"):
                    yield Place(number, place), self.voices[number].doer[place]

    def _find_changes(self) -> Iterator[Change]:
        last: dict[tuple[str, str], float] = {}
        for number, passage in enumerate(self.passages):
            for place, direction in find_directions(passage, self.words):
                voice = self.voices[number]
                if not voice.denied[place] and not voice.modal[place]:
                    yield Change(direction, Place(number, place))
            for quantity in passage.quantities:
                if span_of_time(quantity.unit) or is_target(passage, quantity):
                    continue
                start = clause_start(passage, quantity.first, self.words)
                metrics = content_stems(passage, self.words, start, quantity.first) & self.words.metrics
                for key in {(stem, unit) for stem in metrics for unit in quantity.units}:
                    before = last.get(key, quantity.value)
                    if before != quantity.value:
                        up = quantity.value > before
                        yield Change("up" if up else "down", Place(number, quantity.first))
                    last[key] = quantity.value


def find_directions(passage: Passage, words: RewriteWords) -> Iterator[tuple[int, Direction]]:
    """Tokens that tell a rise or fall: "increased", "went up", "doubled", and "from 2 to 3"."""
    for place, stem in enumerate(passage.stems):
        kind = words.outcomes.get(stem, "")
        if kind in ("up", "down"):
            yield place, kind  # type: ignore[misc]
        elif is_moved(passage, place, words):
            yield place, passage.tokens[place].lower  # type: ignore[misc]
    for quantity in passage.quantities:
        if quantity.unit == "x" or passage.tokens[quantity.first].lower.startswith("halv"):
            yield quantity.first, "up" if quantity.unit == "x" else "down"
    for old, new in find_ends(passage):
        yield max(old.first, new.first), "up" if new.value > old.value else "down"


def find_ends(
    passage: Passage, start: int = 0, end: int | None = None
) -> Iterator[tuple[Quantity, Quantity]]:
    """The old and the new value of each change told in numbers ("from 2 to 3", "3 against 2") in tokens
    `start` to `end`."""
    own = passage.quantities
    low = bisect_left(own, start, key=lambda quantity: quantity.first)
    high = len(own) if end is None else bisect_left(own, end, key=lambda quantity: quantity.first)
    for first, second in pairwise(own[low:high]):
        between = {token.lower for token in passage.tokens[first.stop : second.first]}
        if second.linked and first.value != second.value and first.units & second.units:
            yield (first, second) if between.isdisjoint(_BACKWARDS) else (second, first)


def is_moved(passage: Passage, place: int, words: RewriteWords) -> bool:
    """Whether "up" or "down" tells where a figure went, as in "went up" and "sales were down"."""
    tokens = passage.tokens
    if tokens[place].lower not in ("up", "down") or not place:
        return False
    before = words.stem(tokens[place - 1].lower)
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    following = tokens[place + 2].lower if place + 2 < len(tokens) else ""
    idiom = after is not None and (after.lower == "with" or following in ("me", "us", "him", "her", "them"))
    ends = after is None or after.kind != "word" or after.lower in words.function
    return ends and not idiom and (before in _MOVES or before in words.metrics)
