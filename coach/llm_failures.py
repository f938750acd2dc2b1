"""Sorts what went wrong with a model request into plain sentences; repeats nothing the server said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

from coach.errors import ModelError

_LONGEST_RETRY_AFTER = 3600.0
_TOO_LONG = re.compile(
    r"context_length_exceeded|maximum context length|exceeds? the (?:available )?context", re.I
)


class Choice(Protocol):
    """What a sentence may name of a model choice: everything but the key."""

    @property
    def model(self) -> str: ...
    @property
    def api_base(self) -> str | None: ...


class Failure(NamedTuple):
    """One failed request. `options_refused` means that a plainer request may do, `about` is what the server
    said of it, in lower case and never to be shown; times are seconds."""

    code: str
    sentence: str
    hint: str
    retry: bool = False
    options_refused: bool = False
    retry_after: float = 0.0
    about: str = ""

    def error(self, choice: Choice, seconds: float) -> ModelError:
        """The error to raise, with model, server and the seconds that were allowed filled in."""
        facts = {"model": choice.model, "server": _server(choice.api_base), "seconds": f"{seconds:.3g}"}
        return ModelError(self.code, _fill(self.sentence, facts), _fill(self.hint, facts))


_TIMEOUT = Failure(
    "model_timeout",
    "The model {model} gave no answer within {seconds} seconds.",
    "Try again, choose a faster model, or raise COACH_TIMEOUT.",
)
_UNREACHABLE = Failure(
    "model_unreachable",
    "The model {model} cannot be reached: {server} does not answer.",
    "Start the server, or check the network and COACH_API_BASE.",
    retry=True,
)
UNREADABLE = Failure(
    "model_failed",
    "The server of the model {model} failed, or what it sent could not be read.",
    "Try again later. With a server of your own, see its log and check COACH_API_BASE.",
    retry=True,
)
# litellm trips over some refusals with an error of its own, so a plainer request is worth a try.
_UNKNOWN = UNREADABLE._replace(retry=False, options_refused=True)
_BUSY = Failure(
    "model_busy",
    "The model {model} takes no more requests at the moment.",
    "Wait a minute and try again.",
    retry=True,
)
_NO_CREDIT = Failure(
    "model_no_credit",
    "The account behind the key has no credit left for the model {model}.",
    "Top the account up with its provider, or choose another model.",
)
CONTENT_FILTERED = Failure(
    "model_refused",
    "The model {model} refused the request by its content rules.",
    "Choose another model, or use the built-in judge.",
)
_TOO_MUCH = Failure(
    "model_failed",
    "The model {model} sent more text than any reply needs, so it was cut off.",
    "Choose another model, or check that COACH_API_BASE is the address of a model server.",
)
_BY_CLASS = {
    "ReplyTooLongError": _TOO_MUCH,
    "LocalModelUnusableError": Failure(
        "local_model_unusable",
        "The model {model} cannot be loaded: its file is damaged, or of a kind that cannot run here.",
        "Install it again (coach models remove local, then install), or name another GGUF file.",
    ),
    "ContextWindowExceededError": Failure(
        "model_context",
        "The request is too long for the model {model}.",
        "Choose a model that reads more text, or shorten the answer.",
    ),
    "ContentPolicyViolationError": CONTENT_FILTERED,
}
_BY_STATUS = {
    400: Failure(
        "model_bad_request",
        "The server of the model {model} did not accept the request.",
        "Check the model's name, or choose another model.",
        options_refused=True,
    ),
    401: Failure(
        "model_key_refused",
        "The model {model} cannot be used: the key was refused.",
        "Check that the key is complete, current and for this provider.",
    ),
    403: Failure(
        "model_key_refused",
        "The model {model} cannot be used: the key was refused for it.",
        "Ask the provider for access to this model, or choose another.",
    ),
    404: Failure(
        "model_not_found",
        "The server does not know this model: {model}.",
        "Check the model's name and COACH_API_BASE; with Ollama, pull the model first.",
    ),
    408: _TIMEOUT,
    422: _UNKNOWN,
    429: _BUSY,
}


def classify(error: Exception) -> Failure:
    """What an error of litellm, or of our own limits, means."""
    failure = _sort(error)
    return failure._replace(about=str(error).casefold()) if failure.options_refused else failure


def _sort(error: Exception) -> Failure:
    if isinstance(error, TimeoutError):
        return _TIMEOUT
    name, status = type(error).__name__, getattr(error, "status_code", None)
    if name in _BY_CLASS:
        return _BY_CLASS[name]
    if status == 429:
        return _too_many(error)
    if _TOO_LONG.search(_said(error)):
        return _BY_CLASS["ContextWindowExceededError"]
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if any(type(cause).__name__ == "APIConnectionError" for cause in _causes(error)):
        return _UNREACHABLE
    return _UNKNOWN if status is None else UNREADABLE


def _said(error: Exception) -> str:
    """What the server said of it, to be looked at and never shown."""
    return f"{getattr(error, 'code', '')} {getattr(error, 'body', '')} {error}"


def _too_many(error: Exception) -> Failure:
    if "insufficient_quota" in str(getattr(error, "code", "")) + str(getattr(error, "body", "")):
        return _NO_CREDIT
    headers = getattr(error, "litellm_response_headers", None) or {}
    try:
        seconds = float(headers.get("retry-after", 0))
    except (TypeError, ValueError):
        seconds = 0.0
    return _BUSY._replace(retry_after=min(max(seconds, 0.0), _LONGEST_RETRY_AFTER))


def _causes(error: BaseException) -> Iterator[BaseException]:
    for _ in range(8):
        yield error
        following = error.__cause__ or error.__context__
        if following is None:
            return
        error = following


def _server(api_base: str | None) -> str:
    """Where the model is asked for, without what an address may carry besides host and port."""
    if not api_base:
        return "its provider"
    try:
        parts = urlsplit(api_base)
        return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or "the server named"
    except ValueError:
        return "the server named"


def _fill(text: str, facts: dict[str, str]) -> str:
    for name, fact in facts.items():
        text = text.replace("{" + name + "}", fact)
    return text
