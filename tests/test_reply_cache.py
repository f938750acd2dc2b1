"""The cache of model replies: what is found again, what is dropped, and that its faults are not felt."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
import sys
import threading
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from coach.config import Settings
from coach.errors import ConfigError
from coach.reply_cache import CachedReply, ReplyCache, ReplyKey, reply_key
from coach.schema import Usage
from tests.reply_cache_files import (
    MARKER,
    MB,
    PARTS,
    bytes_on_disk,
    key,
    long_reply,
    names,
    reply,
    wait_for,
    works,
    writers,
)

ODD_TEXTS = [
    "",
    "\0",
    "a\0b",
    "\ud800",
    "\ud83d\ude00",
    "😀",
    "e\u0301",
    "é",
    "שלום\u202e",
    '"\\"',
    "\r\n\u2028",
]


@pytest.fixture
def settings(data_dir: Path) -> Settings:
    return Settings(data_dir=data_dir, cache_mb=1)


@pytest.fixture
def cache(settings: Settings) -> ReplyCache:
    return ReplyCache.open(settings, busy_timeout=0.2)


# ---- keys -------------------------------------------------------------------------------------------


def test_the_key_is_the_hash_of_the_parts_in_alphabetical_order() -> None:
    written = '{"api_base":null,"sample":1,"task":"judge","temperature":0.5}'
    parts = {"temperature": 0.5, "task": "judge", "sample": 1, "api_base": None}
    assert reply_key(parts) == hashlib.sha256(written.encode()).hexdigest()


@pytest.mark.parametrize("name", PARTS)
def test_whatever_part_changes_the_key_changes(name: str) -> None:
    assert reply_key(PARTS | {name: "something else"}) != reply_key(PARTS)
    assert reply_key({part: PARTS[part] for part in PARTS if part != name}) != reply_key(PARTS)


def test_the_order_of_the_parts_does_not_matter() -> None:
    assert reply_key(dict(reversed(PARTS.items()))) == reply_key(PARTS)


def test_equal_numbers_make_the_same_key() -> None:
    for value in (0.0, -0.0):
        assert reply_key(PARTS | {"temperature": value}) == reply_key(PARTS)
    assert reply_key(PARTS | {"temperature": 0.1 + 0.2}) != reply_key(PARTS | {"temperature": 0.3})


def test_different_things_that_look_alike_have_different_keys() -> None:
    values = [
        *ODD_TEXTS,
        None,
        "None",
        "null",
        1,
        "1",
        True,
        "true",
        1.5,
        "1.5",
        float("nan"),
        "NaN",
        "é ",
        " é",
    ]
    assert len({reply_key({"text": value}) for value in values}) == len(values)
    seams = [{"a": "b", "c": ""}, {"a": "", "c": "b"}, {"a": 'b","c":"'}, {"a": "b"}, {"ab": ""}, {}]
    assert len({reply_key(parts) for parts in seams}) == len(seams)


@pytest.mark.parametrize("value", [b"bytes", ["list"], {"a": "b"}, object(), 1j])
def test_a_part_that_is_neither_text_nor_number_is_refused_without_being_shown(value: Any) -> None:
    with pytest.raises(TypeError) as caught:
        reply_key({"user": value})
    assert type(value).__name__ in str(caught.value) and str(value) not in str(caught.value)
    with pytest.raises(TypeError):
        reply_key({1: "one"})  # type: ignore[dict-item]


# ---- keeping and finding ----------------------------------------------------------------------------


def test_asking_again_finds_the_reply_with_what_it_took_and_when(settings: Settings) -> None:
    made = reply('{"level": 3}', finish_reason="length")
    ReplyCache.open(settings).put(key(), made)
    again = ReplyCache.open(settings)
    assert again.get(key()) == made
    assert again.get(key(1)) is None
    assert again.status().entries == 1 and again.status().problem == ""


def test_a_new_reply_is_of_now_in_utc() -> None:
    before = time.time()
    made = datetime.fromisoformat(CachedReply("text", Usage(), "model").answered_at)
    assert made.utcoffset() == timedelta(0)
    assert before - 1 < made.timestamp() < time.time() + 1


def test_nothing_is_written_before_there_is_something_to_keep(cache: ReplyCache, settings: Settings) -> None:
    assert cache.get(key()) is None
    assert cache.status() == (0, 0, "")
    cache.clear()
    assert list(settings.data_dir.iterdir()) == []


def test_a_later_reply_takes_the_place_of_the_earlier(cache: ReplyCache) -> None:
    cache.put(key(), reply("first"))
    cache.put(key(), reply("second"))
    found = cache.get(key())
    assert found is not None and found.text == "second"
    assert cache.status().entries == 1


@pytest.mark.parametrize("text", [*ODD_TEXTS, "huge 漢字 " * 50_000], ids=range(len(ODD_TEXTS) + 1))
def test_any_text_comes_back_to_the_letter(cache: ReplyCache, text: str) -> None:
    cache.put(key(), reply(text, model=text[:20]))
    found = cache.get(key())
    assert found is not None and (found.text, found.model) == (text, text[:20])


def test_what_was_asked_is_not_on_the_disk(cache: ReplyCache, settings: Settings) -> None:
    asked = reply_key(PARTS | {"user": f"I built the {MARKER}."})
    cache.put(asked, reply("What the model says."))
    assert cache.get(asked) is not None
    on_disk = bytes_on_disk(settings)
    assert b"What the model says." in on_disk
    assert MARKER.encode() not in on_disk and b"Judge the answer" not in on_disk


def test_what_is_no_hash_is_not_taken_for_a_key(cache: ReplyCache, settings: Settings) -> None:
    for false in (MARKER, MARKER.ljust(64, "-"), key().upper(), ""):
        cache.put(ReplyKey(false), reply())
        assert cache.get(ReplyKey(false)) is None
    assert MARKER.encode() not in bytes_on_disk(settings)
    assert works(cache)


@pytest.mark.parametrize(
    "name",
    [
        *("100% sure", "a b#c?d&e=f", "ünï 漢字", "file:x", "mode=memory?"),
        pytest.param("\udcff", marks=pytest.mark.skipif(sys.platform != "linux", reason="no such names")),
    ],
)
def test_any_folder_name_will_do(tmp_path: Path, name: str) -> None:
    cache = ReplyCache.open(Settings(data_dir=tmp_path / name))
    assert works(cache)
    assert (tmp_path / name / "cache" / "replies.sqlite3").is_file()


def test_a_folder_named_from_here_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    cache = ReplyCache.open(Settings(data_dir=Path("data")))
    assert works(cache) and (tmp_path / "data" / "cache" / "replies.sqlite3").is_file()


@pytest.mark.skipif(os.name == "nt", reason="file modes are a POSIX matter")
def test_the_files_are_for_their_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        cache = ReplyCache.open(Settings(data_dir=tmp_path / "data"))
        assert works(cache)
    finally:
        os.umask(before)
    for path in cache.path.parent.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert stat.S_IMODE(cache.path.parent.stat().st_mode) == 0o700
    cache.path.chmod(0o644)
    assert works(cache)
    assert stat.S_IMODE(cache.path.stat().st_mode) == 0o600


# ---- room -------------------------------------------------------------------------------------------


def test_the_file_stays_within_its_limit_and_the_newest_stay(cache: ReplyCache) -> None:
    for number in range(120):
        cache.put(key(number), long_reply(number))
        assert cache.path.stat().st_size <= MB
    kept = [number for number in range(120) if cache.get(key(number)) == long_reply(number)]
    assert kept == list(range(kept[0], 120))
    assert 40 <= len(kept) < 50  # twenty kilobytes each, of a thousand
    assert cache.status().bytes <= MB


def test_what_was_used_stays_and_what_was_not_goes_whatever_the_clock_says(cache: ReplyCache) -> None:
    for number in range(30):
        cache.put(key(number), reply(long_reply(number).text, answered_at=f"{2090 - number}-01-01"))
    assert cache.get(key(0)) is not None
    for number in range(30, 80):
        cache.put(key(number), reply(long_reply(number).text, answered_at=f"{2090 - number}-01-01"))
        assert cache.get(key(3)) is not None
    assert [number for number in range(5) if cache.get(key(number))] == [3]
    assert cache.get(key(79)) is not None


def test_a_reply_that_was_just_used_is_the_last_to_go(cache: ReplyCache) -> None:
    for number in range(40):
        cache.put(key(number), long_reply(number))
    for number in reversed(range(40)):
        assert cache.get(key(number)) is not None
    cache.put(key("large"), reply("x" * 500_000))
    kept = [number for number in range(40) if cache.get(key(number))]
    assert kept == list(range(len(kept))) and 15 < len(kept) < 30


def test_a_reply_larger_than_the_cache_is_not_kept_and_drives_nothing_out(cache: ReplyCache) -> None:
    cache.put(key(), reply())
    cache.put(key(1), reply("x" * MB))
    assert cache.get(key(1)) is None
    assert cache.get(key()) is not None


def test_a_smaller_limit_makes_the_file_smaller_at_the_next_reply(data_dir: Path) -> None:
    wide = ReplyCache.open(Settings(data_dir=data_dir, cache_mb=5))
    for number in range(150):
        wide.put(key(number), long_reply(number))
    assert wide.path.stat().st_size > 3 * MB
    narrow = ReplyCache.open(Settings(data_dir=data_dir, cache_mb=1))
    assert narrow.get(key(0)) is not None
    narrow.put(key(150), long_reply(150))
    assert narrow.path.stat().st_size <= MB
    assert [number for number in range(151) if narrow.get(key(number))][:2] != [1, 2]
    assert narrow.get(key(0)) is not None and narrow.get(key(150)) is not None


def test_nothing_of_a_dropped_or_replaced_reply_stays_in_the_file(
    cache: ReplyCache, settings: Settings
) -> None:
    cache.put(key("replaced"), reply(f"{MARKER} " * 300))
    assert MARKER.encode() in bytes_on_disk(settings)
    cache.put(key("replaced"), reply("short"))
    assert MARKER.encode() not in bytes_on_disk(settings)
    cache.put(key("dropped"), reply(f"{MARKER} " * 300))
    for number in range(60):
        cache.put(key(number), long_reply(number))
    assert cache.get(key("dropped")) is None
    assert MARKER.encode() not in bytes_on_disk(settings)


def test_a_limit_of_nothing_neither_keeps_nor_finds(cache: ReplyCache, settings: Settings) -> None:
    cache.put(key(), reply(MARKER))
    off = ReplyCache.open(Settings(data_dir=settings.data_dir, cache_mb=0))
    assert off.get(key()) is None
    off.put(key(1), reply())
    assert cache.get(key(1)) is None
    assert off.status().entries == 1  # what is on the disk can still be seen, and cleared
    off.clear()
    assert cache.get(key()) is None and MARKER.encode() not in bytes_on_disk(settings)


def test_switched_off_it_makes_no_file(data_dir: Path) -> None:
    off = ReplyCache.open(Settings(data_dir=data_dir, cache_mb=0))
    off.put(key(), reply())
    assert off.get(key()) is None
    assert list(data_dir.iterdir()) == []


# ---- the setting ------------------------------------------------------------------------------------


def test_the_limit_comes_from_the_environment(tmp_path: Path) -> None:
    def limit(**environment: str) -> int:
        return Settings.from_env({"COACH_DATA_DIR": str(tmp_path), **environment}).cache_mb

    assert (limit(), limit(COACH_CACHE_MB=" "), limit(COACH_CACHE_MB="0")) == (50, 50, 0)
    assert limit(COACH_CACHE_MB=" 200 ") == 200


@pytest.mark.parametrize("value", ["-1", "1.5", "50MB", "nan", "inf", "1e3", "1000001", "0x10", "9" * 5000])
def test_a_limit_that_is_no_whole_number_is_refused_by_name(value: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Settings.from_env({"COACH_CACHE_MB": value})
    assert caught.value.code == "bad_setting"
    assert "COACH_CACHE_MB" in caught.value.message and "COACH_CACHE_MB" in caught.value.hint


# ---- many at once -----------------------------------------------------------------------------------


def test_threads_share_one_cache(settings: Settings) -> None:
    cache = ReplyCache.open(Settings(data_dir=settings.data_dir), busy_timeout=30)
    failures: list[BaseException] = []
    barrier = threading.Barrier(8)

    def work(name: int) -> None:
        try:
            barrier.wait()
            for number in range(15):
                cache.put(key(f"{name}-{number}"), long_reply(number, 6_000))
                assert cache.get(key(f"{name}-{number}")) == long_reply(number, 6_000)
                cache.put(key("shared"), long_reply(number, 6_000))
                assert cache.get(key("shared")) is not None
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert cache.status().entries == 8 * 15 + 1


def kept_of(settings: Settings, *writing: str, rounds: int) -> int:
    cache = ReplyCache.open(settings)
    asked = [(name, number) for name in writing for number in range(rounds)]
    return sum(cache.get(key(f"{name}-{number}")) == long_reply(number) for name, number in asked)


@pytest.mark.parametrize("before", [None, b"damaged " * 1000], ids=["empty", "damaged"])
def test_processes_that_start_at_once_lose_nothing(settings: Settings, before: bytes | None) -> None:
    cache = ReplyCache.open(settings)
    if before is not None:
        cache.path.parent.mkdir()
        cache.path.write_bytes(before)
    with writers(settings, "a", "b", "c", limit=50, rounds=20) as started:
        assert [process.wait(180) for process in started] == [0, 0, 0]
    assert kept_of(settings, "a", "b", "c", rounds=20) == 60
    if before is not None:
        assert (cache.path.parent / "replies.damaged.sqlite3").read_bytes() == before


def test_processes_that_drive_each_other_out_keep_to_the_limit(settings: Settings) -> None:
    with writers(settings, "a", "b", limit=1, rounds=40) as started:
        assert [process.wait(180) for process in started] == [0, 0]
    cache = ReplyCache.open(settings)
    assert cache.path.stat().st_size <= MB
    assert 40 <= kept_of(settings, "a", "b", rounds=40) == cache.status().entries < 50


def test_a_process_that_is_killed_in_the_middle_leaves_a_cache_that_works(settings: Settings) -> None:
    cache = ReplyCache.open(settings, busy_timeout=5)
    for name in ("a", "b"):
        with writers(settings, name, limit=1, rounds=10**6):
            wait_for(cache, key(f"{name}-30"))
    assert works(cache)
    assert names(cache) == ["replies.sqlite3"]
    with closing(sqlite3.connect(cache.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        keys = [ReplyKey(row[0]) for row in connection.execute("SELECT key FROM replies")]
    found = [cache.get(asked) for asked in keys]
    numbers = [int(kept.text.split(" ")[0]) for kept in found if kept and kept.text != "probe"]
    assert len(numbers) == len(keys) - 1 > 3
    assert [kept for kept in found if kept and kept.text != "probe"] == [long_reply(n) for n in numbers]
