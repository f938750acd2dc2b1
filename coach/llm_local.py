"""Runs a GGUF model inside this process, as litellm's provider `local`: `register` makes it known to litellm.

llama.cpp (the package xllamacpp) does the work and tells of each token through a callback, whose answer ends
the reply. So a reply stops when it is closed, when its time is over and when the program ends; before the
first token it is asked after every stretch of the prompt. A model is loaded once, and one request at a time
is with it.
"""

from __future__ import annotations

import atexit
import queue
import secrets
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from coach.local_models import LOCAL

CONTEXT = 4096  # tokens of prompt and reply together, unless the caller says otherwise
_MOST_REPLY = 1200  # tokens; a small model that has lost its way would go on to the end of the context
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
_ENDING = threading.Event()


def loaded_model(path: Path) -> LoadedModel:
    """The one model of this process for a file."""
    with _MODELS_LOCK:
        return _MODELS.setdefault(path, LoadedModel(path))


@atexit.register
def _end() -> None:
    # A thread that is still at work in llama.cpp when the process is taken down crashes it.
    _ENDING.set()
    until = time.monotonic() + _UNTIL_QUIET
    for model in list(_MODELS.values()):
        model.close(max(0.0, until - time.monotonic()))


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
        return self._closed.is_set() or _ENDING.is_set() or time.monotonic() >= self._until

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
