"""What makes asking a model safe: kept replies, a budget, a circuit breaker, and models to fall back on.

    Fallbacks( Kept(Guarded(first model)), Kept(Guarded(second model)), ... )

A kept reply costs nothing, so it is looked for before the budget is asked; each model has replies, breaker
and price of its own, so they are inside the fallbacks.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pydantic import BaseModel

from coach.breaker import breaker_for
from coach.budget import Budget
from coach.config import Settings
from coach.errors import BudgetError, ConfigError, ModelError
from coach.llm import MOST_REPLY_TOKENS, Completer, Completion, Limit, Listener, Message, ModelChoice
from coach.llm_library import check_model, price
from coach.llm_litellm import LitellmCompleter
from coach.reply_cache import CachedReply, ReplyCache, ReplyKey, reply_key
from coach.schema import Usage

_CHARACTERS_A_TOKEN = 3  # fewer than English has, so that an estimate is not too low


def open_completer(settings: Settings, choice: ModelChoice) -> Completer:
    """The model of `choice` with the settings' fallbacks.

    Raises ConfigError for a model that cannot be asked. The key of the choice is for its own model;
    fallbacks take theirs from the environment.
    """
    others = [ModelChoice.from_settings(settings, name) for name in settings.fallback]
    choices = [choice, *(other for other in others if other.model != choice.model)]
    budget, cache = Budget.open(settings), ReplyCache.open(settings)
    for one in choices:
        check_model(one)
    return FallbackCompleter([KeptCompleter(GuardedCompleter(one, budget), one, cache) for one in choices])


def ask_once(settings: Settings, choice: ModelChoice) -> ConfigError | ModelError | None:
    """A request of a few tokens, to see whether the model answers; the error when it does not."""
    try:
        check_model(choice)
        completer = GuardedCompleter(choice, Budget.open(settings))
        completer.complete([Message("user", "Reply with the word: ready")])
    except (ConfigError, ModelError) as error:
        return error
    return None


class GuardedCompleter:
    """One model, asked only while it answers and the budget lasts."""

    def __init__(self, choice: ModelChoice, budget: Budget, inner: Completer | None = None) -> None:
        self._choice = choice
        self._budget = budget
        self._inner = inner or LitellmCompleter(choice)

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
        """The reply; raises BudgetError, and ModelError `model_resting` after failures."""
        asked = sum(len(message.content) for message in messages) // _CHARACTERS_A_TOKEN
        estimate = price(self._choice.model, asked, MOST_REPLY_TOKENS)
        with (
            breaker_for(self._choice.model, self._choice.api_base).allow(),
            self._budget.reserve(asked + MOST_REPLY_TOKENS, estimate) as reservation,
        ):
            completion = self._inner.complete(messages, schema, seed=seed, limit=limit, listener=listener)
            usage = completion.usage
            tokens = usage.prompt_tokens + usage.completion_tokens
            cost = price(self._choice.model, usage.prompt_tokens, usage.completion_tokens)
            reservation.settle(tokens or None, cost if tokens else None)
            return completion


class KeptCompleter:
    """Answers from the replies kept on disk where the very same was asked before."""

    def __init__(self, inner: Completer, choice: ModelChoice, cache: ReplyCache) -> None:
        self._inner = inner
        self._choice = choice
        self._cache = cache

    @property
    def model(self) -> str:
        return self._inner.model

    def complete(
        self,
        messages: Sequence[Message],
        schema: type[BaseModel] | None = None,
        *,
        seed: int = 0,
        limit: Limit | None = None,
        listener: Listener | None = None,
    ) -> Completion:
        """The reply; a kept one has no usage and is heard in one piece."""
        key = self._key(messages, schema, seed)
        kept = self._cache.get(key)
        if kept is None:
            completion = self._inner.complete(messages, schema, seed=seed, limit=limit, listener=listener)
            return self._keep(key, completion)
        if listener is not None:
            listener.begin()
            listener.hear(kept.text)
        return Completion(
            kept.text, Usage(), kept.model, kept.finish_reason, True, True, lambda: self._cache.forget(key)
        )

    def _key(self, messages: Sequence[Message], schema: type[BaseModel] | None, seed: int) -> ReplyKey:
        parts: dict[str, str | int | float | None] = {
            "model": self._choice.model,
            "address": self._choice.api_base,
            "seed": seed,
            "schema": schema.__name__ if schema else None,
        }
        for number, message in enumerate(messages):
            parts[f"{number} {message.role}"] = message.content
        return reply_key(parts)

    def _keep(self, key: ReplyKey, completion: Completion) -> Completion:
        if completion.finish_reason != "stop" or not completion.is_whole or not completion.text.strip():
            return completion
        self._cache.put(key, CachedReply(completion.text, completion.usage, completion.model))
        return completion._replace(discard=lambda: self._cache.forget(key))


class FallbackCompleter:
    """Asks models in their order until one answers."""

    def __init__(self, completers: Sequence[Completer]) -> None:
        self._completers = completers

    @property
    def model(self) -> str:
        """The first one's name; a completion tells which one answered."""
        return self._completers[0].model

    def complete(
        self,
        messages: Sequence[Message],
        schema: type[BaseModel] | None = None,
        *,
        seed: int = 0,
        limit: Limit | None = None,
        listener: Listener | None = None,
    ) -> Completion:
        """The first reply; raises the last model's error when none answers, and BudgetError at once."""
        *others, last = self._completers
        for completer in others:
            try:
                return completer.complete(messages, schema, seed=seed, limit=limit, listener=listener)
            except BudgetError:
                raise
            except ModelError:
                continue
        return last.complete(messages, schema, seed=seed, limit=limit, listener=listener)


def cost_of(usages: Sequence[Usage]) -> Usage:
    """What several requests took together."""
    return Usage(
        prompt_tokens=sum(usage.prompt_tokens for usage in usages),
        completion_tokens=sum(usage.completion_tokens for usage in usages),
        cost_usd=float(sum(Decimal(str(usage.cost_usd)) for usage in usages)),
    )
