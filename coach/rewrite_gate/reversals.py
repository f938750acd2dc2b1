"""Finds what a rewrite turns round with words that are all the answer's own: a denial that is dropped or
added, "before" for "after", "rose" for "fell", the old value for the new one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from coach.rewrite_gate.evidence import Direction, Evidence, find_directions, find_ends
from coach.rewrite_gate.figures import SIGNS, Quantity
from coach.rewrite_gate.slots import Issue, slot_for_number
from coach.rewrite_gate.source import Passage
from coach.rewrite_gate.voice import NEGATORS, TURNED_AWAY

_OPPOSITES = (
    "before after", "with without", "above below", "over under", "more less", "more fewer", "higher lower",
    "everybody nobody", "everyone nobody", "always never", "earlier later", "first last", "best worst",
    "biggest smallest", "cheaper dearer", "most least", "up down", "inside outside",
)  # fmt: skip
_OPPOSITE: Mapping[str, frozenset[str]] = {
    word: frozenset(other for pair in _OPPOSITES if word in pair.split() for other in pair.split()) - {word}
    for word in {word for pair in _OPPOSITES for word in pair.split()}
}
# Of these a "rose" says too little: many a figure is a rate.
_HEADS = frozenset("rat valu scor shar cost tim number pag averag".split())
_BREAKS = frozenset(", ; : . - ( ) but so because and".split())
_STOPS = frozenset(",;:.!?()")
_AUXILIARIES = frozenset("do does did is are was were can could will would had has have".split())
_LONGEST_LINK = 4  # tokens from "before" to what it is before
_NEAR_CHANGE = 5  # tokens from "rose" to its figure
_DENIED_WITHIN, _MAY_BE_DENIED = 3, 8  # words

Words = tuple[str, str, str]


class Turns:
    """What an answer says of each run of three words, each link and each figure, to be compared."""

    def __init__(self, source: Evidence) -> None:
        self._source = source
        self._denied: dict[Words, set[bool]] = {}
        self._maybe: dict[Words, set[bool]] = {}
        self._auxiliaries: dict[tuple[str, str], set[bool]] = {}
        self._sides: dict[Words, set[float]] = {}
        self._links: set[tuple[str, str]] = set()
        self._figures: dict[tuple[float, str], set[Direction]] = {}
        self._subjects: dict[str, set[Direction]] = {}
        self._ends: set[tuple[float, float]] = set()
        for passage in source.passages:
            for words, place in _runs(passage):
                self._denied.setdefault(words, set()).add(_is_denied(passage, place))
                self._maybe.setdefault(words, set()).add(_may_be_denied(passage, place))
            for pair, denied, _ in _auxiliaries(passage):
                self._auxiliaries.setdefault(pair, set()).add(denied)
            self._links.update(link for link, _ in _links(passage))
            for direction, place, figure in _moves(passage, source):
                if figure:
                    self._figures.setdefault(figure, set()).add(direction)
                if subject := _subject(passage, place):
                    self._subjects.setdefault(subject, set()).add(direction)
            for quantity in passage.quantities:
                for side in _sides(passage, quantity):
                    self._sides.setdefault(side, set()).add(quantity.value)
            self._ends.update((old.value, new.value) for old, new in find_ends(passage))

    def find_at_fault(self, passage: Passage) -> Iterator[Issue]:
        """Where a sentence says the contrary of what the answer says with the same words."""
        yield from self._denials(passage)
        for (word, other), place in _links(passage):
            if (word, other) not in self._links and any((w, other) in self._links for w in _OPPOSITE[word]):
                yield Issue(place, place + 1, "cut")
        for direction, place, figure in _moves(passage, self._source):
            told = self._figures.get(figure, set()) if figure else set()
            told = told or self._subjects.get(_subject(passage, place), set())
            if told and direction not in told:
                yield Issue(place, place + 1, "cut")
        yield from self._moved_figures(passage)

    def _moved_figures(self, passage: Passage) -> Iterator[Issue]:
        """Figures in another's place, between the words that stand around that one in the answer."""
        for quantity in passage.quantities:
            sides = _sides(passage, quantity)
            there = [self._sides.get(side, set()) for side in sides]
            if there and all(values and quantity.value not in values for values in there):
                yield slot_for_number(passage, quantity, self._source)
        for old, new in find_ends(passage):
            if self._is_another_change(old, new):
                yield Issue(old.first, old.first + 1, "cut")

    def _denials(self, passage: Passage) -> Iterator[Issue]:
        """Denials that are dropped or added."""
        for pair, denied, place in _auxiliaries(passage):
            if self._auxiliaries.get(pair, {denied}) == {not denied}:
                yield Issue(place, place + 1, "cut")
        for words, place in _runs(passage):
            dropped = self._denied.get(words) == {True} and not _may_be_denied(passage, place)
            added = self._maybe.get(words) == {False} and _is_denied(passage, place)
            if dropped or added:
                yield Issue(place, place + 1, "cut")

    def _is_another_change(self, old: Quantity, new: Quantity) -> bool:
        """Whether the answer has this change the other way round, or one end of it with another one."""
        pair = (old.value, new.value)
        if pair in self._ends:
            return False
        return pair[::-1] in self._ends or (
            bool(self._source.quantities(old.value)) and any(new.value == other for _, other in self._ends)
        )


def _key(passage: Passage, place: int) -> str:
    token = passage.tokens[place]
    if place in passage.numbers:
        return "#"
    return passage.stems[place] or (token.lower if token.kind == "word" else "")


def _runs(passage: Passage) -> Iterator[tuple[Words, int]]:
    """Three words in a row, none of them a denial and one of them no grammar, and where they begin."""
    for place in range(len(passage.tokens)):
        words: list[str] = []
        for own in range(place, min(place + 3, len(passage.tokens))):
            if passage.tokens[own].text in _STOPS or _denies(passage, own):
                break
            words.append(_key(passage, own))
        first, second, third = [*words, "", "", ""][:3]
        if second and any(passage.stems[place : place + len(words)]):
            yield (first, second, third), place


def _auxiliaries(passage: Passage) -> Iterator[tuple[tuple[str, str], bool, int]]:
    """An auxiliary with the word behind it, whether it is denied, and where: "did not want", "could find"."""
    for place, token in enumerate(passage.tokens):
        word, after = token.lower, place + 1
        denied = word.endswith("n't") or word == "cannot"
        word = {"can't": "can", "cannot": "can", "won't": "will"}.get(word, word.removesuffix("n't"))
        if word not in _AUXILIARIES:
            continue
        if after < len(passage.tokens) and passage.tokens[after].lower == "not":
            denied, after = True, after + 1
        if after < len(passage.tokens) and (key := _key(passage, after)):
            yield (word, key), denied, place


def _denies(passage: Passage, place: int) -> bool:
    word = passage.tokens[place].lower
    if word == "not" and place and passage.tokens[place - 1].lower == "if":
        return False  # "if not, they leave"
    return word in NEGATORS or bool(re.fullmatch(r"\w+n't", word))


def _is_denied(passage: Passage, place: int) -> bool:
    """Whether a denial stands right before a run of words: "did not change the price"."""
    for back in range(place - 1, max(-1, place - 1 - _DENIED_WITHIN), -1):
        if passage.tokens[back].lower in _BREAKS:
            return False
        if _denies(passage, back):
            return place - back == 1 or passage.tokens[back].lower not in ("no", "without", "nothing", "none")
    return False


def _may_be_denied(passage: Passage, place: int) -> bool:
    """Whether the words around may deny a run of words."""
    near = range(max(0, place - _MAY_BE_DENIED), min(len(passage.tokens), place + 3 + _DENIED_WITHIN))
    return any(_denies(passage, n) or passage.tokens[n].lower in TURNED_AWAY for n in near)


def _links(passage: Passage) -> Iterator[tuple[tuple[str, str], int]]:
    """ "before" with what it is before, and the like."""
    values = {n: f"#{q.value}" for q in passage.quantities for n in range(q.first, q.last + 1)}
    for place, token in enumerate(passage.tokens):
        if token.lower not in _OPPOSITE:
            continue
        none = (
            token.lower == "with"
            and place + 1 < len(passage.tokens)
            and passage.tokens[place + 1].lower == "no"
        )
        word = "without" if none else token.lower
        for after in range(place + 1, min(place + 1 + _LONGEST_LINK, len(passage.tokens))):
            other = passage.tokens[after]
            if other.text in ",;:.!?":
                break
            if passage.stems[after] or after in values or other.text[0].isupper():
                yield (word, values.get(after) or _key(passage, after)), place
                break


def _moves(passage: Passage, source: Evidence) -> Iterator[tuple[Direction, int, tuple[float, str] | None]]:
    """Each rise or fall that a sentence names by a word, where, and the figure right behind it."""
    for place, direction in find_directions(passage, source.words):
        if place in passage.numbers:
            continue
        behind = (q for q in passage.quantities if place < q.first <= place + _NEAR_CHANGE)
        first = next(behind, None)
        yield direction, place, (first.value, first.unit) if first else None


def _sides(passage: Passage, own: Quantity) -> tuple[Words, ...]:
    """The two words before a figure and the two behind it, where there are as many."""
    first = own.first - (own.first > 0 and passage.tokens[own.first - 1].text in SIGNS)
    if first < 2 or own.end + 2 > len(passage.tokens):
        return ()
    before = ("before", _key(passage, first - 2), _key(passage, first - 1))
    behind = ("behind", _key(passage, own.end), _key(passage, own.end + 1))
    return (before, behind) if all((*before, *behind)) else ()


def _subject(passage: Passage, place: int) -> str:
    """The noun right before a verb: "calls" in "the phone calls dropped"."""
    stem = passage.stems[place - 1] if place else ""
    return "" if stem in _HEADS else stem
