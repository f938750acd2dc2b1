"""What model calls may cost: limits, what is held, midnight, summer time and clocks that go back."""

from __future__ import annotations

import decimal
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from coach import llm_failures
from coach.budget import GRACE, NOT_BILLED, Budget, Session
from coach.config import Settings
from coach.errors import BudgetError, ConfigError, ModelError
from coach.llm import Message, ModelChoice
from coach.llm_library import check_model
from coach.llm_litellm import LitellmCompleter
from tests.clocks import Clock
from tests.model_server import ModelServer

ROOT = Path(__file__).resolve().parents[1]
NOON = "2026-11-24 12:00"
BERLIN = ZoneInfo("Europe/Berlin")
LASTS = 60.0 + GRACE  # of a hold, with the settings' own time-out
Open = Callable[..., Budget]


@pytest.fixture
def clock() -> Clock:
    return Clock.at(NOON)


@pytest.fixture
def open_budget(tmp_path: Path, clock: Clock) -> Open:
    """Opens a budget as another process would: same folder and clock, a session of its own."""

    def opened(zone: tzinfo = UTC, session: Session | None = None, **limits: Any) -> Budget:
        settings = Settings(tmp_path / "data", **limits)
        return Budget.open(settings, session=session or Session(), clock=clock, zone=zone)

    return opened


def pay(budget: Budget, tokens: int, cost: str | None = None) -> None:
    amount = None if cost is None else Decimal(cost)
    budget.reserve(tokens, amount).settle(tokens, amount)


def refused(budget: Budget, tokens: int = 1, cost: str | None = None) -> BudgetError:
    with pytest.raises(BudgetError) as caught:
        budget.reserve(tokens, None if cost is None else Decimal(cost))
    assert caught.value.code == "budget_reached"
    return caught.value


# ---- limits -----------------------------------------------------------------------------------------


def test_without_limits_every_call_goes_and_is_counted(open_budget: Open) -> None:
    budget = open_budget()
    for _ in range(3):
        pay(budget, 10**9, "1000000")
    spent = budget.spent()
    assert (spent.day.tokens, spent.day.cost, spent.day.calls) == (3 * 10**9, Decimal(3_000_000), 3)
    assert spent.session == spent.day
    assert spent.warnings == ()


@pytest.mark.parametrize(
    ("limits", "message", "hint"),
    [
        (
            {"budget_day": Decimal("5")},
            "Today's model calls have cost $4.98 of the $5.00 allowed ($0.01 more held for calls under way),"
            " and the next one may cost up to $0.0125. This limit ends on 2026-11-25 at 00:00.",
            "Set COACH_BUDGET_DAY to 5.0025 or more, or wait until then.",
        ),
        (
            {"budget_session": Decimal("5")},
            "This session's model calls have cost $4.98 of the $5.00 allowed ($0.01 more held for calls "
            "under way), and the next one may cost up to $0.0125. This limit ends when the program does.",
            "Set COACH_BUDGET_SESSION to 5.0025 or more, or start the program again.",
        ),
        (
            {"budget_day_tokens": 200_000},
            "Today's model calls have taken 198,000 of the 200,000 tokens allowed (500 more held for calls "
            "under way), and the next one may take up to 3,000. This limit ends on 2026-11-25 at 00:00.",
            "Set COACH_BUDGET_DAY_TOKENS to 201500 or more, or wait until then.",
        ),
        (
            {"budget_session_tokens": 200_000},
            "This session's model calls have taken 198,000 of the 200,000 tokens allowed (500 more held for "
            "calls under way), and the next one may take up to 3,000. This limit ends when the program does.",
            "Set COACH_BUDGET_SESSION_TOKENS to 201500 or more, or start the program again.",
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_call_that_might_pass_a_limit_is_refused_with_what_was_spent_and_what_to_do(
    open_budget: Open, limits: dict[str, Any], message: str, hint: str
) -> None:
    budget = open_budget(**limits)
    pay(budget, 198_000, "4.98")
    under_way = budget.reserve(500, Decimal("0.01"))
    error = refused(budget, 3000, "0.0125")
    assert (error.message, error.hint) == (message, hint)
    under_way.release()
    pay(budget, 1, "0.01")  # a smaller one still fits


def test_a_call_that_is_too_dear_for_the_whole_limit_is_not_told_to_wait(open_budget: Open) -> None:
    error = refused(open_budget(budget_day=Decimal("0.01")), 1, "0.02")
    assert error.hint == "Set COACH_BUDGET_DAY to 0.02 or more."


def test_a_refusal_is_an_error_of_the_model_so_that_the_built_in_judge_answers(open_budget: Open) -> None:
    assert isinstance(refused(open_budget(budget_day_tokens=0)), ModelError)


def test_a_limit_can_be_used_to_the_last_cent_and_no_further(open_budget: Open) -> None:
    budget = open_budget(budget_day=Decimal("1.00"))
    for _ in range(10):  # as binary fractions these are not 1.00 together
        pay(budget, 1, "0.1")
    assert budget.spent().day.cost == Decimal("1.0")
    refused(budget, 1, "0.000000001")


def test_sums_are_exact_whatever_the_precision_of_the_thread(open_budget: Open) -> None:
    budget = open_budget(budget_day=Decimal("1000.0001"))
    with decimal.localcontext(decimal.Context(prec=3)):
        pay(budget, 1, "999.9999999999999999999999999999")
        pay(budget, 1, "0.0000000000000000000000000001")
        assert budget.spent().day.cost.compare(Decimal(1000)) == 0
        refused(budget, 1, "0.0002")
        pay(budget, 1, "0.0001")


def test_what_is_held_counts_until_the_call_says_what_it_took(open_budget: Open) -> None:
    budget = open_budget(budget_day_tokens=1000)
    first = budget.reserve(900, None)
    refused(open_budget(budget_day_tokens=1000), 101)  # another process sees it too
    assert budget.spent().day.held_tokens == 900
    first.settle(300, None)
    assert (budget.spent().day.held_tokens, budget.spent().day.tokens) == (0, 300)
    budget.reserve(700, None)


def test_a_call_that_takes_more_than_it_held_is_counted_in_full(open_budget: Open) -> None:
    budget = open_budget(budget_day=Decimal(1))
    budget.reserve(10, Decimal("0.90")).settle(25, Decimal("1.75"))
    assert (budget.spent().day.tokens, budget.spent().day.cost) == (25, Decimal("1.75"))
    assert "$1.75 of the $1.00" in refused(budget, 1, "0.01").message


def test_a_call_that_costs_nothing_passes_no_limit(open_budget: Open) -> None:
    budget = open_budget(budget_day=Decimal(1))
    budget.reserve(1, Decimal("0.5")).settle(1, Decimal(2))
    pay(budget, 50, "0")
    pay(open_budget(budget_session=Decimal(0)), 50, "0")


def test_a_refused_call_holds_nothing_in_either_ledger(open_budget: Open) -> None:
    session = Session()
    refused(open_budget(budget_day_tokens=10, session=session), 11)
    refused(open_budget(budget_session_tokens=10, session=session), 11)
    spent = open_budget(session=session).spent()
    assert (spent.day.held_tokens, spent.session.held_tokens) == (0, 0)


@pytest.mark.parametrize(
    ("tokens", "cost"),
    [(-1, "0"), (1, "-0.01"), (1, "NaN"), (1, "sNaN"), (1, "Infinity"), (1, "1e13"), (10**16, "0")],
)
def test_amounts_that_cannot_be_are_a_mistake_of_the_caller(
    open_budget: Open, tokens: int, cost: str
) -> None:
    budget = open_budget()
    with pytest.raises(ValueError, match="is no"):
        budget.reserve(tokens, Decimal(cost))
    with pytest.raises(ValueError, match="is no"), budget.reserve(7, Decimal("0.07")) as reservation:
        reservation.settle(tokens, Decimal(cost))
    assert (budget.spent().day.tokens, budget.spent().day.cost) == (7, Decimal("0.07"))


# ---- prices that are not known ----------------------------------------------------------------------


def test_a_model_without_a_price_counts_in_tokens_and_is_said_to_have_none(open_budget: Open) -> None:
    budget = open_budget(budget_day=Decimal("0.01"), budget_day_tokens=1000)
    pay(budget, 400)
    assert budget.spent().day.in_words == "400 tokens, at a price that is not known"
    pay(budget, 400, "0.005")
    day = budget.spent().day
    assert (day.cost, day.unpriced_calls, day.cost_known, day.tokens_known) == (
        Decimal("0.005"),
        1,
        False,
        True,
    )
    assert day.in_words == "800 tokens and at least $0.005 (1 of 2 calls had no known price)"
    refused(budget, 201)
    assert "at least $0.005 of the $0.01" in refused(budget, 1, "0.006").message


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        ("0", "$0.00"),
        ("0.00000001", "less than $0.0001"),
        ("0.0004", "$0.0004"),
        ("0.05", "$0.05"),
        ("1.239", "$1.24"),
        ("12345.5", "$12,345.50"),
    ],
)
def test_money_is_told_as_a_person_would(open_budget: Open, cost: str, words: str) -> None:
    budget = open_budget()
    pay(budget, 1234, cost)
    assert budget.spent().day.in_words == f"1,234 tokens and {words}"


# ---- the end of a call ------------------------------------------------------------------------------


def test_what_the_provider_does_not_say_counts_with_its_estimate(open_budget: Open) -> None:
    budget = open_budget()
    budget.reserve(100, Decimal("0.10")).settle(None, None)
    budget.reserve(100, Decimal("0.10")).settle(30, None)
    budget.reserve(100, None).settle(None, None)
    day = budget.spent().day
    assert (day.tokens, day.cost, day.unpriced_calls) == (230, Decimal("0.20"), 1)


def test_only_the_first_word_of_a_call_counts(open_budget: Open) -> None:
    budget = open_budget()
    reservation = budget.reserve(100, None)
    threads = [threading.Thread(target=reservation.settle, args=(10, None)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reservation.release()
    given_back = budget.reserve(100, None)
    given_back.release()
    given_back.settle(10, None)
    assert (budget.spent().day.tokens, budget.spent().day.calls) == (10, 1)
    assert budget.spent().day.held_tokens == 0


@pytest.mark.parametrize(
    ("error", "counted"),
    [
        (ModelError("model_resting", "Rests."), 0),
        (ConfigError("missing_key", "No key."), 0),
        (ConnectionRefusedError(), 0),
        (ModelError("a_code_of_tomorrow", "New."), 100),
        (RuntimeError("after the reply"), 100),
        (KeyboardInterrupt(), 100),
    ],
    ids=repr,
)
def test_a_failed_call_is_given_back_only_when_it_surely_was_not_billed(
    open_budget: Open, error: BaseException, counted: int
) -> None:
    budget = open_budget()
    with pytest.raises(type(error)), budget.reserve(100, None):
        raise error
    day = budget.spent().day
    assert (day.tokens, day.held_tokens, day.lost_calls) == (counted, 0, 0)


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    check_model(ModelChoice("openai/good", "key"))  # loads litellm, outside any call's time limit
    with ModelServer() as running:
        yield running


@pytest.mark.parametrize(
    ("model", "counted"),
    [
        ("good", 160),
        ("401", 0),
        ("no-credit", 0),
        ("drop", 0),
        ("slow", 5000),
        ("500", 5000),
        ("bad-utf8", 5000),
    ],
)
def test_a_real_call_counts_what_it_may_have_been_billed(
    open_budget: Open, server: ModelServer, model: str, counted: int
) -> None:
    budget = open_budget()
    choice = ModelChoice(f"openai/{model}", "key", server.api_base, 0.5 if model == "slow" else 120)
    completer = LitellmCompleter(choice, sleep=lambda _: None)
    try:
        with budget.reserve(5000, None) as reservation:
            usage = completer.complete([Message("user", "Judge.")]).usage
            reservation.settle(usage.prompt_tokens + usage.completion_tokens, None)
    except ModelError:
        assert model != "good"
    assert budget.spent().day.tokens == counted
    assert budget.spent().day.held_tokens == 0


def test_every_way_a_model_fails_is_known_to_be_billed_or_not() -> None:
    found = [value for value in vars(llm_failures).values() if isinstance(value, llm_failures.Failure)]
    found += [*llm_failures._BY_CLASS.values(), *llm_failures._BY_STATUS.values()]
    perhaps_billed = {"model_timeout", "model_failed", "model_refused"}
    assert {failure.code for failure in found} - NOT_BILLED == perhaps_billed


# ---- calls that never end ---------------------------------------------------------------------------


def test_what_a_dead_process_held_is_free_again_after_its_time_and_said_to_be_missing(
    open_budget: Open, clock: Clock
) -> None:
    open_budget().reserve(900, Decimal("0.90"))  # and nobody hears of it again
    budget = open_budget(budget_day_tokens=1000)
    clock.move(LASTS - 0.001)
    refused(budget, 101)
    clock.move(0.001)
    budget.reserve(1000, None)
    day = budget.spent().day
    assert (day.lost_calls, day.tokens, day.cost_known, day.tokens_known) == (1, 0, False, False)
    assert day.in_words == "at least 0 tokens and at least $0.00"


def test_a_hold_lasts_as_long_as_a_call_may(open_budget: Open, clock: Clock) -> None:
    budget = open_budget(timeout=86_399.0, budget_session_tokens=10)
    budget.reserve(10, None)
    clock.move(86_399.0)
    refused(budget)
    clock.move(GRACE)
    budget.reserve(10, None)


def test_no_time_out_however_long_makes_a_hold_that_stays(open_budget: Open, clock: Clock) -> None:
    budget = open_budget(timeout=float("inf"), budget_day_tokens=10)
    budget.reserve(10, None)
    clock.move(3 * 86_400)
    assert budget.spent().day.held_tokens == 0
    clock.move(-3 * 86_400)
    refused(budget)
    clock.move(100_000)
    assert budget.spent().session.held_tokens == 0


def test_a_call_that_ends_after_its_hold_ran_out_is_counted_and_no_longer_missing(
    open_budget: Open, clock: Clock
) -> None:
    budget = open_budget()
    late = budget.reserve(900, Decimal("0.90"))
    clock.move(3 * LASTS)
    assert budget.spent().day.lost_calls == budget.spent().session.lost_calls == 1
    late.settle(800, Decimal("0.80"))
    for use in (budget.spent().day, budget.spent().session):
        assert (use.tokens, use.cost, use.lost_calls, use.cost_known) == (800, Decimal("0.80"), 0, True)


# ---- clocks -----------------------------------------------------------------------------------------


def test_the_day_begins_anew_at_midnight_and_the_session_does_not(open_budget: Open, clock: Clock) -> None:
    budget = open_budget(budget_day=Decimal(1), budget_session=Decimal(3))
    clock.set("2026-11-24 23:59:59.9")
    pay(budget, 10, "1")
    refused(budget, 1, "0.01")
    clock.set("2026-11-25 00:00")
    pay(budget, 10, "1")
    spent = budget.spent()
    assert (spent.day.cost, spent.session.cost) == (Decimal(1), Decimal(2))


def test_a_call_over_midnight_counts_on_the_day_on_which_it_began(open_budget: Open, clock: Clock) -> None:
    budget = open_budget(budget_day_tokens=100)
    clock.set("2026-11-24 23:59:50")
    reservation = budget.reserve(90, None)
    clock.set("2026-11-25 00:00:10")
    assert budget.spent().day.held_tokens == 0
    reservation.settle(80, None)
    assert budget.spent().day.tokens == 0
    assert budget.spent().session.tokens == 80
    budget.reserve(100, None).release()
    clock.set("2026-11-24 23:59:59")
    assert budget.spent().day.tokens == 80


def test_a_clock_set_back_over_midnight_finds_the_day_as_it_was_and_so_does_one_set_right(
    open_budget: Open, clock: Clock
) -> None:
    budget = open_budget(budget_day_tokens=100)
    pay(budget, 70)
    clock.set("2031-01-01 08:00")
    pay(budget, 90)
    clock.set("1970-01-01 08:00")
    pay(budget, 95)
    clock.set(NOON)
    assert budget.spent().day.tokens == 70
    refused(budget, 31)
    clock.set("2031-01-01 08:00")
    refused(budget, 11)


@pytest.mark.parametrize("back", [3600.0, 40 * 86_400.0])
def test_a_clock_set_back_keeps_no_hold_longer_than_it_was_made_for(
    open_budget: Open, clock: Clock, back: float
) -> None:
    session = Session()
    budget = open_budget(budget_day_tokens=1000, budget_session_tokens=1000, session=session)
    budget.reserve(900, None)
    clock.move(-back)
    refused(budget, 101)
    clock.move(LASTS - 1)
    refused(budget, 101)
    clock.move(1)
    budget.reserve(101, None)


def test_the_hold_of_another_process_does_not_outlive_a_clock_set_back(
    open_budget: Open, clock: Clock
) -> None:
    open_budget().reserve(900, None)
    budget = open_budget(budget_day_tokens=1000)
    clock.move(-3600)
    refused(budget, 101)  # that it is seen once starts its time, though the call is refused
    clock.move(LASTS)
    budget.reserve(101, None)


@pytest.mark.parametrize(
    ("zone", "times", "ends"),
    [
        # An hour less, an hour more: the day is that of the calendar all the same.
        (
            "Europe/Berlin",
            ["2026-03-29 00:00", "2026-03-29 01:59", "2026-03-29 23:59"],
            "2026-03-30 at 00:00",
        ),
        (
            "Europe/Berlin",
            ["2026-10-25 00:00", "2026-10-25 02:30", "2026-10-25 23:59"],
            "2026-10-26 at 00:00",
        ),
        # Places where summer time begins, or ends, at midnight: one day starts at 01:00, one ends twice.
        ("America/Santiago", ["2026-09-05 00:00", "2026-09-05 23:59"], "2026-09-06 at 01:00"),
        ("America/Santiago", ["2026-04-04 00:00", "2026-04-04 23:30"], "2026-04-05 at 00:00"),
        ("America/Havana", ["2026-10-31 00:00", "2026-10-31 23:59"], "2026-11-01 at 00:00"),
    ],
)
def test_summer_time_changes_no_day(
    open_budget: Open, clock: Clock, zone: str, times: list[str], ends: str
) -> None:
    here = ZoneInfo(zone)
    budget = open_budget(zone=here, budget_day_tokens=10 * len(times))
    for time in times:
        clock.set(time, here)
        pay(budget, 10)
    clock.set(times[-1], here, fold=1)
    assert budget.spent().day.tokens == 10 * len(times)
    assert f"This limit ends on {ends}." in refused(budget).message


def test_the_limit_ends_when_it_says(open_budget: Open, clock: Clock) -> None:
    santiago = ZoneInfo("America/Santiago")
    budget = open_budget(zone=santiago, budget_day_tokens=10)
    clock.set("2026-09-05 23:59:59", santiago)
    pay(budget, 10)
    clock.move(1)  # 01:00 on the 6th; there is no 00:00
    pay(budget, 10)


def test_the_repeated_hour_neither_frees_nor_prolongs_a_hold(open_budget: Open, clock: Clock) -> None:
    budget = open_budget(zone=BERLIN, budget_day_tokens=10)
    clock.set("2026-10-25 02:59:30", BERLIN)
    budget.reserve(10, None)
    clock.move(60)  # 02:00:30 by the wall
    refused(budget)
    clock.move(LASTS - 60)
    budget.reserve(10, None)


@pytest.mark.parametrize(
    ("zone", "now", "ends"),
    [
        ("Europe/Berlin", "2026-10-24 22:30", "2026-10-26 at 00:00"),
        ("America/Santiago", "2026-09-06 03:30", "2026-09-06 at 01:00"),
        ("Pacific/Kiritimati", "2026-11-24 10:00", "2026-11-26 at 00:00"),
        ("UTC", "2026-11-24 10:00", "2026-11-25 at 00:00"),
    ],
)
def test_the_day_is_that_of_the_machines_own_zone(tmp_path: Path, zone: str, now: str, ends: str) -> None:
    program = f"""
from pathlib import Path
from coach.budget import Budget
from coach.config import Settings
from coach.errors import BudgetError
try:
    Budget.open(Settings(Path("data"), budget_day_tokens=0), clock=lambda: {Clock.at(now)()}).reserve(1, None)
except BudgetError as error:
    print(error.message)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TZ": zone},
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"This limit ends on {ends}." in done.stdout


# ---- many at once -----------------------------------------------------------------------------------


def test_threads_that_ask_at_once_cannot_pass_a_limit_together(open_budget: Open) -> None:
    budget = open_budget(budget_session_tokens=100)
    start, went, stopped = threading.Barrier(24), [], []

    def call() -> None:
        start.wait()
        try:
            with budget.reserve(10, None) as reservation:
                went.append(1)
                reservation.settle(10, None)
        except BudgetError:
            stopped.append(1)

    threads = [threading.Thread(target=call) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(went), len(stopped)) == (10, 14)
    spent = budget.spent()
    assert (spent.day.tokens, spent.session.tokens) == (100, 100)


def test_the_budgets_of_one_process_share_its_session_and_a_child_has_its_own(tmp_path: Path) -> None:
    program = """
import os, sys
from pathlib import Path
from coach.budget import Budget
from coach.config import Settings
settings = Settings(Path("data"), budget_session_tokens=10)
Budget.open(settings).reserve(4, None).settle(4, None)
held = Budget.open(settings).reserve(5, None)
print(Budget.open(settings).spent().session.tokens, Budget.open(settings).spent().session.held_tokens)
sys.stdout.flush()
if os.fork() == 0:
    Budget.open(settings).reserve(10, None).settle(10, None)
    print(Budget.open(settings).spent().session.tokens, Budget.open(settings).spent().day.tokens, flush=True)
    os._exit(0)
os.wait()
print(Budget.open(settings).spent().session.tokens)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n")[:3] == ["4 5", "10 14", "4"]
