"""Runs a GGUF model inside this process, as litellm's provider `local`: `register` makes it known to litellm.

A reply stops when it is closed, when its time is over and when the program ends; before the first token that
is looked at after every stretch of the prompt.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coach import ending
from coach.llm_local_engine import (
    Chunk,
    RefusedError,
    StoppedError,
    UnusableError,
    loaded_model,
)
from coach.local_models import LOCAL

_MOST_REPLY = 1200  # tokens; a small model that has lost its way would go on to the end of the context


class LocalReply(Iterator[Chunk]):
    """A reply that comes chunk by chunk, as litellm's custom providers give them; begun at the first `next`.

    Raises errors of litellm. `close` ends it.
    """

    def __init__(self, litellm: Any, path: Path, request: Chunk, seconds: float) -> None:
        self._litellm = litellm
        self._path = path
        self._request = request
        self._until = time.monotonic() + seconds
        self._closed = threading.Event()
        self._came: queue.SimpleQueue[Chunk | BaseException | None] | None = None
        self._over = False

    @property
    def response(self) -> LocalReply:
        """Where readers of HTTP streams look for what to close."""
        return self

    def close(self) -> None:
        """Ends the reply after the next token at the latest."""
        self._closed.set()

    def __del__(self) -> None:
        self._closed.set()

    def __next__(self) -> Chunk:
        if self._over:  # litellm asks on after the end
            raise StopIteration
        if self._came is None:
            self._came = queue.SimpleQueue()
            work = _Work(self._path, self._request, self._until, self._closed, self._came)
            threading.Thread(target=work.run, name="coach-local-model", daemon=True).start()
        came = self._came.get()
        if isinstance(came, dict):
            return came
        self._over = True
        if came is None:
            raise StopIteration
        raise self._error(came) from None

    def _error(self, error: BaseException) -> BaseException:
        """The error as litellm would raise it for a server."""
        facts = {"model": self._request["model"], "llm_provider": LOCAL}
        if isinstance(error, UnusableError):
            return _unusable_class(self._litellm)(message=str(error), **facts)  # type: ignore[no-any-return]
        if isinstance(error, RefusedError):
            kinds = self._litellm.BadRequestError, self._litellm.ContextWindowExceededError
            return kinds[error.is_too_long](message=str(error), **facts)  # type: ignore[no-any-return]
        if isinstance(error, StoppedError):
            return self._litellm.Timeout(message="The reply was stopped.", **facts)  # type: ignore[no-any-return]
        return error


class _Work:
    """What the thread of a reply does. It does not hold the reply, so that a forgotten one is closed."""

    def __init__(
        self,
        path: Path,
        request: Chunk,
        until: float,
        closed: threading.Event,
        came: queue.SimpleQueue[Chunk | BaseException | None],
    ) -> None:
        self._path = path
        self._request = request
        self._until = until
        self._closed = closed
        self._came = came

    def run(self) -> None:
        try:
            loaded_model(self._path).answer(self._request, self._is_over, self._hear)
            self._came.put(None)
        except BaseException as error:
            self._came.put(error)

    def _is_over(self) -> bool:
        return self._closed.is_set() or ending.is_near() or time.monotonic() >= self._until

    def _hear(self, chunk: Chunk) -> None:
        for part in _parts(chunk):
            self._came.put(part)


def _parts(chunk: Chunk) -> Iterator[Chunk]:
    """A chunk of OpenAI's stream as litellm's generic one; nothing for news of the prompt's reading."""
    choice = chunk["choices"][0] if chunk.get("choices") else {}
    text = choice.get("delta", {}).get("content") or ""
    finish, usage = choice.get("finish_reason"), chunk.get("usage")
    if text or finish or usage:
        yield {
            "text": text,
            "tool_use": None,
            "is_finished": bool(finish),
            "finish_reason": finish or "",
            "usage": usage and {name: usage[name] for name in _COUNTS},
            "index": 0,
        }


_COUNTS = ("prompt_tokens", "completion_tokens", "total_tokens")


def register(litellm: Any) -> None:
    """Makes `local/PATH.gguf`, an absolute path, a model that litellm can ask; harmless when done twice."""
    if all(known["provider"] != LOCAL for known in litellm.custom_provider_map):
        litellm.custom_provider_map = [
            *litellm.custom_provider_map,
            {"provider": LOCAL, "custom_handler": LocalProvider(litellm)},
        ]


class LocalProvider:
    """What litellm calls for a model of the provider."""

    def __init__(self, litellm: Any) -> None:
        self._litellm = litellm

    def streaming(self, **call: Any) -> LocalReply:
        """The reply in chunks."""
        return LocalReply(self._litellm, Path(call["model"]), _request(call), _seconds(call["timeout"]))

    def completion(self, **call: Any) -> Any:
        """The reply as a whole, in the response that litellm gives along."""
        response, text = call["model_response"], ""
        for part in self.streaming(**call):
            text += part["text"]
            if part["is_finished"]:
                response.choices[0].finish_reason = part["finish_reason"]
            if part["usage"]:
                response.usage = self._litellm.Usage(**part["usage"])
        response.choices[0].message.content = text
        response.model = call["model"]
        return response


def _request(call: Chunk) -> Chunk:
    options = call["optional_params"]
    request = {
        "model": LOCAL,
        "messages": call["messages"],
        "temperature": options.get("temperature", 0),
        "seed": options.get("seed", 0),
        "max_tokens": min(options.get("max_tokens") or _MOST_REPLY, _MOST_REPLY),
        "stream": True,
        "stream_options": {"include_usage": True},
        "return_progress": True,  # chunks, and looks at whether to stop, before the first token too
    }
    if options.get("response_format"):
        request["response_format"] = options["response_format"]
    return request


def _seconds(timeout: Any) -> float:
    return float(timeout) if isinstance(timeout, int | float) else 600.0


def _unusable_class(litellm: Any) -> Any:
    """An error that litellm hands on as it is, with a name of its own to tell it by."""
    return type("LocalModelUnusableError", (litellm.BadRequestError,), {})
