"""What makes asking safe: kept replies, fallbacks in order, a breaker, a budget that is not passed."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from coach import breaker, llm_chain
from coach.budget import Budget
from coach.config import Settings
from coach.errors import BudgetError, CancelledError, ConfigError, ModelError
from coach.judges.model_reply import ReplyShape
from coach.llm import Completer, Completion, Limit, Message, ModelChoice
from coach.llm_chain import FallbackCompleter, GuardedCompleter, KeptCompleter, cost_of, open_completer
from coach.llm_scripted import ScriptedCompleter
from coach.reply_cache import ReplyCache
from coach.schema import Usage

MESSAGES = (Message("system", "Judge."), Message("user", "I led the launch."))
CHOICE = ModelChoice("openai/m", None, "http://127.0.0.1:1/v1")


@pytest.fixture(autouse=True)
def fresh_breakers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaker, "_BREAKERS", {})


@pytest.fixture
def settings(data_dir: Path) -> Settings:
    return Settings(data_dir)


@pytest.fixture
def keep(settings: Settings) -> Callable[..., KeptCompleter]:
    """A completer that keeps its replies, around a scripted one."""

    def wrap(inner: Completer, choice: ModelChoice = CHOICE) -> KeptCompleter:
        return KeptCompleter(inner, choice, ReplyCache.open(settings))

    return wrap


class Saying(ScriptedCompleter):
    """Says the same each time, ended as told."""

    def __init__(self, text: str = "So it is.", finish: str = "stop", whole: bool = True) -> None:
        super().__init__(lambda _: text)
        self._end = (finish, whole)

    def complete(self, messages: Sequence[Message], *args: Any, **options: Any) -> Completion:
        finish, whole = self._end
        return (
            super()
            .complete(messages, *args, **options)
            ._replace(
                finish_reason=finish,
                is_whole=whole,
                usage=Usage(prompt_tokens=7, completion_tokens=3, cost_usd=0.5),
            )
        )


# ---- kept replies ------------------------------------------------------------------------------------


def test_asking_again_makes_no_request_and_costs_nothing(keep: Callable[..., KeptCompleter]) -> None:
    inner = Saying()
    first = keep(inner).complete(MESSAGES, ReplyShape, seed=1)
    again = keep(inner).complete(MESSAGES, ReplyShape, seed=1)
    assert len(inner.requests) == 1
    assert (first.is_reused, again.is_reused) == (False, True)
    assert again.usage == Usage() and first.usage.cost_usd == 0.5
    assert (again.text, again.model, again.finish_reason) == (first.text, first.model, "stop")


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 2},
        {"schema": None},
        {"messages": (MESSAGES[0], Message("user", "I led the lunch."))},
        {"messages": (Message("system", "Judge!"), MESSAGES[1])},
        {"messages": (*MESSAGES, Message("user", ""))},
        {"messages": (Message("user", "Judge."), MESSAGES[1])},
        {"choice": ModelChoice("openai/other", None, CHOICE.api_base)},
        {"choice": ModelChoice("openai/m", None, "http://127.0.0.1:2/v1")},
    ],
    ids=str,
)
def test_anything_else_is_another_question(
    keep: Callable[..., KeptCompleter], change: dict[str, Any]
) -> None:
    inner = Saying()
    keep(inner).complete(MESSAGES, ReplyShape, seed=1)
    asked = {"messages": MESSAGES, "schema": ReplyShape, "seed": 1, "choice": CHOICE, **change}
    completer = keep(inner, asked["choice"])
    assert not completer.complete(asked["messages"], asked["schema"], seed=asked["seed"]).is_reused
    assert len(inner.requests) == 2


def test_another_key_or_time_limit_is_the_same_question(keep: Callable[..., KeptCompleter]) -> None:
    inner = Saying()
    keep(inner).complete(MESSAGES)
    other = ModelChoice(CHOICE.model, "sk-other", CHOICE.api_base, 3.0)
    assert keep(inner, other).complete(MESSAGES, limit=Limit(1)).is_reused


@pytest.mark.parametrize(
    "inner",
    [Saying(finish="length"), Saying(finish=""), Saying(whole=False), Saying(""), Saying(" \n")],
    ids=["length", "no end", "not whole", "empty", "blank"],
)
def test_what_may_be_cut_or_is_empty_is_not_kept(keep: Callable[..., KeptCompleter], inner: Saying) -> None:
    for _ in range(2):
        assert not keep(inner).complete(MESSAGES).is_reused


def test_a_discarded_reply_is_asked_for_again(keep: Callable[..., KeptCompleter]) -> None:
    inner = Saying()
    keep(inner).complete(MESSAGES).discard()
    kept = keep(inner).complete(MESSAGES)
    assert not kept.is_reused
    keep(inner).complete(MESSAGES).discard()
    assert not keep(inner).complete(MESSAGES).is_reused
    assert len(inner.requests) == 3


def test_a_kept_reply_is_heard_in_one_piece(keep: Callable[..., KeptCompleter]) -> None:
    heard: list[str] = []

    class Ear:
        def begin(self) -> None:
            heard.append("begin")

        def hear(self, piece: str) -> None:
            heard.append(piece)

    inner = Saying("One.\nTwo.")
    keep(inner).complete(MESSAGES)
    keep(inner).complete(MESSAGES, listener=Ear())
    assert heard == ["begin", "One.\nTwo."]


def test_no_cache_keeps_nothing(data_dir: Path) -> None:
    inner = Saying()
    cache = ReplyCache.open(Settings(data_dir, cache_mb=0))
    for _ in range(2):
        assert not KeptCompleter(inner, CHOICE, cache).complete(MESSAGES).is_reused


# ---- fallbacks ---------------------------------------------------------------------------------------


def failing(code: str, kind: type[ModelError] = ModelError) -> ScriptedCompleter:
    return ScriptedCompleter([kind(code, "No.")] * 9, model=code)


def test_models_are_asked_in_their_order_until_one_answers() -> None:
    models = [failing("first"), failing("second"), ScriptedCompleter(["Yes."], "third"), failing("fourth")]
    completer = FallbackCompleter(models)
    assert completer.complete(MESSAGES).model == "third"
    assert [len(model.requests) for model in models] == [1, 1, 1, 0]
    assert completer.model == "first"


def test_when_none_answers_the_last_ones_error_is_told() -> None:
    with pytest.raises(ModelError) as caught:
        FallbackCompleter([failing("first"), failing("second")]).complete(MESSAGES)
    assert caught.value.code == "second"


@pytest.mark.parametrize("error", [BudgetError("budget_reached", "Over."), CancelledError()])
def test_neither_a_budget_nor_a_wish_to_stop_is_a_reason_to_ask_another(error: Exception) -> None:
    other = ScriptedCompleter(["Yes."])
    with pytest.raises(type(error)):
        FallbackCompleter([ScriptedCompleter([error]), other]).complete(MESSAGES)
    assert other.requests == []


def test_the_chain_is_checked_before_anybody_is_asked(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    local = ModelChoice("ollama/llama3.2")
    open_completer(Settings(data_dir), local)
    with pytest.raises(ConfigError, match="needs a key"):
        open_completer(Settings(data_dir, fallback=("ollama/llama3.2", "gpt-4o-mini")), local)


# ---- breaker -----------------------------------------------------------------------------------------


@pytest.fixture
def closed_port() -> Iterator[str]:
    with socket.socket() as taken:  # bound and not listening: a connection is refused
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/v1"


def test_a_dead_server_costs_one_wait_and_not_two_hundred(data_dir: Path, closed_port: str) -> None:
    settings = Settings(data_dir, cache_mb=0)
    codes, waits = [], []
    for _ in range(200):
        completer = open_completer(settings, ModelChoice("openai/gone", "k", closed_port, 10))
        began = time.monotonic()
        with pytest.raises(ModelError) as caught:
            completer.complete(MESSAGES)
        codes.append(caught.value.code)
        waits.append(time.monotonic() - began)
    assert codes == ["model_unreachable", *["model_resting"] * 199]
    assert sum(waits[1:]) < 5.0


# ---- budget ------------------------------------------------------------------------------------------


class Costly(ScriptedCompleter):
    """Takes 6,000 tokens, and waits until it is let go."""

    def __init__(self) -> None:
        super().__init__(())
        self.asked, self.go = threading.Semaphore(0), threading.Event()

    def complete(self, messages: Sequence[Message], *args: Any, **options: Any) -> Completion:
        self.requests.append(tuple(messages))
        self.asked.release()
        assert self.go.wait(10)
        return Completion("Yes.", Usage(prompt_tokens=5_500, completion_tokens=500), "openai/m", "stop")


def test_of_two_at_once_the_one_that_might_pass_the_limit_is_not_asked(data_dir: Path) -> None:
    budget = Budget.open(Settings(data_dir, budget_day_tokens=6_000))
    inner = Costly()
    completer = GuardedCompleter(CHOICE, budget, inner)
    outcome: list[Completion] = []
    first = threading.Thread(target=lambda: outcome.append(completer.complete(MESSAGES)), daemon=True)
    first.start()
    assert inner.asked.acquire(timeout=10)
    with pytest.raises(BudgetError):  # 4,000 tokens are held for the one under way
        completer.complete(MESSAGES)
    inner.go.set()
    first.join(10)
    assert outcome and len(inner.requests) == 1
    assert budget.spent().day.tokens == 6_000
    with pytest.raises(BudgetError):
        completer.complete(MESSAGES)
    assert breaker.breaker_for(CHOICE.model, CHOICE.api_base).state == "closed"


def test_a_call_that_fails_holds_nothing_back(data_dir: Path) -> None:
    budget = Budget.open(Settings(data_dir, budget_day_tokens=6_000))
    inner = ScriptedCompleter([ModelError("model_busy", "Busy."), "Yes."])
    completer = GuardedCompleter(CHOICE, budget, inner)
    with pytest.raises(ModelError):
        completer.complete(MESSAGES)
    assert completer.complete(MESSAGES).text == "Yes."


def test_money_is_counted_by_the_table_of_prices(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llm_chain, "price", lambda model, asked, told: Decimal(asked + told) / 1000)
    budget = Budget.open(Settings(data_dir, budget_day=Decimal(5)))
    completer = GuardedCompleter(CHOICE, budget, ScriptedCompleter(["one two", "three"]))
    completer.complete(MESSAGES)
    spent = budget.spent().day.cost
    assert Decimal(0) < spent < Decimal("0.1")
    assert completer.complete(MESSAGES).text == "three"
    assert budget.spent().day.cost > spent


def test_costs_add_up_to_the_cent() -> None:
    parts = [Usage(prompt_tokens=1, completion_tokens=2, cost_usd=0.1)] * 3
    assert cost_of(parts) == Usage(prompt_tokens=3, completion_tokens=6, cost_usd=0.3)
    assert cost_of([]) == Usage()
