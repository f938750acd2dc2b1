"""`coach doctor`: what is configured, what works, and how to mend what does not."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import Any, NamedTuple

from coach.errors import CoachError


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
    from coach.errors import StoreError

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
    from coach.config import Settings
    from coach.llm import ModelChoice
    from coach.llm_library import check_model

    settings = Settings.from_env()
    if not settings.model:
        return "none; the built-in judge does the whole job without a network"
    check_model(ModelChoice.from_settings(settings))
    return f"{settings.model} (not called)"


_CHECKS: dict[str, Callable[[], str]] = {
    "program": _program,
    "data folder": _data_folder,
    "roles": _roles,
    "embedding model": _embedding,
    "index": _index,
    "history": _history,
    "language model": _model,
}
