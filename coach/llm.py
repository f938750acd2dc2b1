"""Asks a language model: the only module that imports litellm, and only at the first request.

Nothing here logs, and no error repeats the key, the prompt or the reply. One request may take
`ModelChoice.timeout` seconds in all, retries and their waits included.
"""

from __future__ import annotations

import logging
import os
import random
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

from pydantic import BaseModel

from coach.config import Settings
from coach.errors import ConfigError
from coach.llm_failures import Failure, classify
from coach.llm_local import register
from coach.local_models import LOCAL, check_local, is_local, model_file
from coach.schema import Usage

ATTEMPTS = 3
_FIRST_WAIT = 0.5  # seconds; doubles with each retry
_NO_KEY = "none"  # local servers want a key to be sent, whatever it is
_SWITCHES = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "LITELLM_MODE": "PRODUCTION",  # reads no .env
    "LITELLM_LOG": "ERROR",
}
_T = TypeVar("_T")


class Message(NamedTuple):
    """One turn of the request."""

    role: Literal["system", "user"]
    content: str


class Completion(NamedTuple):
    """A model's reply as it came: nothing in it is to be trusted."""

    text: str
    usage: Usage
    model: str
    finish_reason: str


class Completer(Protocol):
    """Whatever answers messages; raises ModelError when it cannot."""

    @property
    def model(self) -> str:
        """The name reports give this model."""

    def complete(self, messages: Sequence[Message], schema: type[BaseModel] | None = None) -> Completion:
        """The reply, asked to follow `schema` where the model can; that it does is not promised."""


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
        """The model named, else the settings' own; raises ConfigError when neither names one."""
        name = model or settings.model
        if not name:
            raise ConfigError("no_model", "No model is named.", "Set COACH_MODEL or name one with --judge.")
        api_base = None if is_local(name) else settings.api_base
        return cls(name, api_key, api_base, settings.timeout, settings.models_dir)


def check_model(choice: ModelChoice) -> None:
    """Raises ConfigError for a model that litellm does not know or whose key is missing; calls nobody."""
    if is_local(choice.model):
        check_local(choice.model, choice.models_dir)
        return
    litellm = _litellm()
    try:
        litellm.get_llm_provider(model=choice.model)
        missing = litellm.validate_environment(
            model=choice.model, api_key=choice.api_key, api_base=choice.api_base
        )["missing_keys"]
    except Exception:
        raise ConfigError("unknown_model", f"The model {choice.model!r} is not known.", _NAME_HINT) from None
    keys = [name for name in missing if name.endswith("_API_KEY")]
    if keys and not choice.api_key and not choice.api_base:
        raise ConfigError(
            "missing_key",
            f"The model {choice.model!r} needs a key and none is set.",
            f"Set the environment variable {' or '.join(sorted(keys))}, or choose another model.",
        )


_NAME_HINT = (
    "Write provider/model, such as openai/gpt-4o-mini, anthropic/claude-sonnet-4-5 or ollama/llama3.2. "
    "For a server of your own write openai/NAME and set COACH_API_BASE to its address."
)


class LitellmCompleter:
    """Asks one model through litellm; overload, server errors and lost connections are tried again."""

    def __init__(self, choice: ModelChoice, sleep: Callable[[float], None] = time.sleep) -> None:
        self._choice = choice
        self._sleep = sleep

    @property
    def model(self) -> str:
        return self._choice.model

    def complete(self, messages: Sequence[Message], schema: type[BaseModel] | None = None) -> Completion:
        """The reply; raises ModelError that says in a sentence what went wrong."""
        deadline = time.monotonic() + self._choice.timeout
        options: dict[str, Any] = {"temperature": 0}
        if schema is not None:
            options["response_format"] = schema
        for attempt in range(1, ATTEMPTS + 1):
            outcome = self._try(messages, options, deadline)
            if isinstance(outcome, Completion):
                return outcome
            failure, wait = outcome, _wait(attempt, outcome)
            if failure.options_refused and options:
                options, wait = {}, 0.0  # not every server takes a schema or a temperature
            elif not failure.retry:
                break
            if attempt == ATTEMPTS or time.monotonic() + wait >= deadline:
                break
            self._sleep(wait)
        raise failure.error(self._choice)

    def _try(
        self, messages: Sequence[Message], options: dict[str, Any], deadline: float
    ) -> Completion | Failure:
        remaining = max(0.01, deadline - time.monotonic())
        try:
            return _within(remaining, lambda: self._request(messages, options, remaining))
        except Exception as error:
            return classify(error)

    def _request(self, messages: Sequence[Message], options: dict[str, Any], timeout: float) -> Completion:
        litellm = _litellm()
        response = litellm.completion(
            model=self._choice.asked_as,
            messages=[{"role": message.role, "content": message.content} for message in messages],
            api_key=self._key(),
            api_base=self._choice.api_base,
            timeout=timeout,
            max_retries=0,
            drop_params=True,
            **options,
        )
        return _completion(response, self._choice.model)

    def _key(self) -> str | None:
        if self._choice.api_key or not self._choice.api_base:
            return self._choice.api_key
        missing = _litellm().validate_environment(model=self._choice.model)["missing_keys"]
        return _NO_KEY if missing else None


class ScriptedCompleter:
    """A model that says what it is told to, for tests and demonstrations.

    `script` is a queue of replies (an exception among them is raised) or a function of the messages.
    `requests` records what was asked. Words are counted as tokens. Raises RuntimeError when the queue
    runs dry, which is a fault of the script and not of a model.
    """

    def __init__(
        self, script: Iterable[str | Exception] | Callable[[Sequence[Message]], str], model: str = "scripted"
    ) -> None:
        self._speak = script if callable(script) else None
        self._queue = deque(() if callable(script) else script)
        self._model = model
        self.requests: list[tuple[Message, ...]] = []

    @property
    def model(self) -> str:
        return self._model

    def complete(self, messages: Sequence[Message], schema: type[BaseModel] | None = None) -> Completion:
        """The next reply of the script."""
        self.requests.append(tuple(messages))
        text = self._speak(messages) if self._speak else self._next()
        asked = sum(len(message.content.split()) for message in messages)
        return Completion(
            text, Usage(prompt_tokens=asked, completion_tokens=len(text.split())), self._model, "stop"
        )

    def _next(self) -> str:
        if not self._queue:
            raise RuntimeError(f"The script holds no reply for request {len(self.requests)}.")
        reply = self._queue.popleft()
        if isinstance(reply, Exception):
            raise reply
        return reply


@lru_cache(maxsize=1)
def _litellm() -> ModuleType:
    """litellm, told to keep to itself: no .env, no downloads, no telemetry, no callbacks, no chatter."""
    os.environ.update(_SWITCHES)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what its own imports warn of is not ours to mend
        import litellm

        litellm.ModelResponse()  # its types are built at first use, with a warning
        litellm.ModelResponseStream()
    litellm.suppress_debug_info = True
    litellm.telemetry = False
    litellm.drop_params = True
    litellm.turn_off_message_logging = True
    for callbacks in ("callbacks", "input_callback", "success_callback", "failure_callback"):
        setattr(litellm, callbacks, [])
    register(litellm)
    # Error lines of the first and debug lines of the others carry prompts and replies.
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    for name in ("openai", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return litellm


def _within(seconds: float, call: Callable[[], _T]) -> _T:
    """The call's result; raises TimeoutError after `seconds`, since litellm's own limit is per read."""
    future: Future[_T] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, name="coach-model", daemon=True).start()
    return future.result(timeout=seconds)


def _wait(attempt: int, failure: Failure) -> float:
    jitter = random.uniform(0.5, 1.5)  # noqa: S311 - spreads retries, keeps no secret
    return max(_FIRST_WAIT * 2.0 ** (attempt - 1) * jitter, failure.retry_after)


def _completion(response: Any, model: str) -> Completion:
    choice = response.choices[0] if response.choices else None
    content = choice.message.content if choice else None
    usage = getattr(response, "usage", None)
    return Completion(
        text=content if isinstance(content, str) else "",
        usage=Usage(
            prompt_tokens=_count(getattr(usage, "prompt_tokens", 0)),
            completion_tokens=_count(getattr(usage, "completion_tokens", 0)),
            cost_usd=_cost(response),
        ),
        model=model,
        finish_reason=str(choice.finish_reason) if choice else "",
    )


def _count(value: object) -> int:
    return value if isinstance(value, int) and value >= 0 else 0


def _cost(response: Any) -> float:
    """US dollars; 0.0 for a model whose price litellm does not know."""
    try:
        return max(0.0, float(_litellm().completion_cost(completion_response=response)))
    except Exception:
        return 0.0
