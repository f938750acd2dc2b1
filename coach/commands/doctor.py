"""`coach doctor`: what is configured, what works, and how to mend what does not."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from coach.errors import CoachError, StoreError

if TYPE_CHECKING:
    from coach.config import Settings


class Finding(NamedTuple):
    """One check: what was looked at, whether it is fine, what was found, how to mend it."""

    name: str
    ok: bool
    found: str
    hint: str = ""


def add_parser(commands: Any) -> None:
    """Adds `doctor` to the command line."""
    parser = commands.add_parser("doctor", help="check that everything works", epilog="Example: coach doctor")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Checks everything; the exit code is that of the first thing that is wrong."""
    findings, code = [], 0
    for name, check in _CHECKS.items():
        try:
            findings.append(Finding(name, True, check()))
        except CoachError as error:
            findings.append(Finding(name, False, error.message, error.hint))
            code = code or error.exit_code
    if args.json:
        print(json.dumps([finding._asdict() for finding in findings], ensure_ascii=False))
        return code
    for finding in findings:
        print(f"{'ok ' if finding.ok else 'BAD'}  {finding.name}: {finding.found}")
        if finding.hint:
            print(f"     {finding.hint}")
    return code


def _program() -> str:
    import platform

    from coach import __version__

    return f"coach {__version__}, Python {platform.python_version()}"


def _data_folder() -> str:
    from coach.config import Settings

    folder = Settings.from_env().ensure_data_dir()
    probe = folder / ".probe"
    try:
        probe.write_bytes(b"ok")
        probe.unlink()
    except OSError as error:
        raise StoreError(
            "data_dir_unwritable",
            f"{folder} cannot be written: {error.strerror}.",
            "Set COACH_DATA_DIR to a folder you can write to, or free some disk space.",
        ) from error
    return str(folder)


def _roles() -> str:
    from coach.coach import Coach
    from coach.config import Settings

    book = Coach(Settings.from_env()).roles
    if book.problems:
        raise book.problems[0]
    return ", ".join(book.ids)


def _embedding() -> str:
    from coach.config import Settings
    from coach.embedding import Embedder

    embedder = Embedder.open(Settings.from_env())
    embedder.embed(["ready"])
    return embedder.ref


def _index() -> str:
    from coach.coach import Coach
    from coach.config import Settings

    found = Coach(Settings.from_env()).index_status()
    note = "" if found.state == "fresh" else " (built at the next feedback)"
    return f"{found.state}, {found.where}{note}"


def _history() -> str:
    from coach.config import Settings
    from coach.history import History

    with History.open(Settings.from_env()) as history:
        return f"{len(history.reports(limit=None))} reports"


def _model() -> str:
    from coach.coach import Coach
    from coach.config import Settings

    settings = Settings.from_env()
    judging, advising = Coach(settings).model_names()
    if judging is None and advising is None:
        return "none; the built-in judge does the whole job without a network"
    for name in filter(None, (judging, advising)):
        _check(settings, name)
    if judging == advising:
        return f"{judging} judges and advises (not called)"
    return (
        f"{judging or 'the built-in judge'} judges, {advising or 'the built-in judge'} advises (not called)"
    )


def _fallback() -> str:
    from coach.config import Settings

    settings = Settings.from_env()
    for name in settings.fallback:
        _check(settings, name)
    return ", then ".join(settings.fallback) or "none; when a model fails, the built-in judge's report stays"


def _check(settings: Settings, model: str) -> None:
    from coach.llm import ModelChoice
    from coach.llm_library import check_model

    check_model(ModelChoice.from_settings(settings, model))


def _budget() -> str:
    from coach.budget import Budget
    from coach.budget_words import dollars
    from coach.config import Settings

    settings = Settings.from_env()
    spent = Budget.open(settings).spent()
    for warning in spent.warnings:
        if warning.code == "budget_not_kept":
            raise StoreError(warning.code, warning.message, "Make the data folder writable.")
    limits = [f"{dollars(amount)} a {per}" for amount, per in (
        (settings.budget_day, "day"), (settings.budget_session, "session"),
    ) if amount is not None]  # fmt: skip
    limits += [f"{tokens:,} tokens a {per}" for tokens, per in (
        (settings.budget_day_tokens, "day"), (settings.budget_session_tokens, "session"),
    ) if tokens is not None]  # fmt: skip
    return f"{' and '.join(limits) or 'no limit'}; today {spent.day.in_words}"


def _replies() -> str:
    from coach.config import Settings
    from coach.reply_cache import ReplyCache

    settings = Settings.from_env()
    status = ReplyCache.open(settings).status()
    if status.problem:
        raise StoreError("cache_unusable", status.problem, f"Delete {settings.reply_cache_path}.")
    kept = f"{status.entries} kept, {status.bytes / 1_000_000:.1f} MB"
    return f"{kept} of {settings.cache_mb}" if settings.cache_mb else f"{kept}; no more are kept"


_CHECKS: dict[str, Callable[[], str]] = {
    "program": _program,
    "data folder": _data_folder,
    "roles": _roles,
    "embedding model": _embedding,
    "index": _index,
    "history": _history,
    "language model": _model,
    "fallback models": _fallback,
    "model budget": _budget,
    "model replies": _replies,
}
