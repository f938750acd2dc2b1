"""What model calls took, day by day, in one small file that processes share.

    <data folder>/budget.json            each day: what was spent, and what is held for calls under way
    <data folder>/budget.json.lock       held for the milliseconds that one change takes
    <data folder>/budget.damaged-1.json  a file that could not be read, put aside

The file is replaced as a whole, so nobody reads half of it. A call counts on the day on which it began, so
one over midnight is in no day twice. Some days are kept, so that a clock set back finds its day as it was.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Context, Decimal
from functools import reduce
from itertools import count
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from filelock import FileLock, Timeout
from pydantic import BaseModel, Field, FiniteFloat, ValidationError

from coach.schema import Noun

LOCK_WAIT = 10.0  # seconds
_KEEP_DAYS = 8
_LARGEST_FILE = 5_000_000  # bytes
LONGEST_HOLD = 100_000.0  # seconds; more than the longest time-out that the settings allow
MOST_TOKENS = 10**15
MOST_DOLLARS = 10**12
# Sums are exact, whatever precision another library has set for this thread.
EXACT = Context(prec=100)

Tokens = Annotated[int, Field(ge=0, le=MOST_TOKENS)]
Dollars = Annotated[Decimal, Field(ge=0, le=MOST_DOLLARS)]
Count = Annotated[int, Field(ge=0)]


class LedgerUnusable(Exception):
    """The ledger could not be read or written; the text says why, as a clause without a full stop."""


class _Damaged(Exception):
    """The file is not what this program wrote."""


class Moment(NamedTuple):
    """POSIX seconds, and the local date at that time."""

    seconds: float
    day: date


class Amount(NamedTuple):
    """Tokens and US dollars; a cost of None is not known."""

    tokens: int
    cost: Decimal | None


class Hold(Noun):
    """What a call under way may take. It stands until `until`, POSIX seconds, which is `lasts` seconds after
    it was made."""

    tokens: Tokens
    cost: Dollars | None
    until: FiniteFloat
    lasts: Annotated[FiniteFloat, Field(ge=0, le=LONGEST_HOLD)]


class Tally(Noun):
    """What one day or one session took.

    `cost` leaves out the `unpriced` calls, whose price is not known. `unknown` says that calls made before
    are missing. A hold that ran out is kept: its call may have cost something that nobody reported.
    """

    tokens: Count = 0
    cost: Annotated[Decimal, Field(ge=0)] = Decimal(0)
    calls: Count = 0
    unpriced: Count = 0
    unknown: bool = False
    holds: dict[str, Hold] = Field(default_factory=dict)

    def held(self, now: float) -> Amount:
        """What the calls under way may take together; the cost is that of those with a price."""
        standing = [hold for hold in self.holds.values() if hold.until > now]
        return Amount(sum(hold.tokens for hold in standing), add(hold.cost or 0 for hold in standing))

    def lost(self, now: float) -> int:
        """How many calls never reported what they took."""
        return sum(hold.until <= now for hold in self.holds.values())

    def holding(self, call_id: str, hold: Hold) -> Tally:
        """With one more call under way."""
        return self.model_copy(update={"holds": {**self.holds, call_id: hold}})

    def without(self, call_id: str) -> Tally:
        """With nothing held for this call."""
        return self.model_copy(update={"holds": {k: v for k, v in self.holds.items() if k != call_id}})

    def settled(self, call_id: str, took: Amount) -> Tally:
        """With what the call took, in place of what was held for it."""
        return self.without(call_id).model_copy(
            update={
                "tokens": self.tokens + took.tokens,
                "cost": add((self.cost, took.cost or 0)),
                "calls": self.calls + 1,
                "unpriced": self.unpriced + (took.cost is None),
            }
        )

    def clamped(self, now: float) -> Tally:
        """With no hold standing longer than it was made for, as one would after the clock was set back."""
        late = {k: h for k, h in self.holds.items() if h.until > now + h.lasts}
        if not late:
            return self
        mended = {k: h.model_copy(update={"until": now + h.lasts}) for k, h in late.items()}
        return self.model_copy(update={"holds": {**self.holds, **mended}})


Edit = Callable[[Tally], Tally]


class _Days(Noun):
    """The file."""

    version: Literal[1] = 1
    days: dict[date, Tally] = Field(default_factory=dict)

    def edited(self, day: date, edit: Edit) -> _Days:
        before = self.days.get(day, Tally())
        after = edit(before)
        return self if after == before else _Days(days={**self.days, day: after})

    def tidied(self, moment: Moment) -> _Days:
        """Clamped, and without old days; the present one stays, however wrong the clock."""
        kept = {*sorted(self.days)[-_KEEP_DAYS:], moment.day}
        return _Days(days={d: t.clamped(moment.seconds) for d, t in self.days.items() if d in kept})


class DayLedger:
    """The file at `path`; threads and processes may share it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._owed: list[tuple[date, Edit]] = []

    def change(self, moment: Moment, day: date, edit: Edit) -> Tally:
        """The tally of `day` after `edit`, which sees what all others wrote and may raise to refuse.

        Raises LedgerUnusable when the file cannot be read or written, or stays locked for ten seconds.
        """
        with self._lock, self._alone():
            days = self._settled(moment)
            edited = days.edited(day, edit)
            if edited is not days:
                self._write(edited)
            return edited.days.get(day, Tally())

    def owe(self, day: date, edit: Edit) -> None:
        """Keeps an edit that could not be written, until the next change that can."""
        with self._lock:
            self._owed.append((day, edit))

    def _settled(self, moment: Moment) -> _Days:
        """What is to be worked on: mended, tidied and written so, also when the edit that follows refuses."""
        try:
            days = found = self._read()
        except _Damaged:
            self._put_aside()
            found = _Days()
            days = found.edited(moment.day, lambda tally: tally.model_copy(update={"unknown": True}))
        for day, edit in self._owed:
            days = days.edited(day, edit)
        days = days.tidied(moment)
        if days != found:
            self._write(days)
        self._owed.clear()
        return days

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Keeps the other processes out; turns what the disk says into LedgerUnusable."""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = FileLock(f"{self._path}.lock", timeout=LOCK_WAIT, mode=0o600, poll_interval=0.01)
            with lock:
                yield
        except Timeout as error:
            raise LedgerUnusable(f"another program keeps {self._path} locked") from error
        except OSError as error:
            raise LedgerUnusable(f"{self._path}: {error.strerror or error}") from error

    def _read(self) -> _Days:
        try:
            with self._path.open("rb") as file:
                raw = file.read(_LARGEST_FILE + 1)
        except FileNotFoundError:
            return _Days()
        if len(raw) > _LARGEST_FILE:
            raise _Damaged
        try:
            return _Days.model_validate_json(raw)
        except ValidationError as error:
            if _is_newer(raw):
                message = f"{self._path} was written by a newer version of the coach"
                raise LedgerUnusable(message) from None
            raise _Damaged from error

    def _put_aside(self) -> None:
        names = (self._path.with_name(f"{self._path.stem}.damaged-{n}.json") for n in count(1))
        self._path.replace(next(name for name in names if not name.exists()))

    def _write(self, days: _Days) -> None:
        part = self._path.with_name(f"{self._path.name}.part")  # one writer at a time, so one name
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(days.model_dump_json())
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink()
            raise


class _Version(BaseModel):
    version: int


def _is_newer(raw: bytes) -> bool:
    try:
        return _Version.model_validate_json(raw).version > 1
    except ValidationError:
        return False


def add(amounts: Iterable[Decimal | int]) -> Decimal:
    """The exact sum."""
    return reduce(lambda total, amount: EXACT.add(total, Decimal(amount)), amounts, Decimal(0))
