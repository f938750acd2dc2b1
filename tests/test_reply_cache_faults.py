"""Whatever is wrong with the cache of model replies, it is as if empty; and what clearing leaves: nothing."""

from __future__ import annotations

import hashlib
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from coach.config import Settings
from coach.errors import StoreError
from coach.reply_cache import ReplyCache
from tests.reply_cache_files import (
    MARKER,
    MB,
    NOBODY,
    ROOT,
    bytes_on_disk,
    key,
    largest_file,
    long_reply,
    names,
    reply,
    run_sql,
    wait_for,
    works,
    writers,
)
from tests.sqlite_process import other_process

POSIX = pytest.mark.skipif(os.name == "nt", reason="file modes and sizes are limited on POSIX only")


@pytest.fixture
def settings(data_dir: Path) -> Settings:
    return Settings(data_dir=data_dir, cache_mb=1)


@pytest.fixture
def cache(settings: Settings) -> ReplyCache:
    return ReplyCache.open(settings, busy_timeout=0.2)


# ---- whatever is wrong, it is as if empty -----------------------------------------------------------


def truncate(cache: ReplyCache) -> None:
    os.truncate(cache.path, 5_000)


def no_table(cache: ReplyCache) -> None:
    run_sql(cache, "DROP TABLE replies")


def other_columns(cache: ReplyCache) -> None:
    run_sql(cache, "ALTER TABLE replies RENAME COLUMN payload TO something")


def newer_version(cache: ReplyCache) -> None:
    run_sql(cache, "PRAGMA user_version = 999")


def other_program(cache: ReplyCache) -> None:
    cache.path.unlink()
    run_sql(cache, "CREATE TABLE bookmarks (url TEXT)")


def read_only_header(cache: ReplyCache) -> None:
    content = bytearray(cache.path.read_bytes())
    content[18] = 7  # a way of writing that SQLite does not know
    cache.path.write_bytes(content)


def write(content: bytes) -> Callable[[ReplyCache], None]:
    def spoil(cache: ReplyCache) -> None:
        cache.path.write_bytes(content)

    return spoil


DAMAGES = {
    "empty": write(b""),
    "text": write(b"not a database at all" * 100),
    "header": write(b"SQLite format 3\x00" + b"\xff" * 4096),
    "truncated": truncate,
    "no table": no_table,
    "other columns": other_columns,
    "newer version": newer_version,
    "other program": other_program,
    "read-only header": read_only_header,
}


@pytest.mark.parametrize("spoil", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("first", ["get", "put"])
def test_a_damaged_file_is_put_aside_and_begun_anew(
    cache: ReplyCache, spoil: Callable[[ReplyCache], None], first: str
) -> None:
    for number in range(10):
        cache.put(key(number), long_reply(number))
    spoil(cache)
    content = cache.path.read_bytes()
    if first == "get":
        assert cache.get(key(3)) in (None, long_reply(3))
    assert works(cache)
    assert names(cache) == ["replies.damaged.sqlite3", "replies.sqlite3"]
    assert (cache.path.parent / "replies.damaged.sqlite3").read_bytes() == content
    assert cache.status().entries == 1 and cache.status().problem == ""
    assert cache.status().bytes == cache.path.stat().st_size + len(content)


@pytest.mark.parametrize("spoil", [d for n, d in DAMAGES.items() if n != "other columns"])
def test_the_status_names_the_damage_and_leaves_it_there(
    cache: ReplyCache, spoil: Callable[[ReplyCache], None]
) -> None:
    assert works(cache)
    spoil(cache)
    content = cache.path.read_bytes()
    assert str(cache.path) in cache.status().problem
    assert cache.path.read_bytes() == content


def test_a_file_damaged_twice_leaves_one_behind(cache: ReplyCache) -> None:
    for content in (b"first" * 999, b"second" * 999):
        assert works(cache)
        cache.path.write_bytes(content)
        assert works(cache)
        assert names(cache) == ["replies.damaged.sqlite3", "replies.sqlite3"]
        assert (cache.path.parent / "replies.damaged.sqlite3").read_bytes() == content


def test_wherever_bytes_change_there_is_the_right_reply_or_none(cache: ReplyCache) -> None:
    for number in range(12):
        cache.put(key(number), long_reply(number, 3_000))
    sound = cache.path.read_bytes()
    chance = random.Random(20)
    missed = 0
    for _ in range(60):
        spoiled = bytearray(sound)
        for _ in range(chance.choice((1, 4, 40))):
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
        cache.path.write_bytes(spoiled)
        for number in range(12):
            found = cache.get(key(number))
            assert found is None or found == long_reply(number, 3_000)
            missed += found is None
        assert works(cache)
    assert missed > 60


def test_a_reply_changed_on_the_disk_is_not_used_and_the_others_are(cache: ReplyCache) -> None:
    cache.put(key(0), reply("level 3"))
    cache.put(key(1), reply("level 4"))
    changed = cache.path.read_bytes().replace(b"level 3", b"level 5")
    cache.path.write_bytes(changed)
    assert cache.get(key(0)) is None
    assert cache.get(key(1)) is not None
    cache.put(key(0), reply("level 3"))
    assert cache.get(key(0)) is not None


@pytest.mark.parametrize(
    "content", [[], {}, {"text": "x"}, {"text": "x", "usage": {}, "model": "m", "new": 1}]
)
def test_a_reply_in_another_shape_is_not_used(cache: ReplyCache, content: Any) -> None:
    assert works(cache)
    payload = json.dumps(content).encode()
    digest = hashlib.sha256(key().encode() + payload).digest()
    with closing(sqlite3.connect(cache.path)) as connection:
        connection.execute("INSERT INTO replies VALUES (?, ?, ?, 7)", (key(), payload, digest))
        connection.commit()
    assert cache.get(key()) is None
    cache.put(key(), reply())
    assert cache.get(key()) is not None


def test_a_file_deleted_or_moved_while_in_use_is_begun_anew(cache: ReplyCache, tmp_path: Path) -> None:
    cache.put(key(), reply())
    cache.path.unlink()
    assert cache.get(key()) is None
    assert works(cache)
    cache.path.parent.rename(tmp_path / "moved")
    assert works(cache)
    assert cache.status().entries == 1


def journal_of_a_crash(cache: ReplyCache) -> bytes:
    """What stands in the journal in the middle of a transaction that changes every reply."""
    with closing(sqlite3.connect(cache.path, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size = 1")  # so that it must write before it commits
        connection.execute("BEGIN")
        connection.execute("UPDATE replies SET payload = zeroblob(20000)")
        left = cache.path.with_name("replies.sqlite3-journal").read_bytes()
        connection.execute("ROLLBACK")
    return left


def test_the_journal_of_a_lost_file_is_not_played_into_the_next(cache: ReplyCache) -> None:
    for number in range(5):
        cache.put(key(number), long_reply(number))
    left = journal_of_a_crash(cache)
    cache.path.unlink()
    cache.path.with_name("replies.sqlite3-journal").write_bytes(left)
    assert works(cache)
    assert names(cache) == ["replies.sqlite3"]
    assert cache.status().entries == 1 and cache.path.stat().st_size < 50_000 < len(left)


def test_a_locked_cache_is_as_if_empty_and_soon_given_up(cache: ReplyCache) -> None:
    cache.put(key(), reply())
    with other_process(cache.path, "BEGIN EXCLUSIVE"):
        begun = time.monotonic()
        assert cache.get(key()) is None
        cache.put(key(1), reply())
        assert time.monotonic() - begun < 5
        assert "locked" in cache.status().problem
    assert cache.get(key()) is not None
    assert cache.get(key(1)) is None
    assert names(cache) == ["replies.sqlite3"]


def test_replies_are_found_while_another_process_writes(cache: ReplyCache) -> None:
    cache.put(key(), reply())
    cache.put(key(1), reply())
    with other_process(cache.path, "BEGIN IMMEDIATE", "DELETE FROM replies"):
        assert cache.get(key()) == cache.get(key()) is not None
    assert works(cache)


@POSIX
def test_a_disk_that_takes_no_more_keeps_what_was_there(settings: Settings) -> None:
    cache = ReplyCache.open(Settings(data_dir=settings.data_dir))
    cache.put(key(), reply())
    with largest_file(200_000):
        for number in range(1, 30):
            cache.put(key(number), long_reply(number))
            assert cache.get(key(number)) in (None, long_reply(number))
        assert cache.get(key(29)) is None
        assert cache.get(key()) is not None
    assert works(cache)
    assert names(cache) == ["replies.sqlite3"]


@POSIX
def test_a_disk_too_full_to_begin_on_is_as_if_empty(cache: ReplyCache) -> None:
    with largest_file(6_000):
        assert not works(cache)
    assert works(cache)
    assert names(cache) == ["replies.sqlite3"]


READ_ONLY = """
import os, sys
from pathlib import Path
import filelock
from coach.config import Settings
from coach.errors import StoreError
from coach.reply_cache import ReplyCache
from tests.reply_cache_files import NOBODY, key, reply

if os.geteuid() == 0:
    os.setuid(NOBODY)  # the administrator may write anywhere
cache = ReplyCache.open(Settings(data_dir=Path(sys.argv[1])), busy_timeout=0.2)
cache.put(key(1), reply())
print(cache.get(key()) is not None, cache.get(key(1)), bool(cache.status().problem))
print(*sorted(path.name for path in cache.path.parent.iterdir()))
try:
    cache.clear()
    print("cleared")
except StoreError as error:
    print(error.code)
"""


def use_read_only(cache: ReplyCache, folder_mode: int) -> list[str]:
    """The lines that the script above prints for a read-only file in a folder of this mode."""
    cache.path.chmod(0o444)
    cache.path.parent.chmod(folder_mode)
    if os.geteuid() == 0:
        os.chown(cache.path, NOBODY, -1)
    try:
        command = [sys.executable, "-c", READ_ONLY, str(cache.path.parent.parent)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    finally:
        cache.path.parent.chmod(0o755)
    assert ran.stderr == ""
    return ran.stdout.splitlines()


@pytest.fixture
def open_cache() -> Iterator[ReplyCache]:
    """A cache with one reply in a folder that other users reach; pytest's own are closed to them."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        cache = ReplyCache.open(Settings(data_dir=Path(name)))
        cache.put(key(), reply())
        yield cache


@POSIX
@pytest.mark.parametrize("damaged", [False, True], ids=["sound", "damaged"])
def test_a_cache_in_a_read_only_folder_is_read_at_most(open_cache: ReplyCache, damaged: bool) -> None:
    if damaged:
        open_cache.path.write_bytes(b"damaged " * 1000)
    content = open_cache.path.read_bytes()
    used, files, cleared = use_read_only(open_cache, 0o555)
    assert used == f"{not damaged} None True"
    assert files == "replies.lock replies.sqlite3"
    assert cleared == "cache_not_cleared"
    assert open_cache.path.read_bytes() == content


@POSIX
def test_a_read_only_file_is_not_taken_for_a_damaged_one_and_can_be_cleared(open_cache: ReplyCache) -> None:
    open_cache.path.with_name("replies.lock").chmod(0o666)
    used, files, cleared = use_read_only(open_cache, 0o777)
    assert used == "True None True"
    assert files == "replies.lock replies.sqlite3"
    assert cleared == "cleared"
    assert names(open_cache) == []


def test_a_file_where_the_folder_should_be_is_as_if_empty(tmp_path: Path) -> None:
    for in_the_way in (tmp_path / "data", tmp_path / "more" / "cache"):
        in_the_way.parent.mkdir(exist_ok=True)
        in_the_way.write_text("in the way")
        folder = in_the_way if in_the_way.name == "data" else in_the_way.parent
        cache = ReplyCache.open(Settings(data_dir=folder))
        assert not works(cache)
        assert cache.status().entries == 0
        cache.clear()
        assert in_the_way.read_text() == "in the way"


def test_a_folder_where_the_file_should_be_is_as_if_empty(cache: ReplyCache) -> None:
    cache.path.mkdir(parents=True)
    assert not works(cache)
    assert cache.status().problem
    with pytest.raises(StoreError):
        cache.clear()


# ---- clearing ---------------------------------------------------------------------------------------


def test_nothing_of_a_cleared_cache_stays_in_any_byte(cache: ReplyCache, settings: Settings) -> None:
    for number in range(30):
        cache.put(key(number), reply(f"{MARKER} {number} " * 300))
    assert cache.path.stat().st_size > MB / 4
    assert MARKER.encode() in bytes_on_disk(settings)
    cache.clear()
    assert MARKER.encode() not in bytes_on_disk(settings)
    assert cache.get(key(1)) is None
    assert cache.status().entries == 0 and cache.path.stat().st_size < 50_000
    assert works(cache)


@pytest.mark.parametrize("spoil", [*DAMAGES.values(), write(MARKER.encode() * 999)])
def test_clearing_deletes_a_damaged_file_and_the_one_put_aside(
    cache: ReplyCache, settings: Settings, spoil: Callable[[ReplyCache], None]
) -> None:
    assert works(cache)
    cache.path.write_bytes(MARKER.encode() * 999)
    cache.put(key(), reply(f"{MARKER} " * 999))
    assert "replies.damaged.sqlite3" in names(cache)
    spoil(cache)
    cache.path.with_name("replies.sqlite3-journal").write_bytes(MARKER.encode())
    cache.path.with_name("replies.part").write_bytes(MARKER.encode())
    cache.clear()
    assert MARKER.encode() not in bytes_on_disk(settings)
    assert set(names(cache)) <= {"replies.sqlite3"}
    assert works(cache)


def test_clearing_finds_the_journal_of_a_file_that_is_gone(cache: ReplyCache, settings: Settings) -> None:
    assert works(cache)
    cache.path.unlink()
    cache.path.with_name("replies.sqlite3-journal").write_bytes(MARKER.encode())
    cache.clear()
    assert names(cache) == []


def test_clearing_touches_nothing_else_in_the_folder(cache: ReplyCache) -> None:
    assert works(cache)
    vectors = cache.path.parent / "vectors-0123.npy"
    vectors.write_bytes(b"vectors")
    cache.clear()
    assert vectors.read_bytes() == b"vectors"


def test_a_cache_that_another_program_holds_is_not_said_to_be_cleared(
    cache: ReplyCache, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coach.reply_file._WIPE_TIMEOUT", 0.2)
    cache.put(key(), reply(MARKER))
    with other_process(cache.path, "BEGIN", "SELECT count(*) FROM replies"):
        with pytest.raises(StoreError) as caught:
            cache.clear()
        error = caught.value
        assert (error.code, error.exit_code) == ("cache_not_cleared", 4)
        assert str(cache.path.parent) in error.message and str(cache.path) in error.hint
        assert MARKER not in error.message + error.hint
        assert cache.get(key()) is not None
    cache.clear()
    assert MARKER.encode() not in bytes_on_disk(settings)


@POSIX
def test_a_full_disk_can_be_cleared(cache: ReplyCache) -> None:
    for number in range(20):
        cache.put(key(number), reply(f"{MARKER} {number} " * 300))
    left = journal_of_a_crash(cache)
    cache.path.with_name("replies.sqlite3-journal").write_bytes(left)
    assert MARKER.encode() in left
    with largest_file(1_000):
        cache.clear()
    assert names(cache) == []
    assert works(cache)


def test_clearing_waits_for_a_process_that_writes(settings: Settings) -> None:
    cache = ReplyCache.open(settings, busy_timeout=5)
    with writers(settings, "a", "b", limit=1, rounds=10**6) as started:
        wait_for(cache, key("a-1"))
        for _ in range(10):
            cache.clear()
        assert [process.poll() for process in started] == [None, None]
    cache.clear()
    assert cache.status().entries == 0
    assert works(cache)
