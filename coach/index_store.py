"""Index snapshots on disk: made whole or not at all, checked before use, read through private copies.

    <root>/<key>/manifest.json       size and SHA-256 of every file below
    <root>/<key>/chroma/...          what Chroma wrote; nothing opens it in this place again
    <root>/.build-*, <root>/.trash-* left by a build that was killed; the next builder sweeps them
    <root>.lock                      held by the one process that builds; beside the folder, so that
                                     deleting the folder does not free it

Chroma writes into a folder even when it only reads, loses vectors when two processes write, and can
crash the interpreter on a damaged file. So a reader copies a snapshot, checks every byte it copies
against the manifest and opens the copy, and nobody ever writes to a published snapshot.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple

from filelock import FileLock, Timeout
from pydantic import Field, ValidationError

from coach.errors import StoreError
from coach.index_copy import PrivateCopy, new_private_copy
from coach.schema import Noun

Progress = Callable[[str, float], None]
SnapshotState = Literal["fresh", "stale", "missing", "damaged"]

MANIFEST = "manifest.json"
CONTENT = "chroma"
LOCK_WAIT_SECONDS = 120.0
# Other versions of the knowledge, other checkouts: the most recently used stay.
KEEP_SNAPSHOTS = 8
DISK_HINT = "Free some disk space, or set COACH_DATA_DIR to a folder you can write to."


class FileRecord(Noun):
    """A file of a snapshot: bytes, and SHA-256 in hex."""

    size: int = Field(ge=0)
    sha256: str


class Manifest(Noun):
    """What a snapshot holds. `built_at` is UTC in ISO 8601; `files` are named from the content folder."""

    key: str
    passages: int = Field(ge=0)
    built_at: str
    files: dict[str, FileRecord]


class IndexStatus(NamedTuple):
    """What is built. `where` is a folder or a server's address; `built_at` is None when not known.

    `stale`: there is an index, but of other content; `problem` says what is damaged.
    """

    where: str
    state: SnapshotState
    passages: int
    key: str
    built_at: str | None
    problem: str = ""


class SnapshotDamaged(Exception):
    """A snapshot is there, but it is not what its manifest says."""


class SnapshotStore:
    """The snapshots under one folder. Any process may call any method at any time."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, key: str) -> Path:
        """Where the snapshot of this key is, or would be."""
        return self.root / key

    def keys(self) -> list[str]:
        """The keys of all published snapshots, sound or not."""
        if not self.root.is_dir():
            return []
        return sorted(p.name for p in self.root.iterdir() if p.is_dir() and not p.name.startswith("."))

    def check(self, key: str) -> Manifest | None:
        """The manifest of a sound snapshot, None when there is none; raises SnapshotDamaged."""
        manifest = _read_manifest(self.folder(key), key)
        for name, record in manifest.files.items() if manifest else ():
            _read_checked(self.folder(key) / CONTENT / name, record)
        return manifest

    def check_out(self, key: str) -> PrivateCopy | None:
        """A checked private copy, None when there is no snapshot.

        Raises SnapshotDamaged, and StoreError when the temporary folder takes no files.
        """
        copy = _copy_checked(self.folder(key), key)
        if copy:
            with contextlib.suppress(OSError):  # a read-only data folder is fine for reading
                os.utime(self.folder(key))
        return copy

    @contextlib.contextmanager
    def building(self, progress: Progress) -> Iterator[None]:
        """Makes this the only building process; others wait here and report so through `progress`.

        Raises StoreError `index_locked` after two minutes, `index_unwritable` when no lock can be made.
        """
        try:
            self.root.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = FileLock(self.root.with_name(f"{self.root.name}.lock"))
            _acquire(lock, progress)
        except OSError as error:
            raise _unwritable(self.root, error) from error
        try:
            self._sweep()
            yield
        finally:
            lock.release()

    def publish(self, key: str, write: Callable[[Path], int], check: Callable[[PrivateCopy], None]) -> None:
        """Makes the snapshot of `key`, replacing what is there; only inside `building`.

        `write` fills a new folder and returns how many passages it wrote; `check` raises unless a copy
        of the result works. Raises StoreError `index_unwritable` when the disk refuses.
        """
        try:
            self.root.mkdir(mode=0o700, exist_ok=True)
            fresh = Path(tempfile.mkdtemp(prefix=".build-", dir=self.root))
            try:
                (fresh / CONTENT).mkdir()
                passages = write(fresh / CONTENT)
                _write_manifest(fresh, key, passages)
                self._check_copy(fresh, key, check)
                self._discard(self.folder(key))
                fresh.replace(self.folder(key))
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
        except OSError as error:
            raise _unwritable(self.root, error) from error

    def _check_copy(self, fresh: Path, key: str, check: Callable[[PrivateCopy], None]) -> None:
        copy = _copy_checked(fresh, key)
        if copy is None:
            raise FileNotFoundError(2, "the folder vanished while it was being built", str(fresh))
        with contextlib.closing(copy):
            check(copy)

    def _discard(self, folder: Path) -> None:
        """Moves a snapshot aside before deleting it, so that no reader finds half of one."""
        if not folder.exists():
            return
        trash = Path(tempfile.mkdtemp(prefix=".trash-", dir=self.root))
        folder.replace(trash / folder.name)
        shutil.rmtree(trash, ignore_errors=True)

    def _sweep(self) -> None:
        """Deletes what killed builds left and the least recently used snapshots; needs the lock."""
        for leftover in [*self.root.glob(".build-*"), *self.root.glob(".trash-*")]:
            shutil.rmtree(leftover, ignore_errors=True)
        by_use = sorted((self.folder(key) for key in self.keys()), key=_last_use, reverse=True)
        for folder in by_use[KEEP_SNAPSHOTS:]:
            with contextlib.suppress(OSError):
                self._discard(folder)


def _acquire(lock: FileLock, progress: Progress) -> None:
    started = time.monotonic()
    while True:
        waited = time.monotonic() - started
        try:
            lock.acquire(timeout=min(1.0, max(0.0, LOCK_WAIT_SECONDS - waited)))
            return
        except Timeout:
            if waited >= LOCK_WAIT_SECONDS:
                break
            progress("Waiting for another process that builds the index", waited / LOCK_WAIT_SECONDS)
    raise StoreError(
        "index_locked",
        f"Another process has held {lock.lock_file} for {LOCK_WAIT_SECONDS:.0f} s to build the index.",
        "Wait for it to end, or stop it: the lock goes with the process. Deleting the file does not help.",
    )


def _copy_checked(folder: Path, key: str) -> PrivateCopy | None:
    manifest = _read_manifest(folder, key)
    if manifest is None:
        return None
    copy = new_private_copy(manifest.passages)
    try:
        for name, record in manifest.files.items():
            copy.add(name, _read_checked(folder / CONTENT / name, record))
    except BaseException:
        copy.close()
        raise
    return copy


def _read_manifest(folder: Path, key: str) -> Manifest | None:
    """None when there is no such folder; raises SnapshotDamaged for anything but a sound manifest."""
    if not folder.exists():
        return None
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError) as error:
        raise SnapshotDamaged(f"{folder / MANIFEST} cannot be read") from error
    outside = [name for name in manifest.files if PurePosixPath(name).is_absolute() or ".." in name]
    if manifest.key != key or outside:
        raise SnapshotDamaged(f"{folder / MANIFEST} is of another snapshot")
    return manifest


def _write_manifest(folder: Path, key: str, passages: int) -> None:
    content = folder / CONTENT
    files = {
        path.relative_to(content).as_posix(): _record(path.read_bytes())
        for path in sorted(content.rglob("*"))
        if path.is_file()
    }
    built_at = datetime.now(UTC).isoformat(timespec="seconds")
    manifest = Manifest(key=key, passages=passages, built_at=built_at, files=files)
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=1), encoding="utf-8")


def _read_checked(path: Path, record: FileRecord) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SnapshotDamaged(f"{path} cannot be read") from error
    if _record(content) != record:
        raise SnapshotDamaged(f"{path} was changed after it was built")
    return content


def _record(content: bytes) -> FileRecord:
    return FileRecord(size=len(content), sha256=hashlib.sha256(content).hexdigest())


def _last_use(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0


def _unwritable(root: Path, error: OSError) -> StoreError:
    return StoreError(
        "index_unwritable",
        f"The index folder {root} cannot be written: {error.strerror or error}.",
        DISK_HINT,
    )
