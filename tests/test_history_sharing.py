"""Deletion down to the bytes, and many threads and processes on one history."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy

from coach.config import Settings
from coach.errors import StoreError
from coach.history import History
from tests.factories import ANSWER, QUESTION, make_report
from tests.history_files import MARKER, OTHER, ROLE, bytes_on_disk, fill
from tests.sqlite_process import other_process

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def history(settings: Settings) -> Iterator[History]:
    with History.open(settings, busy_timeout=0.2) as opened:
        yield opened


# ---- deletion ---------------------------------------------------------------------------------------


def test_nothing_of_a_deleted_history_stays_in_any_byte(history: History, settings: Settings) -> None:
    fill(history)
    with History.open(settings) as second:  # open and idle, as the page is while the command line deletes
        assert len(second.reports()) == 30
        assert MARKER.encode() in bytes_on_disk(settings)
        history.delete_all()
        assert MARKER.encode() not in bytes_on_disk(settings)
        assert ANSWER[:20].encode() not in bytes_on_disk(settings)
        assert second.export_all() == []


def test_a_deleted_report_is_gone_and_its_neighbours_are_not(history: History, settings: Settings) -> None:
    history.save_report(make_report(), "left neighbour")
    doomed = history.save_report(make_report(), f"{MARKER} " * 500)
    history.save_report(make_report(), "right neighbour")
    assert MARKER.encode() in bytes_on_disk(settings)
    history.delete_report(doomed.id)
    assert MARKER.encode() not in bytes_on_disk(settings)
    assert [saved.answer for saved in history.reports()] == ["right neighbour", "left neighbour"]


def test_a_deleted_draft_and_its_earlier_wordings_are_gone(history: History, settings: Settings) -> None:
    history.save_draft(ROLE, OTHER, "stays")
    for number in range(50):
        history.save_draft(ROLE, QUESTION, f"{MARKER} {number} " * 30)
    assert MARKER.encode() in bytes_on_disk(settings)
    history.delete_draft(ROLE, QUESTION)
    assert MARKER.encode() not in bytes_on_disk(settings)
    assert history.draft_for(ROLE, QUESTION) is None
    assert history.draft_for(ROLE, OTHER) is not None


def test_words_edited_out_of_a_draft_do_not_stay_in_the_closed_file(settings: Settings) -> None:
    with History.open(settings) as history:
        history.save_draft(ROLE, QUESTION, f"{MARKER} " * 20)
        assert MARKER.encode() in bytes_on_disk(settings)
        history.save_draft(ROLE, QUESTION, "something else")
    assert MARKER.encode() not in bytes_on_disk(settings)


def test_an_emptied_file_is_small_again(history: History, settings: Settings) -> None:
    empty = settings.history_path.stat().st_size
    fill(history)
    history.delete_report(1)
    assert settings.history_path.stat().st_size > empty
    history.delete_all()
    assert settings.history_path.stat().st_size == empty


def test_the_id_of_a_deleted_report_is_not_given_again(history: History) -> None:
    first = history.save_report(make_report(), ANSWER)
    history.delete_report(first.id)
    assert history.save_report(make_report(), ANSWER).id > first.id
    history.delete_all()
    assert history.save_report(make_report(), ANSWER).id > first.id + 1


def test_a_reader_that_keeps_deleted_text_on_disk_is_reported(history: History, settings: Settings) -> None:
    fill(history)
    with other_process(settings.history_path, "BEGIN", "SELECT count(*) FROM reports"):
        with pytest.raises(StoreError) as caught:
            history.delete_all()
        assert caught.value.code == "history_in_use"
        assert history.export_all() == []
    history.delete_all()
    assert MARKER.encode() not in bytes_on_disk(settings)


# ---- many at once -----------------------------------------------------------------------------------

WRITER = """
import sys
from pathlib import Path
from tests.factories import ANSWER, QUESTION, make_report
from coach.config import Settings
from coach.history import History

name = sys.argv[2]
print("ready", flush=True)
sys.stdin.readline()
with History.open(Settings(data_dir=Path(sys.argv[1])), busy_timeout=30) as history:
    for number in range(25):
        history.save_draft("shared", QUESTION, f"{name} {number}")
        history.save_draft(name, QUESTION, f"{number}")
        history.save_report(make_report(role=name), ANSWER)
"""


def test_processes_that_start_on_an_empty_folder_at_once_lose_nothing(settings: Settings) -> None:
    names = ("one", "two", "three")
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(settings.data_dir), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PYTHONPATH": str(ROOT)},
        )
        for name in names
    ]
    for writer in writers:
        assert writer.stdout is not None and writer.stdout.readline() == b"ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write(b"go\n")
        writer.stdin.flush()
    seen: list[int] = []
    with History.open(settings, busy_timeout=30) as history:
        while any(writer.poll() is None for writer in writers):
            seen.append(len(history.reports(limit=None)))
        for writer in writers:
            writer.communicate()
        assert [writer.returncode for writer in writers] == [0, 0, 0]
        assert seen == sorted(seen)
        for name in names:
            assert len(history.reports(limit=None, role_id=name)) == 25
            draft = history.draft_for(name, QUESTION)
            assert draft is not None and draft.answer == "24"
        shared = history.draft_for("shared", QUESTION)
        assert shared is not None and shared.answer.endswith(" 24")


def test_threads_share_one_history(settings: Settings) -> None:
    failures: list[BaseException] = []
    with History.open(settings, busy_timeout=30) as history:

        def work(name: str) -> None:
            try:
                for number in range(20):
                    history.save_draft(name, QUESTION, f"{number}")
                    draft = history.draft_for(name, QUESTION)
                    assert draft is not None and draft.answer == f"{number}"
                    history.save_report(make_report(role=name), ANSWER)
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=work, args=(f"role-{number}",)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert len(history.reports(limit=None)) == 400


def test_another_writer_cannot_come_between_the_looking_and_the_deleting(
    history: History, settings: Settings
) -> None:
    saved = history.save_report(make_report(), ANSWER)
    refused: list[str] = []

    def intrude(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT") and not refused:
            with closing(sqlite3.connect(settings.history_path, timeout=0)) as other:
                try:
                    other.execute("UPDATE reports SET band = 'intruded'")
                    other.commit()
                except sqlite3.OperationalError as error:
                    refused.append(str(error))

    sqlalchemy.event.listen(sqlalchemy.Engine, "after_cursor_execute", intrude)
    try:
        history.delete_report(saved.id)
    finally:
        sqlalchemy.event.remove(sqlalchemy.Engine, "after_cursor_execute", intrude)
    assert refused == ["database is locked"]
    assert history.reports() == []


def test_threads_may_open_new_histories_at_once(tmp_path: Path) -> None:
    barrier = threading.Barrier(8)
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            barrier.wait()
            for turn in range(3):
                with History.open(Settings(data_dir=tmp_path / f"{number}-{turn}")) as history:
                    history.save_draft(ROLE, QUESTION, "kept")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
