"""What model calls may cost: asked before each call, told after it.

    with budget.reserve(4_000, Decimal("0.002")) as reservation:
        completion = completer.complete(messages)
        reservation.settle(tokens, cost)

There are two ledgers: one of the day, which every process with the same data folder shares, and one of the
session, which is this process. What is held for calls under way counts, so that calls at the same time
cannot pass a limit together. What may have been billed counts; only what surely was not is given back.
"""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from datetime import time as time_of_day
from decimal import Decimal
from types import TracebackType

from coach.budget_ledger import (
    LONGEST_HOLD,
    MOST_DOLLARS,
    MOST_TOKENS,
    Amount,
    DayLedger,
    Edit,
    Hold,
    LedgerUnusable,
    Moment,
    Tally,
)
from coach.budget_words import Limit, Use, refusal
from coach.config import Settings
from coach.errors import BudgetError, CoachError, ConfigError, InputError
from coach.schema import Notice

# A call has ended, or its process has, when it has been silent for this long after its time-out; seconds.
GRACE = 60.0
# The model was never reached, or refused the request before it did any work.
NOT_BILLED = frozenset(
    {
        *("budget_reached", "budget_unusable", "model_resting", "model_unreachable", "model_key_refused"),
        *("model_not_found", "model_bad_request", "model_context", "model_no_credit", "model_busy"),
        "local_model_unusable",
    }
)


@dataclass(frozen=True)
class Spent:
    """What today and this session took, and what the reader of the figures should know."""

    day: Use
    session: Use
    warnings: tuple[Notice, ...] = ()


class Session:
    """What the calls of one process took. `lock` guards the tally."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Starts at nothing, as a process does."""
        self.lock = threading.Lock()
        self.tally = Tally()


_THIS_PROCESS = Session()
os.register_at_fork(after_in_child=_THIS_PROCESS.begin)


class Budget:
    """The limits and the two ledgers. Threads may share one; so may, through the data folder, processes."""

    def __init__(
        self,
        settings: Settings,
        session: Session = _THIS_PROCESS,
        clock: Callable[[], float] = time.time,
        zone: tzinfo | None = None,
    ) -> None:
        self._settings = settings
        self._session = session
        self._clock = clock
        self._zone = zone
        self._ledger = DayLedger(settings.budget_path)

    @classmethod
    def open(
        cls,
        settings: Settings,
        *,
        session: Session = _THIS_PROCESS,
        clock: Callable[[], float] = time.time,
        zone: tzinfo | None = None,
    ) -> Budget:
        """The budget of these settings. Nothing is read or written before it is asked.

        `clock` gives POSIX seconds, `zone` says which day that is; None is this machine's zone.
        """
        return cls(settings, session, clock, zone)

    def reserve(self, estimated_tokens: int, estimated_cost: Decimal | None) -> Reservation:
        """Holds the most that a call may take, in tokens and US dollars; a cost of None is not known.

        Raises BudgetError `budget_reached` when a limit might be passed, and `budget_unusable` when the day
        has a limit and its ledger cannot be kept. Without a limit for the day such a ledger stops nothing.
        """
        asked = _checked(Amount(estimated_tokens, estimated_cost))
        moment, call_id = self._moment(), uuid.uuid4().hex
        lasts = min(self._settings.timeout + GRACE, LONGEST_HOLD)
        hold = Hold(tokens=asked.tokens, cost=asked.cost, until=moment.seconds + lasts, lasts=lasts)
        day_limit, session_limit = self._limits(moment)

        def check(limit: Limit, tally: Tally) -> None:
            refused = refusal(limit, Use.of(tally, moment.seconds), asked)
            if refused:
                raise refused

        with self._session.lock:
            session = self._session.tally = self._session.tally.clamped(moment.seconds)

            def enter(day: Tally) -> Tally:
                check(session_limit, session)
                check(day_limit, day)
                return day.holding(call_id, hold)

            try:
                self._ledger.change(moment, moment.day, enter)
            except LedgerUnusable as error:
                if (day_limit.dollars, day_limit.tokens) != (None, None):
                    raise _unusable(error) from error
                check(session_limit, session)
            self._session.tally = session.holding(call_id, hold)
        return Reservation(self, call_id, moment.day, asked)

    def spent(self) -> Spent:
        """What was spent today and in this session. Raises nothing: what cannot be read is unknown."""
        moment = self._moment()
        try:
            day = Use.of(self._ledger.change(moment, moment.day, lambda tally: tally), moment.seconds)
            warnings = [_DAMAGED] if day.unknown else []
        except LedgerUnusable as error:
            day = Use(unknown=True)
            warnings = [Notice(code="budget_not_kept", message=f"{_NOT_KEPT}: {error}.")]
        with self._session.lock:
            session = Use.of(self._session.tally, moment.seconds)
        return Spent(day, session, tuple(warnings))

    def change(self, day: date, edit: Edit) -> None:
        """Edits both ledgers after a call; what the disk refuses is written with the next change.

        A call that is paid for must not be lost over this, so nothing is raised.
        """
        with self._session.lock:
            self._session.tally = edit(self._session.tally)
        try:
            self._ledger.change(self._moment(), day, edit)
        except LedgerUnusable:
            self._ledger.owe(day, edit)

    def _moment(self) -> Moment:
        seconds = self._clock()
        return Moment(seconds, self._local(seconds).date())

    def _local(self, seconds: float) -> datetime:
        return datetime.fromtimestamp(seconds, UTC).astimezone(self._zone)

    def _limits(self, moment: Moment) -> tuple[Limit, Limit]:
        settings = self._settings
        return (
            Limit("day", settings.budget_day, settings.budget_day_tokens, self._day_after(moment.day)),
            Limit("session", settings.budget_session, settings.budget_session_tokens),
        )

    def _day_after(self, day: date) -> datetime:
        """When the next day begins; where summer time takes midnight away, that is not at 00:00."""
        midnight = datetime.combine(day + timedelta(days=1), time_of_day.min, self._zone)
        return self._local(midnight.timestamp())


class Reservation:
    """What is held for one call. Its first word counts: settled or given back, once.

    As a context manager it does what was left undone: it gives the estimate back when the call failed and
    surely was not billed, and lets the estimate count when the call may have been.
    """

    def __init__(self, budget: Budget, call_id: str, day: date, estimate: Amount) -> None:
        self._budget = budget
        self._call_id = call_id
        self._day = day
        self._estimate = estimate
        self._lock = threading.Lock()
        self._open = True

    def settle(self, tokens: int | None, cost: Decimal | None) -> None:
        """Counts what the call took, in tokens and US dollars, in place of the estimate.

        None means that the provider did not say: then the estimate counts. Without an estimate either, the
        price is unknown. Raises ValueError for an amount that cannot be.
        """
        took = _checked(
            Amount(
                self._estimate.tokens if tokens is None else tokens,
                self._estimate.cost if cost is None else cost,
            )
        )
        self._end(lambda tally: tally.settled(self._call_id, took))

    def release(self) -> None:
        """Gives the estimate back: the call was not made, or surely not billed."""
        self._end(lambda tally: tally.without(self._call_id))

    def _end(self, edit: Edit) -> None:
        with self._lock:
            was_open, self._open = self._open, False
        if was_open:
            self._budget.change(self._day, edit)

    def __enter__(self) -> Reservation:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and _surely_not_billed(error):
            self.release()
        else:
            self.settle(None, None)


def _surely_not_billed(error: BaseException) -> bool:
    if isinstance(error, CoachError):
        return error.code in NOT_BILLED or isinstance(error, ConfigError | InputError)
    return isinstance(error, ConnectionRefusedError)


def _checked(amount: Amount) -> Amount:
    """Raises ValueError for what no call can take."""
    if not 0 <= amount.tokens <= MOST_TOKENS:
        raise ValueError(f"{amount.tokens} is no number of tokens")
    if amount.cost is not None and not (amount.cost.is_finite() and 0 <= amount.cost <= MOST_DOLLARS):
        raise ValueError(f"{amount.cost} is no amount of US dollars")
    return amount


_NOT_KEPT = "What model calls take today cannot be kept"
_DAMAGED = Notice(
    code="budget_unknown",
    message="The record of what model calls took was damaged. It was put aside and counting began anew, so "
    "what was spent earlier today is not known and no limit counts it.",
)


def _unusable(error: LedgerUnusable) -> BudgetError:
    return BudgetError(
        "budget_unusable",
        f"{_NOT_KEPT}, so the limit on it cannot be held: {error}.",
        "Make the file and its folder writable, or set COACH_DATA_DIR to a folder that is.",
    )
