"""Whether a question may be asked in an interview: nothing about age, family, health, faith and the like.

    check = LawfulCheck.open(knowledge)                # reads knowledge/lawful.toml
    check.check("Who looks after your kids when you travel?")   # Unlawful(topic="family", ...)
    check.check("How would you sell to young parents?")         # None

Rules over words, no model: what counts is whose age or family is asked about. The text is untrusted, so
strange spelling, invisible letters and orders to an interviewer ("Ask whether she is married") are read as
a person would read them. It is no legal advice, and laws differ from place to place.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from coach.question_sets.applicant import about_you
from coach.question_sets.lawful_rules import LawfulRules, ListName, load_lawful_rules
from coach.question_sets.plain_words import Word, plain_words
from coach.question_sets.spelling import Spelling

_HELPING = frozenset(("do", "will", "have", "be", "not", "to"))
_LEADING = frozenset(("and", "or", "your", "any", "also", "the"))
# What may follow a word that tells only when it stands at the end ("Are you single?").
_NOTHING_MORE = frozenset(". , or and by at right now then too yourself if but".split())


class Unlawful(NamedTuple):
    """What a question should not ask: `quote` stands at `start:end` of it, `why` is a plain sentence."""

    topic: str
    start: int
    end: int
    quote: str
    why: str


class LawfulCheck:
    """Checks questions against rules; the same question always gets the same answer."""

    def __init__(self, rules: LawfulRules) -> None:
        self._rules = rules
        self._spelling = Spelling(rules.keys, rules.known)

    @classmethod
    def open(cls, knowledge: Path) -> LawfulCheck:
        """Reads the rules in the folder; raises ConfigError that names the file when it is broken."""
        return cls(load_lawful_rules(knowledge))

    def check(self, question: str, loosely: bool = True) -> Unlawful | None:
        """The first thing in the question that is not lawful to ask, None where there is nothing.

        Without `loosely` no word counts by itself, only what is said of the person who is asked.
        """
        words = about_you(plain_words(question, self._spelling.mend), self._rules)
        found = next(_Reading(words, self._rules).findings(loosely), None)
        if found is None:
            return None
        topic, first, last = found
        start = words[first].start
        quote = question[start : words[last].end].rstrip()
        return Unlawful(topic, start, start + len(quote), quote, self._rules.why[topic])


class _Reading:
    """One question's words, held against the rules. Places are indices of words."""

    def __init__(self, words: list[Word], rules: LawfulRules) -> None:
        self._rules = rules
        self._words = [word.text for word in words]
        self._text = "".join(f"{text} " for text in self._words)
        self._starts = [0, *accumulate(len(text) + 1 for text in self._words)]
        self._place_at = {start: place for place, start in enumerate(self._starts)}
        names = rules.words
        self._before_verb = names["soft"] | names["wish"] | _HELPING
        self._before_state = names["soft"] | names["article"]

    def findings(self, loosely: bool = True) -> Iterator[tuple[str, int, int]]:
        """Topic, first and last word of what is not lawful; first by its form, then by its words alone."""
        for place, word in enumerate(self._words):
            for topic, end in self._from(place, word):
                yield topic, place, end - 1
        start = 0
        for place, word in enumerate(self._words):
            if word == "." and loosely:
                yield from self._loose(start, place)
                start = place + 1

    def _loose(self, start: int, stop: int) -> Iterator[tuple[str, int, int]]:
        """What tells in a sentence to "you" that has no word of work in it, whatever else it says."""
        sentence = self._words[start:stop]
        if ("you" in sentence or "your" in sentence) and self._rules.words["trade"].isdisjoint(sentence):
            for place in range(start, stop):
                for topic, end in self._match("near", place):
                    if self._words[end] != "'s":
                        yield topic, place, end - 1

    def _from(self, place: int, word: str) -> Iterator[tuple[str, int]]:
        if place == 0 or self._words[place - 1] == ".":
            yield from self._whole(place)
        yield from self._match("asked", place)
        if word == "your":
            yield from self._behind("own", place + 1, self._rules.words["personal"], 3)
        elif word == "you":
            yield from self._you(place + 1)
        elif word == "be" and "you" in self._words[place + 1 : place + 3]:
            yield from self._state(self._words.index("you", place) + 1)
        elif word == "have" and self._words[place + 1] == "you":
            yield from self._behind("have", place + 2, self._rules.words["counted"] | self._before_verb, 4)

    def _you(self, start: int) -> Iterator[tuple[str, int]]:
        for place in self._skipping(start, self._before_verb, 6):
            yield from self._do(place)
            if place > start and self._words[place - 1] == "be":
                yield from self._state(place)
            if self._words[place] == "have":
                yield from self._behind("have", place + 1, self._rules.words["counted"] | {"get"}, 4)
            if self._words[place] == "be":
                yield from self._state(place + 1)

    def _do(self, place: int) -> Iterator[tuple[str, int]]:
        yield from ((topic, end) for topic, end in self._match("do", place) if not self._is_work(end))

    def _state(self, start: int) -> Iterator[tuple[str, int]]:
        yield from self._behind("be", start, self._before_state, 4)
        for place in self._skipping(start, self._before_state, 4):
            matches = self._match("alone", place)
            yield from ((topic, end) for topic, end in matches if self._words[end] in _NOTHING_MORE)

    def _whole(self, start: int) -> Iterator[tuple[str, int]]:
        for place in self._skipping(start, _LEADING, 2):
            for topic, end in self._match("bare", place):
                rest = self._words[end:]
                if rest[0] == "." or (rest[0] in ("or", "and", ",") and rest[2:3] == ["."]):
                    yield topic, end

    def _behind(
        self, name: ListName, start: int, skipped: frozenset[str], most: int
    ) -> Iterator[tuple[str, int]]:
        for place in self._skipping(start, skipped, most):
            for topic, end in self._match(name, place):
                of_theirs = name != "own" and self._words[end : end + 1] == ["'s"]
                if not of_theirs and not self._is_work(end):
                    yield topic, end

    def _skipping(self, start: int, skipped: frozenset[str], most: int) -> Iterator[int]:
        """The place, and each next one as long as the words so far may be left out."""
        for place in range(start, min(start + most + 1, len(self._words))):
            yield place
            if self._words[place] not in skipped:
                return

    def _match(self, name: ListName, place: int) -> Iterator[tuple[str, int]]:
        """The topic of the phrase of this list that starts here, and the place behind it."""
        match = self._rules.lists[name].match(self._words[place], self._text, self._starts[place])
        if match and match.lastgroup:
            yield match.lastgroup, self._place_at[match.end()]

    def _is_work(self, place: int) -> bool:
        if place >= len(self._words):
            return False
        return self._rules.work.match(self._words[place], self._text, self._starts[place]) is not None
