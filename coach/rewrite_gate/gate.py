"""The gate for a model's rewrite: only what the answer says gets through.

A model that writes an answer anew adds what would sound good. Each sentence of it is held against the
answer (and facts that the candidate added): numbers with what they count, names, titles, dates, deeds and
whose they were, outcomes. What is not there becomes a labelled slot, or is cut; what cannot be checked is
cut as well. A sentence that was mended is checked again, and dropped unless nothing is left to mend.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from coach.rewrite_gate.amounts import find_amounts_at_fault
from coach.rewrite_gate.claims import find_quotes_at_fault, find_words_at_fault
from coach.rewrite_gate.evidence import Evidence
from coach.rewrite_gate.mend import mend, tidy
from coach.rewrite_gate.outcomes import find_causes_at_fault, find_phrases_at_fault
from coach.rewrite_gate.owners import find_borrowed_deeds
from coach.rewrite_gate.reversals import Turns
from coach.rewrite_gate.slots import Issue
from coach.rewrite_gate.source import Passage, content_stems, overlap, read_passage
from coach.rewrite_gate.text import clean, split_sentences
from coach.rewrite_gate.voice import read_voice
from coach.rewrite_gate.words import RewriteWords, load_rewrite_words
from coach.schema import Rewrite
from coach.signals.segments import count_words

_MOST_SLOTS = 3  # in one sentence; with more of them it says nothing
_FEWEST_WORDS = 4  # that are left of a sentence
_LONGER_BY = 1.1  # how much longer than wanted a rewrite may be
_LONGEST_DROPPED = 300  # characters of a dropped sentence that are shown


class _Kept(NamedTuple):
    text: str
    paragraph: int


class RewriteGate:
    """Lets through of a model's rewrite what the answer bears out."""

    def __init__(self, words: RewriteWords) -> None:
        self._words = words

    def check(
        self, answer: str, rewrite: str, facts: Iterable[str] = (), wanted_words: int | None = None
    ) -> Rewrite:
        """The rewrite without inventions; its text is "" when nothing is left. Never raises.

        `facts` are things the candidate added, each a phrase that says what it is of ("12 people in the
        team"). More than 1.1 times `wanted_words` is cut at the end of a sentence. `dropped` holds the
        sentences and clauses that are left out, as the model wrote them; it may hold inventions.
        """
        source = Evidence(self._words, (answer, *facts))
        turns = Turns(source)
        kept: list[_Kept] = []
        dropped: list[str] = []
        for sentence in split_sentences(clean(rewrite)):
            text, cut = self._mend(sentence.text, source, turns)
            dropped += cut
            if text:
                kept.append(_Kept(text, sentence.paragraph))
        fitting = _fit(kept, wanted_words)
        dropped += [sentence.text for sentence in kept[len(fitting) :]]
        text = _join(fitting)
        slots = dict.fromkeys(
            token.text for token in read_passage(text, self._words).tokens if token.kind == "slot"
        )
        return Rewrite(
            text=text, slots=tuple(slots), dropped=tuple(one[:_LONGEST_DROPPED] for one in dropped)
        )

    def _mend(self, sentence: str, source: Evidence, turns: Turns) -> tuple[str, tuple[str, ...]]:
        """What is left of a sentence, and what had to go."""
        passage, issues = self._read(sentence, source, turns)
        if not issues:
            return (tidy(sentence), ()) if self._is_borne_out(passage, source) else ("", (sentence,))
        mended = mend(passage, read_voice(passage, self._words, lenient=True), issues, self._words)
        if not mended.text:
            return "", (sentence,)
        again, left = self._read(mended.text, source, turns)
        if left or not self._is_borne_out(again, source) or not self._says_something(again, source):
            return "", (sentence,)
        return mended.text, mended.cut

    def _read(self, sentence: str, source: Evidence, turns: Turns) -> tuple[Passage, list[Issue]]:
        passage = read_passage(sentence, self._words)
        voice = read_voice(passage, self._words, lenient=True)
        found = [
            *find_amounts_at_fault(passage, source),
            *find_words_at_fault(passage, voice, source),
            *find_phrases_at_fault(passage, source),
            *find_causes_at_fault(passage, source),
            *find_quotes_at_fault(passage, source),
            *turns.find_at_fault(passage),
            *find_borrowed_deeds(passage, voice, source),
        ]
        return passage, sorted(found)

    def _is_borne_out(self, passage: Passage, source: Evidence) -> bool:
        """Whether at least half of a sentence's words are the answer's: words that claim nothing can be put
        together to a claim."""
        stems = [stem for stem in passage.stems if stem]
        if not content_stems(passage, self._words) and not passage.quantities:
            said = passage.text.lower().strip(" .!?")
            return bool(re.search(rf"(?<!\w){re.escape(said)}(?!\w)", source.folded)) and bool(said)
        return 2 * overlap(self._words, stems, source.stems) >= len(stems)

    def _says_something(self, passage: Passage, source: Evidence) -> bool:
        """Whether a mended sentence holds more of the answer than its slots and its grammar."""
        slots = sum(token.kind == "slot" for token in passage.tokens)
        own = overlap(self._words, content_stems(passage, self._words), source.stems) + len(
            passage.quantities
        )
        return (
            count_words(passage.text) >= _FEWEST_WORDS and slots <= _MOST_SLOTS and own >= (2 if slots else 1)
        )


def open_rewrite_gate(knowledge: Path) -> RewriteGate:
    """The gate with the project's word lists; raises ConfigError that names what is broken in the folder."""
    return RewriteGate(load_rewrite_words(knowledge))


def _fit(sentences: list[_Kept], wanted_words: int | None) -> list[_Kept]:
    """The sentences from the first on that are not too long together."""
    if wanted_words is None:
        return sentences
    words = 0
    for number, sentence in enumerate(sentences):
        words += count_words(sentence.text)
        if words > wanted_words * _LONGER_BY:
            return sentences[:number]
    return sentences


def _join(sentences: list[_Kept]) -> str:
    """Sentences of one paragraph in a line, paragraphs parted as the built-in rewrite does."""
    paragraphs: dict[int, list[str]] = {}
    for sentence in sentences:
        paragraphs.setdefault(sentence.paragraph, []).append(sentence.text)
    return "\n\n".join(" ".join(texts) for texts in paragraphs.values())
