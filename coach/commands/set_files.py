"""The files of `coach questions`: earlier sets, which are read, and the one that is written."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from coach.errors import InputError, StoreError

if TYPE_CHECKING:
    from coach.schema import QuestionSet

FORMATS = ("md", "json", "csv", "docx", "pdf", "anki")
_ENDINGS = {
    "md": "md",
    "markdown": "md",
    "json": "json",
    "csv": "csv",
    "docx": "docx",
    "pdf": "pdf",
    "apkg": "anki",
}
_MAX_SET_BYTES = 5_000_000
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LONGEST_NAME = 80


def shown_name(name: str) -> str:
    """The end of a name as it may stand in a message."""
    from coach.role_files import printable

    return printable(name[-_LONGEST_NAME:])


# ---- into the program ------------------------------------------------------------------------------


def read_set(name: str) -> QuestionSet:
    """A set saved as JSON; raises InputError that says what the file is instead."""
    from pydantic import ValidationError

    from coach.documents import read_file
    from coach.schema import QuestionSet

    hint = "Name a file that `coach questions --format json` wrote."
    try:
        content = read_file(Path(name), _MAX_SET_BYTES)
    except InputError as error:
        raise InputError("file_unreadable", error.message, hint) from error
    try:
        return QuestionSet.model_validate_json(content.removeprefix(_BYTE_ORDER_MARK))
    except ValidationError as error:
        raise InputError("not_a_set", f"{shown_name(name)} holds no set of questions.", hint) from error


# ---- out of the program ----------------------------------------------------------------------------


def format_for(asked: str | None, json: bool, out: str | None) -> str | None:
    """The format asked for, or that of the file to write; None for the readable list.

    Raises InputError for two that differ and for an ending that names none.
    """
    if json and asked not in (None, "json"):
        raise InputError("two_formats", f"--json and --format {asked} differ.", "Keep one of them.")
    option = "--json" if json else f"--format {asked}"
    wanted = "json" if json else asked
    if out is None:
        return wanted
    named = _ENDINGS.get(Path(out).suffix.lower().lstrip("."))
    if wanted and named and named != wanted:
        message = f"{option} and the ending of {shown_name(out)} differ."
        raise InputError("two_formats", message, f"Give the file another ending, or leave {option} out.")
    if not wanted and not named:
        hint = f"Add --format with one of {', '.join(FORMATS)}."
        raise InputError("format_unknown", f"The ending of {shown_name(out)} names no format.", hint)
    return wanted or named


def check_out(out: str, inputs: Sequence[str]) -> None:
    """Before any work: raises InputError when the file is one that is read, StoreError when it cannot be
    written."""
    path = Path(out)
    try:
        with suppress(FileNotFoundError):
            path.stat()  # raises for a name that no file can have
        if path.exists() and any(path.samefile(one) for one in inputs if Path(one).exists()):
            message = f"{shown_name(out)} is read for this set, so it is not written over."
            raise InputError("file_is_input", message, "Choose another name for --out.")
        if path.is_dir():
            raise _unwritable(out, "it is a folder")
        if not path.parent.is_dir():
            raise _unwritable(out, "its folder does not exist")
        if not os.access(path if path.exists() else path.parent, os.W_OK):
            raise _unwritable(out, "nobody gave you the right to")
    except (OSError, ValueError) as error:
        raise _unwritable(out, getattr(error, "strerror", None) or str(error)) from error


def write_out(out: str, content: bytes) -> None:
    """Writes the file whole or not at all; raises StoreError."""
    try:
        path = Path(out).resolve()
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            path.write_bytes(content)  # a pipe or a device
        elif os.access(path.parent, os.W_OK):
            _replace(path, content)
        else:
            path.write_bytes(content)
    except (OSError, ValueError) as error:
        raise _unwritable(out, getattr(error, "strerror", None) or str(error)) from error


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(f".coach-{secrets.token_hex(6)}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
        if path.exists():
            part.chmod(stat.S_IMODE(path.stat().st_mode))
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _unwritable(out: str, reason: str) -> StoreError:
    return StoreError(
        "file_unwritable", f"{shown_name(out)} cannot be written: {reason}.", "Choose another file."
    )
