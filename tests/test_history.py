"""Drafts and reports in a real SQLite file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.config import Settings
from coach.errors import InputError, StoreError
from coach.history import History, question_key
from coach.schema import AskedQuestion
from tests.factories import ANSWER, QUESTION, make_report
from tests.history_files import OTHER, ROLE, run_sql

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
