"""Checks what a setting holds: each function gives a value or raises ConfigError that says what to set."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from coach.errors import ConfigError

_HIGHEST_BUDGET = 10**9  # dollars, and a thousand times as many tokens; more is a slip of the hand


def text(env: Mapping[str, str], name: str) -> str | None:
    """The text without the spaces around it; None when nothing is left."""
    return env.get(name, "").strip() or None


def names(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Names parted by commas, in their order, none twice."""
    return tuple(dict.fromkeys(filter(None, (part.strip() for part in env.get(name, "").split(",")))))


def seconds(env: Mapping[str, str], name: str, default: float) -> float:
    """More than 0 and less than a day."""
    raw = text(env, name)
    if raw is None:
        return default
    try:
        value = float(raw)
    except ValueError:
        value = 0.0
    if not 0 < value < 86_400:
        raise _refused(name, raw, "a number of seconds", "a number such as 60")
    return value


def whole(env: Mapping[str, str], name: str, default: int, allowed: range, of: str = "") -> int:
    """A whole number among the allowed ones; `of` says in the error what it counts."""
    raw = text(env, name)
    if raw is None:
        return default
    try:
        value = int(raw)
    except ValueError:
        value = allowed.start - 1
    if value not in allowed:
        counted = f" ({of})" if of else ""
        wanted = f"a whole number from {allowed.start} to {allowed[-1]}{counted}"
        raise _refused(name, raw, wanted, f"a number such as {default}")
    return value


def dollars(env: Mapping[str, str], name: str) -> Decimal | None:
    """An amount of US dollars; None is no limit."""
    raw = text(env, name)
    if raw is None:
        return None
    try:
        value = Decimal(raw)
    except InvalidOperation:
        value = Decimal("NaN")
    if not (value.is_finite() and 0 <= value <= _HIGHEST_BUDGET):
        wanted = "a number such as 2.50, without a sign or a name of the currency"
        raise _refused(name, raw, "an amount of US dollars", wanted)
    return value.copy_abs()  # "-0" is a zero too


def tokens(env: Mapping[str, str], name: str) -> int | None:
    """A number of tokens; None is no limit."""
    raw = text(env, name)
    if raw is None:
        return None
    try:
        value = int(raw)
    except ValueError:
        value = -1
    if not 0 <= value <= 1000 * _HIGHEST_BUDGET:
        raise _refused(name, raw, "a number of tokens", "a whole number such as 200000")
    return value


def _refused(name: str, raw: str, wanted: str, example: str) -> ConfigError:
    return ConfigError(
        "bad_setting", f"{name} is {raw!r}, which is not {wanted}.", f"Set {name} to {example}, or unset it."
    )
