"""The page "Questions"."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import pytest
from streamlit.testing.v1 import AppTest

from coach.history import History
from coach.ui import keys
from coach.ui.bench import Bench
from coach.ui.set_downloads import file_name_of
from tests.app.pages import PATIENCE, Page
from tests.question_sets import make_set

JOB = (
    "Our shop sells garden tools in three countries.\n"
    "You own the conversion rate and run A/B tests every week.\n"
    "You manage a paid search budget of one million euros."
)


def questions_script() -> None:
    import streamlit as st

    from coach.ui import questions_page
    from coach.ui.desk import open_desk

    elsewhere = st.Page(lambda: None, title="Elsewhere", url_path="elsewhere")
    questions_page.draw(open_desk(), elsewhere, elsewhere)


@pytest.fixture
def building(open_page: Callable[[], Page]) -> Callable[[], AppTest]:
    """Opens the page in a new session."""
    return lambda: AppTest.from_function(questions_script, default_timeout=PATIENCE).run()


def bench_of(app: AppTest) -> Bench:
    bench = app.session_state[keys.SEAT].bench
    assert isinstance(bench, Bench)
    return bench


def ids(app: AppTest) -> list[str]:
    found = bench_of(app).question_set
    return [question.id for question in found.questions] if found else []


def html_of(app: AppTest) -> str:
    return "\n".join(str(element.proto.body) for element in app.get("html"))  # type: ignore[attr-defined]


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def build(app: AppTest, count: int = 4) -> AppTest:
    app.number_input(key=keys.SET_COUNT).set_value(count).run()
    return press(app, keys.BUILD)


def test_a_set_is_built_with_reasons_and_a_matrix(building: Callable[[], AppTest]) -> None:
    app = build(building())
    shown = html_of(app)
    found = bench_of(app).question_set
    assert found is not None and len(found.questions) == 4
    for question in found.questions:
        assert escape(question.text) in shown and escape(question.why) in shown
    assert shown.count('<th scope="row">') == 10
    assert "It covers " in shown and 'role="alert"' not in shown


def test_a_job_description_is_cited_line_by_line_and_kept(building: Callable[[], AppTest]) -> None:
    app = building()
    app.text_area(key=keys.of_paper("text", "job")).set_value(JOB).run()
    build(app, 10)
    assert "Job description, line " in html_of(app)
    again = building()
    assert again.text_area(key=keys.of_paper("text", "job")).value == JOB
    assert ids(again) == ids(app)


def test_what_cannot_be_read_is_told_and_stays(building: Callable[[], AppTest]) -> None:
    app = build(building())
    before = ids(app)
    app.text_area(key=keys.of_paper("text", "job")).set_value("x" * 200_001).run()
    press(app, keys.BUILD)
    assert html_of(app).count('role="alert"') == 1
    assert bench_of(app).job.typed == "x" * 200_001
    assert ids(app) == before


def test_questions_are_dropped_moved_and_pinned(building: Callable[[], AppTest]) -> None:
    app = build(building())
    first, second, third, fourth = ids(app)
    press(app, keys.of_question("drop", second))
    assert ids(app) == [first, third, fourth]
    press(app, keys.of_question("down", first))
    assert ids(app) == [third, first, fourth]
    press(app, keys.of_question("up", fourth))
    assert ids(app) == [third, fourth, first]
    press(app, keys.of_question("pin", fourth))
    assert bench_of(app).pinned == [fourth]
    assert ids(building()) == [third, fourth, first]


def test_a_swapped_question_does_not_come_again(building: Callable[[], AppTest]) -> None:
    app = build(building())
    seen = set(ids(app))
    for _ in range(3):
        place = ids(app)[1]
        press(app, keys.of_question("swap", place))
        new = ids(app)[1]
        assert new not in seen
        seen.add(new)
    assert app.toast[0].value.startswith("Swapped for: ")


def test_a_new_set_keeps_the_pins_and_nothing_else(building: Callable[[], AppTest]) -> None:
    app = build(building())
    before = ids(app)
    press(app, keys.of_question("pin", before[2]))
    press(app, keys.NEW_SET)
    assert set(ids(app)) & set(before) == {before[2]}
    assert len(ids(app)) == 4 and ids(app)[2] == before[2]


def test_a_question_of_ones_own_is_added_or_stays_in_its_box(building: Callable[[], AppTest]) -> None:
    app = build(building())
    app.text_input(key=keys.OWN_QUESTION).set_value("Why?").run()
    press(app, keys.ADD_OWN)
    assert "at least three words" in html_of(app)
    assert app.text_input(key=keys.OWN_QUESTION).value == "Why?"
    app.text_input(key=keys.OWN_QUESTION).set_value("Why do you <b>want</b> this job?").run()
    press(app, keys.ADD_OWN)
    assert "Why do you &lt;b&gt;want&lt;/b&gt; this job?" in html_of(app)
    assert app.text_input(key=keys.OWN_QUESTION).value == ""


def test_sets_are_saved_opened_and_deleted(building: Callable[[], AppTest], history: History) -> None:
    app = build(building())
    kept = ids(app)
    press(app, keys.SAVE_SET)
    (saved,) = history.sets.all()
    assert [question.id for question in saved.question_set().questions] == kept
    press(app, keys.of_question("drop", kept[0]))
    press(app, keys.of_set("open", saved.id))
    assert ids(app) == kept
    press(app, keys.of_set("delete", saved.id))
    press(app, keys.of_set("keep", saved.id))
    press(app, keys.of_set("delete", saved.id))
    assert len(history.sets.all()) == 1
    press(app, keys.of_set("delete_sure", saved.id))
    assert history.sets.all() == []
    assert ids(app) == kept


def test_an_opened_set_is_saved_in_its_own_place(building: Callable[[], AppTest], history: History) -> None:
    set_id = history.sets.save(make_set(), "three")
    app = press(building(), keys.of_set("open", set_id))
    press(app, keys.of_question("drop", "c-1"))
    press(app, keys.SAVE_SET)
    (saved,) = history.sets.all()
    assert [question.id for question in saved.question_set().questions] == ["c-2", "c-3"]


def test_another_role_or_odd_bench_does_not_break_the_page(
    building: Callable[[], AppTest], history: History
) -> None:
    history.sets.save_bench("local", '{"role_id": 7}')
    assert ids(building()) == []
    set_id = history.sets.save(make_set(role="gone"), "of a role that is gone")
    app = press(building(), keys.of_set("open", set_id))
    assert "is not there any more" in html_of(app)


def test_a_new_set_without_questions_leaves_the_old_one(building: Callable[[], AppTest]) -> None:
    app = build(building(), 50)
    app.multiselect(key=keys.SET_TOPICS).set_value(["Security"]).run()
    app.selectbox(key=keys.SET_LEVEL).set_value("entry").run()
    for _ in range(9):
        before = ids(app)
        press(app, keys.NEW_SET)
        if ids(app) == before:
            break
    assert ids(app) and ids(app) == before
    assert "Your set stays as it is" in html_of(app)
    assert bench_of(app).count == 50


def test_pinned_and_own_questions_survive_a_build_and_the_last_set_comes_back(
    building: Callable[[], AppTest],
) -> None:
    app = build(building())
    app.text_input(key=keys.OWN_QUESTION).set_value("Why do you want this job?").run()
    press(app, keys.ADD_OWN)
    press(app, keys.of_question("pin", ids(app)[1]))
    before = ids(app)
    assert before[-1] == "own-1"
    build(app, 6)
    assert len(ids(app)) == 6 and {before[1], "own-1"} <= set(ids(app))
    after = ids(app)
    assert "Back to the last set" in app.toast[0].value
    press(app, keys.LAST_SET)
    assert ids(app) == before and bench_of(app).pinned == [before[1]]
    again = building()
    press(again, keys.LAST_SET)
    assert ids(again) == after


def test_a_saved_set_is_opened_with_its_job_description(
    building: Callable[[], AppTest], history: History
) -> None:
    box = keys.of_paper("text", "job")
    app = building()
    app.text_area(key=box).set_value("## Head of Online Sales, Example & Co\n" + JOB).run()
    build(app, 10)
    press(app, keys.SAVE_SET)
    (saved,) = history.sets.all()
    assert saved.title == "Head of Online Sales, Example & Co · 10 questions, lead, for a job description"
    app.text_area(key=box).set_value("Another job.").run()
    press(app, keys.of_question("drop", ids(app)[0]))
    press(app, keys.of_set("open", saved.id))
    assert app.text_area(key=box).value.endswith(JOB)
    assert "Job description, line " in html_of(app)
    for place in range(10):
        press(app, keys.of_question("swap", ids(app)[place]))
    found = bench_of(app).question_set
    # Nobody named a level: it is the job's, so the job was read for each of them.
    assert found is not None and {question.level for question in found.questions} == {"lead"}
    assert not any("you asked for" in question.why for question in found.questions)
    press(app, keys.LAST_SET)
    assert app.text_area(key=box).value == "Another job." and len(ids(app)) == 9
    history.sets.delete(saved.id)
    assert history.sets.papers(saved.id) is None


def test_a_job_description_that_asks_nothing_is_not_in_the_title(building: Callable[[], AppTest]) -> None:
    app = building()
    app.text_area(key=keys.of_paper("text", "job")).set_value("Lorem ipsum dolor sit amet.").run()
    assert "for a job description" not in html_of(build(app))


def test_an_own_question_that_may_not_be_asked_is_marked(building: Callable[[], AppTest]) -> None:
    app = build(building())
    for text, marks in (("Why do you want this job?", 0), ("Are you pregnant?", 1)):
        app.text_input(key=keys.OWN_QUESTION).set_value(text).run()
        press(app, keys.ADD_OWN)
        assert html_of(app).count("An interviewer may not ask this") == marks
    assert len(ids(app)) == 6


def test_what_went_wrong_is_told_beside_its_box(building: Callable[[], AppTest]) -> None:
    app = build(building())
    app.text_input(key=keys.OWN_QUESTION).set_value("Why?").run()
    press(app, keys.ADD_OWN)
    bodies = html_of(app)
    assert bodies.index("at least three words") > bodies.rindex("set-card")
    before = ids(app)
    build(app, 51)
    assert "1 to 50 questions, not 51" in html_of(app) and ids(app) == before


def test_an_empty_set_offers_nothing_but_a_way_on(building: Callable[[], AppTest]) -> None:
    app = build(building(), 1)
    press(app, keys.of_question("drop", ids(app)[0]))
    assert "No questions yet" in html_of(app) and "matrix" not in html_of(app)
    shown = {button.key for button in app.button}
    assert keys.OWN_QUESTION not in shown and keys.INTERVIEW_THIS not in shown and keys.ADD_OWN in shown


def test_buttons_that_would_do_nothing_are_off(building: Callable[[], AppTest]) -> None:
    app = build(building(), 3)
    first, second, last = ids(app)
    press(app, keys.of_question("pin", second))
    off = {button.key for button in app.button if button.disabled}
    assert off == {
        keys.of_question("up", first),
        keys.of_question("down", last),
        keys.of_question("swap", second),
    }
    assert app.button(key=keys.of_question("drop", last)).label == "Drop :small[question 3]"


def test_a_large_set_has_its_matrix_closed_and_few_names(building: Callable[[], AppTest]) -> None:
    assert 'data-remember="set-matrix" open' in html_of(build(building(), 1))
    app = building()
    assert " more." in html_of(app).split("Not touched: ")[1].split("</p>")[0]
    assert 'data-remember="set-large-matrix">' in html_of(build(app, 16))


def test_files_are_called_by_the_name_of_the_set() -> None:
    assert file_name_of("Chef·fe é-Commerce, Müller · 10 questions") == (
        "questions-cheffe-e-commerce-muller-10-questions"
    )
    assert len(file_name_of("long " * 60)) <= 90
