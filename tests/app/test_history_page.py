"""The page "History"."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from streamlit.testing.v1 import AppTest

from coach.config import Settings
from coach.history import History
from coach.reply_cache import CachedReply, ReplyCache, reply_key
from coach.schema import Usage
from coach.ui import drafts, history_page, keys
from coach.ui.desk import open_desk
from coach.ui.seat import Slot
from tests.app.answers import BETTER
from tests.app.pages import PATIENCE, Page
from tests.factories import ANSWER, make_report


def history_script() -> None:
    import streamlit as st

    from coach.ui import history_page
    from coach.ui.desk import open_desk

    history_page.draw(open_desk(), st.Page(lambda: None, title="Practise", url_path="practise"))


@pytest.fixture
def past(open_page: Callable[[], Page]) -> Callable[[], AppTest]:
    """Opens the page in a new session."""
    return lambda: AppTest.from_function(history_script, default_timeout=PATIENCE).run()


def html_of(app: AppTest) -> str:
    return "\n".join(str(element.proto.body) for element in app.get("html"))  # type: ignore[attr-defined]


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def test_an_empty_history_says_what_will_be_here(past: Callable[[], AppTest]) -> None:
    assert "No reports yet." in html_of(past())


def test_reports_are_listed_newest_first_and_open(past: Callable[[], AppTest], history: History) -> None:
    old = history.save_report(make_report(), ANSWER)
    question = make_report().question.model_copy(update={"id": None, "text": "A question of <my> own?"})
    new = history.save_report(make_report(question=question), ANSWER)
    app = past()
    shown = html_of(app)
    assert shown.index("A question of &lt;my&gt; own?") < shown.index(old.question_text)
    press(app, keys.of_report("open", old.id))
    assert 'class="report"' in html_of(app) and old.question_text in html_of(app)
    press(app, keys.CLOSE_REPORT)
    assert 'class="report"' not in html_of(app)
    assert {button.key for button in app.button} >= {keys.of_report("open", new.id)}


def test_working_on_a_report_keeps_another_draft_of_its_question(
    past: Callable[[], AppTest], history: History
) -> None:
    saved = history.save_report(make_report(), ANSWER)
    app = press(past(), keys.of_report("open", saved.id))
    desk, seat = open_desk(), app.session_state[keys.SEAT]
    filed = drafts.filed_under(desk, seat, Slot(saved.role_id, saved.question_text, False))
    history.save_draft(saved.role_id, filed, BETTER, drafts.SESSION_ID)
    history_page._work_on(desk, seat, saved)
    draft = history.draft_for(saved.role_id, filed, drafts.SESSION_ID)
    assert draft is not None and draft.answer == seat.text == ANSWER
    assert BETTER in {report.answer for report in history.reports()}


def test_many_reports_come_in_helpings(past: Callable[[], AppTest], history: History) -> None:
    for _ in range(23):
        history.save_report(make_report(), ANSWER)
    app = past()
    assert html_of(app).count('class="saved"') == 20
    press(app, keys.MORE_REPORTS)
    assert html_of(app).count('class="saved"') == 23
    assert keys.MORE_REPORTS not in {button.key for button in app.button}


def test_one_report_is_deleted_and_the_other_stays(past: Callable[[], AppTest], history: History) -> None:
    first, second = (history.save_report(make_report(), ANSWER) for _ in range(2))
    press(past(), keys.of_report("delete", first.id))
    assert [saved.id for saved in history.reports()] == [second.id]


def test_everything_is_deleted_from_the_disk(
    past: Callable[[], AppTest], history: History, settings: Settings
) -> None:
    history.save_report(make_report(), ANSWER)
    history.save_draft("e-commerce-manager", make_report().question, "zanzibar draft", "local")
    app = past()
    assert app.session_state[keys.SEAT].text == "zanzibar draft"
    press(app, keys.DELETE_ALL_SURE)
    assert history.export_all() == []
    assert app.session_state[keys.SEAT].text == ""
    history.close()
    kept = b"".join(path.read_bytes() for path in settings.data_dir.rglob("history*"))
    assert b"zanzibar" not in kept


@pytest.mark.parametrize("everything", [False, True], ids=["one report", "everything"])
def test_what_models_said_of_the_answers_is_deleted_with_them(
    past: Callable[[], AppTest], history: History, settings: Settings, everything: bool
) -> None:
    cache = ReplyCache.open(settings)
    cache.put(reply_key({"asked": "it"}), CachedReply("zanzibar reply", Usage(), "openai/some-model"))
    saved = history.save_report(make_report(), ANSWER)
    press(past(), keys.DELETE_ALL_SURE if everything else keys.of_report("delete", saved.id))
    assert cache.status().entries == 0


def test_a_report_of_another_version_is_listed_and_says_why_it_does_not_open(
    past: Callable[[], AppTest], history: History, settings: Settings
) -> None:
    saved = history.save_report(make_report(), ANSWER)
    with closing(sqlite3.connect(settings.history_path)) as connection:
        connection.execute("UPDATE reports SET report_json = '{}'")
        connection.commit()
    app = past()
    assert saved.question_text in html_of(app)
    press(app, keys.of_report("open", saved.id))
    assert "was saved by another version of the coach" in html_of(app)


def test_a_history_that_cannot_be_opened_is_told_in_one_place(
    past: Callable[[], AppTest], settings: Settings
) -> None:
    settings.history_path.mkdir()
    app = past()
    assert not app.exception
    assert html_of(app).count('role="alert"') == 1
