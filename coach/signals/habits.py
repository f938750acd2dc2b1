"""How it is said: sentences said twice, and talk that tells nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.lexicons import Lexicon
from coach.signals.segments import WORD
from coach.signals.types import Clause, Span
from coach.signals.verbs import PAST_VERB

# Two sentences that share this share of their word triples say the same thing twice.
_SAME = 0.7


def find_repeats(answer: str, sentences: Sequence[Span]) -> tuple[Span, ...]:
    """Sentences that say again, nearly word for word, what an earlier one said. One of fewer than 4 words is
    said again only behind another that is, since "It worked." may well come twice."""
    seen: list[frozenset[tuple[str, ...]]] = []
    short: set[tuple[str, ...]] = set()
    repeats: list[Span] = []
    again = False
    for sentence in sentences:
        words = _words(answer[sentence.start : sentence.end])
        triples = (
            frozenset(zip(words, words[1:], words[2:], strict=False)) if len(words) >= 4 else frozenset()
        )
        if triples:
            again = any(len(triples & earlier) / len(triples) >= _SAME for earlier in seen)
        else:
            again = again and words in short
        if again:
            repeats.append(sentence)
        elif triples:
            seen.append(triples)
        else:
            short.add(words)
    return tuple(repeats)


def find_talk(clauses: Sequence[Clause], lexicon: Lexicon) -> tuple[Span, ...]:
    """Clauses that tell nothing, with their neighbours of the same sentence in which nothing happened."""
    talk = {number for number, clause in enumerate(clauses) if is_talk(clause, lexicon)}
    sentences = {clauses[number].sentence for number in talk}
    beside = {
        number
        for number, clause in enumerate(clauses)
        if clause.sentence in sentences
        and not PAST_VERB.search(clause.text)
        and not re.search(r"\d", clause.text)
    }
    return tuple(Span(clauses[n].start, clauses[n].end) for n in sorted(talk | beside))


def is_talk(clause: Clause, lexicon: Lexicon) -> bool:
    """Whether a clause only talks about talking, or holds little but fillers and hedges."""
    if re.search(r"\d", clause.text):
        return False
    if lexicon.talk.search(clause.text):
        return True
    empty = {
        match.group(0).lower()
        for match in (*lexicon.fillers.finditer(clause.text), *lexicon.hedges.finditer(clause.text))
    }
    return len(empty) >= 2 and len(WORD.findall(clause.text)) < 12 * len(empty)


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.sub(r"\W", "", word).lower() for word in WORD.findall(text))
