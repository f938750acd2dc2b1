"""The history file: how it is opened, brought up to date, wiped, and what its failures mean."""

from __future__ import annotations

import errno
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from coach.errors import StoreError

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
# Oldest first. Kept here as well so that a file that is up to date opens without loading the scripts.
REVISIONS = ("0001", "0002")

_NOT_DELETED = "The file was not deleted."
# SQLite's primary result code -> (our code, what is wrong, what to do). {path}, {folder}: the file.
_FAILURES = {
    sqlite3.SQLITE_BUSY: (
        "history_locked",
        "Another program keeps the history {path} locked.",
        "Close the other window or command that uses the coach, then try again.",
    ),
    sqlite3.SQLITE_NOTADB: (
        "history_damaged",
        f"The history {{path}} is damaged or is not a database. {_NOT_DELETED}",
        "Move it out of {folder}, then try again: a new history is started.",
    ),
    sqlite3.SQLITE_FULL: (
        "history_full",
        "The disk is full, so nothing more was saved to the history {path}.",
        "Free some disk space, then try again; what was saved before is still there.",
    ),
    sqlite3.SQLITE_IOERR: (
        "history_disk",
        "The disk failed while the history {path} was in use.",
        "Check that the disk has room and is still connected, then try again.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "history_unwritable",
        "The history {path} cannot be opened for writing.",
        "Give yourself write access to {folder}, or set COACH_DATA_DIR to another folder.",
    ),
}
_FAILURES[sqlite3.SQLITE_LOCKED] = _FAILURES[sqlite3.SQLITE_BUSY]
_FAILURES[sqlite3.SQLITE_CORRUPT] = _FAILURES[sqlite3.SQLITE_NOTADB]
_FAILURES[sqlite3.SQLITE_READONLY] = _FAILURES[sqlite3.SQLITE_CANTOPEN]
_FAILURES[sqlite3.SQLITE_PERM] = _FAILURES[sqlite3.SQLITE_CANTOPEN]

# Alembic's script context is one per process.
_migrating = threading.Lock()


class FileId(NamedTuple):
    """Tells a file from another one that took its name."""

    device: int
    inode: int


def file_id(path: Path) -> FileId | None:
    """The file now at `path`, or None when there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return FileId(found.st_dev, found.st_ino)


def make_engine(path: Path, busy_timeout: float) -> Engine:
    """An engine that touches no file yet; `busy_timeout` is the seconds to wait for another process."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        # The sqlite3 module opens transactions late by itself; `_begin` does it on time.
        connect_args={"timeout": busy_timeout, "isolation_level": None},
        max_overflow=-1,
        hide_parameters=True,  # an answer must not end up in an error's text
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in (
        "foreign_keys = ON",
        "secure_delete = ON",
        "synchronous = NORMAL",
        "temp_store = MEMORY",  # VACUUM's copy of the texts stays out of the system's temporary folder
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # A transaction that reads first and writes later is refused at once, without waiting, when another
    # process wrote in between; so one that will write asks for the lock at its start.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def writing(engine: Engine) -> Engine:
    """The same engine for transactions that write."""
    return engine.execution_options(writing=True)


def prepare(engine: Engine, path: Path) -> None:
    """Makes the file when it is missing, for its owner's eyes only, and brings its tables up to date."""
    with explained(path):
        _make_private(path)
        with engine.connect() as connection:
            found = _revision(connection, path)
        if found != REVISIONS[-1]:
            _migrate(engine)
        _use_wal(engine)


def _make_private(path: Path) -> None:
    path.touch(mode=0o600, exist_ok=True)
    mode = path.stat().st_mode
    if stat.S_ISREG(mode) and mode & 0o077:
        path.chmod(0o600)


def _revision(connection: Connection, path: Path) -> str | None:
    """The step the file is at, None for an empty file; raises StoreError for one that is not ours."""
    tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
    if "alembic_version" in tables:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        if found is None or found in REVISIONS:
            return found
        raise StoreError(
            "history_newer",
            f"The history {path} was written by a newer version of the coach (step {found}). {_NOT_DELETED}",
            "Update the coach, or set COACH_DATA_DIR to another folder.",
        )
    if tables:
        raise StoreError(
            "history_foreign",
            f"{path} is the database of another program. {_NOT_DELETED}",
            f"Move it out of {path.parent}, or set COACH_DATA_DIR to another folder.",
        )
    return None


def _migrate(engine: Engine) -> None:
    # Alembic looks again under the write lock, so it does nothing when another process got here first.
    from alembic import command
    from alembic.config import Config

    with _migrating, writing(engine).begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, REVISIONS[-1])


def _use_wal(engine: Engine) -> None:
    """Lets the page and the command line read and write at the same time."""
    with _raw(engine) as connection:
        if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
            return
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            # The switch does not wait for others. All works without it, and the next opening tries again.
            if _primary_code(error) != sqlite3.SQLITE_BUSY:
                raise


def wipe_deleted(engine: Engine, path: Path) -> None:
    """Removes what deleted rows left in the file and in its write-ahead log.

    Raises StoreError `history_in_use` when another program holds on to them beyond the busy timeout.
    """
    with explained(path), _raw(engine) as connection:
        try:
            connection.execute("VACUUM")
            blocked = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.OperationalError as error:
            blocked = _primary_code(error) == sqlite3.SQLITE_BUSY
            if not blocked:
                raise
    if blocked:
        raise StoreError(
            "history_in_use",
            f"The entries are deleted, but another program still reads {path}, so parts may remain on disk.",
            "Close the other window or command that uses the coach, then delete again.",
        )


@contextmanager
def _raw(engine: Engine) -> Iterator[sqlite3.Connection]:
    """The driver's own connection, for statements that cannot run in a transaction."""
    with closing(engine.raw_connection()) as pooled:
        driver: Any = pooled.driver_connection
        yield driver


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns a failure of SQLite or of the file system into a StoreError that says what to do."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        code = _primary_code(cause)
        if code is None:
            raise  # no word of SQLite's: a mistake in this program
        raise _explain(code, cause, path) from error
    except OSError as error:
        code = sqlite3.SQLITE_FULL if error.errno == errno.ENOSPC else sqlite3.SQLITE_CANTOPEN
        raise _explain(code, error, path) from error


def _primary_code(error: BaseException | None) -> int | None:
    extended = getattr(error, "sqlite_errorcode", None)
    return None if extended is None else extended & 0xFF


def _explain(code: int, cause: BaseException | None, path: Path) -> StoreError:
    known = _FAILURES.get(code)
    if known is None:
        return StoreError(
            "history_failed",
            f"The history {path} cannot be used: {cause}. {_NOT_DELETED}",
            f"Move it out of {path.parent}, then try again: a new history is started.",
        )
    name, message, hint = known
    return StoreError(name, message.format(path=path, folder=path.parent), hint.format(folder=path.parent))
