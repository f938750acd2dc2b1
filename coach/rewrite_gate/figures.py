"""Reads every number of a text with what it counts, so that two texts can be compared number by number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from coach.rewrite_gate.numbers import Number, read_number
from coach.rewrite_gate.text import Token
from coach.rewrite_gate.words import RewriteWords
from coach.signals.number_words import MAGNITUDES, SPOKEN_MAGNITUDES
from coach.signals.units import CURRENCIES, DURATIONS

SIGNS = frozenset("$€£₹¥₱₦")
_FULL_MONTHS = (
    "january february march april may june july august september october november december"
).split()
MONTHS = {month: month[:3] for month in [*_FULL_MONTHS, *(month[:3] for month in _FULL_MONTHS), "sept"]}
DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_OFTEN = {
    "hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter",
    "yearly": "year", "annual": "year", "annually": "year",
}  # fmt: skip
# "seconds", "secs" and "sec" are one; "quarter" and the like count time where a number stands before them.
_SPANS = {
    "secs": "second", "sec": "second", "mins": "minute", "min": "minute", "hrs": "hour", "hr": "hour",
    "yrs": "year", "fortnight": "fortnight", "fortnights": "fortnight", "decade": "decade",
    "decades": "decade", "century": "century",
}  # fmt: skip
_SPANS |= {word: word.removesuffix("s") for word in DURATIONS if word not in _SPANS}
_LABELS = frozenset("week day month year page phase step version level stage round grade room season".split())
_JOINTS = frozenset("to or against versus vs from instead compared - was were now then".split())
_LINKS = _JOINTS | frozenset(
    "and about over nearly around down up roughly just a bit the of with almost only like , maybe under "
    "below".split()
)
# "2 more years" are years.
_PASSED_OVER = frozenset("more full whole further additional solid straight consecutive good long".split())
_BEFORE_YEAR = frozenset(
    "in since by of from until during spring summer autumn fall winter early late ,".split()
)
_FINER = {"minute": "second", "hour": "minute"}
# Units that a bare number can take over from the other end of its change.
_PASSED_ON = frozenset(("%", "pp", "x", *CURRENCIES.values(), *_SPANS.values()))
_MOST_THINGS = 4


@dataclass(frozen=True)
class Quantity:
    """A number in tokens `first` to `last`, with its unit up to token `end` (not included).

    `unit` is "%", "pp", "bps", "x", "part", a currency, a span of time, "calendar", "ordinal", "vague",
    "literal", a date ("date:may"), a numbered thing ("#week") or "". `units` holds all it may be read in: a
    bare number beside one with a unit may have that unit. `things` are stems of what is counted; `rate` is
    "month" for "a month", and `stop` the token behind all that. `linked` tells that it is the other end of
    the change that the quantity before it began.
    """

    first: int
    last: int
    end: int
    stop: int
    value: float
    unit: str
    units: frozenset[str]
    things: frozenset[str]
    rate: str = ""
    literal: str = ""
    linked: bool = False

    @property
    def bare(self) -> bool:
        """Whether nothing says what it counts."""
        return not self.unit and not self.things


def read_quantities(text: str, tokens: Sequence[Token], words: RewriteWords) -> list[Quantity]:
    """All quantities of a sentence or a text in order; `tokens` are those of `text`."""
    found: list[Quantity] = []
    place = 0
    while place < len(tokens):
        number = read_number(text, tokens, place)
        if number is None:
            place += 1
            continue
        found.append(_quantity(tokens, place, number, words))
        place = max(number.last + 1, place + 1)
    return _linked(found, tokens)


def span_of_time(word: str) -> str:
    """The unit of time a word names ("weeks" is "week"), or ""."""
    return _SPANS.get(word, "")


def _quantity(tokens: Sequence[Token], place: int, number: Number, words: RewriteWords) -> Quantity:
    unit, end = _unit(tokens, place, number)
    things, after = frozenset[str](), end
    if not unit:
        things, after = _things(tokens, place, end, words)
    rate, stop = _rate(tokens, end, after)
    return Quantity(
        place, number.last, end, stop, number.value, unit, frozenset((unit,)), things, rate, number.literal
    )


def _unit(tokens: Sequence[Token], place: int, number: Number) -> tuple[str, int]:
    """The unit before or behind a number, and the token behind it."""
    end = number.last + 1
    if number.unit in ("literal", "ordinal", "part", "vague"):
        return number.unit, end
    before = tokens[place - 1] if place else None
    if before and before.lower in CURRENCIES and (before.kind == "mark" or len(before.text) < 4):
        return CURRENCIES[before.lower], end
    behind = end + 1 if end < len(tokens) and tokens[end].text == "-" else end
    unit, length = _unit_at(tokens, behind)
    if unit:
        return unit, behind + length
    if number.unit == "calendar" and _counts(tokens, place, end):
        return "", end
    if number.unit:
        return number.unit, end
    if month := next((MONTHS[t.lower] for t in _beside(tokens, place, end) if t.lower in MONTHS), ""):
        return f"date:{month}", end
    back = place - 2 if before and before.text == "-" else place - 1
    label = tokens[back].lower if back >= 0 else ""
    if label in _LABELS and (not back or tokens[back - 1].lower not in ("per", "a", "each", "every")):
        return f"#{label}", end
    return "", end


def _counts(tokens: Sequence[Token], place: int, end: int) -> bool:
    """Whether what looks like a year counts something: "2022 customers", but not "in 2022 customers left"."""
    before = tokens[place - 1].lower if place else ""
    behind = tokens[end].lower if end < len(tokens) else ""
    dated = before in _BEFORE_YEAR or before in MONTHS
    return not dated and bool(re.fullmatch(r"[a-z]{3,20}[^s]s", behind))


def _unit_at(tokens: Sequence[Token], place: int) -> tuple[str, int]:
    word = tokens[place].lower if place < len(tokens) else ""
    following = tokens[place + 1].lower if place + 1 < len(tokens) else ""
    if word in ("%", "percent", "pct"):
        return ("pp", 2) if following in ("points", "point") else ("%", 1)
    if word == "per" and following == "cent":
        return "%", 2
    if word in ("bps", "‰") or (word == "basis" and following.startswith("point")):
        return "bps", 1 + (word == "basis")
    if word == "pp" or (word == "percentage" and following.startswith("point")):
        return "pp", 1 if word == "pp" else 2
    if word in ("times", "x", "fold", "×"):
        return "x", 1
    if word in CURRENCIES and (word in SIGNS or len(word) > 2):
        return CURRENCIES[word], 1
    if word in _PASSED_OVER and following in _SPANS:
        return _SPANS[following], 2
    return (_SPANS[word], 1) if word in _SPANS else ("", 0)


def _beside(tokens: Sequence[Token], place: int, end: int) -> Sequence[Token]:
    """The words a day's number may have its month in: "6 September", "September the 6th", "6 of May"."""
    after = [token for token in tokens[end : end + 2] if token.lower != "of"]
    before = [token for token in tokens[max(0, place - 2) : place] if token.lower not in ("the", ",")]
    return [*before[-1:], *after[:1]]


def _things(tokens: Sequence[Token], place: int, end: int, words: RewriteWords) -> tuple[frozenset[str], int]:
    """Stems of what is counted: the words behind the number, or before "of" ("a team of 12")."""
    found: set[str] = set()
    after = end
    while after < len(tokens) and len(found) < _MOST_THINGS:
        token = tokens[after]
        if token.lower.endswith("self") or (
            token.text != "-" and (token.kind != "word" or token.lower in words.function)
        ):
            break
        following = tokens[after + 1] if after + 1 < len(tokens) else None
        ends = following is None or following.kind != "word" or following.lower in words.function
        if ends and words.is_past(token.lower):
            break  # "four in ten involved the wrong charger"
        if token.kind == "word":
            found.add(words.stem(token.lower))
        after += 1
    if place > 1 and tokens[place - 1].lower == "of" and tokens[place - 2].kind == "word":
        found.add(words.stem(tokens[place - 2].lower))
    return frozenset(found), after


def _rate(tokens: Sequence[Token], end: int, after: int) -> tuple[str, int]:
    """How often, said beside the number ("a month", "monthly"), and the token behind it."""
    for token in tokens[end:after]:
        if token.lower in _OFTEN:
            return _OFTEN[token.lower], after
    if after + 1 < len(tokens) and tokens[after].lower in ("a", "an", "per", "each", "every", "/", "by"):
        span = _SPANS.get(tokens[after + 1].lower, "")
        return span, after + 2 if span else after
    return "", after


def _linked(found: list[Quantity], tokens: Sequence[Token]) -> list[Quantity]:
    """A bare number that is one end of a change ("78 to 66%") may be read in the unit of the other end."""
    for place in range(1, len(found)):
        first, second = found[place - 1 : place + 1]
        between = [token.lower for token in tokens[first.stop : second.first] if token.text not in SIGNS]
        spanned = bool(first.first) and tokens[first.first - 1].lower == "between" and between == ["and"]
        joined = not between or spanned or not _JOINTS.isdisjoint(between)
        if len(between) > 6 or not joined or not _LINKS.issuperset(between):
            continue
        if not (first.bare or second.bare or first.units & second.units):
            continue
        if not between and second.bare and first.unit in _FINER:
            # "1 minute 20" is a minute and twenty seconds.
            finer = _FINER[first.unit]
            found[place] = replace(second, linked=True, unit=finer, units=frozenset((finer,)))
            continue
        found[place] = second = replace(second, linked=True)
        if first.bare:
            found[place - 1] = _taking(first, second)
        elif second.bare:
            found[place] = _taking(_scaled(tokens, first, second), first)
    return found


def _scaled(tokens: Sequence[Token], first: Quantity, second: Quantity) -> Quantity:
    """ "from two thousand to over four" says the thousand once."""
    said = next((t.lower for t in tokens[first.first : first.last + 1] if t.lower in SPOKEN_MAGNITUDES), "")
    if said and second.value < 100 and first.value >= 1000:
        return replace(second, value=second.value * MAGNITUDES[said])
    return second


def _taking(bare: Quantity, other: Quantity) -> Quantity:
    return replace(
        bare, units=bare.units | (other.units & _PASSED_ON), things=other.things, rate=bare.rate or other.rate
    )
