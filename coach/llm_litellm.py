"""Asks one model through litellm, streaming, with one limit of time over all its tries.

Nothing here logs, and no error repeats the key, the prompt or the reply.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import BaseModel

from coach import ending
from coach.errors import CancelledError
from coach.llm import MOST_REPLY_TOKENS, Completion, Limit, Listener, Message, ModelChoice
from coach.llm_exchange import exchange
from coach.llm_failures import CONTENT_FILTERED, UNREADABLE, Failure, classify
from coach.llm_library import key_to_send, litellm_library, price
from coach.schema import Usage

ATTEMPTS = 3
_FIRST_WAIT = 0.5  # seconds; doubles with each retry
_NO_STREAM = "answers in one piece"
# What a server may refuse, by the words it uses for it.
_OPTION_WORDS = {
    "response_format": ("response_format", "json_schema", "response format"),
    "temperature": ("temperature",),
    "seed": ("seed",),
    "max_tokens": ("max_tokens", "max_completion_tokens"),
    "stream_options": ("stream_options", "include_usage"),
    "stream": (_NO_STREAM,),
}
# Options that a model at an address did not take, so that they are refused once and not at every request.
_REFUSED: dict[tuple[str, str | None], frozenset[str]] = {}


class LitellmCompleter:
    """Asks one model; overload, server errors and lost connections are tried again."""

    def __init__(self, choice: ModelChoice, sleep: Callable[[float], None] | None = None) -> None:
        self._choice = choice
        self._sleep = sleep

    @property
    def model(self) -> str:
        return self._choice.model

    def complete(
        self,
        messages: Sequence[Message],
        schema: type[BaseModel] | None = None,
        *,
        seed: int = 0,
        limit: Limit | None = None,
        listener: Listener | None = None,
    ) -> Completion:
        """The reply; raises ModelError that says in a sentence what went wrong."""
        limit = limit.within(self._choice.timeout) if limit else Limit(self._choice.timeout)
        with ending.awaited(limit.cancel):
            return self._complete(messages, schema, seed, limit, listener)

    def _complete(
        self,
        messages: Sequence[Message],
        schema: type[BaseModel] | None,
        seed: int,
        limit: Limit,
        listener: Listener | None,
    ) -> Completion:
        options = self._options(schema, seed)
        attempt = 1
        while True:
            outcome = self._try(messages, options, limit, listener)
            if isinstance(outcome, Completion):
                self._learn(schema, seed, options)
                return outcome
            if outcome.options_refused and options:
                options = _without_refused(options, outcome.about)
                continue
            wait = _wait(attempt, outcome)
            if not outcome.retry or attempt == ATTEMPTS or wait >= limit.remaining():
                raise outcome.error(self._choice, limit.seconds)
            (self._sleep or limit.pause)(wait)
            attempt += 1

    def _options(self, schema: type[BaseModel] | None, seed: int) -> dict[str, Any]:
        options: dict[str, Any] = {
            "temperature": 0,
            "seed": seed,
            "max_tokens": MOST_REPLY_TOKENS,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if schema is not None:
            options["response_format"] = schema
        refused = _REFUSED.get((self._choice.model, self._choice.api_base), frozenset())
        return {name: value for name, value in options.items() if name not in refused}

    def _learn(self, schema: type[BaseModel] | None, seed: int, taken: dict[str, Any]) -> None:
        refused = frozenset(self._options(schema, seed)) - frozenset(taken)
        if refused:
            key = (self._choice.model, self._choice.api_base)
            _REFUSED[key] = _REFUSED.get(key, frozenset()) | refused

    def _try(
        self, messages: Sequence[Message], options: dict[str, Any], limit: Limit, listener: Listener | None
    ) -> Completion | Failure:
        try:
            reply = exchange(lambda: self._request(messages, options), limit, listener)
        except CancelledError:
            raise
        except Exception as error:
            return classify(error)
        if options.get("stream") and not reply.text and not reply.is_whole:  # it may know no streams
            return UNREADABLE._replace(options_refused=True, about=_NO_STREAM)
        if reply.finish_reason == "content_filter":
            return CONTENT_FILTERED
        cost = price(self._choice.model, reply.prompt_tokens, reply.completion_tokens)
        return Completion(
            text=reply.text,
            usage=Usage(
                prompt_tokens=reply.prompt_tokens,
                completion_tokens=reply.completion_tokens,
                cost_usd=float(cost or 0),
            ),
            model=self._choice.model,
            finish_reason=reply.finish_reason,
            is_whole=reply.is_whole,
        )

    def _request(self, messages: Sequence[Message], options: dict[str, Any]) -> Any:
        choice = self._choice
        return litellm_library().completion(
            model=choice.asked_as,
            messages=[{"role": message.role, "content": message.content} for message in messages],
            api_key=key_to_send(choice),
            api_base=choice.api_base,
            timeout=choice.timeout,  # of one read; always the same, since litellm keeps a client for each
            max_retries=0,
            drop_params=True,
            **options,
        )


def _without_refused(options: dict[str, Any], about: str) -> dict[str, Any]:
    """The options without those that the refusal speaks of; none at all where it speaks of none."""
    named = {option for option in options if any(word in about for word in _OPTION_WORDS.get(option, ()))}
    return {name: value for name, value in options.items() if name not in named} if named else {}


def _wait(attempt: int, failure: Failure) -> float:
    jitter = random.uniform(0.5, 1.5)  # noqa: S311 - spreads retries, keeps no secret
    return max(_FIRST_WAIT * 2.0 ** (attempt - 1) * jitter, failure.retry_after)
