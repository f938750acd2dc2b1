"""An answer cut into its parts, as a listener hears them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from coach.schema import LABELS, Label, Segment
from coach.signals.segments import count_words

LETTERS: Final[dict[Label, str]] = {
    "situation": "S",
    "task": "T",
    "action": "A",
    "result": "R",
    "learning": "L",
    "other": "–",
}
NAMES: Final[dict[Label, str]] = {
    "situation": "Situation",
    "task": "Task",
    "action": "Action",
    "result": "Result",
    "learning": "Learning",
    "other": "Something else",
}


class Part(NamedTuple):
    """Neighbouring words that do the same thing: `answer[start:end]`, with a confidence of 0.0 to 1.0."""

    label: Label
    start: int
    end: int
    confidence: float


class Share(NamedTuple):
    """How many of an answer's words a label has, in whole percent."""

    label: Label
    percent: int


def find_parts(segments: Sequence[Segment], answer: str) -> list[Part]:
    """The labelled parts in order, neighbours of one label joined; confidence is the mean over characters."""
    parts: list[Part] = []
    for segment in _apart(segments):
        last = parts[-1] if parts else None
        if last and last.label == segment.label and not answer[last.end : segment.start].strip():
            old, new = last.end - last.start, segment.end - segment.start
            mean = (last.confidence * old + segment.confidence * new) / (old + new)
            parts[-1] = last._replace(end=segment.end, confidence=mean)
        else:
            parts.append(Part(segment.label, segment.start, segment.end, segment.confidence))
    return parts


def find_shares(parts: Sequence[Part], answer: str) -> list[Share]:
    """Every label that occurs, in STAR order, with its share of all labelled words."""
    words = dict.fromkeys(LABELS, 0)
    for part in parts:
        words[part.label] += count_words(answer[part.start : part.end])
    total = sum(words.values())
    return [Share(label, round(100 * count / total)) for label, count in words.items() if count]


def _apart(segments: Sequence[Segment]) -> Iterator[Segment]:
    """In order, without overlaps or empty ones."""
    done = 0
    for segment in sorted(segments, key=lambda found: found.start):
        start = max(segment.start, done)
        if start < segment.end:
            yield segment.model_copy(update={"start": start})
            done = segment.end
