"""Holds every number of a rewrite against the answer's: same value, same unit, told of the same thing."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence

from coach.rewrite_gate.figures import MONTHS, SIGNS, Quantity, span_of_time
from coach.rewrite_gate.slots import Issue, slot_for_number, word_before
from coach.rewrite_gate.source import (
    Passage,
    Place,
    Source,
    clause_start,
    content_stems,
    metrics_of,
    overlap,
)
from coach.rewrite_gate.text import Token
from coach.rewrite_gate.voice import REACHED, is_target, is_wished
from coach.rewrite_gate.words import RewriteWords

_ABOVE = frozenset("over above exceeding beyond past more least excess upwards plus odd +".split())
_BELOW = frozenset("under below less fewer most up".split())
_BEFORE_ONLY = frozenset("over above under below past".split())
_BOUND_WORDS = frozenset("than at of in to".split())
_FEWEST_SHARED = 3  # words that both texts have near to a number, where the rewrite has as many
_HAPPENED = REACHED | frozenset("spending spent".split())
_FEWEST_NAMED = 3  # words of a clause that say what its figure is of
_MOST_STOPS = 5  # of a change told in steps
_SPAN_REACH, _REACH = 20, 30  # tokens within which the answer says what a span of time, or a figure, is of
_POINTING = frozenset("were are was is had only just all the those these , - :".split())
_SEASONS = ("spring", "summer", "autumn", "fall", "winter", "quarter", "christmas")
_LARGEST_SHARE = 20  # "one search in five"
_MOST_STEPS = 6  # "Second, I ..." counts nothing
_NO_METRIC = ("calendar", "ordinal", "part", "vague", "literal")
_NO_CONTEXT = ("ordinal", "part", "vague")


def find_amounts_at_fault(passage: Passage, source: Source) -> Iterator[Issue]:
    """Numbers of a sentence that the answer does not bear out, in order."""
    for place, quantity in enumerate(passage.quantities):
        if _is_numbering(passage, quantity, source):
            yield Issue(quantity.first, quantity.end, "cut")
            continue
        following = passage.quantities[place + 1 : place + 2]
        if following and _runs_on(passage, quantity, following[0], source):
            yield Issue(quantity.first, quantity.first + 1, "cut")
            continue
        if _is_no_claim(passage, quantity, source):
            continue
        if quantity.literal:
            if quantity.literal not in source.literals:
                when = re.fullmatch(r"[qh][1-4]|\d{4,8}", quantity.literal)
                yield Issue(quantity.first, quantity.end, "slot", "[when]" if when else "[which one]")
            continue
        places = source.quantities(quantity.value)
        matches = [found for found in places if _is_same(passage, quantity, source, *found)]
        if not matches or _is_only_a_target(passage, quantity, source, matches):
            yield slot_for_number(passage, quantity, source)
        else:
            yield from _bound_at_fault(passage, quantity, source, matches)


def _is_numbering(passage: Passage, told: Quantity, source: Source) -> bool:
    """ "(4)" says nothing, whatever it stands for."""
    tokens = passage.tokens
    if not told.bare or word_before(tokens, told.first) != "(" or told.end >= len(tokens):
        return False
    return tokens[told.end].text == ")" and f"({tokens[told.first].lower})" not in source.folded


def _runs_on(passage: Passage, told: Quantity, following: Quantity, source: Source) -> bool:
    """ "18 2 customers" is no number that anybody writes."""
    if told.unit or following.first != told.last + 1:
        return False
    tokens = passage.tokens
    return not source.has_pair(tokens[told.last].lower, tokens[following.first].lower)


def _is_no_claim(passage: Passage, quantity: Quantity, source: Source) -> bool:
    """ "one of them", "one year" for "a year", and "Second, I ..."."""
    tokens = passage.tokens
    if quantity.unit == "ordinal" and quantity.first == 0 and quantity.value < _MOST_STEPS:
        return quantity.end < len(tokens) and tokens[quantity.end].text == ","
    if quantity.value != 1 or (quantity.unit and not span_of_time(quantity.unit)):
        return False
    if quantity.unit:
        span = tokens[quantity.end - 1].lower
        return any(source.has_pair(word, span) for word in ("a", "an", "per", "each", "every", "the"))
    return tokens[quantity.first].kind == "word"


def _is_same(passage: Passage, told: Quantity, source: Source, number: int, own: Quantity) -> bool:
    """Whether a number of the rewrite is this number of the answer."""
    if told.rate and told.rate != own.rate:
        return False
    words, place = source.words, Place(number, own.first)
    here = content_stems(passage, words, max(0, told.first - 25), told.last + 25) | told.things
    named = set(passage.stems[max(0, told.first - 25) : told.last + 25]) - {""} | told.things
    if not _same_unit(told, own, named, source, place):
        return False
    if told.unit == "calendar" and not _same_year(passage, told, source.passages[number], own):
        return False
    timed = _is_time(told)
    around = source.around(place, _SPAN_REACH if timed else _REACH) | own.things
    if timed:
        around |= source.beside(place, _REACH)
    others = here - told.things
    needed = min(_FEWEST_SHARED - min(2, len(told.things & own.things)), (len(others) + 1) // 2)
    if told.unit not in _NO_CONTEXT and overlap(words, others, around) < needed:
        return False
    return timed or bool(told.things) or _same_metric(passage, told, source, number, own)


def _same_unit(told: Quantity, own: Quantity, here: Collection[str], source: Source, place: Place) -> bool:
    if told.unit:
        return told.unit in own.units
    if told.units & own.units - {""}:
        return True
    if own.unit:
        return False
    alike = {other for stem in (told.things or here) for other in source.words.alike(stem)}
    if own.things:
        return not alike.isdisjoint(own.things)
    # "There were four, all of one batch": what it counts is said nearby.
    before = word_before(source.passages[place.passage].tokens, own.first)
    shared = before == "in" and own.value <= _LARGEST_SHARE
    pointing = own.units == {""} and not own.rate and (before in _POINTING or shared)
    return not told.things or (pointing and not alike.isdisjoint(source.around(place, 20)))


def _same_year(passage: Passage, told: Quantity, other: Passage, own: Quantity) -> bool:
    """The month or season beside a year goes with it."""

    def beside(tokens: Sequence[Token], quantity: Quantity) -> str:
        before = [token.lower for token in tokens[max(0, quantity.first - 3) : quantity.first]]
        words = [word for word in before if word not in ("of", "'", ",")]
        return MONTHS.get(words[-1], words[-1]) if words else ""

    here = beside(passage.tokens, told)
    dated = here in MONTHS.values() or here in _SEASONS
    return not dated or here == beside(other.tokens, own)


def _same_metric(passage: Passage, told: Quantity, source: Source, number: int, own: Quantity) -> bool:
    """Orders are not revenue: where both texts name what the figure is of, it must be the same."""
    here = _metrics(passage, told, source.words)
    there = _metrics(source.passages[number], own, source.words)
    if not there and _says_of_what(source.passages[number], own, source.words):
        return not here
    if not there:
        # "we were at 4.4": of what, was said before.
        there = source.told_before(number) & source.words.metrics
    alike = {other for stem in here for other in source.words.alike(stem)}
    return not here or not there or not alike.isdisjoint(there)


def _says_of_what(passage: Passage, own: Quantity, words: RewriteWords) -> bool:
    """Whether a clause names something of its own that its figure is of: "the mails had 38%"."""
    start = clause_start(passage, own.first, words)
    return len(content_stems(passage, words, start, own.first)) >= _FEWEST_NAMED


def _metrics(passage: Passage, quantity: Quantity, words: RewriteWords) -> frozenset[str]:
    """The figures that the clause of a number names. What the end of a change is of is said before its start,
    and what is said before another number is of that one."""
    place = bisect_left(passage.quantities, quantity.first, key=lambda q: q.first)
    for _ in range(_MOST_STOPS):
        place -= bool(place and passage.quantities[place].linked)
    first = passage.quantities[place].first
    start = clause_start(passage, first, words)
    if place and not _is_time(passage.quantities[place - 1]):
        start = max(start, passage.quantities[place - 1].stop)
    return metrics_of(passage, quantity.first, words, start, quantity.last + 1 - quantity.first)


def _is_time(quantity: Quantity) -> bool:
    unit = quantity.unit
    return bool(span_of_time(unit)) or unit in ("calendar", "ordinal") or unit.startswith(("date", "#"))


def _is_only_a_target(
    passage: Passage, told: Quantity, source: Source, matches: Sequence[tuple[int, Quantity]]
) -> bool:
    measured = not _is_time(told) and told.unit not in _NO_METRIC
    return measured and _is_told_as_reached(passage, told, source, matches)


def _is_told_as_reached(
    passage: Passage, told: Quantity, source: Source, matches: Sequence[tuple[int, Quantity]]
) -> bool:
    """Whether a figure is reached in the rewrite that the answer tells as a target only."""
    before = passage.tokens[max(0, told.first - 14) : told.first]
    if _HAPPENED.isdisjoint(token.lower for token in before) or is_wished(passage, told.first, 14):
        return False
    return all(is_target(source.passages[number], own) for number, own in matches)


def _bound_at_fault(
    passage: Passage, told: Quantity, source: Source, matches: Sequence[tuple[int, Quantity]]
) -> Iterator[Issue]:
    """ "over 300" for "300" says more than the answer: the bound is left out."""
    tokens, first = passage.tokens, told.first
    plus = told.end < len(tokens) and tokens[told.end].text == "+"
    if plus and not _is_bound(source, matches, _ABOVE):
        yield Issue(told.end, told.end + 1, "leave out")
    if told.unit in ("calendar", "ordinal", "literal"):
        return
    while first and (tokens[first - 1].text in SIGNS or tokens[first - 1].lower in _BOUND_WORDS):
        first -= 1
    word = tokens[first - 1].lower if first else ""
    # "Over two evenings" is during them; "for over two weeks" is longer.
    longer = word_before(tokens, first - 1) in ("for", "after", "took")
    during = word == "over" and bool(span_of_time(told.unit)) and not longer
    for bound in (_ABOVE, _BELOW):
        if word in bound - {"up", "most", "past"} and not during and not _is_bound(source, matches, bound):
            yield Issue(first - 1, told.first - (tokens[told.first - 1].text in SIGNS), "leave out")


def _is_bound(source: Source, matches: Sequence[tuple[int, Quantity]], bound: frozenset[str]) -> bool:
    return any(_has_bound(source.passages[number], own, bound) for number, own in matches)


def _has_bound(passage: Passage, own: Quantity, bound: frozenset[str]) -> bool:
    before = passage.tokens[max(0, own.first - 4) : own.first]
    behind = passage.tokens[own.end : own.end + 3]
    said = {token.lower for token in before} | {token.lower for token in behind} - _BEFORE_ONLY
    return not bound.isdisjoint(said)
