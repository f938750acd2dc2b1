"""One GGUF model in this process: llama.cpp (the package xllamacpp) does the work and tells of each token
through a callback, whose answer ends the reply.

A model is loaded once, at the first request, and one request at a time is with it.
"""

from __future__ import annotations

import secrets
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from coach import ending

CONTEXT = 4096  # tokens of prompt and reply together
_STRETCH = 256  # tokens of the prompt that are read between two looks at whether to stop
_KEPT_PROMPTS = 512  # MiB for prompts that were read before
_GLANCE = 0.05  # seconds between two looks while another request is with the model
_LONGEST_SOCKET = 100  # characters that the path of a socket may have
_UNTIL_QUIET = 10.0  # seconds that the end of the program waits for a reply to stop

Chunk = dict[str, Any]


class StoppedError(Exception):
    """The reply was closed, or the program ends."""


class UnusableError(Exception):
    """The file cannot be loaded, or the package that loads it is missing."""


class RefusedError(Exception):
    """The model does not take the request. `is_too_long` means that it and a reply do not fit the context."""

    def __init__(self, message: str, is_too_long: bool = False) -> None:
        super().__init__(message)
        self.is_too_long = is_too_long


class LoadedModel:
    """One model file, loaded at the first request. Threads may share one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._turn = threading.Lock()
        self._server: Any = None

    def answer(self, request: Chunk, stop: Callable[[], bool], hear: Callable[[Chunk], None]) -> None:
        """Tells `hear` the chunks of OpenAI's stream; `stop` is asked between them.

        Raises StoppedError, UnusableError, RefusedError.
        """
        while not self._turn.acquire(timeout=_GLANCE):
            if stop():
                raise StoppedError
        try:
            self._ask(request, stop, hear)
        finally:
            self._turn.release()

    def close(self, seconds: float) -> None:
        """Gives the memory back; waits so many seconds for a request that is with the model."""
        if self._turn.acquire(timeout=seconds):
            self._server = None
            self._turn.release()

    def _ask(self, request: Chunk, stop: Callable[[], bool], hear: Callable[[Chunk], None]) -> None:
        refusals: list[Chunk] = []

        def on_chunk(chunk: Chunk) -> bool:
            if "error" in chunk:
                refusals.append(chunk["error"])
            else:
                hear(chunk)
            return stop()

        if stop():
            raise StoppedError
        try:
            # Held by nothing else, so that `close` ends llama.cpp's own threads too.
            self._load().handle_chat_completions(request, on_chunk)
        except (ValueError, RuntimeError):
            # The one thing that is not of a fixed shape is the schema that the reply should follow.
            raise RefusedError("The model does not take this response_format (json_schema).") from None
        if refusals:
            too_long = refusals[0].get("type") == "exceed_context_size_error"
            raise RefusedError("The model does not take this request.", too_long)
        if stop():
            raise StoppedError

    def _load(self) -> Any:
        if self._server is None:
            self._server = _open_server(self._path)
        return self._server


def _open_server(path: Path) -> Any:
    try:
        import xllamacpp
    except ImportError as error:
        raise UnusableError(f"{type(error).__name__} while xllamacpp was loaded") from None
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_ctx = CONTEXT
    params.n_parallel = 1
    params.n_batch = params.n_ubatch = _STRETCH
    params.cache_ram_mib = _KEPT_PROMPTS
    # Threads that wait by spinning are several times slower where the machine has other work.
    params.cpuparams.poll = params.cpuparams_batch.poll = 0
    params.warmup = params.ui = params.endpoint_slots = False
    params.n_threads_http = 1
    params.verbosity = 0  # not a word on stdout or stderr
    # It always listens somewhere. Nobody is to use that: the key is forgotten and the socket deleted.
    params.api_keys = [secrets.token_hex(32)]
    with tempfile.TemporaryDirectory(prefix="coach-") as folder:
        socket = f"{folder}/s.sock"
        params.hostnames = [socket if len(socket) <= _LONGEST_SOCKET else "127.0.0.1"]
        try:
            return xllamacpp.Server(params)
        except RuntimeError:
            raise UnusableError("llama.cpp cannot load the file") from None


_MODELS: dict[Path, LoadedModel] = {}
_MODELS_LOCK = threading.Lock()


def loaded_model(path: Path) -> LoadedModel:
    """The one model of this process for a file."""
    with _MODELS_LOCK:
        return _MODELS.setdefault(path, LoadedModel(path))


def _close_all() -> None:
    until = time.monotonic() + _UNTIL_QUIET
    for model in list(_MODELS.values()):
        model.close(max(0.0, until - time.monotonic()))


ending.call_at_end(_close_all)
