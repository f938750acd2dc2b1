"""How it is said: repeated sentences and long ones."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coach.signals.segments import WORD
from coach.signals.types import Span

# Two sentences that share this share of their word triples say the same thing twice.
_SAME = 0.7


def find_repeats(answer: str, sentences: Sequence[Span]) -> tuple[Span, ...]:
    """Sentences that say again, nearly word for word, what an earlier one said; at least 4 words long."""
    seen: list[frozenset[tuple[str, ...]]] = []
    repeats = []
    for sentence in sentences:
        triples = _triples(answer[sentence.start : sentence.end])
        if not triples:
            continue
        if any(len(triples & earlier) / len(triples) >= _SAME for earlier in seen):
            repeats.append(sentence)
        else:
            seen.append(triples)
    return tuple(repeats)


def _triples(text: str) -> frozenset[tuple[str, ...]]:
    words = [re.sub(r"\W", "", word).lower() for word in WORD.findall(text)]
    return frozenset(zip(words, words[1:], words[2:], strict=False)) if len(words) >= 4 else frozenset()
