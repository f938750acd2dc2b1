"""What an answer says, laid out so that a rewrite's words and numbers can be looked up in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from coach.rewrite_gate.figures import Quantity, read_quantities, span_of_time
from coach.rewrite_gate.text import Token, clean, read_tokens, split_sentences
from coach.rewrite_gate.words import RewriteWords
from coach.signals.neutral import is_shouted
from coach.signals.units import CURRENCIES

_NEAR = 40  # tokens to either side that say what a number or a verb is about
_MOST_PLACES = 12  # of one word or value that are looked at, so that time stays linear
_OFTEN = {
    "day": "daily", "week": "weekly", "month": "monthly", "quarter": "quarterly", "year": "yearly annual",
}  # fmt: skip
CLAUSE_MARKS = frozenset(", ; : but while whereas which so".split())
_AFTER_ENDS = CLAUSE_MARKS | frozenset("and at on with without for against over to from within".split())
_FINITE = frozenset("was were is are had has went came got made sold".split())
_GOING_ON = frozenset("from to by down up against at with".split())  # "orders rose, from 10 to 20"
_PER_CENT = ("%", "percent", "cent", "points")
_LONGEST_CLAUSE = 30  # tokens
_LONGEST_INSERTION = 14  # tokens
_LONGEST_WORD = 24
_LONG_WORD = 9  # letters from which two words that differ in one are one word with a slip
_LONGEST_POINTED = 200  # tokens
_MOST_APART = 6.0  # times, between two values of one figure
_FAR = 3  # sentences after which a bare number is no longer read in the unit of the figure before it
_VALUE_WORDS = frozenset("at to under over below above around about only nearly reached hit is was".split())
_CURRENCIES = frozenset(CURRENCIES.values())


@dataclass(frozen=True)
class Passage:
    """A sentence with its tokens, the stem of each ("" for grammar, signs and numbers) and its quantities;
    `numbers` are the places of their tokens, `shouted` tells that it is written in capitals throughout."""

    text: str
    tokens: tuple[Token, ...]
    stems: tuple[str, ...]
    quantities: tuple[Quantity, ...]
    numbers: frozenset[int]
    shouted: bool


@dataclass(frozen=True)
class Place:
    """A token of the source: the passage and the number of the token in it."""

    passage: int
    token: int


def read_passage(text: str, words: RewriteWords) -> Passage:
    """A cleaned sentence, read."""
    tokens = read_tokens(text)
    quantities = read_quantities(text, tokens, words)
    numbers = frozenset(n for q in quantities for n in range(q.first, max(q.last + 1, q.end)))
    stems = tuple(
        words.stem(t.lower) if t.kind == "word" and n not in numbers and t.lower not in words.function else ""
        for n, t in enumerate(tokens)
    )
    return Passage(text, tuple(tokens), stems, tuple(quantities), numbers, is_shouted(text))


class Source:
    """The answer and the facts that the candidate added, read once for a rewrite."""

    def __init__(self, words: RewriteWords, texts: Iterable[str]) -> None:
        self.words = words
        self.passages = [
            read_passage(sentence.text, words) for text in texts for sentence in split_sentences(clean(text))
        ]
        self.folded = " ".join(" ".join(p.text.lower() for p in self.passages).split())
        # Its words alone, with one space between them and at either end.
        self.said = f" {' '.join(t.lower for p in self.passages for t in p.tokens if t.kind == 'word')} "
        self.plain: set[str] = set()
        self.capitals: set[str] = set()
        self.pairs: set[tuple[str, str]] = set()
        self.literals: set[str] = set()
        self.places: dict[str, list[Place]] = {}
        self._values: dict[float, list[tuple[int, Quantity]]] = {}
        self.stems: set[str] = set()
        self._joined: set[str] = set()
        self._misspelt: set[str] = set()
        self._measured: tuple[int, Quantity] | None = None
        self._around: dict[tuple[int, int], frozenset[str]] = {}
        for number, passage in enumerate(self.passages):
            self._add(number, passage)
        self._stream = [stem for passage in self.passages for stem in passage.stems]
        self._offsets = [0]
        for passage in self.passages:
            self._offsets.append(self._offsets[-1] + len(passage.stems))

    def knows(self, word: str) -> bool:
        """Whether the answer has the plain word in some form, another word for it, or a slip of the pen."""
        stem = self.words.stem(word)
        if word in self.plain or stem in self.stems or stem in self._joined or word in self._joined:
            return True
        if not self.words.near.get(stem, frozenset()).isdisjoint(self.stems):
            return True
        ordinary = word in self.words.known and stem not in self.words.outcomes
        return ordinary and not self._misspelt.isdisjoint(_less_one(word))

    @property
    def small(self) -> bool:
        """Whether the answer is written without capitals, so that names have none either."""
        return len(self.capitals) <= 2

    def has_pair(self, first: str, second: str) -> bool:
        """Whether two plain words stand side by side in the answer."""
        return (first, second) in self.pairs or first + second in self.plain

    def has_joined(self, word: str) -> bool:
        """Whether the word is one or two words of the answer written as one."""
        return word in self.plain or word in self._joined

    def quantities(self, value: float) -> list[tuple[int, Quantity]]:
        """The passage and the quantity of each place with this value."""
        return self._values.get(value, [])

    def around(self, place: Place, reach: int = _NEAR) -> frozenset[str]:
        """Stems at most `reach` tokens away from a token, over the borders of sentences."""
        middle = self._offsets[place.passage] + place.token
        key = (middle, reach)
        if key not in self._around:
            self._around[key] = frozenset(self._stream[max(0, middle - reach) : middle + reach]) - {""}
        return self._around[key]

    def beside(self, place: Place, reach: int) -> frozenset[str]:
        """Stems at most `reach` tokens away from a token in its own sentence."""
        stems = self.passages[place.passage].stems
        return frozenset(stems[max(0, place.token - reach) : place.token + reach]) - {""}

    def told_before(self, number: int) -> frozenset[str]:
        """Stems of a passage and of those before it that it may point back to."""
        start, end = self._offsets[max(0, number - _FAR - 1)], self._offsets[number + 1]
        return frozenset(self._stream[max(start, end - _LONGEST_POINTED) : end]) - {""}

    def find(self, stem: str) -> list[Place]:
        """Where a stem stands, at most `_MOST_PLACES` of them."""
        return self.places.get(stem, [])

    def _add(self, number: int, passage: Passage) -> None:
        said = [token for token in passage.tokens if token.kind in ("word", "number", "foreign")]
        for first, second in pairwise(said):
            self.pairs.add((first.lower, second.lower))
            self._joined.add(first.lower + second.lower)
            self._joined.add(self.words.stem(first.lower + second.lower))
            if first.lower in ("per", "each", "every", "a") and (span := span_of_time(second.lower)):
                self.plain.update(_OFTEN.get(span, "").split())
        for place, (token, stem) in enumerate(zip(passage.tokens, passage.stems, strict=True)):
            self.plain.add(token.lower.removesuffix("'s"))
            if token.text[:1].isupper():
                self.capitals.add(token.lower.removesuffix("'s"))
            if stem:
                self.stems.add(stem)
                places = self.places.setdefault(stem, [])
                if len(places) < _MOST_PLACES:
                    places.append(Place(number, place))
            if token.kind == "word" and (
                token.lower not in self.words.known or len(token.lower) >= _LONG_WORD
            ):
                self._misspelt.update(_less_one(token.lower))
        for quantity in passage.quantities:
            self._add_quantity(number, self._in_unit(number, passage, quantity))

    def _in_unit(self, number: int, passage: Passage, quantity: Quantity) -> Quantity:
        """ "It was back at 2.7" is in the unit of the figure told last, when it is of that size."""
        before = passage.tokens[quantity.first - 1].lower if quantity.first else ""
        if quantity.unit in ("%", *_CURRENCIES):
            self._measured = (number, quantity)
        elif self._measured and quantity.bare and before in _VALUE_WORDS:
            where, last = self._measured
            if (
                number - where <= _FAR
                and 1 / _MOST_APART <= quantity.value / (last.value or 1.0) <= _MOST_APART
            ):
                return replace(quantity, units=quantity.units | last.units)
        return quantity

    def _add_quantity(self, number: int, quantity: Quantity) -> None:
        if quantity.literal:
            self.literals.add(quantity.literal)
            return
        places = self._values.setdefault(quantity.value, [])
        if len(places) < _MOST_PLACES:
            places.append((number, quantity))


def clause_start(passage: Passage, place: int, words: RewriteWords) -> int:
    """The first token of the clause that a token stands in; "orders and sales rose" is one clause, and so is
    "returns on phones and chargers had reached"."""
    told = subject = False
    inserted = place
    for back in range(place - 1, max(-1, place - _LONGEST_CLAUSE), -1):
        if back >= inserted:
            continue
        word, stem = passage.tokens[back].lower, passage.stems[back]
        before = passage.tokens[back - 1] if back else None
        counted = before is not None and (before.kind == "number" or before.lower in _PER_CENT)
        if word == "," and (opened := _insertion_start(passage, back)):
            inserted = opened - 1
            continue
        goes_on = word == "," and passage.tokens[back + 1].lower in _GOING_ON
        if (word in CLAUSE_MARKS and not goes_on) or (word == "and" and ((told and subject) or counted)):
            return back
        told = told or word in _FINITE or stem in words.outcomes or word.endswith("ed")
        subject = subject or stem in words.metrics or word in ("i", "we", "it", "they")
    return max(0, place - _LONGEST_CLAUSE)


def _insertion_start(passage: Passage, place: int) -> int:
    """The comma that opens ", which I had feared," where a comma closes it; 0 where none does."""
    for back in range(place - 1, max(0, place - _LONGEST_INSERTION), -1):
        if passage.tokens[back].text == ",":
            return back if passage.tokens[back + 1].lower in ("which", "who", "whose") else 0
    return 0


def metrics_of(
    passage: Passage, place: int, words: RewriteWords, start: int, skip: int = 1
) -> frozenset[str]:
    """The figures that a clause names from `start` to a token, or else behind it as in "a rise in orders"."""
    before = content_stems(passage, words, start, place) & words.metrics
    end = place + skip
    while end < min(place + skip + 8, len(passage.tokens)) and passage.tokens[end].lower not in _AFTER_ENDS:
        end += 1
    return frozenset(before or content_stems(passage, words, place + skip, end) & words.metrics)


def overlap(words: RewriteWords, some: Collection[str], others: Collection[str]) -> int:
    """How many of some stems are among the others, by the same or another word."""
    return sum(
        1 for stem in some if stem in others or not words.near.get(stem, frozenset()).isdisjoint(others)
    )


def content_stems(passage: Passage, words: RewriteWords, start: int = 0, end: int | None = None) -> set[str]:
    """The stems between two tokens that say what is spoken of."""
    return {stem for stem in passage.stems[start:end] if stem and stem not in words.telling}


def _less_one(word: str) -> Iterator[str]:
    """The word, and what is left without any one of its letters: two that share one differ by a slip."""
    if 4 < len(word) <= _LONGEST_WORD:
        yield word
        for place in range(1, len(word)):
            yield word[:place] + word[place + 1 :]
