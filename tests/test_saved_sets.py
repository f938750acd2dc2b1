"""Question sets and mock interviews in a real SQLite file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from coach.config import Settings
from coach.errors import InputError, StoreError
from coach.history import History, database
from tests.factories import ANSWER, make_report
from tests.history_files import MARKER, ROLE, bytes_on_disk, run_sql
from tests.question_sets import make_question, make_set


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def history(settings: Settings) -> Iterator[History]:
    with History.open(settings, busy_timeout=0.2) as opened:
        yield opened


# ---- the step from a history of before ----------------------------------------------------------------


def test_a_history_of_before_keeps_its_reports_and_takes_sets(settings: Settings) -> None:
    settings.ensure_data_dir()
    engine = create_engine(f"sqlite:///{settings.history_path}")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(database.MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    kept = make_report().to_json().replace("'", "''")
    run_sql(
        settings,
        "INSERT INTO reports (created_at, role_id, question_key, question_text, answer, band, judge, "
        f"report_json) VALUES ('2026-01-01', '{ROLE}', 'id:q13', 'Why?', 'before', 'strong', 'evidence', "
        f"'{kept}')",
    )
    with History.open(settings) as history:
        assert [saved.answer for saved in history.reports()] == ["before"]
        assert history.sets.save(make_set(), "three") == 1


# ---- sets ---------------------------------------------------------------------------------------------


def test_a_set_comes_back_whole(history: History, settings: Settings) -> None:
    text = "Why “ö” & <b>?\n'; DROP TABLE question_sets; --"
    kept = make_set(make_question(text=text, brief="a\nb"), level="senior")
    set_id = history.sets.save(kept, "mine")
    with History.open(settings) as again:
        found = again.sets.get(set_id)
    assert found.question_set() == kept
    assert (found.title, found.role_id) == ("mine", ROLE)


def test_sets_are_listed_newest_first_and_by_role(history: History) -> None:
    ids = [history.sets.save(make_set(role=role), role) for role in (ROLE, "buyer", ROLE)]
    assert [one.id for one in history.sets.all()] == ids[::-1]
    assert [one.id for one in history.sets.all(ROLE)] == [ids[2], ids[0]]


def test_a_set_saved_again_takes_its_own_place(history: History) -> None:
    set_id = history.sets.save(make_set(), "three")
    assert history.sets.save(make_set(make_question()), "one", set_id) == set_id
    (only,) = history.sets.all()
    assert (only.title, len(only.question_set().questions)) == ("one", 1)


@pytest.mark.parametrize("missing", [0, -1, 7, 2**63, 10**30])
def test_an_unknown_set_names_the_nearest(history: History, missing: int) -> None:
    history.sets.save(make_set(), "three")
    for ask in (history.sets.get, history.sets.delete):
        with pytest.raises(InputError) as caught:
            ask(missing)
        assert caught.value.code == "unknown_set" and "1" in caught.value.hint
    with pytest.raises(InputError):
        history.sets.save(make_set(), "again", missing)


def test_half_a_character_in_a_title_is_refused(history: History) -> None:
    with pytest.raises(InputError):
        history.sets.save(make_set(), "half \ud83d")
    assert history.sets.all() == []


def test_a_set_of_another_version_says_so(history: History, settings: Settings) -> None:
    set_id = history.sets.save(make_set(), "three")
    run_sql(settings, "UPDATE question_sets SET set_json = '{}'")
    assert history.sets.get(set_id).title == "three"
    with pytest.raises(StoreError) as caught:
        history.sets.get(set_id).question_set()
    assert caught.value.code == "set_unreadable"


def test_the_bench_is_kept_for_each_session(history: History) -> None:
    assert history.sets.bench("local") is None
    history.sets.save_bench("local", "one")
    history.sets.save_bench("local", "two")
    history.sets.save_bench("other", "three")
    assert (history.sets.bench("local"), history.sets.bench("other")) == ("two", "three")
    history.sets.clear_bench("local")
    assert history.sets.bench("local") is None


# ---- interviews ---------------------------------------------------------------------------------------


def test_an_interview_is_interrupted_and_taken_up(history: History, settings: Settings) -> None:
    begun = history.interviews.start(make_set(), "three")
    history.interviews.save_answer(begun.id, "c-1", "first", 3.0)
    history.interviews.save_answer(begun.id, "c-1", "first, longer", 62.5)
    history.interviews.move_to(begun.id, 1)
    with History.open(settings) as again:
        found = again.interviews.get(begun.id)
    assert (found.position, found.finished_at) == (1, None)
    assert (found.answers["c-1"].text, found.answers["c-1"].seconds) == ("first, longer", 62.5)
    assert found.question_set() == make_set()


def test_an_interview_is_finished_once_and_reopened(history: History) -> None:
    begun = history.interviews.start(make_set(), "three")
    history.interviews.finish(begun.id)
    first = history.interviews.get(begun.id).finished_at
    history.interviews.finish(begun.id)
    assert first is not None and history.interviews.get(begun.id).finished_at == first
    history.interviews.reopen(begun.id, 2)
    found = history.interviews.get(begun.id)
    assert (found.finished_at, found.position) == (None, 2)


def test_an_interview_outlives_its_set_and_a_report(history: History) -> None:
    set_id = history.sets.save(make_set(), "three")
    begun = history.interviews.start(make_set(), "three", set_id)
    history.interviews.save_answer(begun.id, "c-1", ANSWER, 1.0)
    report = history.save_report(make_report(), ANSWER)
    history.interviews.keep_report(begun.id, "c-1", report.id)
    assert history.interviews.get(begun.id).answers["c-1"].report_id == report.id
    history.sets.delete(set_id)
    history.delete_report(report.id)
    found = history.interviews.get(begun.id)
    assert (found.set_id, found.answers["c-1"].report_id) == (None, None)
    assert found.answers["c-1"].text == ANSWER


def test_a_report_is_of_the_text_it_was_given_for(history: History) -> None:
    begun = history.interviews.start(make_set(), "three")
    history.interviews.save_answer(begun.id, "c-1", ANSWER, 1.0)
    report = history.save_report(make_report(), ANSWER)
    history.interviews.keep_report(begun.id, "c-1", report.id)
    history.interviews.save_answer(begun.id, "c-1", ANSWER, 2.0)
    assert history.interviews.get(begun.id).answers["c-1"].report_id == report.id
    history.interviews.save_answer(begun.id, "c-1", "another", 2.0)
    assert history.interviews.get(begun.id).answers["c-1"].report_id is None


def test_an_unknown_interview_names_the_nearest(history: History) -> None:
    history.interviews.start(make_set(), "three")
    for ask in (
        history.interviews.get,
        history.interviews.delete,
        history.interviews.finish,
        lambda missing: history.interviews.save_answer(missing, "c-1", "text", 1.0),
    ):
        with pytest.raises(InputError) as caught:
            ask(5)
        assert caught.value.code == "unknown_interview" and "1" in caught.value.hint


# ---- taking out ---------------------------------------------------------------------------------------


def _fill(history: History) -> int:
    marked = make_set(make_question(why=MARKER))
    set_id = history.sets.save(marked, MARKER)
    history.sets.save_bench("local", json.dumps({"job": MARKER}))
    begun = history.interviews.start(marked, MARKER, set_id)
    history.interviews.save_answer(begun.id, "c-1", f"{MARKER} " * 300, 1.0)
    return begun.id


def test_everything_is_deleted_down_to_the_bytes(history: History, settings: Settings) -> None:
    _fill(history)
    assert MARKER.encode() in bytes_on_disk(settings)
    history.delete_all()
    assert MARKER.encode() not in bytes_on_disk(settings)
    assert (history.sets.all(), history.interviews.all(), history.sets.bench("local")) == ([], [], None)


def test_a_deleted_interview_takes_its_answers_with_it(history: History, settings: Settings) -> None:
    begun = history.interviews.start(make_set(), "three")
    history.interviews.save_answer(begun.id, "c-1", f"{MARKER} " * 300, 1.0)
    history.interviews.delete(begun.id)
    assert MARKER.encode() not in bytes_on_disk(settings)


def test_the_export_holds_sets_and_interviews(history: History) -> None:
    _fill(history)
    entries = json.loads(json.dumps(history.export_all()))
    assert [entry["kind"] for entry in entries] == ["question_set", "interview"]
    assert entries[0]["set"]["questions"][0]["id"] == "c-1"
    assert entries[1]["answers"][0]["answer"].startswith(MARKER)
