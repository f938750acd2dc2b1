"""What was spent on model calls, as figures and in words, and the sentence that refuses a call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from typing import Literal, NamedTuple

from coach.budget_ledger import EXACT, Amount, Tally, add
from coach.errors import BudgetError

_SMALLEST_SHOWN = Decimal("0.0001")
_WHOSE = {"day": "Today's", "session": "This session's"}
_SETTINGS = {"day": "COACH_BUDGET_DAY", "session": "COACH_BUDGET_SESSION"}


@dataclass(frozen=True)
class Use:
    """What the model calls of a day or a session took, in tokens and US dollars.

    `cost` is that of the calls with a known price; `unpriced_calls` had none. `lost_calls` never said what
    they took, since their process ended; they are in no figure. `held_*` is the most that calls under way
    may add. `unknown`: calls from before are missing, because the record of them was lost.
    """

    tokens: int = 0
    cost: Decimal = Decimal(0)
    calls: int = 0
    unpriced_calls: int = 0
    lost_calls: int = 0
    held_tokens: int = 0
    held_cost: Decimal = Decimal(0)
    unknown: bool = False

    @classmethod
    def of(cls, tally: Tally, now: float) -> Use:
        """The figures of a tally at `now`, POSIX seconds."""
        held = tally.held(now)
        return cls(
            tokens=tally.tokens,
            cost=tally.cost,
            calls=tally.calls,
            unpriced_calls=tally.unpriced,
            lost_calls=tally.lost(now),
            held_tokens=held.tokens,
            held_cost=held.cost or Decimal(0),
            unknown=tally.unknown,
        )

    @property
    def tokens_known(self) -> bool:
        """Whether `tokens` is all there was, not just the least."""
        return not (self.unknown or self.lost_calls)

    @property
    def cost_known(self) -> bool:
        """Whether `cost` is all there was, not just the least."""
        return self.tokens_known and not self.unpriced_calls

    @property
    def in_words(self) -> str:
        """Such as "12,300 tokens and at least $0.12 (1 of 4 calls had no known price)"."""
        tokens = f"{_least(self.tokens_known)}{self.tokens:,} tokens"
        if self.calls and self.calls == self.unpriced_calls:
            return f"{tokens}, at a price that is not known"
        words = f"{tokens} and {_least(self.cost_known)}{dollars(self.cost)}"
        if self.unpriced_calls:
            words += f" ({self.unpriced_calls} of {self.calls} calls had no known price)"
        return words


class Limit(NamedTuple):
    """The most that a day or a session may take; None is no limit. `ends` is None for a session."""

    scope: Literal["day", "session"]
    dollars: Decimal | None
    tokens: int | None
    ends: datetime | None = None


class _Breach(NamedTuple):
    """Which limit a call might pass, in words. `fits` means that it would fit were nothing spent yet."""

    did: str
    may: str
    spent: str
    limit: str
    held: str
    asked: str
    setting: str
    needed: str
    fits: bool


def refusal(limit: Limit, use: Use, asked: Amount) -> BudgetError | None:
    """The error for a call that might pass the limit, None for one that cannot.

    A call that adds nothing passes no limit; one of an unknown price passes none in dollars.
    """
    breach = _dollars_breach(limit, use, asked) or _tokens_breach(limit, use, asked)
    if breach is None:
        return None
    held = f" ({breach.held} more held for calls under way)" if breach.held else ""
    ends = f"on {limit.ends:%Y-%m-%d at %H:%M}" if limit.ends else "when the program does"
    instead = "wait until then" if limit.ends else "start the program again"
    return BudgetError(
        "budget_reached",
        f"{_WHOSE[limit.scope]} model calls have {breach.did} {breach.spent} of the {breach.limit} allowed"
        f"{held}, and the next one may {breach.may} up to {breach.asked}. This limit ends {ends}.",
        f"Set {breach.setting} to {breach.needed} or more" + (f", or {instead}." if breach.fits else "."),
    )


def _dollars_breach(limit: Limit, use: Use, asked: Amount) -> _Breach | None:
    if limit.dollars is None or not asked.cost:
        return None
    needed = add((use.cost, use.held_cost, asked.cost))
    if needed <= limit.dollars:
        return None
    return _Breach(
        did="cost",
        may="cost",
        spent=_least(use.cost_known) + dollars(use.cost),
        limit=dollars(limit.dollars),
        held=dollars(use.held_cost) if use.held_cost else "",
        asked=dollars(asked.cost),
        setting=_SETTINGS[limit.scope],
        needed=_rounded_up(needed),
        fits=asked.cost <= limit.dollars,
    )


def _tokens_breach(limit: Limit, use: Use, asked: Amount) -> _Breach | None:
    needed = use.tokens + use.held_tokens + asked.tokens
    if limit.tokens is None or not asked.tokens or needed <= limit.tokens:
        return None
    return _Breach(
        did="taken",
        may="take",
        spent=f"{_least(use.tokens_known)}{use.tokens:,}",
        limit=f"{limit.tokens:,} tokens",
        held=f"{use.held_tokens:,}" if use.held_tokens else "",
        asked=f"{asked.tokens:,}",
        setting=f"{_SETTINGS[limit.scope]}_TOKENS",
        needed=str(needed),
        fits=asked.tokens <= limit.tokens,
    )


def dollars(amount: Decimal) -> str:
    """The amount for a reader: cents, and below a dollar as many as four places where they say something."""
    if 0 < amount < _SMALLEST_SHOWN:
        return f"less than ${_SMALLEST_SHOWN}"
    return "$" + _two_places_or_more(f"{amount:,.4f}" if amount < 1 else f"{amount:,.2f}")


def _rounded_up(amount: Decimal) -> str:
    return _two_places_or_more(f"{amount.quantize(_SMALLEST_SHOWN, ROUND_CEILING, EXACT):f}")


def _two_places_or_more(figure: str) -> str:
    whole, _, places = figure.partition(".")
    return f"{whole}.{places.rstrip('0').ljust(2, '0')}"


def _least(known: bool) -> str:
    return "" if known else "at least "
