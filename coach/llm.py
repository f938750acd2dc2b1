"""What asking a language model means: messages go out, a text comes back, and none of it is to be trusted.

`llm_litellm` asks through litellm, `llm_scripted` says what it is told to, `llm_chain` adds what makes asking
safe: the reply cache, the budget, the circuit breaker and the fallback models.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

from pydantic import BaseModel

from coach.config import Settings
from coach.errors import CancelledError, ConfigError
from coach.local_models import LOCAL, is_local, model_file
from coach.schema import Usage

# A reply is shorter by far; what goes on longer is cut off, so that it neither costs nor fills memory.
MOST_REPLY_TOKENS = 4_000


class Message(NamedTuple):
    """One turn of the request."""

    role: Literal["system", "user", "assistant"]
    content: str


def _keep() -> None:
    """A reply that is kept nowhere has nothing to discard."""


class Completion(NamedTuple):
    """A model's reply as it came.

    `is_whole` is false where the stream may have been cut, whatever `finish_reason` says. `is_reused` means
    that it was kept from an earlier request and cost nothing; `discard` forgets a kept one.
    """

    text: str
    usage: Usage
    model: str
    finish_reason: str
    is_whole: bool = True
    is_reused: bool = False
    discard: Callable[[], None] = _keep


class Listener(Protocol):
    """Hears a reply while it comes."""

    def begin(self) -> None:
        """A reply begins; what was heard before it is void."""

    def hear(self, piece: str) -> None:
        """More of the reply's text."""


class Limit:
    """Until when a request may go on, and a switch that ends it before. Threads may share one."""

    def __init__(self, seconds: float, switch: threading.Event | None = None) -> None:
        self.seconds = seconds
        self._until = time.monotonic() + seconds
        self._switch = switch or threading.Event()

    def remaining(self) -> float:
        """Seconds left, 0.0 at least."""
        return max(0.0, self._until - time.monotonic())

    def within(self, seconds: float) -> Limit:
        """A limit of at most `seconds` that ends with this one and shares its switch."""
        return Limit(min(seconds, self.remaining()), self._switch)

    def cancel(self) -> None:
        """Ends the requests under way."""
        self._switch.set()

    def check(self) -> None:
        """Raises CancelledError after `cancel`, TimeoutError when the time is over."""
        if self._switch.is_set():
            raise CancelledError
        if not self.remaining():
            raise TimeoutError

    def pause(self, seconds: float) -> None:
        """Waits, but not past the end; raises CancelledError when that is called for meanwhile."""
        if self._switch.wait(min(seconds, self.remaining())):
            raise CancelledError


class Completer(Protocol):
    """Whatever answers messages."""

    @property
    def model(self) -> str:
        """The name reports give this model."""

    def complete(
        self,
        messages: Sequence[Message],
        schema: type[BaseModel] | None = None,
        *,
        seed: int = 0,
        limit: Limit | None = None,
        listener: Listener | None = None,
    ) -> Completion:
        """The reply, asked to follow `schema` where the model can; that it does is not promised.

        Equal seeds ask for equal replies. Raises ModelError when there is none, CancelledError when `limit`
        was cancelled.
        """


@dataclass(frozen=True)
class ModelChoice:
    """Which model, where, and for how many seconds. The key lives as long as this object and is not shown."""

    model: str
    api_key: str | None = field(default=None, repr=False)
    api_base: str | None = None
    timeout: float = 60.0
    models_dir: Path = Path()

    @property
    def asked_as(self) -> str:
        """The model's name for litellm; that of a local model is the path of its file."""
        return f"{LOCAL}/{model_file(self.model, self.models_dir)}" if is_local(self.model) else self.model

    @classmethod
    def from_settings(
        cls, settings: Settings, model: str | None = None, api_key: str | None = None
    ) -> ModelChoice:
        """The model named, else the settings' own; raises ConfigError when neither names one.

        `NAME@ADDRESS` says where that model is. Otherwise COACH_API_BASE holds for the models of the provider
        that COACH_MODEL is of, since another provider's are not at the same address.
        """
        named = model or settings.model
        if not named:
            raise ConfigError("no_model", "No model is named.", "Set COACH_MODEL or name one with --judge.")
        name, at, place = named.rpartition("@")
        address: str | None = place
        if not at or "://" not in place:
            is_there = not is_local(named) and _provider(named) == _provider(settings.model or named)
            name, address = named, settings.api_base if is_there else None
        return cls(name, api_key, address, settings.timeout, settings.models_dir)


def _provider(model: str) -> str:
    return model.partition("/")[0]
