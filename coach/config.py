"""Settings from the environment, read once by `Settings.from_env`; nothing else reads `os.environ`.

| variable | meaning | default |
|---|---|---|
| `COACH_DATA_DIR` | folder for everything built or personal: index, history, cache | the user's data folder |
| `COACH_MODEL` | litellm model that judges; unset means the built-in judge | unset |
| `COACH_API_BASE` | address of an OpenAI-compatible server, for local models | unset |
| `COACH_TIMEOUT` | seconds one model request may take | 60 |
| `COACH_BUDGET_DAY` | US dollars that model calls may cost in a day | no limit |
| `COACH_BUDGET_SESSION` | US dollars that model calls may cost while the program runs | no limit |
| `COACH_BUDGET_DAY_TOKENS` | tokens that model calls may take in a day | no limit |
| `COACH_BUDGET_SESSION_TOKENS` | tokens that model calls may take while the program runs | no limit |
| `COACH_ROLE` | role used when none is named | `e-commerce-manager` |
| `CHROMA_URL` | use this Chroma server in place of the embedded store | unset |
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import platformdirs

from coach.errors import ConfigError, StoreError

APP_NAME = "interview-answer-coach"
DEFAULT_ROLE = "e-commerce-manager"
_HIGHEST_BUDGET = 10**9  # dollars, and a thousand times as many tokens; more is a slip of the hand


def resource_root() -> Path:
    """The folder that holds `knowledge/` and `prompts/`: the checkout, or the installed package's own."""
    package = Path(__file__).resolve().parent
    bundled = package / "_bundled"
    return bundled if (bundled / "knowledge").is_dir() else package.parent


@dataclass(frozen=True)
class Settings:
    """All settings, checked. Times are seconds, budgets US dollars or tokens; None is no limit."""

    data_dir: Path
    model: str | None = None
    api_base: str | None = None
    timeout: float = 60.0
    default_role: str = DEFAULT_ROLE
    chroma_url: str | None = None
    budget_day: Decimal | None = None
    budget_session: Decimal | None = None
    budget_day_tokens: int | None = None
    budget_session_tokens: int | None = None

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Reads the variables above; raises ConfigError for a value that cannot be used."""
        env = os.environ if environ is None else environ
        data_dir = env.get("COACH_DATA_DIR") or platformdirs.user_data_dir(APP_NAME, appauthor=False)
        return cls(
            data_dir=Path(data_dir).expanduser().resolve(),
            model=_text(env, "COACH_MODEL"),
            api_base=_text(env, "COACH_API_BASE"),
            timeout=_seconds(env, "COACH_TIMEOUT", 60.0),
            default_role=_text(env, "COACH_ROLE") or DEFAULT_ROLE,
            chroma_url=_text(env, "CHROMA_URL"),
            budget_day=_dollars(env, "COACH_BUDGET_DAY"),
            budget_session=_dollars(env, "COACH_BUDGET_SESSION"),
            budget_day_tokens=_tokens(env, "COACH_BUDGET_DAY_TOKENS"),
            budget_session_tokens=_tokens(env, "COACH_BUDGET_SESSION_TOKENS"),
        )

    @property
    def knowledge_dir(self) -> Path:
        return resource_root() / "knowledge"

    @property
    def prompts_dir(self) -> Path:
        return resource_root() / "prompts"

    @property
    def index_dir(self) -> Path:
        return self.data_dir / "index"

    @property
    def cache_dir(self) -> Path:
        return self.data_dir / "cache"

    @property
    def history_path(self) -> Path:
        return self.data_dir / "history.sqlite3"

    @property
    def budget_path(self) -> Path:
        return self.data_dir / "budget.json"

    def ensure_data_dir(self) -> Path:
        """Makes the data folder, readable by its owner only; raises StoreError when that fails."""
        try:
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                "data_dir_unwritable",
                f"The data folder {self.data_dir} cannot be made: {error.strerror}.",
                "Set COACH_DATA_DIR to a folder you can write to, or free some disk space.",
            ) from error
        return self.data_dir


def _text(env: Mapping[str, str], name: str) -> str | None:
    return env.get(name, "").strip() or None


def _seconds(env: Mapping[str, str], name: str, default: float) -> float:
    raw = _text(env, name)
    if raw is None:
        return default
    try:
        value = float(raw)
    except ValueError:
        value = 0.0
    if not 0 < value < 86_400:
        raise ConfigError(
            "bad_setting",
            f"{name} is {raw!r}, which is not a number of seconds.",
            f"Set {name} to a number such as 60, or unset it.",
        )
    return value


def _dollars(env: Mapping[str, str], name: str) -> Decimal | None:
    raw = _text(env, name)
    if raw is None:
        return None
    try:
        value = Decimal(raw)
    except InvalidOperation:
        value = Decimal("NaN")
    if not (value.is_finite() and 0 <= value <= _HIGHEST_BUDGET):
        raise ConfigError(
            "bad_setting",
            f"{name} is {raw!r}, which is not an amount of US dollars.",
            f"Set {name} to a number such as 2.50, without a sign or a name of the currency, or unset it.",
        )
    return value.copy_abs()  # "-0" is a zero too


def _tokens(env: Mapping[str, str], name: str) -> int | None:
    raw = _text(env, name)
    if raw is None:
        return None
    try:
        value = int(raw)
    except ValueError:
        value = -1
    if not 0 <= value <= 1000 * _HIGHEST_BUDGET:
        raise ConfigError(
            "bad_setting",
            f"{name} is {raw!r}, which is not a number of tokens.",
            f"Set {name} to a whole number such as 200000, or unset it.",
        )
    return value


def environment_of(settings: Settings) -> dict[str, str]:
    """This process's environment with all of `settings` written out, for a child in another folder."""
    written = {
        "COACH_DATA_DIR": str(settings.data_dir),
        "COACH_MODEL": settings.model or "",
        "COACH_API_BASE": settings.api_base or "",
        "COACH_TIMEOUT": str(settings.timeout),
        "COACH_ROLE": settings.default_role,
        "CHROMA_URL": settings.chroma_url or "",
        "COACH_BUDGET_DAY": _written(settings.budget_day),
        "COACH_BUDGET_SESSION": _written(settings.budget_session),
        "COACH_BUDGET_DAY_TOKENS": _written(settings.budget_day_tokens),
        "COACH_BUDGET_SESSION_TOKENS": _written(settings.budget_session_tokens),
    }
    return {**os.environ, **written}


def _written(limit: Decimal | int | None) -> str:
    return "" if limit is None else str(limit)  # 0 is a limit


def keep_runtime_silent() -> None:
    """Tells onnxruntime, which must not be imported yet, to send nothing to its maker. Without it a process
    that runs for some seconds does."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
