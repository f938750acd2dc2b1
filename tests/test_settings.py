"""Settings from the environment: what is read, and what is said of a value that cannot be used."""

from __future__ import annotations

from decimal import Decimal

import pytest

from coach.config import Settings, environment_of
from coach.errors import ConfigError

DOLLARS = ("COACH_BUDGET_DAY", "COACH_BUDGET_SESSION")
TOKENS = ("COACH_BUDGET_DAY_TOKENS", "COACH_BUDGET_SESSION_TOKENS")


def test_there_is_no_budget_unless_one_is_set() -> None:
    for environ in ({}, dict.fromkeys((*DOLLARS, *TOKENS), " ")):
        settings = Settings.from_env(environ)
        limits = (settings.budget_day, settings.budget_session)
        assert (*limits, settings.budget_day_tokens, settings.budget_session_tokens) == (None,) * 4


def test_each_budget_has_its_variable() -> None:
    settings = Settings.from_env(
        dict(zip((*DOLLARS, *TOKENS), ("2.50", " .1 ", "200000", "0"), strict=True)),
    )
    assert (settings.budget_day, settings.budget_session) == (Decimal("2.50"), Decimal("0.1"))
    assert (settings.budget_day_tokens, settings.budget_session_tokens) == (200_000, 0)


def test_money_is_read_to_the_last_digit() -> None:
    raw = "0.1000000000000000055511151231257827"
    assert str(Settings.from_env({"COACH_BUDGET_DAY": raw}).budget_day) == raw


@pytest.mark.parametrize(
    "raw",
    ["2,50", "$5", "5 USD", "-1", "-0.01", "nan", "sNaN", "inf", "-inf", "1e10", "1e99999999", "five", "½"],
)
@pytest.mark.parametrize("name", DOLLARS)
def test_what_is_no_amount_of_dollars_is_refused_by_name(name: str, raw: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Settings.from_env({name: raw})
    assert caught.value.code == "bad_setting"
    assert name in caught.value.message and repr(raw) in caught.value.message
    assert name in caught.value.hint


@pytest.mark.parametrize("raw", ["2.5", "1e6", "-1", "lots", "200.000", "200,000", "9" * 5000])
@pytest.mark.parametrize("name", TOKENS)
def test_what_is_no_number_of_tokens_is_refused_by_name(name: str, raw: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Settings.from_env({name: raw})
    assert caught.value.code == "bad_setting"
    assert name in caught.value.message and name in caught.value.hint


@pytest.mark.parametrize("raw", ["0", "-0", "0.00"])
def test_nothing_is_a_limit_too_and_reaches_a_child(raw: str) -> None:
    settings = Settings.from_env({"COACH_BUDGET_DAY": raw, "COACH_BUDGET_DAY_TOKENS": "0"})
    again = Settings.from_env(environment_of(settings))
    assert str(again.budget_day).startswith("0")
    assert again.budget_day == 0 and again.budget_day_tokens == 0
    assert again.budget_session is None
