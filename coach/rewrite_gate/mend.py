"""Takes out of a sentence what the answer does not bear out, so that what is left still reads."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple

from coach.rewrite_gate.slots import Issue
from coach.rewrite_gate.source import Passage
from coach.rewrite_gate.voice import Voice
from coach.rewrite_gate.words import RewriteWords

_MARKS = frozenset(",;:-")
_JOINING = frozenset("and but so yet or then also".split())
_SUBORDINATE = frozenset(
    "when while whereas because although though since if as after before once until unless where".split()
)
_HANGING = frozenset("which who whom whose resulting leading thereby thus meaning making".split())
_SPLITTING = frozenset(
    "and but so while whereas because although though which resulting leading thereby".split()
)
_SUBJECTS = frozenset("i we they he she it there this that these those you".split())
_FINITE = frozenset(
    "is are was were has have had can could would will should did do does may might must".split()
)
_A_OR_AN = re.compile(r"\b([Aa])n?(?= (\[?\w))")

Shape = Literal["main", "verbal", "subordinate", "hanging", "fragment"]


class Piece(NamedTuple):
    """Tokens `start` to `end` (not included), and what they are to the sentence."""

    start: int
    end: int
    shape: Shape


class Mended(NamedTuple):
    """What is left of a sentence, "" for nothing, and the words that were cut from it."""

    text: str
    cut: tuple[str, ...]


def mend(passage: Passage, voice: Voice, issues: Sequence[Issue], words: RewriteWords) -> Mended:
    """The sentence with every issue's remedy applied."""
    pieces = _pieces(passage, voice, words)
    bad = {n for issue in issues if issue.remedy == "cut" for n in range(issue.first, issue.end)}
    kept = _keep(passage, pieces, bad, words)
    subject = ""
    if kept and kept[0].shape == "verbal" and kept[0] != pieces[0]:
        subject = _subject(passage, pieces[: pieces.index(kept[0])])
        if not subject:
            kept = []
    if not any(piece.shape == "main" for piece in kept) and not (kept and kept[0].shape == "verbal"):
        kept = [] if bad else kept
    left = set(kept)
    cut = tuple(_said(passage, piece) for piece in pieces if piece not in left)
    text = _write(passage, kept, issues, subject)
    return Mended(text, cut)


def tidy(text: str) -> str:
    """A sentence with its spaces, its first letter, its articles and its end in order."""
    text = re.sub(r"\s([,.;:!?%])", r"\1", re.sub(r"([,;:])(?:\s?[,;:])+", r"\1", " ".join(text.split())))
    text = re.sub(r"(\[[^\[\]]{0,160}\])(?:[\s,]{0,3}(?:and\s)?\1)+", r"\1", text)
    end = text[-1:] if text[-1:] in (".", "!", "?") else ""
    text = (text.rstrip(".!? ,;:-") + end).lstrip(" ,;:-.!?")
    if text.count('"') % 2:
        text = " ".join(text.replace('"', " ").split())
    if not text:
        return ""
    text = text[:1].upper() + text[1:]
    return text if text[-1] in ".!?\"')" else f"{text}."


def _pieces(passage: Passage, voice: Voice, words: RewriteWords) -> list[Piece]:
    tokens = passage.tokens
    starts = [0]
    for place in range(1, len(tokens)):
        token, before = tokens[place], tokens[place - 1]
        mark = token.text in ",;:" or (token.text == "-" and before.end < token.start)
        if mark or (token.lower in _SPLITTING and before.text not in _MARKS):
            starts.append(place)
    found = []
    for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True):
        found.append(Piece(start, end, _shape(passage, voice, start, end, words)))
    return found


def _shape(passage: Passage, voice: Voice, start: int, end: int, words: RewriteWords) -> Shape:
    first = _opening(passage, start, end)
    if first >= end:
        return "fragment"
    lower = passage.tokens[first].lower
    if lower in _HANGING:
        return "hanging"
    if any(passage.tokens[n].lower in _SUBORDINATE for n in range(start, min(first + 1, end))):
        return "subordinate"
    if voice.verb[first] and lower not in _SUBJECTS and not lower.endswith("ing"):
        return "verbal"
    return "main" if any(_is_finite(passage, voice, n) for n in range(first, end)) else "fragment"


def _is_finite(passage: Passage, voice: Voice, place: int) -> bool:
    word = passage.tokens[place].lower
    verb = voice.verb[place] and not word.endswith("ing")
    return verb or word in _FINITE or word.split("'")[0] in ("i", "we")


def _opening(passage: Passage, start: int, end: int) -> int:
    """The first token of a piece behind its comma and its "and then"."""
    place = start
    while place < end and (passage.tokens[place].text in _MARKS or passage.tokens[place].lower in _JOINING):
        place += 1
    return place


def _keep(
    passage: Passage, pieces: Sequence[Piece], bad: Collection[int], words: RewriteWords
) -> list[Piece]:
    """The pieces without anything bad, and without those that hang on a piece that goes."""
    kept: list[Piece] = []
    gone: Piece | None = None
    for piece in pieces:
        if any(place in bad for place in range(piece.start, piece.end)):
            gone = piece
            while kept[1:] and kept[-1].shape == "fragment" and _shares_verb(passage, piece, words):
                kept.pop()
            continue
        leans = piece.shape in ("hanging", "subordinate") or (
            piece.shape == "fragment" and not (gone and gone.shape == "fragment" and kept)
        )
        if gone and leans:
            gone = piece if piece.shape != "fragment" else gone
            continue
        gone = None
        kept.append(piece)
    opens = kept[:1] == [pieces[0]] and kept[0].shape in ("fragment", "subordinate")
    if opens and len(pieces) > 1 and pieces[1] not in kept:
        kept.pop(0)  # what it opened is gone
    while kept and kept[0] != pieces[0] and kept[0].shape in ("hanging", "fragment"):
        kept.pop(0)
    return kept


def _shares_verb(passage: Passage, piece: Piece, words: RewriteWords) -> bool:
    """Whether the pieces before may belong to this one's verb: ", the warehouse and IT blamed"."""
    first = _opening(passage, piece.start, piece.end)
    named = first < piece.end and passage.tokens[first].lower not in _SUBJECTS
    joined = named and passage.tokens[piece.start].lower == "and" and piece.shape != "verbal"
    return joined and any(words.is_past(token.lower) for token in passage.tokens[first : piece.end])


def _subject(passage: Passage, removed: Sequence[Piece]) -> str:
    """ "I" or "we" of the pieces that went, for a verb that is left without one."""
    for piece in reversed(removed):
        for token in passage.tokens[piece.start : piece.end]:
            if token.lower in ("i", "we"):
                return "I" if token.lower == "i" else "We"
    return ""


def _said(passage: Passage, piece: Piece) -> str:
    tokens = (
        passage.tokens[_opening(passage, piece.start, piece.end) : piece.end]
        or passage.tokens[piece.start : piece.end]
    )
    return passage.text[tokens[0].start : tokens[-1].end].strip(" ,;:-")


def _write(passage: Passage, kept: Sequence[Piece], issues: Sequence[Issue], subject: str) -> str:
    """The pieces with the issues' words in their places."""
    says = {issue.first: issue for issue in issues if issue.remedy in ("slot", "say")}
    silent = {n for issue in issues if issue.remedy != "cut" for n in range(issue.first, issue.end)}
    gone = silent - says.keys()
    parts: list[str] = [subject] if subject else []
    last = -2
    for number, piece in enumerate(kept):
        start = piece.start if piece.start == 0 or number else _opening(passage, piece.start, piece.end)
        for place in range(start, piece.end):
            token = passage.tokens[place]
            if (
                place <= last
                or place in gone
                or (_is_hyphen(passage, place) and {place - 1, place + 1} & gone)
            ):
                continue
            glued = last == place - 1 and passage.tokens[last].end == token.start
            said = says.get(place)
            parts.append(("" if glued else " ") + (said.words if said else token.text))
            last = said.end - 1 if said else place
    text = "".join(parts)
    end = passage.tokens[-1].text if passage.tokens else ""
    if kept and kept[-1].end != len(passage.tokens) and end in ".!?":
        text += end
    return tidy(_mended_articles(text, passage.text))


def _is_hyphen(passage: Passage, place: int) -> bool:
    """Whether a token is a hyphen inside a word; it goes with the word that goes."""
    tokens = passage.tokens
    if tokens[place].text != "-" or not 0 < place < len(tokens) - 1:
        return False
    return tokens[place - 1].end == tokens[place].start and tokens[place].end == tokens[place + 1].start


def _mended_articles(text: str, before: str) -> str:
    """ "an award-winning campaign" is "a campaign" without the praise."""

    def article(found: re.Match[str]) -> str:
        if found[0] + " " + found[2] in before:
            return found[0]
        return found[1] + ("n" if found[2].lower() in "aeio" else "")

    return _A_OR_AN.sub(article, text)
