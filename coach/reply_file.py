"""The file of the reply cache: how it is made, opened, put aside when damaged, and wiped.

Each call opens the file and closes it again, in about a millisecond. So threads and processes share nothing,
and a file that was deleted or replaced meanwhile is noticed.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from coach.config import Settings
from coach.errors import StoreError

# What can go wrong with a file. filelock raises the last where the file system knows no locks.
FAILURES = (sqlite3.Error, OSError, StoreError, NotImplementedError)
_WIPE_TIMEOUT = 5.0  # seconds; a person waits for it and wants it done
_VERSION = 1
_SCHEMA = f"""
    PRAGMA journal_mode = MEMORY;
    PRAGMA auto_vacuum = FULL;
    CREATE TABLE replies (
        key TEXT NOT NULL PRIMARY KEY CHECK (length(key) = 64 AND key NOT GLOB '*[^0-9a-f]*'),
        payload BLOB NOT NULL,
        digest BLOB NOT NULL,
        turn INTEGER NOT NULL
    );
    CREATE INDEX ix_replies_turn ON replies (turn);
    PRAGMA user_version = {_VERSION};
"""
# SQLite's primary result codes for a file that is no cache of this version, however long one waits.
_DAMAGE = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR)
_IN_USE = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_T = TypeVar("_T")


class DamagedError(sqlite3.DatabaseError):
    """The file is no cache of this version."""


class ReplyFile:
    """The file at `settings.reply_cache_path`; every method may raise one of FAILURES."""

    def __init__(self, settings: Settings, busy_timeout: float) -> None:
        self.path = settings.reply_cache_path.absolute()
        self._aside = self.path.with_name("replies.damaged.sqlite3")
        self._settings = settings
        self._busy_timeout = busy_timeout

    @contextmanager
    def opened(self, busy_timeout: float | None = None) -> Iterator[sqlite3.Connection]:
        """The file that is there, each statement a transaction of its own. Makes none when there is none."""
        wait = self._busy_timeout if busy_timeout is None else busy_timeout
        address = f"{self.path.as_uri()}?mode=rw"
        try:
            with closing(
                sqlite3.connect(address, uri=True, timeout=wait, isolation_level=None)
            ) as connection:
                # A power cut may tear the file: then digests and SQLite notice, and only a cache is lost.
                connection.execute("PRAGMA synchronous = OFF")
                connection.execute("PRAGMA secure_delete = ON")
                if connection.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
                    raise DamagedError("it is not a cache of this version")
                yield connection
        except UnicodeDecodeError as error:  # of a message that repeats damaged bytes
            raise DamagedError("its bytes are no text") from error
        except sqlite3.Error as error:
            if self._is_damage(error):
                raise DamagedError(str(error)) from error
            raise

    def _is_damage(self, error: sqlite3.Error) -> bool:
        # A damaged header can say that the file is read-only, to which the file system then does not agree.
        extended = getattr(error, "sqlite_errorcode", None)
        claims_read_only = extended == sqlite3.SQLITE_READONLY and os.access(self.path, os.W_OK)
        return claims_read_only or _primary_code(error) in _DAMAGE

    def use(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """What `work` makes of the file. A damaged one is put aside before the error goes on."""
        found = _identity(self.path)
        try:
            with self.opened() as connection:
                return work(connection)
        except DamagedError:
            with self._lock(self._busy_timeout):
                if _identity(self.path) == found:  # nobody else was quicker
                    self.path.replace(self._aside)
                    self._drop_journals()
            raise

    def make_sure(self) -> None:
        """Makes the file when it is missing, and closes it to others than its owner."""
        try:
            mode = self.path.stat().st_mode
        except FileNotFoundError:
            self._settings.ensure_data_dir()
            self.path.parent.mkdir(mode=0o700, exist_ok=True)
            with self._lock(self._busy_timeout):
                if not self.path.exists():
                    self._make()
            return
        if stat.S_ISREG(mode) and mode & 0o077:
            self.path.chmod(mode & 0o700)  # a file made read-only stays so

    def wipe(self) -> None:
        """Overwrites every reply, or deletes the file where that is not possible, and whatever damage or a
        crash left of earlier ones."""
        if not self.path.parent.is_dir():
            return
        with self._lock(_WIPE_TIMEOUT):
            try:
                if self.path.exists():
                    self._overwrite()
                else:
                    self._drop_journals()
            except sqlite3.Error as error:
                if _primary_code(error) in _IN_USE:
                    raise  # whoever uses it would go on with the deleted file
                self.path.unlink()
                self._drop_journals()
            for path in self.all_files():
                if not path.name.startswith(self.path.name):
                    path.unlink(missing_ok=True)

    def all_files(self) -> list[Path]:
        """Every file that may hold replies."""
        return [path for path in self.path.parent.glob("replies*") if path.suffix != ".lock"]

    def _overwrite(self) -> None:
        with self.opened(_WIPE_TIMEOUT) as connection:
            connection.execute("PRAGMA synchronous = EXTRA")
            connection.execute("DELETE FROM replies")

    def _make(self) -> None:
        # Made beside its place and moved there, so that it is whole and private from the first moment. To
        # open and close the file itself would take away the locks that another thread's SQLite has on it.
        part = self.path.with_name("replies.part")
        part.unlink(missing_ok=True)
        part.touch(mode=0o600, exist_ok=False)
        with closing(sqlite3.connect(part, isolation_level=None)) as connection:
            connection.executescript(_SCHEMA)
        self._drop_journals()
        part.replace(self.path)

    def _drop_journals(self) -> None:
        """A journal left by an earlier file would be played into the next one."""
        for ending in ("-journal", "-wal", "-shm"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)

    @contextmanager
    def _lock(self, timeout: float) -> Iterator[None]:
        """For one process at a time: making the file, putting it aside, wiping."""
        from filelock import FileLock

        with FileLock(self.path.with_name("replies.lock"), timeout=timeout, mode=0o600):
            yield


def _primary_code(error: sqlite3.Error) -> int | None:
    extended = getattr(error, "sqlite_errorcode", None)
    return None if extended is None else extended & 0xFF


def _identity(path: Path) -> tuple[int, int] | None:
    """Tells a file from another one that took its name."""
    with suppress(OSError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None
