"""What the tests of the history do to its file, from this process and from another."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

from coach.config import Settings
from coach.history import History
from coach.schema import AskedQuestion
from tests.factories import make_report

ROLE = "e-commerce-manager"
OTHER = AskedQuestion(id="q2", text="How do you plan a campaign?", kind="approach")
MARKER = "zanzibar-lighthouse-marker"


def bytes_on_disk(settings: Settings) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(settings.data_dir.rglob("*")) if path.is_file())


def run_sql(settings: Settings, *statements: str) -> None:
    with closing(sqlite3.connect(settings.history_path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


@contextmanager
def other_process(settings: Settings, *statements: str) -> Iterator[None]:
    """A process that runs the statements and stays there, its transaction open, until the block ends."""
    script = (
        "import sqlite3, sys\n"
        "connection = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "for statement in sys.argv[2:]: connection.execute(statement).fetchall()\n"
        "print('there', flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, str(settings.history_path), *statements]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        assert process.stdout.readline() == b"there\n"
        try:
            yield
        finally:
            process.stdin.close()
            process.wait()


def fill(history: History, text: str = MARKER) -> None:
    """Many edits and reports, so that the text has lain in many pages and log frames."""
    asked = AskedQuestion(id=None, text=f"Why {text}?", kind="knowledge")
    for number in range(30):
        history.save_draft(ROLE, asked, f"{text} {number} " * 40)
        history.save_report(make_report(question=asked), f"{text} {number} " * 300)
