"""Real SQLite files, real processes, real damage."""

from __future__ import annotations

import json
import logging
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from coach.config import Settings
from coach.errors import InputError, StoreError
from coach.history import History, database, question_key
from coach.history.tables import Table
from coach.schema import AskedQuestion
from tests.factories import ANSWER, QUESTION, make_report

ROOT = Path(__file__).resolve().parent.parent
ROLE = "e-commerce-manager"
OTHER = AskedQuestion(id="q2", text="How do you plan a campaign?", kind="approach")
MARKER = "zanzibar-lighthouse-marker"

ODD_TEXTS = {
    "empty": "",
    "crlf": "First line\r\nsecond\rthird\n\n",
    "blank ends": "  \t kept \u00a0 ",
    "line separators": "a\u2028b\u2029c\x85d\x0be\x0cf",
    "nul and controls": "before\x00after\x1b[31m",
    "emoji with joiners": "👩🏽‍💻 🇦🇹 ❤️",
    "beyond the basic plane": "𝔘𐍈🀄\U0010ffff",
    "combining, not composed": "e\u0301 o\u0308 \u212b ﬁ",
    "right to left": "\u202eabc\u202c שלום مرحبا",
    "quotes and SQL": "'; DROP TABLE drafts; -- \" ` %s :name ?",
    "zero width and BOM": "\ufeffa\u200bb\u2060",
    "long": "wörd " * 4000,
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def history(settings: Settings) -> Iterator[History]:
    with History.open(settings, busy_timeout=0.2) as opened:
        yield opened


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


# ---- drafts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
def test_text_comes_back_to_the_letter(settings: Settings, text: str) -> None:
    asked = AskedQuestion(id=None, text=f"Why? {text}", kind="knowledge")
    with History.open(settings) as history:
        history.save_draft(ROLE, asked, text, session_id=text)
        saved = history.save_report(make_report(question=asked), text)
    with History.open(settings) as history:
        found = history.draft_for(ROLE, asked, session_id=text)
        assert found is not None
        assert (found.answer, found.question, found.session_id) == (text, asked, text)
        assert history.latest_draft(text) == found
        assert history.report(saved.id).answer == text
        assert history.report(saved.id).report().question == asked
        assert json.loads(json.dumps(history.export_all()))[1]["answer"] == text


@pytest.mark.parametrize("text", ["half \ud83d", "\udc00", "ok \ud83d\ude00"])
def test_half_a_character_is_refused_and_the_saved_draft_stays(history: History, text: str) -> None:
    history.save_draft(ROLE, QUESTION, "before")
    with pytest.raises(InputError) as caught:
        history.save_draft(ROLE, QUESTION, text)
    assert caught.value.code == "text_not_unicode"
    assert f"position {min(text.index(c) for c in text if 0xD800 <= ord(c) < 0xE000)}" in caught.value.message
    with pytest.raises(InputError):
        history.save_report(make_report(), text)
    draft = history.latest_draft()
    assert draft is not None and draft.answer == "before"
    assert history.reports() == []


def test_an_edit_replaces_the_draft_of_its_question_only(history: History) -> None:
    history.save_draft(ROLE, QUESTION, "one")
    history.save_draft(ROLE, OTHER, "two")
    history.save_draft(ROLE, QUESTION, "three")
    history.save_draft("buyer", QUESTION, "four", session_id="elsewhere")
    kept = [(e["session"], e["role"], e["question"]["id"], e["answer"]) for e in history.export_all()]
    assert kept == [
        ("default", ROLE, "q2", "two"),
        ("default", ROLE, QUESTION.id, "three"),
        ("elsewhere", "buyer", QUESTION.id, "four"),
    ]


def test_the_latest_draft_is_the_one_saved_last_however_fast(history: History) -> None:
    for number in range(20):
        question = (QUESTION, OTHER)[number % 2]
        history.save_draft(ROLE, question, f"edit {number}")
        latest = history.latest_draft()
        assert latest is not None
        assert (latest.question, latest.answer) == (question, f"edit {number}")
    assert history.latest_draft("another session") is None


def test_the_latest_draft_is_the_one_saved_last_though_the_clock_steps_back(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.save_draft(ROLE, QUESTION, "by summer time")
    monkeypatch.setattr("coach.history.store._now", lambda: "2001-01-01T00:00:00.000+00:00")
    history.save_draft(ROLE, OTHER, "by winter time")
    latest = history.latest_draft()
    assert latest is not None and latest.answer == "by winter time"


def test_a_typed_question_is_the_same_with_other_case_spaces_and_end_mark(history: History) -> None:
    typed = AskedQuestion(id=None, text="How do you  measure SUCCESS?", kind="knowledge")
    again = AskedQuestion(id=None, text=" how do you measure success ", kind="approach")
    history.save_draft(ROLE, typed, "first")
    history.save_draft(ROLE, again, "second")
    assert [entry["answer"] for entry in history.export_all()] == ["second"]
    found = history.draft_for(ROLE, typed)
    assert found is not None and found.question == again


def test_a_typed_question_cannot_pass_for_one_of_the_bank() -> None:
    assert question_key(AskedQuestion(id=None, text="q13", kind="knowledge")) != question_key(
        AskedQuestion(id="q13", text="anything", kind="knowledge")
    )


# ---- reports ----------------------------------------------------------------------------------------


def test_a_saved_report_is_whole_and_says_what_it_is_about(history: History) -> None:
    report = make_report()
    saved = history.save_report(report, ANSWER)
    assert saved == history.report(saved.id)
    assert saved.report() == report
    assert saved.report_json == report.to_json()
    assert (saved.role_id, saved.question_id, saved.question_text) == (ROLE, QUESTION.id, QUESTION.text)
    assert (saved.score, saved.band, saved.judge) == (report.overall.score, "strong", "evidence")
    assert saved.created_at.endswith("+00:00")


def test_a_report_without_a_score_is_kept_without_one(history: History) -> None:
    overall = {"score": None, "band": "not judged"}
    assert history.save_report(make_report(overall=overall), ANSWER).score is None


def test_reports_come_newest_first_and_can_be_narrowed(history: History) -> None:
    for report in (
        make_report(),
        make_report(question=OTHER),
        make_report(role="buyer"),
        make_report(),
    ):
        history.save_report(report, ANSWER)
    assert [saved.id for saved in history.reports()] == [4, 3, 2, 1]
    assert [saved.id for saved in history.reports(limit=2)] == [4, 3]
    assert [saved.id for saved in history.reports(limit=None, role_id=ROLE)] == [4, 2, 1]
    assert [saved.id for saved in history.reports(question=OTHER)] == [2]
    assert [saved.id for saved in history.reports(role_id=ROLE, question=QUESTION)] == [4, 1]


def test_the_previous_report_is_of_the_same_role_and_question(history: History) -> None:
    for report in (make_report(), make_report(role="buyer"), make_report(question=OTHER), make_report()):
        history.save_report(report, ANSWER)

    def previous(before_id: int | None = None) -> int | None:
        found = history.previous_report(ROLE, QUESTION, before_id)
        return None if found is None else found.id

    assert previous() == 4
    assert previous(before_id=4) == 1
    assert previous(before_id=1) is None


@pytest.mark.parametrize("missing", [0, -3, 9, 2**63, -(2**70), 10**30])
def test_an_unknown_report_names_the_nearest(history: History, missing: int) -> None:
    for _ in range(8):
        history.save_report(make_report(), ANSWER)
    nearest = "1, 2, 3, 4, 5" if missing < 5 else "4, 5, 6, 7, 8"
    for ask in (history.report, history.delete_report):
        with pytest.raises(InputError) as caught:
            ask(missing)
        assert caught.value.code == "unknown_report"
        assert nearest in caught.value.hint
    assert len(history.reports()) == 8


def test_an_unknown_report_of_an_empty_history(history: History) -> None:
    with pytest.raises(InputError) as caught:
        history.report(1)
    assert caught.value.hint == "No report has been saved yet."


def test_a_report_of_another_contract_lists_and_exports_but_does_not_open(
    history: History, settings: Settings
) -> None:
    history.save_report(make_report(), ANSWER)
    foreign = {"schema_version": 7, "mood": "new", "overall": {"score": 50}}
    run_sql(settings, f"UPDATE reports SET report_json = '{json.dumps(foreign)}'")
    (listed,) = history.reports()
    assert listed.answer == ANSWER
    assert history.export_all()[0]["report"] == foreign
    with pytest.raises(StoreError) as caught:
        listed.report()
    assert caught.value.code == "report_unreadable"


# ---- deletion ---------------------------------------------------------------------------------------


def fill(history: History, text: str = MARKER) -> None:
    """Many edits and reports, so that the text has lain in many pages and log frames."""
    asked = AskedQuestion(id=None, text=f"Why {text}?", kind="knowledge")
    for number in range(30):
        history.save_draft(ROLE, asked, f"{text} {number} " * 40)
        history.save_report(make_report(question=asked), f"{text} {number} " * 300)


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
    with other_process(settings, "BEGIN", "SELECT count(*) FROM reports"):
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
    with other_process(settings, "BEGIN IMMEDIATE", "UPDATE drafts SET answer = 'uncommitted'"):
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
    with other_process(settings, "BEGIN EXCLUSIVE"):
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
    with other_process(settings, "BEGIN EXCLUSIVE"):
        assert failure(settings).code == "history_locked"
    History.open(settings).close()


def test_no_error_carries_the_text_that_was_to_be_saved(history: History, settings: Settings) -> None:
    with other_process(settings, "BEGIN EXCLUSIVE"), pytest.raises(StoreError) as caught:
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
