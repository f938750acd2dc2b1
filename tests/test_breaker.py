"""The breaker: a dead provider costs one wait, and exactly one call finds out that it is back."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from coach import llm_failures
from coach.breaker import ANSWERS, FAILURES, Breaker, Pass, breaker_for
from coach.errors import BudgetError, ConfigError, ModelError
from coach.llm import Message, ModelChoice
from coach.llm_library import check_model
from coach.llm_litellm import LitellmCompleter
from tests.clocks import Clock
from tests.model_server import ModelServer

DEAD = ModelError("model_unreachable", "Nobody answers.", "Start the server.")
REFUSED = ModelError("model_key_refused", "The key was refused.")


@pytest.fixture
def clock() -> Clock:
    return Clock(1000.0)


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker("openai/m", clock=clock, now=lambda: datetime(2026, 11, 24, 23, 59, 50))


def rests(breaker: Breaker) -> ModelError:
    with pytest.raises(ModelError) as caught:
        breaker.allow()
    assert caught.value.code == "model_resting"
    return caught.value


def opened(breaker: Breaker) -> Breaker:
    breaker.allow().failed(DEAD)
    assert breaker.state == "open"
    return breaker


def at_once(count: int, breaker: Breaker) -> list[Pass]:
    """The passes that threads which ask at the same moment were given."""
    start, given = threading.Barrier(count), []

    def ask() -> None:
        start.wait()
        try:
            given.append(breaker.allow())
        except ModelError as error:
            assert error.code == "model_resting"

    threads = [threading.Thread(target=ask) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


# ---- opening ----------------------------------------------------------------------------------------


def test_calls_go_through_while_the_model_answers(breaker: Breaker) -> None:
    for _ in range(5):
        with breaker.allow():
            assert breaker.state == "closed"
    assert len(at_once(20, breaker)) == 20


def test_one_failed_call_is_enough_to_rest(breaker: Breaker, clock: Clock) -> None:
    with pytest.raises(ModelError, match="Nobody answers"), breaker.allow():
        raise DEAD
    clock.move(29.999)
    rests(breaker)
    clock.move(0.001)
    breaker.allow()


def test_who_is_refused_learns_when_the_model_is_tried_next_and_why_it_rests(
    breaker: Breaker, clock: Clock
) -> None:
    opened(breaker)
    error = rests(breaker)
    assert error.message == (
        "The model openai/m rests after a failure. It is tried next at 00:00:20, in 30 seconds. "
        "What failed: Nobody answers."
    )
    assert error.hint == "Start the server."
    clock.move(29.5)
    assert "in 1 second." in rests(breaker).message
    clock.move(1)
    breaker.allow()
    assert "It is being tried at this moment. What failed: Nobody answers." in rests(breaker).message


@pytest.mark.parametrize("code", sorted(FAILURES))
def test_a_provider_that_is_away_silent_broken_or_out_of_credit_rests(breaker: Breaker, code: str) -> None:
    breaker.allow().failed(ModelError(code, "It failed."))
    assert breaker.state == "open"


@pytest.mark.parametrize(
    "error",
    [
        *(ModelError(code, "It said no.") for code in sorted(ANSWERS)),
        ModelError("a_code_of_tomorrow", "New."),
        BudgetError("budget_reached", "Too dear."),
        ConfigError("missing_key", "No key."),
        RuntimeError("ours"),
        KeyboardInterrupt(),
    ],
    ids=lambda error: getattr(error, "code", type(error).__name__),
)
def test_what_is_not_the_providers_failure_rests_nothing(breaker: Breaker, error: BaseException) -> None:
    for _ in range(3):
        with pytest.raises(type(error)), breaker.allow():
            raise error
    assert breaker.state == "closed"


def test_every_way_a_model_fails_is_known_as_a_failure_or_an_answer() -> None:
    found = [value for value in vars(llm_failures).values() if isinstance(value, llm_failures.Failure)]
    found += [*llm_failures._BY_CLASS.values(), *llm_failures._BY_STATUS.values()]
    assert {failure.code for failure in found} == FAILURES | ANSWERS
    assert not FAILURES & ANSWERS


def test_it_can_be_told_to_bear_more_failures_in_a_row(clock: Clock) -> None:
    breaker = Breaker("openai/m", failures_to_open=3, clock=clock)
    for end in (DEAD, DEAD, None, DEAD, DEAD, REFUSED, DEAD, DEAD):
        ours = breaker.allow()
        ours.failed(end) if end else ours.succeeded()
    assert breaker.state == "closed"
    breaker.allow().failed(DEAD)
    assert breaker.state == "open"


# ---- trying again -----------------------------------------------------------------------------------


def test_after_the_rest_exactly_one_of_many_threads_goes_through(breaker: Breaker, clock: Clock) -> None:
    opened(breaker)
    assert at_once(30, breaker) == []
    for rest in (30, 60):
        clock.move(rest)
        assert breaker.state == "half-open"
        (trial,) = at_once(30, breaker)
        assert at_once(30, breaker) == []
        trial.failed(DEAD)
    clock.move(120)
    (trial,) = at_once(30, breaker)
    trial.succeeded()
    assert len(at_once(30, breaker)) == 30


def test_each_failed_trial_doubles_the_rest_up_to_five_minutes(breaker: Breaker, clock: Clock) -> None:
    opened(breaker)
    for rest in (30, 60, 120, 240, 300, 300, 300):
        clock.move(rest - 0.001)
        rests(breaker)
        clock.move(0.001)
        breaker.allow().failed(DEAD)


def test_after_a_success_the_rest_is_short_again(breaker: Breaker, clock: Clock) -> None:
    opened(breaker)
    for _ in range(4):
        clock.move(300)
        breaker.allow().failed(DEAD)
    clock.move(300)
    breaker.allow().succeeded()
    opened(breaker)
    clock.move(30)
    breaker.allow()


def test_the_rest_begins_when_the_call_has_failed_not_when_it_began(breaker: Breaker, clock: Clock) -> None:
    ours = breaker.allow()
    clock.move(60)
    ours.failed(DEAD)
    clock.move(29)
    rests(breaker)


def test_a_provider_that_says_no_in_a_trial_is_back(breaker: Breaker, clock: Clock) -> None:
    opened(breaker)
    clock.move(30)
    breaker.allow().failed(REFUSED)
    assert breaker.state == "closed"


def test_a_trial_that_says_nothing_of_the_provider_leaves_the_next_one_to_try(
    breaker: Breaker, clock: Clock
) -> None:
    opened(breaker)
    clock.move(30)
    with pytest.raises(KeyboardInterrupt), breaker.allow():
        raise KeyboardInterrupt
    (trial,) = at_once(10, breaker)
    trial.failed(DEAD)
    clock.move(59)
    rests(breaker)


def test_a_trial_whose_thread_died_does_not_close_the_way_for_ever(breaker: Breaker, clock: Clock) -> None:
    opened(breaker)
    clock.move(30)
    lost = breaker.allow()
    clock.move(599)
    rests(breaker)
    clock.move(1)
    (trial,) = at_once(10, breaker)
    lost.failed(DEAD)
    assert breaker.state == "half-open"  # the trial that stands decides
    trial.succeeded()
    assert breaker.state == "closed"


# ---- calls that overlap -----------------------------------------------------------------------------


def test_calls_that_fail_together_count_once(breaker: Breaker, clock: Clock) -> None:
    together = at_once(10, breaker)
    threads = [threading.Thread(target=ours.failed, args=(DEAD,)) for ours in together]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    clock.move(30)
    breaker.allow()


def test_a_call_from_before_does_not_spoil_the_trial(breaker: Breaker, clock: Clock) -> None:
    slow = breaker.allow()
    opened(breaker)
    clock.move(30)
    trial = breaker.allow()
    slow.failed(DEAD)
    rests(breaker)
    trial.succeeded()
    assert breaker.state == "closed"


def test_a_reply_shows_that_the_model_is_back_whenever_it_was_asked(breaker: Breaker, clock: Clock) -> None:
    slow = breaker.allow()
    opened(breaker)
    slow.succeeded()
    assert breaker.state == "closed"
    opened(breaker)


def test_only_the_first_word_of_a_call_counts(breaker: Breaker) -> None:
    with breaker.allow() as ours:
        ours.failed(DEAD)
    ours.succeeded()
    assert breaker.state == "open"


def test_a_person_who_mended_something_need_not_wait(breaker: Breaker) -> None:
    opened(breaker).reset()
    assert breaker.state == "closed"
    under_way = breaker.allow()
    breaker.reset()
    under_way.failed(DEAD)  # with the key from before
    assert breaker.state == "closed"
    opened(breaker)


# ---- which breaker ----------------------------------------------------------------------------------


def test_each_model_at_each_address_has_its_own() -> None:
    ours = breaker_for("openai/a", "http://127.0.0.1:1/v1")
    assert breaker_for("openai/a", "http://127.0.0.1:1/v1/") is ours
    others = [breaker_for("openai/a"), breaker_for("openai/a", "http://127.0.0.1:2/v1")]
    others.append(breaker_for("openai/b", "http://127.0.0.1:1/v1"))
    assert len({id(breaker) for breaker in (ours, *others)}) == 4
    assert breaker_for("openai/a", None) is breaker_for("openai/a", "") is others[0]
    opened(ours)
    assert [breaker.state for breaker in others] == ["closed"] * 3
    ours.reset()


def test_threads_that_ask_first_at_once_get_the_same_one() -> None:
    start, found = threading.Barrier(20), []

    def ask() -> None:
        start.wait()
        found.append(breaker_for("openai/asked-first-at-once"))

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(breaker) for breaker in found}) == 1


# ---- with the real client and a real server ---------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    check_model(ModelChoice("openai/good", "key"))  # loads litellm, outside any call's time limit
    with ModelServer() as running:
        yield running


def ask(server: ModelServer, breaker: Breaker, model: str, timeout: float = 120.0) -> str:
    """The code of the error, or "" for a reply."""
    choice = ModelChoice(f"openai/{model}", "key", server.api_base, timeout)
    try:
        with breaker.allow():
            LitellmCompleter(choice, sleep=lambda _: None).complete([Message("user", "Judge.")])
    except ModelError as error:
        return error.code
    return ""


@pytest.mark.parametrize(
    ("model", "state"),
    [
        ("good", "closed"),
        ("500-once", "closed"),
        ("400", "closed"),
        ("401", "closed"),
        ("404", "closed"),
        ("429", "closed"),
        ("no-credit", "open"),
        ("503", "open"),
        ("drop", "open"),
        ("empty-body", "open"),
    ],
)
def test_real_failures_open_it_and_real_answers_do_not(server: ModelServer, model: str, state: str) -> None:
    breaker = Breaker(model)
    ask(server, breaker, model)
    assert breaker.state == state


def test_a_dead_provider_costs_one_wait_and_not_two_hundred(server: ModelServer, clock: Clock) -> None:
    breaker = Breaker("openai/slow", clock=clock)
    began = time.perf_counter()
    codes = [ask(server, breaker, "slow", timeout=0.5) for _ in range(200)]
    assert codes == ["model_timeout"] + ["model_resting"] * 199
    assert time.perf_counter() - began < 100  # 200 waits


def test_a_server_that_comes_back_is_found_by_the_trial(server: ModelServer, clock: Clock) -> None:
    breaker = Breaker("openai/m", clock=clock)
    assert ask(server, breaker, "500") == "model_failed"
    assert ask(server, breaker, "good") == "model_resting"
    clock.move(30)
    before = server.count("good")
    results: list[str] = []
    threads = [
        threading.Thread(target=lambda: results.append(ask(server, breaker, "good"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert breaker.state == "closed"
    assert results.count("") == server.count("good") - before >= 1
    assert set(results) <= {"", "model_resting"}
