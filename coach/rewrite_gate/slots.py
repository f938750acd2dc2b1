"""What is at fault in a sentence, and the labelled slots that stand in for what the answer lacks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from coach.rewrite_gate.figures import DAYS, MONTHS, SIGNS, Quantity, read_quantities, span_of_time
from coach.rewrite_gate.source import Passage, Source
from coach.rewrite_gate.text import Token, read_tokens

SPEAKER = frozenset(("i", "i'm", "i've", "i'd", "i'll"))
_VALUE_BEFORE = frozenset("from to at of was is were reached hit".split())
_LABEL_WORDS = frozenset(
    "what how which when many much long your name title job qualification percentage before after tool "
    "company place year".split()
)
_DEEDS = frozenset("i we me us myself ourselves".split())
_LONGEST_LABEL = 6  # words
_PLACE_WORDS = {
    **dict.fromkeys(("at", "for", "joined"), "company"),
    **dict.fromkeys(("in", "from", "near"), "place"),
    **dict.fromkeys(("using", "with", "through", "via", "on"), "tool"),
}
_ROMAN = re.compile(r"[IVXLCDM]{1,12}\Z")

Remedy = Literal["cut", "leave out", "slot", "say"]


class Issue(NamedTuple):
    """What is wrong with tokens `first` to `end` (not included), and the remedy; `words` go in their place.

    "cut" takes the clause away, "leave out" the tokens alone; "slot" and "say" put `words` there.
    """

    first: int
    end: int
    remedy: Remedy
    words: str = ""


def slot_for_number(passage: Passage, told: Quantity, source: Source) -> Issue:
    """A labelled slot for the number, named by what stands around it."""
    tokens, unit = passage.tokens, told.unit
    signed = bool(told.first) and tokens[told.first - 1].text in SIGNS
    first, end = told.first - signed, told.end
    if unit.startswith("#"):
        label = first - 2 if word_before(tokens, first) == "-" else first - 1
        return Issue(label, end, "slot", f"[which {tokens[label].text.lower()}]")
    if unit.startswith("date") or unit == "calendar":
        return Issue(first, end, "slot", "[when]" if unit != "calendar" else "[which year]")
    if span_of_time(unit):
        return Issue(first, end, "slot", "[how long]")
    if unit in ("x", "part") and tokens[told.last].lower.endswith(("ed", "ing")):
        return Issue(first, end, "cut")  # "tripled" is what was done, not how much of it
    if unit in ("x", "part", "ordinal"):
        first -= unit == "part" and word_before(tokens, first) in ("a", "one")
        return Issue(first, end, "slot", "[how many]" if unit == "ordinal" else "[how much]")
    if unit == "vague":
        end += end < len(tokens) and tokens[end].lower == "of"
        return Issue(first, end, "slot", "[how many]")
    before = word_before(tokens, first)
    if not told.things and before in _VALUE_BEFORE and (name := _name_of_figure(passage, told.first, source)):
        when = {"from": " before", "to": " after"}.get(before, "")
        return Issue(first, end, "slot", f"[your {name}{when}]")
    if unit:
        return Issue(first, end, "slot", "[what percentage]" if unit in ("%", "pp", "bps") else "[how much]")
    return _count_slot(passage, told, source, first)


def _count_slot(passage: Passage, told: Quantity, source: Source, first: int) -> Issue:
    """ "[how many session recordings]": the number and what it counts."""
    end = told.end
    stop = min(told.stop, len(passage.tokens))
    while end < stop and passage.stems[end] and source.knows(passage.tokens[end].lower):
        end += 1
    things = " ".join(token.text.lower() for token in passage.tokens[told.end : end])
    return Issue(first, end, "slot", f"[how many {things}]" if things else "[how many]")


def _name_of_figure(passage: Passage, place: int, source: Source) -> str:
    """ "conversion rate": the figure that was named last before a number."""
    for back in range(place - 1, max(-1, place - 13), -1):
        if passage.stems[back] in source.words.metrics and source.knows(passage.tokens[back].lower):
            behind = passage.tokens[back + 1].lower
            named = behind in ("rate", "value", "cost", "share", "score") and source.knows(behind)
            return f"{passage.tokens[back].lower} {behind}" if named else passage.tokens[back].lower
    return ""


def word_before(tokens: Sequence[Token], place: int) -> str:
    """The plain word or sign before a token; "" at the start."""
    return tokens[place - 1].lower if place > 0 else ""


def slot_for_name(passage: Passage, first: int, source: Source) -> Issue:
    """A slot in place of a whole name, capital after capital."""
    tokens = passage.tokens
    end = first + 1
    while end < len(tokens):
        joins = tokens[end].text in "&-/" and end + 1 < len(tokens) and _is_capital(tokens[end + 1])
        numbered = end in passage.numbers and tokens[end].kind == "number"
        if not joins and not numbered and not _is_capital(tokens[end]):
            break
        end += 1
    return Issue(first, end, "slot", f"[{label_of(passage, first, end, source)}]")


def _is_capital(token: Token) -> bool:
    return token.kind in ("word", "number") and token.text[0].isupper() and token.lower not in SPEAKER


def label_of(passage: Passage, first: int, end: int, source: Source) -> str:
    """What is missing where tokens `first` to `end` stood, by what they are or by the word before them."""
    words = source.words
    if all(_ROMAN.match(token.text) for token in passage.tokens[first:end]):
        return "how many"
    stems = set(passage.stems[first:end])
    lowers = {token.lower for token in passage.tokens[first:end]}
    if stems & words.certificates:
        return "your qualification"
    if stems & words.titles:
        return "your job title"
    if lowers & (MONTHS.keys() | DAYS) or stems & words.seasons:
        return "when"
    if lowers & set(words.tools):
        return "which tool"
    if words.places.search(" ".join(token.text for token in passage.tokens[first:end])):
        return "which place"
    before = passage.tokens[first - 1].lower if first else ""
    return f"which {_PLACE_WORDS[before]}" if before in _PLACE_WORDS else "name"


def slot_at_fault(passage: Passage, place: int, source: Source) -> Issue | None:
    """A slot of the model's own may hold plain words only; another becomes one without a label."""
    token, words = passage.tokens[place], source.words
    inner = [word.strip(",.'") for word in token.lower[1:-1].split()]
    free = words.function | _LABEL_WORDS
    plain = all(w in free or words.stem(w) in words.telling or source.knows(w) for w in inner)
    deed = any(w in _DEEDS or words.stem(w) in words.outcomes for w in inner)
    counted = read_quantities(token.lower[1:-1], read_tokens(token.lower[1:-1]), words)
    if plain and not counted and not deed and 0 < len(inner) <= _LONGEST_LABEL:
        return Issue(place, place + 1, "say", token.lower) if token.text != token.lower else None
    return Issue(place, place + 1, "say", "[what]")
