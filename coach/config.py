"""Settings from the environment, read once by `Settings.from_env`; nothing else reads `os.environ`.

| variable | meaning | default |
|---|---|---|
| `COACH_DATA_DIR` | folder for everything built or personal: index, history, cache | the user's data folder |
| `COACH_MODEL` | litellm model that coaches, and judges without COACH_JUDGE | none, the built-in judge |
| `COACH_JUDGE` | who gives the levels: "evidence" (the built-in judge) or a litellm model | `COACH_MODEL` |
| `COACH_FALLBACK` | models to ask, in order, when the first cannot answer; commas between them | none |
| `COACH_API_BASE` | address of an OpenAI-compatible server, for local models | unset |
| `COACH_TIMEOUT` | seconds one model request may take, retries included | 60 |
| `COACH_REPORT_TIMEOUT` | seconds one report may wait for models in all | 120 |
| `COACH_SAMPLES` | how often a model judges one answer; the medians count | 1 |
| `COACH_CONCURRENCY` | answers of a batch that are with a model at the same time | 4 |
| `COACH_CACHE_MB` | megabytes of model replies kept to be used again; 0 keeps none | 50 |
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
from decimal import Decimal
from pathlib import Path

import platformdirs

from coach.errors import StoreError
from coach.setting_values import dollars, names, seconds, text, tokens, whole

APP_NAME = "interview-answer-coach"
DEFAULT_ROLE = "e-commerce-manager"


def resource_root() -> Path:
    """The folder that holds `knowledge/` and `prompts/`: the checkout, or the installed package's own."""
    package = Path(__file__).resolve().parent
    bundled = package / "_bundled"
    return bundled if (bundled / "knowledge").is_dir() else package.parent


@dataclass(frozen=True)
class Settings:
    """All settings, checked.

    Times are seconds; a megabyte is 1,000,000 bytes; budgets are US dollars or tokens and None is no limit.
    """

    data_dir: Path
    model: str | None = None
    judge: str | None = None
    fallback: tuple[str, ...] = ()
    api_base: str | None = None
    timeout: float = 60.0
    report_timeout: float = 120.0
    samples: int = 1
    concurrency: int = 4
    cache_mb: int = 50
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
            model=text(env, "COACH_MODEL"),
            judge=text(env, "COACH_JUDGE"),
            fallback=names(env, "COACH_FALLBACK"),
            api_base=text(env, "COACH_API_BASE"),
            timeout=seconds(env, "COACH_TIMEOUT", 60.0),
            report_timeout=seconds(env, "COACH_REPORT_TIMEOUT", 120.0),
            samples=whole(env, "COACH_SAMPLES", 1, range(1, 10)),
            concurrency=whole(env, "COACH_CONCURRENCY", 4, range(1, 65)),
            cache_mb=whole(env, "COACH_CACHE_MB", 50, range(1_000_001), "megabytes; 0 keeps nothing"),
            default_role=text(env, "COACH_ROLE") or DEFAULT_ROLE,
            chroma_url=text(env, "CHROMA_URL"),
            budget_day=dollars(env, "COACH_BUDGET_DAY"),
            budget_session=dollars(env, "COACH_BUDGET_SESSION"),
            budget_day_tokens=tokens(env, "COACH_BUDGET_DAY_TOKENS"),
            budget_session_tokens=tokens(env, "COACH_BUDGET_SESSION_TOKENS"),
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
    def reply_cache_path(self) -> Path:
        return self.cache_dir / "replies.sqlite3"

    @property
    def models_dir(self) -> Path:
        return self.data_dir / "models"

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


def environment_of(settings: Settings) -> dict[str, str]:
    """This process's environment with all of `settings` written out, for a child in another folder."""
    written = {
        "COACH_DATA_DIR": str(settings.data_dir),
        "COACH_MODEL": settings.model or "",
        "COACH_API_BASE": settings.api_base or "",
        "COACH_JUDGE": settings.judge or "",
        "COACH_FALLBACK": ",".join(settings.fallback),
        "COACH_TIMEOUT": str(settings.timeout),
        "COACH_REPORT_TIMEOUT": str(settings.report_timeout),
        "COACH_SAMPLES": str(settings.samples),
        "COACH_CONCURRENCY": str(settings.concurrency),
        "COACH_CACHE_MB": str(settings.cache_mb),
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
