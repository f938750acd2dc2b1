"""A model that says what it is told to, for tests and demonstrations."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence

from pydantic import BaseModel

from coach.llm import Completion, Limit, Listener, Message
from coach.schema import Usage


class ScriptedCompleter:
    """Answers from a script: a queue of replies (an exception among them is raised) or a function of the
    messages.

    `requests` records what was asked. Words are counted as tokens. Raises RuntimeError when the queue runs
    dry, which is a fault of the script and not of a model.
    """

    def __init__(
        self, script: Iterable[str | Exception] | Callable[[Sequence[Message]], str], model: str = "scripted"
    ) -> None:
        self._speak = script if callable(script) else None
        self._queue = deque(() if callable(script) else script)
        self._model = model
        self._lock = threading.Lock()
        self.requests: list[tuple[Message, ...]] = []

    @property
    def model(self) -> str:
        return self._model

    def complete(
        self,
        messages: Sequence[Message],
        schema: type[BaseModel] | None = None,
        *,
        seed: int = 0,
        limit: Limit | None = None,
        listener: Listener | None = None,
    ) -> Completion:
        """The next reply of the script, heard word by word."""
        with self._lock:
            self.requests.append(tuple(messages))
            text = self._speak(messages) if self._speak else self._next()
        if listener is not None:
            listener.begin()
            for word in text.splitlines(keepends=True):
                listener.hear(word)
        asked = sum(len(message.content.split()) for message in messages)
        usage = Usage(prompt_tokens=asked, completion_tokens=len(text.split()))
        return Completion(text, usage, self._model, "stop")

    def _next(self) -> str:
        if not self._queue:
            raise RuntimeError(f"The script holds no reply for request {len(self.requests)}.")
        reply = self._queue.popleft()
        if isinstance(reply, Exception):
            raise reply
        return reply
