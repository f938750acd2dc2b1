"""What the tests of the history do to its file, from this process and from another."""

from __future__ import annotations

import sqlite3
from contextlib import closing

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


def fill(history: History, text: str = MARKER) -> None:
    """Many edits and reports, so that the text has lain in many pages and log frames."""
    asked = AskedQuestion(id=None, text=f"Why {text}?", kind="knowledge")
    for number in range(30):
        history.save_draft(ROLE, asked, f"{text} {number} " * 40)
        history.save_report(make_report(question=asked), f"{text} {number} " * 300)
