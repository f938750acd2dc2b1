"""One request and its reply, read piece by piece on a thread of its own, so that a limit of time and a wish
to stop hold whatever the server does."""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from coach import ending
from coach.llm import Limit, Listener

_LONGEST_REPLY = 200_000  # characters
_MOST_TOKENS = 10**9  # more than this is no count
_REASONS = ("received_finish_reason", "intermittent_finish_reason")  # litellm's, None until one comes
_LOG_OF_FAILURES = "(failure_handler)"  # how the names of these threads end
_UNTIL_LOGGED = 5.0  # seconds
_MOMENT = 0.001  # seconds
_GLANCE = 0.1  # seconds between two looks at whether to stop


class ReplyTooLongError(Exception):
    """The server sends more than any reply needs."""


@dataclass
class Reply:
    """What came. `is_whole`: the end was announced, by a count of tokens or by not being a stream."""

    text: str = ""
    finish_reason: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    is_whole: bool = False

    def take(self, part: Any) -> str:
        """Adds a piece of a stream, or a whole response; the text that was new."""
        choice = part.choices[0] if getattr(part, "choices", None) else None
        said = getattr(choice, "delta", None) or getattr(choice, "message", None)
        content = getattr(said, "content", None)
        piece = content if isinstance(content, str) else ""
        self.text += piece
        if choice is not None and choice.finish_reason:
            self.finish_reason = str(choice.finish_reason)
        usage = getattr(part, "usage", None)
        if usage is not None:
            self.prompt_tokens = _count(getattr(usage, "prompt_tokens", 0))
            self.completion_tokens = _count(getattr(usage, "completion_tokens", 0))
        if usage is not None or hasattr(choice, "message"):
            self.is_whole = True
        if len(self.text) > _LONGEST_REPLY:
            raise ReplyTooLongError
        return piece


class _Call(threading.Thread):
    """Sends the request and hands on what comes: pieces, then None; or the error."""

    def __init__(self, request: Callable[[], Any]) -> None:
        super().__init__(name="coach-model", daemon=True)
        self.came: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._request = request
        self._response: Any = None
        self._over = threading.Event()

    def run(self) -> None:
        with ending.awaited():
            try:
                self._read()
            except BaseException as error:
                self.came.put(error)
                _let_litellm_log()

    def _read(self) -> None:
        self._response = self._request()
        if self._over.is_set():  # hung up while there was nothing to hang up
            self.hang_up()
            return
        for part in _parts(self._response):
            if self._over.is_set():
                return
            self.came.put(part)
        self.came.put(None)

    @property
    def has_ended(self) -> bool:
        """Whether the server said why its stream ended. Where it did not, litellm makes up a reason, and a
        count of tokens, too."""
        return any(getattr(self._response, name, "") is not None for name in _REASONS)

    def hang_up(self) -> None:
        """Ends the request: the server sees its connection close. Where litellm hides it, it ends with the
        limit of time."""
        self._over.set()
        for stream in (self._response, getattr(self._response, "completion_stream", None)):
            response: Any = getattr(stream, "response", None)
            with suppress(Exception):
                connection = response.extensions["network_stream"].get_extra_info("socket")
                connection.shutdown(socket.SHUT_RDWR)
            with suppress(Exception):
                response.close()


def exchange(request: Callable[[], Any], limit: Limit, listener: Listener | None = None) -> Reply:
    """The reply to a request.

    Raises what the request raises, TimeoutError at the limit, CancelledError when that is called for.
    """
    limit.check()
    call = _Call(request)
    reply = Reply()
    if listener is not None:
        listener.begin()
    call.start()
    try:
        while (part := _next(call, limit)) is not None:
            piece = reply.take(part)
            if piece and listener is not None:
                listener.hear(piece)
    except BaseException:
        call.hang_up()
        raise
    reply.is_whole = reply.is_whole and call.has_ended
    return reply


def _next(call: _Call, limit: Limit) -> Any:
    while True:
        limit.check()
        with suppress(queue.Empty):
            part = call.came.get(timeout=min(_GLANCE, max(0.001, limit.remaining())))
            if isinstance(part, BaseException):
                raise part
            return part


def _let_litellm_log() -> None:
    """Waits for the threads that litellm tells its own log of a broken stream on: they import at length."""
    until = time.monotonic() + _UNTIL_LOGGED
    for thread in threading.enumerate():
        while thread.name.endswith(_LOG_OF_FAILURES) and time.monotonic() < until:
            try:
                thread.join(max(0.0, until - time.monotonic()))
                break
            except RuntimeError:  # one that is listed and has not begun
                time.sleep(_MOMENT)


def _parts(response: Any) -> Any:
    return [response] if hasattr(response, "choices") else response


def _count(value: object) -> int:
    return value if type(value) is int and 0 <= value <= _MOST_TOKENS else 0
