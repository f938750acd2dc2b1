"""Keys and replies for the tests of the reply cache, what they do to its file, and a process that writes:

python -m tests.reply_cache_files DATA_DIR NAME CACHE_MB ROUNDS
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from coach.config import Settings
from coach.reply_cache import CachedReply, ReplyCache, ReplyKey, reply_key
from coach.schema import Usage

ROOT = Path(__file__).resolve().parent.parent
MB = 1_000_000
NOBODY = 65534  # a user that exists on every POSIX system
MARKER = "zanzibar-lighthouse-marker"
PARTS: dict[str, Any] = {
    "task": "judge",
    "system": "Judge the answer.",
    "user": "I moved the delivery price to the product page.",
    "rubric": "star@1",
    "prompt": "assess@1:ab12cd",
    "model": "openai/gpt-4o-mini",
    "api_base": None,
    "temperature": 0,
    "sample": 1,
}


def key(sample: int | str = 0) -> ReplyKey:
    return reply_key(PARTS | {"sample": sample})


def reply(text: str = "A reply.", **changes: Any) -> CachedReply:
    usage = Usage(prompt_tokens=120, completion_tokens=40, cost_usd=0.0125)
    fields = {"model": "openai/gpt-4o-mini", "answered_at": "2026-01-02T03:04:05.678+00:00", "usage": usage}
    return CachedReply(**{"text": text, **fields, **changes})


def long_reply(number: int, size: int = 20_000) -> CachedReply:
    """A reply that tells which it is, and that differs from its neighbours in every place."""
    return reply(f"{number} ".ljust(size, chr(97 + number % 26)))


def bytes_on_disk(settings: Settings) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(settings.data_dir.rglob("*")) if path.is_file())


def names(cache: ReplyCache) -> list[str]:
    return sorted(path.name for path in cache.path.parent.iterdir() if path.suffix != ".lock")


def run_sql(cache: ReplyCache, *statements: str) -> None:
    with closing(sqlite3.connect(cache.path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def works(cache: ReplyCache) -> bool:
    """Whether a new reply can be kept and found."""
    asked, made = key(f"probe {time.monotonic_ns()}"), reply("probe")
    cache.put(asked, made)
    return cache.get(asked) == made


@contextmanager
def writers(
    settings: Settings, *writing: str, limit: int, rounds: int
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes of these names that begin to write at the same moment; they are killed with the block."""
    command = [sys.executable, "-m", "tests.reply_cache_files", str(settings.data_dir)]
    started = [
        subprocess.Popen(
            [*command, name, str(limit), str(rounds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for name in writing
    ]
    try:
        for process in started:
            assert process.stdout is not None and process.stdout.readline() == b"ready\n"
        for process in started:
            assert process.stdin is not None
            process.stdin.write(b"go\n")
            process.stdin.flush()
        yield started
    finally:
        for process in started:
            process.kill()
            process.communicate()


def wait_for(cache: ReplyCache, asked: ReplyKey) -> None:
    """Returns when another process has kept this reply."""
    until = time.monotonic() + 180
    while cache.get(asked) is None:
        assert time.monotonic() < until, "nothing was kept"
        time.sleep(0.01)


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """The disk takes no file above so many bytes while the block runs."""
    import resource  # POSIX only

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def main(folder: str, name: str, limit: str, rounds: str) -> None:
    cache = ReplyCache.open(Settings(data_dir=Path(folder), cache_mb=int(limit)), busy_timeout=60)
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(int(rounds)):
        cache.put(key(f"{name}-{number}"), long_reply(number))
        earlier = max(0, number - 9)
        found = cache.get(key(f"{name}-{earlier}"))
        assert found is None or found == long_reply(earlier), "a wrong reply"


if __name__ == "__main__":
    main(*sys.argv[1:])
