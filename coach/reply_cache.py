"""Replies of language models kept on disk, so that asking again for the same thing costs nothing and says so.

One SQLite file in the data folder, its owner's alone, holds each reply under a SHA-256 of everything that
made it. What was asked is not stored. A reply is stored as it came, and replies quote the answer: whoever
deletes answers must call `ReplyCache.clear` too.

It is not in the history's database, because the two want opposite things. The history must never be lost, so
its failures are errors. A cache may be lost at any time, so whatever is wrong with it only makes it look
empty, and a damaged file is put aside. That needs no migrations, and no loading of SQLAlchemy.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, NewType

from coach.config import Settings
from coach.errors import StoreError
from coach.reply_file import FAILURES, DamagedError, ReplyFile
from coach.schema import Usage

BUSY_TIMEOUT = 1.0  # seconds; a model takes longer to answer than that
_TOUCH_TIMEOUT_MS = 100  # noting that a reply was used is worth no more
# The order of use is a rising number: a clock can stand still or step back.
_NEXT_TURN = "(SELECT coalesce(max(turn), 0) + 1 FROM replies)"

ReplyKey = NewType("ReplyKey", str)
"""64 hexadecimal digits, from `reply_key`."""


def reply_key(parts: Mapping[str, str | int | float | None]) -> ReplyKey:
    """The key of the reply that these parts lead to, the same in every process and on every machine.

    Parts are all that the reply depends on: task, messages, rubric, prompt, model, address, sampling
    settings, number of the sample. Never a provider's key. Their order does not matter and equal numbers are
    the same (0 and 0.0), but the number 1 is not the text "1" and no text is normalised. Raises TypeError
    for a part of another type.
    """
    for name, value in parts.items():
        if not isinstance(name, str) or not isinstance(value, str | int | float | None):
            raise TypeError(f"A reply's key is made of texts and numbers, not of {type(value).__name__}.")
    equal = {name: _same_if_equal(value) for name, value in parts.items()}
    return ReplyKey(hashlib.sha256(_to_bytes(equal)).hexdigest())


def _same_if_equal(value: str | int | float | None) -> str | int | float | None:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _to_bytes(value: object) -> bytes:
    # ASCII escapes would make two halves of a surrogate pair the same as the character they stand for.
    written = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return written.encode("utf-8", "surrogatepass")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass(frozen=True)
class CachedReply:
    """A model's reply as it came; nothing in it is to be trusted.

    `usage` is what it took when it was made, and taking it from the cache takes nothing. `model` is the one
    that answered. `answered_at` is UTC, ISO 8601; a new reply is of now.
    """

    text: str
    usage: Usage
    model: str
    finish_reason: str = "stop"
    answered_at: str = field(default_factory=_now)


class CacheStatus(NamedTuple):
    """What is on disk: readable replies, and the size of all files in bytes, a damaged one included.

    `problem` says why the cache cannot be used just now, and is empty when it can.
    """

    entries: int
    bytes: int
    problem: str = ""


class ReplyCache:
    """The cache, for any number of threads. `get`, `put` and `status` never fail; only `clear` may raise."""

    def __init__(self, settings: Settings, busy_timeout: float) -> None:
        self._file = ReplyFile(settings, busy_timeout)
        self._limit = settings.cache_mb * 1_000_000

    @classmethod
    def open(cls, settings: Settings, *, busy_timeout: float = BUSY_TIMEOUT) -> ReplyCache:
        """The cache at `settings.reply_cache_path`, of at most `settings.cache_mb` megabytes; 0 keeps and
        finds nothing. Touches no file yet. `busy_timeout`: seconds to wait for another process."""
        return cls(settings, busy_timeout)

    @property
    def path(self) -> Path:
        """The file, which need not exist."""
        return self._file.path

    def get(self, key: ReplyKey) -> CachedReply | None:
        """The reply kept under this key; None when there is none or the cache cannot be used."""
        if not self._limit:
            return None
        try:
            return self._file.use(lambda connection: _find(connection, key))
        except FAILURES:
            return None

    def put(self, key: ReplyKey, reply: CachedReply) -> None:
        """Keeps a reply in place of an earlier one, and drops those unused for longest to make room. One
        that is larger than the whole cache is not kept, nor any when the cache cannot be used."""
        payload = _to_bytes(asdict(reply) | {"usage": reply.usage.model_dump()})
        if len(payload) >= self._limit:
            return
        with suppress(*FAILURES):
            try:
                self._keep(key, payload)
            except DamagedError:  # it has been put aside
                self._keep(key, payload)

    def forget(self, key: ReplyKey) -> None:
        """Deletes the reply kept under this key, if there is one and the cache can be used."""
        with suppress(*FAILURES):
            self._file.use(lambda connection: connection.execute("DELETE FROM replies WHERE key = ?", (key,)))

    def status(self) -> CacheStatus:
        """How much is kept, also when the cache is switched off; changes nothing."""
        entries = size = 0
        try:
            size = sum(_size(path) for path in self._file.all_files())
            if self.path.exists():
                with self._file.opened() as connection:
                    entries = connection.execute("SELECT count(*) FROM replies").fetchone()[0]
                    connection.execute("BEGIN IMMEDIATE")
                    connection.execute("PRAGMA user_version = 1")  # fails where nothing can be written
        except FAILURES as error:
            return CacheStatus(entries, size, f"The cache of model replies {self.path} is no use: {error}.")
        return CacheStatus(entries, size)

    def clear(self) -> None:
        """Deletes every reply from the disk, also when the cache is switched off or damaged.

        Raises StoreError `cache_not_cleared` when some may still be there.
        """
        try:
            self._file.wipe()
        except FAILURES as error:
            raise StoreError(
                "cache_not_cleared",
                f"The replies of language models in {self.path.parent} could not all be deleted: {error}.",
                f"Close other windows and commands that use the coach and try again, or delete {self.path}.",
            ) from error

    def _keep(self, key: ReplyKey, payload: bytes) -> None:
        self._file.make_sure()
        self._file.use(lambda connection: _store(connection, key, payload, self._limit))


def _find(connection: sqlite3.Connection, key: ReplyKey) -> CachedReply | None:
    row = connection.execute("SELECT payload, digest FROM replies WHERE key = ?", (key,)).fetchone()
    # SQLite does not notice when a byte of a value changes on the disk.
    if row is None or not isinstance(row[0], bytes) or _digest(key, row[0]) != row[1]:
        return None
    try:
        found = json.loads(row[0].decode("utf-8", "surrogatepass"))
        reply = CachedReply(**found | {"usage": Usage.model_validate(found["usage"])})
    except (ValueError, TypeError, KeyError):
        return None
    _touch(connection, key)
    return reply


def _touch(connection: sqlite3.Connection, key: ReplyKey) -> None:
    """Marks the reply as the one used last, if the file can be written at once."""
    with suppress(sqlite3.OperationalError):
        connection.execute(f"PRAGMA busy_timeout = {_TOUCH_TIMEOUT_MS}")
        connection.execute(
            f"UPDATE replies SET turn = {_NEXT_TURN} "  # noqa: S608 - a constant
            "WHERE key = ? AND turn < (SELECT max(turn) FROM replies)",
            (key,),
        )


def _store(connection: sqlite3.Connection, key: ReplyKey, payload: bytes, limit: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(
        "INSERT OR REPLACE INTO replies (key, payload, digest, turn) "  # noqa: S608 - a constant
        f"VALUES (?, ?, ?, {_NEXT_TURN})",
        (key, payload, _digest(key, payload)),
    )
    oldest = "(SELECT rowid FROM replies ORDER BY turn LIMIT 1)"
    while _bytes_used(connection) > limit:
        if not connection.execute(f"DELETE FROM replies WHERE rowid = {oldest}").rowcount:  # noqa: S608
            break
    connection.execute("COMMIT")


def _bytes_used(connection: sqlite3.Connection) -> int:
    """The size that the file will have after the commit, which cuts free pages off."""
    pages, free, size = (
        int(connection.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * size


def _digest(key: ReplyKey, payload: bytes) -> bytes:
    return hashlib.sha256(key.encode() + payload).digest()


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return 0
