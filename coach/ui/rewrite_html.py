"""The tighter version next to what it was made from: what was added, moved, shortened and left out."""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from coach.engine_words import as_it_stands, is_worded_by_model, where_from
from coach.schema import Rewrite
from coach.signals.segments import find_sentences
from coach.ui.markup import Html, join, tag, with_slots

_SLOT = re.compile(r"\[[^\[\]\n]{1,80}\]")
# Below this likeness a sentence counts as new and not as a shortened one.
_SAME = 0.6


class _Source(NamedTuple):
    """Where a sentence comes from: its number in the answer and its text there."""

    number: int
    text: str


def rewrite_section(rewrite: Rewrite | None, answer: str) -> Html | None:
    """The section "A tighter version"; None when there is none."""
    if rewrite is None or not rewrite.text.strip():
        return None
    return tag(
        "section",
        tag("h2", "A tighter version"),
        tag("p", where_from(rewrite), class_="quiet"),
        tag("div", *_paragraphs(rewrite.text, answer), class_="rewrite"),
        tag("p", worth, class_="quiet") if (worth := as_it_stands(rewrite)) else None,
        _left_out(rewrite),
        tag("button", "Copy the text", type="button", class_="copy", data_copy=rewrite.text),
        class_="tighter",
    )


def _paragraphs(rewritten: str, answer: str) -> Iterator[Html]:
    originals = [answer[span.start : span.end] for span in find_sentences(answer)]
    texts = [block for block in rewritten.split("\n\n") if block.strip()]
    split = [[block[span.start : span.end] for span in find_sentences(block)] or [block] for block in texts]
    sources = [[_source(sentence, originals) for sentence in sentences] for sentences in split]
    moved = _moved([source.number for group in sources for source in group if source])
    for sentences, group in zip(split, sources, strict=True):
        shown = [_sentence(text, source, moved) for text, source in zip(sentences, group, strict=True)]
        yield tag("p", join(shown, " "))


def _source(sentence: str, originals: Sequence[str]) -> _Source | None:
    if _SLOT.search(sentence):
        return None
    likeness = [difflib.SequenceMatcher(None, _words(sentence), _words(own)).ratio() for own in originals]
    if not likeness or max(likeness) < _SAME:
        return None
    number = likeness.index(max(likeness))
    return _Source(number, originals[number])


def _sentence(sentence: str, source: _Source | None, moved: set[int]) -> Html:
    if source is None:
        return tag("ins", with_slots(sentence), title="Added")
    shown = _difference(source.text, sentence)
    return tag("span", shown, class_="moved", title="Moved") if source.number in moved else shown


def _difference(before: str, after: str) -> Html:
    """The new sentence, with the words that were taken out struck through."""
    old, new = before.split(), after.split()
    pieces: list[str] = []
    for kind, i, j, k, m in difflib.SequenceMatcher(None, _words(before), _words(after)).get_opcodes():
        if kind in ("delete", "replace"):
            pieces.append(tag("del", " ".join(old[i:j])))
        if kind in ("insert", "replace"):
            pieces.append(tag("ins", " ".join(new[k:m])))
        if kind == "equal":
            pieces.append(" ".join(new[k:m]))
    return join(pieces, " ")


def _words(sentence: str) -> list[str]:
    """Words as they are compared: a capital or a full stop more is no change."""
    return [word.casefold().rstrip(".,;") for word in sentence.split()]


def _moved(numbers: Sequence[int]) -> set[int]:
    """The sentences that are not where they were: those outside the longest run that kept its order."""
    ends: list[int] = []
    links: dict[int, int | None] = {}
    for number in numbers:
        place = bisect_left(ends, number)
        links[number] = ends[place - 1] if place else None
        ends[place : place + 1] = [number]
    kept: set[int] = set()
    step = ends[-1] if ends else None
    while step is not None:
        kept.add(step)
        step = links[step]
    return set(numbers) - kept


def _left_out(rewrite: Rewrite) -> Html | None:
    if not rewrite.dropped:
        return None
    items = [tag("li", tag("del", sentence)) for sentence in rewrite.dropped]
    listed = tag("ul", *items, class_="dropped")
    if not is_worded_by_model(rewrite):
        return join([tag("p", "Left out", class_="label"), listed])
    told = tag(
        "p", "What the model wrote and your answer does not bear out, or what was too much.", class_="quiet"
    )
    return tag(
        "details", tag("summary", "Left out", class_="label"), told, listed,
        class_="left-out", data_remember="left-out",
    )  # fmt: skip
