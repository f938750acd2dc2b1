"""The page "Mock interview"."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from coach.history import History
from coach.ui import drafts, interview_work, keys
from coach.ui.bench import Bench
from coach.ui.desk import open_desk
from coach.ui.interview_seat import InterviewSeat
from coach.ui.taking_up import take_up
from tests.app.answers import BETTER, WEAK
from tests.app.pages import PATIENCE, Page
from tests.app.test_questions_page import html_of, press
from tests.question_sets import make_question, make_set


def interview_script() -> None:
    import streamlit as st

    from coach.ui import interview_page
    from coach.ui.desk import open_desk

    elsewhere = st.Page(lambda: None, title="Elsewhere", url_path="elsewhere")
    interview_page.draw(open_desk(), elsewhere, elsewhere)


@pytest.fixture
def sitting(open_page: Callable[[], Page]) -> Callable[[], AppTest]:
    """Opens the page in a new session."""
    return lambda: AppTest.from_function(interview_script, default_timeout=PATIENCE).run()


def seat_of(app: AppTest) -> InterviewSeat:
    seat = app.session_state[keys.SEAT].interviewing
    assert isinstance(seat, InterviewSeat)
    return seat


def say(app: AppTest, text: str) -> AppTest:
    """Puts a text where the answer box would have put it."""
    seat_of(app).text = text
    return app


def test_without_an_interview_the_page_says_how_to_begin(sitting: Callable[[], AppTest]) -> None:
    app = sitting()
    assert "No interview yet." in html_of(app)
    assert keys.TO_QUESTIONS in {button.key for button in app.button}


def test_one_question_at_a_time_back_and_on(sitting: Callable[[], AppTest], history: History) -> None:
    begun = history.interviews.start(make_set(), "three")
    app = press(sitting(), keys.of_interview("open", begun.id))
    assert "Question 1 of 3" in html_of(app) and "a launch that went wrong" in html_of(app)
    assert "which test to run" not in html_of(app)
    press(say(app, "first"), keys.NEXT_IN_INTERVIEW)
    assert "Question 2 of 3" in html_of(app) and seat_of(app).text == ""
    press(say(app, "second"), keys.BACK_IN_INTERVIEW)
    assert seat_of(app).text == "first"
    found = history.interviews.get(begun.id)
    assert {key: answer.text for key, answer in found.answers.items()} == {"c-1": "first", "c-2": "second"}


def test_it_goes_on_where_it_was_left(sitting: Callable[[], AppTest], history: History) -> None:
    begun = history.interviews.start(make_set(), "three")
    app = press(sitting(), keys.of_interview("open", begun.id))
    press(say(app, "first"), keys.NEXT_IN_INTERVIEW)
    press(say(app, "half of the sec"), keys.PAUSE_INTERVIEW)
    assert "at question 2 of 3, 2 of 3 answered" in html_of(app)
    assert "Begins with “Tell me about a launch that went wrong.”" in html_of(app)
    again = press(sitting(), keys.of_interview("open", begun.id))
    assert "Question 2 of 3" in html_of(again) and seat_of(again).text == "half of the sec"


def test_the_address_finds_the_interview_again(sitting: Callable[[], AppTest], history: History) -> None:
    begun = history.interviews.start(make_set(), "three")
    app = AppTest.from_function(interview_script, default_timeout=PATIENCE)
    app.query_params["interview"] = str(begun.id)
    assert "Question 1 of 3" in html_of(app.run())
    app = AppTest.from_function(interview_script, default_timeout=PATIENCE)
    app.query_params["interview"] = "99"
    assert "at question 1 of 3" in html_of(app.run())


def test_the_clock_stands_while_the_question_is_out_of_view() -> None:
    seat = InterviewSeat()
    seat.face(1, "c-1", "", 30.0)
    assert seat.elapsed == 30.0
    seat.start_clock()
    assert 30.0 <= seat.elapsed < 40.0
    seat.stop_clock()
    stood = seat.elapsed
    assert seat.elapsed == stood


def test_after_a_reload_the_clock_goes_on_from_what_the_browser_kept(
    sitting: Callable[[], AppTest], history: History
) -> None:
    begun = history.interviews.start(make_set(), "three")
    app = press(sitting(), keys.of_interview("open", begun.id))
    seat, here = app.session_state[keys.SEAT], seat_of(app)
    for kept in (None, {}, {"slot": "other", "seconds": 95.0}, {"slot": here.slot, "seconds": "nan"}):
        interview_work.catch_up_clock(open_desk(), seat, {"kept": kept})
    assert here.elapsed < 60.0
    interview_work.catch_up_clock(open_desk(), seat, {"kept": {"slot": here.slot, "seconds": 95.0}})
    assert 95.0 <= here.elapsed < 120.0
    assert history.interviews.get(begun.id).answers["c-1"].seconds >= 95.0


def test_a_set_without_questions_says_why_no_interview_begins(sitting: Callable[[], AppTest]) -> None:
    seat, bench = sitting().session_state[keys.SEAT], Bench(role_id="e-commerce-manager")
    assert not interview_work.begin(open_desk(), seat, bench)
    assert bench.problem is not None and bench.problem.message == "This set has no questions."


def test_skipped_questions_are_folded(sitting: Callable[[], AppTest], history: History) -> None:
    begun = history.interviews.start(make_set(), "three")
    app = press(sitting(), keys.of_interview("open", begun.id))
    press(say(app, WEAK), keys.FINISH_INTERVIEW)
    assert [expander.label for expander in app.expander] == ["Skipped: questions 2, 3"]


@pytest.mark.parametrize("earlier", [BETTER, "Only four words here."], ids=["judged", "too short"])
def test_working_on_an_answer_shows_it_and_keeps_the_earlier_draft(
    sitting: Callable[[], AppTest], history: History, earlier: str
) -> None:
    question = make_question("c-1", text="Tell me about a time you brought more people through a checkout.")
    begun = history.interviews.start(make_set(question), "one")
    app = press(sitting(), keys.of_interview("open", begun.id))
    press(say(app, WEAK), keys.NEXT_IN_INTERVIEW)
    desk, seat = open_desk(), app.session_state[keys.SEAT]
    role = desk.coach.role()
    asked = interview_work.asked_of(role, question)
    history.save_draft(role.id, asked, earlier, drafts.SESSION_ID)
    take_up(desk, seat, role, question, history.interviews.get(begun.id).answers["c-1"])
    draft = history.draft_for(role.id, asked, drafts.SESSION_ID)
    assert draft is not None and draft.answer == seat.text == WEAK
    assert seat.feedback is not None and seat.feedback.answer == WEAK
    assert seat.put_away is not None and "Your earlier draft" in seat.put_away[1]
    assert earlier in {entry.get("answer") for entry in history.export_all()}
    assert (earlier in {report.answer for report in history.reports()}) == (earlier == BETTER)


def test_the_end_tells_of_all_answers(sitting: Callable[[], AppTest], history: History) -> None:
    known = make_question("c-1", text="Tell me about a time you brought more people through a checkout.")
    begun = history.interviews.start(make_set(known, make_question("c-2"), make_question("c-3")), "three")
    app = press(sitting(), keys.of_interview("open", begun.id))
    press(say(app, WEAK), keys.NEXT_IN_INTERVIEW)
    press(say(app, BETTER), keys.NEXT_IN_INTERVIEW)
    press(say(app, "Too few words."), keys.NEXT_IN_INTERVIEW)
    shown = html_of(app)
    assert "How the interview went" in shown and "3 of 3 answered" in shown
    assert "Answers 1 and 2 tell much the same story." in shown
    assert "The answer has 3 words" in shown
    assert "Never came up" in shown
    assert all(f'class="said">{said}' in shown for said in (WEAK, BETTER, "Too few words."))
    assert all(button.label.startswith("Work on this answer") for button in app.button[-3:])
    saved = history.reports()
    assert {report.answer for report in saved} == {WEAK, BETTER}
    press(app, keys.INTERVIEW_LIST)
    press(app, keys.of_interview("open", begun.id))
    assert len(history.reports()) == len(saved)  # read once, not at every look


def test_nothing_answered_is_nothing_to_sum_up(sitting: Callable[[], AppTest], history: History) -> None:
    begun = history.interviews.start(make_set(), "three")
    app = press(sitting(), keys.of_interview("open", begun.id))
    press(app, keys.FINISH_INTERVIEW)
    assert "nothing to sum up" in html_of(app)


def test_an_interview_is_deleted(sitting: Callable[[], AppTest], history: History) -> None:
    begun = history.interviews.start(make_set(), "three")
    app = sitting()
    assert app.button(key=keys.of_interview("delete", begun.id)).label == "Delete this interview"
    assert [popover.proto.popover.label for popover in app.get("popover")] == ["Delete"]
    press(app, keys.of_interview("delete", begun.id))
    assert history.interviews.all() == []


# ---- two windows --------------------------------------------------------------------------------------


def two_tabs(sitting: Callable[[], AppTest], history: History) -> tuple[int, AppTest, AppTest]:
    """An interview that is open twice, both tabs having begun with an empty answer."""
    begun = history.interviews.start(make_set(), "three")
    first, second = (press(sitting(), keys.of_interview("open", begun.id)) for _ in range(2))
    press(say(second, "Five sentences of the other tab."), keys.PAUSE_INTERVIEW)
    return begun.id, first, second


def kept(history: History, interview_id: int) -> str:
    return history.interviews.get(interview_id).answers["c-1"].text


def test_a_stale_tab_does_not_overwrite_what_another_wrote(
    sitting: Callable[[], AppTest], history: History
) -> None:
    begun, stale, _ = two_tabs(sitting, history)
    press(say(stale, "one"), keys.NEXT_IN_INTERVIEW)
    assert "Question 1 of 3" in html_of(stale)
    assert "This answer was changed in another tab." in html_of(stale)
    assert kept(history, begun) == "Five sentences of the other tab." and seat_of(stale).text == "one"
    press(stale, keys.USE_OWN)
    assert kept(history, begun) == "one" and "another tab" not in html_of(stale)


def test_the_other_tabs_answer_can_be_taken(sitting: Callable[[], AppTest], history: History) -> None:
    begun, stale, _ = two_tabs(sitting, history)
    press(say(stale, "one"), keys.NEXT_IN_INTERVIEW)
    press(stale, keys.USE_OTHER)
    assert seat_of(stale).text == kept(history, begun) == "Five sentences of the other tab."
    press(stale, keys.NEXT_IN_INTERVIEW)
    assert "Question 2 of 3" in html_of(stale)


def test_a_tab_in_which_nothing_was_typed_shows_what_another_wrote(
    sitting: Callable[[], AppTest], history: History
) -> None:
    begun, stale, other = two_tabs(sitting, history)
    assert seat_of(stale.run()).text == "Five sentences of the other tab."
    press(press(other, keys.of_interview("open", begun)), keys.NEXT_IN_INTERVIEW)
    assert "Question 1 of 3" in html_of(stale.run())
    assert kept(history, begun) == "Five sentences of the other tab."


def test_a_browsers_copy_from_before_another_tab_wrote_does_not_win(
    sitting: Callable[[], AppTest], history: History
) -> None:
    begun, _, _ = two_tabs(sitting, history)
    again = press(sitting(), keys.of_interview("open", begun))
    here, before = seat_of(again), InterviewSeat().mark
    typed = {"text": "one", "number": here.seen + 1, "slot": here.slot, "base": before}
    interview_work.catch_up(open_desk(), again.session_state[keys.SEAT], {"typed": typed})
    assert here.text == "one" and here.other == kept(history, begun) == "Five sentences of the other tab."


def test_an_interview_deleted_in_another_window_leaves_what_was_typed(
    sitting: Callable[[], AppTest], history: History
) -> None:
    begun = history.interviews.start(make_set(), "three")
    app = press(sitting(), keys.of_interview("open", begun.id))
    history.interviews.delete(begun.id)
    press(say(app, "my words"), keys.NEXT_IN_INTERVIEW)
    assert "This interview was deleted in another window." in html_of(app)
    assert seat_of(app).text == "my words" and app.get("download_button")
    press(app, keys.INTERVIEW_LIST)
    assert "No interview yet." in html_of(app) and "alert" not in html_of(app)
