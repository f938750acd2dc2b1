"""Lets a dead provider rest, so that it costs one wait and not one for each of two hundred answers.

    with breaker_for(choice.model, choice.api_base).allow():
        completion = completer.complete(messages)

    closed     calls go through; a failed one opens
    open       no call goes through for 30 seconds, after each further failure twice as long, at most 300
    half-open  the rest is over: exactly one call goes through, and how it ends decides

What counts as a failure is a provider that is away, silent, broken or out of credit. One that answers "no"
is alive: a refused key or an unknown model fails at once and keeps nobody waiting.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from types import TracebackType
from typing import Literal

from coach.errors import ModelError

FAILURES_TO_OPEN = 1  # each of them after its own retries
FIRST_REST = 30.0  # seconds
LONGEST_REST = 300.0
# A trial that has said nothing for this long is taken for lost, or its thread's end would close the way.
_PATIENCE = 600.0
FAILURES = frozenset({"model_unreachable", "model_timeout", "model_failed", "model_no_credit"})
ANSWERS = frozenset(
    {
        *("model_busy", "model_refused", "model_context", "model_bad_request"),
        *("model_key_refused", "model_not_found", "local_model_unusable"),
    }
)
State = Literal["closed", "open", "half-open"]


class Breaker:
    """The breaker of one model at one address. Threads may share it.

    `clock` gives seconds that never go back; `now` is the local time, only for words.
    """

    def __init__(
        self,
        model: str,
        failures_to_open: int = FAILURES_TO_OPEN,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = datetime.now,
    ) -> None:
        self._model = model
        self._failures_to_open = failures_to_open
        self._clock = clock
        self._now = now
        self._lock = threading.Lock()
        self._openings = 0  # tells a call that began before the last opening from a later one
        self._failures = 0
        self._rest = FIRST_REST
        self._until: float | None = None  # by the clock; None when closed
        self._trial: Pass | None = None
        self._trial_began = 0.0
        self._last: ModelError | None = None

    @property
    def state(self) -> State:
        """What the next call would find."""
        with self._lock:
            if self._until is None:
                return "closed"
            return "open" if self._clock() < self._until else "half-open"

    def allow(self) -> Pass:
        """Leave to make one call, whose end the pass has to be told; as a context manager it sees by itself.

        Raises ModelError `model_resting`, which says when the model is tried next and why it rests.
        """
        with self._lock:
            now = self._clock()
            if self._until is not None:
                if now < self._until or self._is_on_trial(now):
                    raise self._resting(self._until - now)
                self._trial_began = now
                self._trial = Pass(self, self._openings)
                return self._trial
            return Pass(self, self._openings)

    def reset(self) -> None:
        """Forgets all failures, for when a person changed the key, topped the account up or started the
        server."""
        with self._lock:
            self._openings += 1  # what is under way was sent before the change
            self._close()

    def _end(self, ended: Pass, error: BaseException | None) -> None:
        """What the end of a call means; told once for each pass."""
        with self._lock:
            code = error.code if isinstance(error, ModelError) else None
            if error is None or code in ANSWERS:
                self._close()
            elif isinstance(error, ModelError) and code in FAILURES:
                self._count(ended, error)
            elif ended is self._trial:
                self._trial = None  # it says nothing of the provider, so the next one may try

    def _count(self, failed: Pass, error: ModelError) -> None:
        # Calls that were under way when it opened fail for the reason that is counted already.
        if failed.openings != self._openings:
            return
        if self._until is None:
            self._failures += 1
            if self._failures >= self._failures_to_open:
                self._open(FIRST_REST, error)
        elif failed is self._trial:
            self._open(min(2 * self._rest, LONGEST_REST), error)

    def _open(self, rest: float, error: ModelError) -> None:
        self._openings += 1
        self._rest = rest
        self._until = self._clock() + rest
        self._trial = None
        self._last = error

    def _close(self) -> None:
        self._failures = 0
        self._until = self._trial = self._last = None

    def _is_on_trial(self, now: float) -> bool:
        return self._trial is not None and now - self._trial_began < _PATIENCE

    def _resting(self, left: float) -> ModelError:
        when = "It is being tried at this moment."
        if left > 0:
            at = self._now() + timedelta(seconds=left)
            when = f"It is tried next at {at:%H:%M:%S}, in {_in_words(left)}."
        why, hint = (self._last.message, self._last.hint) if self._last else ("", "")
        message = f"The model {self._model} rests after a failure. {when} What failed: {why}"
        return ModelError("model_resting", message, hint)


class Pass:
    """Leave for one call, whose end has to be told, once; as a context manager it tells by itself."""

    def __init__(self, breaker: Breaker, openings: int) -> None:
        self.openings = openings
        self._breaker = breaker
        self._lock = threading.Lock()
        self._told = False

    def succeeded(self) -> None:
        """The model replied."""
        self._tell(None)

    def failed(self, error: BaseException) -> None:
        """The call ended with this error, whether or not it is one that counts."""
        self._tell(error)

    def _tell(self, error: BaseException | None) -> None:
        with self._lock:
            was_told, self._told = self._told, True
        if not was_told:
            self._breaker._end(self, error)

    def __enter__(self) -> Pass:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tell(error)


_BREAKERS: dict[tuple[str, str], Breaker] = {}


def breaker_for(model: str, api_base: str | None = None) -> Breaker:
    """This process's breaker for a model at an address; None is the provider's own."""
    key = (model, (api_base or "").rstrip("/"))
    return _BREAKERS.setdefault(key, Breaker(model))  # one step, so threads get the same one


def _in_words(seconds: float) -> str:
    whole = math.ceil(seconds)
    return "1 second" if whole == 1 else f"{whole} seconds"
