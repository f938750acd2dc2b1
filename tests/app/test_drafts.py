"""Nothing that was typed gets lost: drafts, questions and examples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from coach import Coach
from coach.config import Settings
from coach.history import History
from coach.schema import Role
from coach.signals.segments import count_words
from coach.ui import drafts, keys
from coach.ui.desk import Desk
from coach.ui.examples import find_example, load_examples
from coach.ui.seat import Seat
from tests.app.answers import BETTER, WEAK
from tests.app.pages import Page, typed

OWN_QUESTION = "Tell me about a launch you led last year."


@pytest.fixture
def role(settings: Settings) -> Role:
    return Coach(settings).role()


def draft_text(history: History, role: Role, question: str) -> str | None:
    filed = drafts.filed_under_question(role, question)
    draft = history.draft_for(role.id, filed, drafts.SESSION_ID)
    return draft.answer if draft else None


# ---- questions -------------------------------------------------------------------------------------------


def test_a_text_that_was_not_asked_about_comes_along(page: Page, role: Role, history: History) -> None:
    first, other = role.questions[0].text, role.questions[12].text
    page.type(WEAK).choose(other)
    assert page.seat.text == WEAK
    assert draft_text(history, role, other) == WEAK
    assert draft_text(history, role, first) is None


def test_a_text_that_was_asked_about_stays_with_its_question(page: Page, role: Role) -> None:
    first, other = role.questions[0].text, role.questions[12].text
    page.type(WEAK).ask().choose(other)
    assert page.seat.text == "" and 'class="report"' not in page.html
    page.choose(first)
    assert page.seat.text == WEAK and 'class="report"' in page.html


def test_each_question_keeps_its_own_text(page: Page, role: Role) -> None:
    page.type(WEAK).ask().choose(OWN_QUESTION).type(BETTER).ask()
    page.choose(role.questions[0].text)
    assert page.seat.text == WEAK
    page.choose(OWN_QUESTION)
    assert page.seat.text == BETTER


def test_the_next_question_follows_and_the_last_leads_back(page: Page, role: Role) -> None:
    page.choose(role.questions[-1].text).type(WEAK).ask().press(keys.NEXT_QUESTION)
    assert page.seat.question == role.questions[0].text
    page.type(WEAK).ask().press(keys.NEXT_QUESTION)
    assert page.seat.question == role.questions[1].text


def test_a_search_word_finds_a_question(page: Page, role: Role) -> None:
    page.choose("Security")
    assert page.seat.question == next(q.text for q in role.questions if q.topics == ("Security",))
    before = page.seat.question
    page.choose("zebra")
    assert page.seat.question == before


def test_the_filter_narrows_by_topic_and_kind(page: Page, role: Role) -> None:
    page.app.multiselect(key=keys.TOPICS).set_value(["SEO", "Security"]).run()
    options = page.app.selectbox(key=keys.QUESTION_BOX).options
    wanted = [q.text for q in role.questions if set(q.topics) & {"SEO", "Security"}]
    assert options == [page.seat.question, *wanted]
    kinds = page.app.get("button_group")[0]
    kinds.set_value(["knowledge"]).run()  # type: ignore[attr-defined]
    assert page.app.selectbox(key=keys.QUESTION_BOX).options == [page.seat.question, wanted[0]]


# ---- examples --------------------------------------------------------------------------------------------


def test_an_example_takes_nothing_away(page: Page, role: Role, history: History) -> None:
    page.type(WEAK).press(keys.SHOW_EXAMPLE)
    example = page.seat.text
    assert example != WEAK and "An invented example. Your own text is kept." in page.html
    page.ask()
    assert 'class="report"' in page.html
    assert history.reports() == []
    assert draft_text(history, role, role.questions[0].text) == WEAK
    page.press(keys.LEAVE_EXAMPLE)
    assert page.seat.text == WEAK and 'class="report"' not in page.html


def test_a_new_session_after_an_example_finds_the_own_text(open_page: Callable[[], Page]) -> None:
    open_page().type(WEAK).press(keys.SHOW_EXAMPLE)
    assert open_page().seat.text == WEAK


def test_another_question_ends_the_example(page: Page, role: Role) -> None:
    page.type(WEAK).press(keys.SHOW_EXAMPLE).choose(role.questions[3].text)
    assert page.seat.text == WEAK and not page.seat.is_example


def test_every_question_of_the_bank_has_one_example(settings: Settings, role: Role) -> None:
    directory = settings.knowledge_dir / "examples"
    examples = load_examples(directory / f"{role.id}.toml")
    named = [question for example in examples for question in example.questions]
    assert sorted(named) == sorted(question.id for question in role.questions)
    assert all(120 <= count_words(example.answer) <= 300 for example in examples)
    found = find_example(role, role.questions[0].text, directory)
    assert found is not None and role.questions[0].id in found.questions
    assert find_example(role, OWN_QUESTION, directory) is None


# ---- what the answer box sends ---------------------------------------------------------------------------


@pytest.fixture
def desk(settings: Settings) -> Desk:
    return Desk(settings)


@pytest.fixture
def seat(role: Role) -> Seat:
    return Seat(role.id, role.questions[0].text, text="before")


def test_what_was_typed_is_shown_and_on_the_disk(
    desk: Desk, seat: Seat, history: History, role: Role
) -> None:
    drafts.catch_up(desk, seat, typed("after", 7, seat.role_id, seat.question))
    assert (seat.text, seat.seen, seat.stored) == ("after", 7, 7)
    assert draft_text(history, role, seat.question) == "after"


def test_an_older_change_does_not_undo_a_newer_one(desk: Desk, seat: Seat) -> None:
    drafts.catch_up(desk, seat, typed("newer", 9, seat.role_id, seat.question))
    drafts.catch_up(desk, seat, typed("older", 8, seat.role_id, seat.question))
    assert seat.text == "newer"


def test_a_change_that_arrives_after_turning_away_goes_to_its_own_question(
    desk: Desk, seat: Seat, history: History, role: Role
) -> None:
    other = role.questions[5].text
    drafts.catch_up(desk, seat, typed("late", 5, seat.role_id, other))
    assert seat.text == "before"
    assert draft_text(history, role, other) == "late"


def test_an_example_that_is_edited_is_not_kept(desk: Desk, seat: Seat, history: History, role: Role) -> None:
    drafts.show_example(seat, "An example.")
    drafts.catch_up(desk, seat, typed("edited", seat.seen + 1, seat.role_id, seat.question, is_example=True))
    assert seat.text == "edited"
    assert draft_text(history, role, seat.question) is None


@pytest.mark.parametrize(
    "posted",
    [
        None,
        {},
        {"typed": None},
        {"typed": {"text": "x"}},
        {"typed": {"text": 3, "number": 5, "slot": '["r", "q", false]'}},
        {"typed": {"text": "x", "number": "5", "slot": '["r", "q", false]'}},
        {"typed": {"text": "x", "number": 5, "slot": "no json"}},
        {"typed": {"text": "x", "number": 5, "slot": "[1]"}},
    ],
    ids=["nothing", "empty", "none", "no number", "no text", "odd number", "no slot", "short slot"],
)
def test_what_our_own_script_would_not_send_is_ignored(desk: Desk, seat: Seat, posted: Any) -> None:
    drafts.catch_up(desk, seat, posted)
    assert seat.text == "before" and seat.taken == 0


def test_deleting_everything_makes_what_a_browser_kept_void(seat: Seat) -> None:
    seat.taken = 5
    drafts.forget(seat)
    assert seat.text == "" and seat.stored == seat.seen > 5
