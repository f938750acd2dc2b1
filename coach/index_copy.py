"""Private copies of index snapshots: one process's own folder, gone when the process is."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
import weakref
from pathlib import Path

from filelock import FileLock

from coach.errors import StoreError

PREFIX = "coach-index-"
_LOCK = "owner.lock"
# Between making a folder and locking it, it has no owner that a sweeper could see.
_GRACE_SECONDS = 60.0


class PrivateCopy:
    """A folder that only this process opens. Removed on close, when collected, or at exit."""

    def __init__(self, path: Path, lock: FileLock, passages: int) -> None:
        self.content = path / "chroma"
        self.passages = passages
        self._remove = weakref.finalize(self, _remove, path, lock, os.getpid())

    def add(self, name: str, content: bytes) -> None:
        """Writes one file; raises StoreError when the temporary folder takes none."""
        target = self.content / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        except OSError as error:
            raise _no_temporary_folder(error) from error

    def close(self) -> None:
        """Removes the folder; harmless when done twice."""
        self._remove()


def new_private_copy(passages: int) -> PrivateCopy:
    """An empty folder under the system's temporary folder, so that a read-only data folder is enough.

    Sweeps what processes that died left there. Raises StoreError when none can be made.
    """
    try:
        path = Path(tempfile.mkdtemp(prefix=PREFIX))
        # The finalizer that releases it may run in another thread.
        lock = FileLock(path / _LOCK, thread_local=False)
        lock.acquire(timeout=0)
        _sweep(path.parent, path.stat().st_uid)
    except OSError as error:
        raise _no_temporary_folder(error) from error
    return PrivateCopy(path, lock, passages)


def _sweep(folder: Path, owner: int) -> None:
    """Deletes our own user's copies that no living process holds."""
    for path in folder.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # among them the Timeout of a lock that is held
            status = path.lstat()
            if status.st_uid != owner or time.time() - status.st_mtime < _GRACE_SECONDS:
                continue
            with FileLock(path / _LOCK, timeout=0):
                shutil.rmtree(path, ignore_errors=True)


def _remove(path: Path, lock: FileLock, owner: int) -> None:
    if os.getpid() != owner:  # a forked child ends: the folder is still its parent's
        return
    shutil.rmtree(path, ignore_errors=True)
    lock.release()


def _no_temporary_folder(error: OSError) -> StoreError:
    return StoreError(
        "temporary_folder_unwritable",
        f"The temporary folder {tempfile.gettempdir()} cannot be written: {error.strerror or error}.",
        "Free some disk space, or set TMPDIR to a folder you can write to.",
    )
