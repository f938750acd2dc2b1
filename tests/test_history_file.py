"""The history's file: its migrations, and what is said when it cannot be used."""

from __future__ import annotations

import logging
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from coach.config import Settings
from coach.errors import StoreError
from coach.history import History, database
from coach.history.tables import Table
from tests.factories import ANSWER, QUESTION, make_report
from tests.history_files import MARKER, ROLE, fill, run_sql
from tests.sqlite_process import other_process


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def history(settings: Settings) -> Iterator[History]:
    with History.open(settings, busy_timeout=0.2) as opened:
        yield opened


# ---- the file and its migrations --------------------------------------------------------------------


def test_the_files_are_for_their_owner_only(history: History, settings: Settings) -> None:
    history.save_draft(ROLE, QUESTION, "text")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in settings.data_dir.iterdir()}
    assert set(modes) == {"history.sqlite3", "history.sqlite3-wal", "history.sqlite3-shm"}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(settings.data_dir.stat().st_mode) == 0o700


def test_a_file_that_others_could_read_is_closed_to_them(settings: Settings) -> None:
    History.open(settings).close()
    settings.history_path.chmod(0o644)
    History.open(settings).close()
    assert stat.S_IMODE(settings.history_path.stat().st_mode) == 0o600


def test_it_stays_safe_to_read_while_another_process_writes(history: History, settings: Settings) -> None:
    history.save_draft(ROLE, QUESTION, "before")
    with other_process(settings.history_path, "BEGIN IMMEDIATE", "UPDATE drafts SET answer = 'uncommitted'"):
        draft = history.latest_draft()
        assert draft is not None and draft.answer == "before"


@pytest.mark.parametrize("name", ["100% sure", "a b#c?d&e=f", "ünï 漢字", "%(here)s", "file:x"])
def test_any_folder_name_will_do(tmp_path: Path, name: str) -> None:
    settings = Settings(data_dir=tmp_path / name)
    with History.open(settings) as history:
        history.save_draft(ROLE, QUESTION, "kept")
    assert settings.history_path.is_file()
    with History.open(settings) as history:
        assert history.latest_draft() is not None


def test_migrations_work_from_any_folder_name(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = tmp_path / "100% %(here)s"
    moved.symlink_to(database.MIGRATIONS, target_is_directory=True)
    monkeypatch.setattr(database, "MIGRATIONS", moved)
    with History.open(settings) as history:
        assert history.export_all() == []


def test_an_empty_file_becomes_a_history(settings: Settings) -> None:
    settings.ensure_data_dir()
    settings.history_path.touch()
    with History.open(settings) as history:
        assert history.save_report(make_report(), ANSWER).id == 1


def test_a_file_before_its_first_step_is_migrated(settings: Settings) -> None:
    settings.ensure_data_dir()
    run_sql(settings, "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    with History.open(settings) as history:
        assert history.save_report(make_report(), ANSWER).id == 1


def test_the_migrations_lead_to_the_mapped_tables(history: History, settings: Settings) -> None:
    engine = sqlalchemy.create_engine(f"sqlite:///{settings.history_path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []
    engine.dispose()


def test_the_listed_revisions_are_the_scripts() -> None:
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
    scripts = ScriptDirectory.from_config(config).walk_revisions()
    assert tuple(reversed([script.revision for script in scripts])) == database.REVISIONS
    names = sorted(path.name for path in (database.MIGRATIONS / "versions").glob("[0-9]*.py"))
    assert [name[:4] for name in names] == list(database.REVISIONS)


def test_opening_leaves_the_logging_of_the_host_alone(settings: Settings) -> None:
    root = logging.getLogger()
    before = (
        root.level,
        list(root.handlers),
        logging.getLogger("alembic").level,
        logging.root.manager.disable,
    )
    mine = logging.getLogger("somebody.else")
    History.open(settings).close()
    assert before == (
        root.level,
        list(root.handlers),
        logging.getLogger("alembic").level,
        logging.root.manager.disable,
    )
    assert not mine.disabled


def test_a_file_moved_away_while_open_is_followed_by_a_new_one(settings: Settings, tmp_path: Path) -> None:
    with History.open(settings) as history:
        history.save_draft(ROLE, QUESTION, "old")
        settings.data_dir.rename(tmp_path / "moved")
        history.save_draft(ROLE, QUESTION, "new")
        assert [entry["answer"] for entry in history.export_all()] == ["new"]
    for folder, text in (("data", "new"), ("moved", "old")):
        with History.open(Settings(data_dir=tmp_path / folder)) as again:
            draft = again.latest_draft()
            assert draft is not None and draft.answer == text


# ---- failures ---------------------------------------------------------------------------------------


def failure(settings: Settings) -> StoreError:
    with pytest.raises(StoreError) as caught:
        History.open(settings, busy_timeout=0.2)
    assert "\n" not in caught.value.message + caught.value.hint
    assert str(settings.data_dir) in caught.value.message
    return caught.value


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 4096])
def test_a_damaged_file_is_named_and_kept(settings: Settings, content: bytes) -> None:
    settings.ensure_data_dir()
    settings.history_path.write_bytes(content)
    error = failure(settings)
    assert error.code == "history_damaged"
    assert "was not deleted" in error.message
    assert str(settings.data_dir) in error.hint
    assert settings.history_path.read_bytes() == content
    settings.history_path.rename(settings.data_dir / "old.sqlite3")
    History.open(settings).close()


def test_damage_in_the_middle_is_found_when_it_is_read(settings: Settings) -> None:
    with History.open(settings) as history:
        fill(history)
    content = bytearray(settings.history_path.read_bytes())
    content[4096 * 4 :] = b"\xa5" * (len(content) - 4096 * 4)
    settings.history_path.write_bytes(content)
    with History.open(settings) as history:
        with pytest.raises(StoreError) as caught:
            history.export_all()
        assert caught.value.code == "history_damaged"
    assert settings.history_path.stat().st_size == len(content)


def test_missing_tables_are_reported(history: History, settings: Settings) -> None:
    run_sql(settings, "DROP TABLE reports")
    with pytest.raises(StoreError) as caught:
        history.reports()
    assert caught.value.code == "history_failed"
    assert "no such table: reports" in caught.value.message


def test_a_locked_file_is_reported_and_works_again_afterwards(history: History, settings: Settings) -> None:
    history.save_draft(ROLE, QUESTION, "before")
    with other_process(settings.history_path, "BEGIN EXCLUSIVE"):
        with pytest.raises(StoreError) as caught:
            history.save_draft(ROLE, QUESTION, f"{MARKER} typed")
        assert caught.value.code == "history_locked"
        assert "Close the other window" in caught.value.hint
    history.save_draft(ROLE, QUESTION, "after")
    draft = history.latest_draft()
    assert draft is not None and draft.answer == "after"


def test_an_empty_file_locked_by_another_is_reported(settings: Settings) -> None:
    settings.ensure_data_dir()
    settings.history_path.touch()
    with other_process(settings.history_path, "BEGIN EXCLUSIVE"):
        assert failure(settings).code == "history_locked"
    History.open(settings).close()


def test_no_error_carries_the_text_that_was_to_be_saved(history: History, settings: Settings) -> None:
    with other_process(settings.history_path, "BEGIN EXCLUSIVE"), pytest.raises(StoreError) as caught:
        history.save_report(make_report(), MARKER)
    run_sql(settings, "CREATE TRIGGER no BEFORE INSERT ON drafts BEGIN SELECT RAISE(ABORT, 'refused'); END")
    with pytest.raises(StoreError) as refused:
        history.save_draft(ROLE, QUESTION, MARKER)
    assert "refused" in refused.value.message
    for error in (caught.value, refused.value):
        chain: BaseException | None = error
        while chain is not None:
            assert MARKER not in f"{chain} {chain!r} {chain.args}"
            chain = chain.__cause__ or chain.__context__


def test_a_file_of_a_newer_version_is_not_touched(settings: Settings) -> None:
    with History.open(settings) as history:
        history.save_draft(ROLE, QUESTION, "kept")
    run_sql(settings, "UPDATE alembic_version SET version_num = '0999'")
    before = settings.history_path.read_bytes()
    error = failure(settings)
    assert error.code == "history_newer"
    assert "0999" in error.message and "Update the coach" in error.hint
    assert settings.history_path.read_bytes() == before


def test_the_database_of_another_program_is_not_touched(settings: Settings) -> None:
    settings.ensure_data_dir()
    run_sql(settings, "CREATE TABLE bookmarks (url TEXT)")
    before = settings.history_path.read_bytes()
    assert failure(settings).code == "history_foreign"
    assert settings.history_path.read_bytes() == before


def test_a_folder_that_cannot_be_made_or_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError) as caught:
        History.open(Settings(data_dir=tmp_path / "file" / "data"))
    assert caught.value.code == "data_dir_unwritable"
    settings = Settings(data_dir=tmp_path / "data")
    settings.history_path.mkdir(parents=True)
    error = failure(settings)
    assert error.code == "history_unwritable"
    assert "COACH_DATA_DIR" in error.hint


@pytest.fixture
def tiny_disk() -> Iterator[None]:
    """Gives every database room for 16 pages."""

    def limit(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 16")

    sqlalchemy.event.listen(sqlalchemy.Engine, "connect", limit)
    yield
    sqlalchemy.event.remove(sqlalchemy.Engine, "connect", limit)


def test_a_full_disk_keeps_what_was_there(tiny_disk: None, history: History) -> None:
    history.save_draft(ROLE, QUESTION, "small")
    with pytest.raises(StoreError) as caught:
        history.save_draft(ROLE, QUESTION, "x" * 200_000)
    assert caught.value.code == "history_full"
    draft = history.latest_draft()
    assert draft is not None and draft.answer == "small"
    history.save_draft(ROLE, QUESTION, "small again")


def test_a_disk_that_refuses_a_write_is_reported(settings: Settings) -> None:
    resource = pytest.importorskip("resource", reason="file size limits are a POSIX matter")
    with History.open(settings) as history:
        history.save_draft(ROLE, QUESTION, "small")
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
        try:
            with pytest.raises(StoreError) as caught:
                history.save_draft(ROLE, QUESTION, "x" * 400_000)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert caught.value.code == "history_disk"
        draft = history.latest_draft()
        assert draft is not None and draft.answer == "small"
