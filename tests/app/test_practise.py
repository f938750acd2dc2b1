"""The page "Practise" in each of its states."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

import pytest

from coach import Coach, Report
from coach.coach import Progress
from coach.config import Settings
from coach.history import History
from coach.schema import Notice, Overall
from coach.ui import keys
from tests.app.answers import BETTER, GERMAN, WEAK
from tests.app.pages import MakeCoach, Page
from tests.factories import make_criteria, make_report

OWN_QUESTION = "Tell me about a launch you led last year."


def test_the_page_opens_ready(page: Page) -> None:
    role = Coach(Settings.from_env()).role()
    assert page.app.selectbox(key=keys.ROLE_BOX).value == role.id
    assert page.app.selectbox(key=keys.QUESTION_BOX).value == role.questions[0].text
    assert page.has_button(keys.SHOW_EXAMPLE)
    assert escape(role.questions[0].strong_answer_shows[0]) in page.html
    assert 'class="report"' not in page.html
    assert 'role="alert"' not in page.html


def test_the_first_fix_comes_first_and_the_rest_in_order(page: Page) -> None:
    page.type(WEAK).ask()
    report = page.html[page.html.index('<article class="report"') :]
    headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", report)
    assert headings == [
        "Change this first",
        "Where it stands",
        "Your answer, read by a listener",
        "Criteria",
        "For this role",
        "They will ask",
        "A tighter version",
    ]
    assert "A practice aid, not a hiring verdict." in report
    assert "!" not in re.sub(r"<[^>]+>", "", report)


def test_asking_saves_the_draft_and_the_report(page: Page, history: History) -> None:
    page.type(WEAK).ask()
    draft = history.latest_draft("local")
    assert draft is not None and draft.answer == WEAK
    assert [saved.answer for saved in history.reports()] == [WEAK]


def test_asking_again_shows_what_moved(page: Page) -> None:
    page.type(WEAK).ask()
    assert "Since your last draft" not in page.html
    page.type(BETTER).ask()
    assert re.search(r"Since your last draft</span> <strong>\+\d+ points", page.html)
    assert re.search(r'class="move up">Metrics \d → \d', page.html)


def test_asking_again_without_an_edit_says_that_nothing_moved(page: Page) -> None:
    page.type(WEAK).ask().ask()
    assert "<strong>no measurable change</strong>" in page.html
    assert 'class="move' not in page.html


@pytest.mark.parametrize(
    ("answer", "told", "advised"),
    [
        ("", "There is no answer yet.", "at least 15 words"),
        ("Only four words here.", "The answer has 4 words", "sentence each"),
        (GERMAN, "does not read as English", "Answer in English."),
        ("word " * 5000, "at most 20,000 can be read", "Paste one answer"),
    ],
    ids=["empty", "too short", "German", "too long"],
)
def test_what_cannot_be_read_is_told_with_a_way_out(
    page: Page, history: History, answer: str, told: str, advised: str
) -> None:
    page.type(answer).ask()
    problem = page.html[page.html.index('class="problem"') :]
    assert told in problem and advised in problem
    assert page.seat.text == answer
    draft = history.latest_draft("local")
    assert draft is not None and draft.answer == answer


def test_an_error_leaves_the_last_feedback_where_it_is(page: Page) -> None:
    page.type(WEAK).ask().type("Too short now.").ask()
    assert 'class="problem"' in page.html and 'class="report"' in page.html
    page.type(BETTER).ask()
    assert 'class="problem"' not in page.html


def test_a_new_session_finds_question_text_and_feedback_again(open_page: Callable[[], Page]) -> None:
    first = open_page()
    question = Coach(Settings.from_env()).role().questions[12].text
    first.choose(question).type(WEAK).ask().type(BETTER).ask()
    again = open_page()
    assert again.app.selectbox(key=keys.QUESTION_BOX).value == question
    assert again.seat.text == BETTER
    assert 'class="report"' in again.html and "Since your last draft" in again.html


def test_feedback_on_another_text_is_not_shown_again(open_page: Callable[[], Page]) -> None:
    first = open_page()
    first.type(WEAK).ask().type(BETTER).choose(OWN_QUESTION)
    first.choose(Coach(Settings.from_env()).role().questions[0].text)
    assert first.seat.text == BETTER
    assert 'class="report"' not in first.html


def test_what_a_person_writes_never_becomes_markup(page: Page) -> None:
    nasty = WEAK + " <img src=x onerror=alert(1)> I paid $5 & then $7 **bold** </article><script>x()</script>"
    page.type(nasty).ask()
    for piece in ("<img", "<script", "onerror=alert(1)>"):
        assert piece not in page.html
    assert "&lt;img src=x onerror=alert(1)&gt;" in page.html
    assert page.html.count("</article>") == 1


def test_an_own_question_can_be_asked(page: Page, history: History) -> None:
    page.choose(OWN_QUESTION)
    assert not page.has_button(keys.SHOW_EXAMPLE)
    page.type(WEAK).ask()
    assert history.reports()[0].question_text == OWN_QUESTION


# ---- reports that the built-in judge does not give -------------------------------------------------


class FixedCoach(Coach):
    """Gives one report whatever is asked, and remembers how it was asked."""

    reports: tuple[Report, ...] = ()
    asked: list[dict[str, object]]

    def feedback_stream(self, *_: object, **asked: object) -> Iterator[Report]:  # type: ignore[override]
        self.asked.append(asked)
        yield from self.reports


@pytest.fixture
def fixed(settings: Settings, use_coach: Callable[[MakeCoach], None]) -> Callable[..., FixedCoach]:
    """A coach whose reports the test chooses."""

    def make(*reports: Report) -> FixedCoach:
        made = FixedCoach(settings)
        made.reports, made.asked = reports, []
        made.__dict__["engines"] = None

        def give(_settings: Settings, _progress: Progress) -> Coach:
            return made

        use_coach(give)
        return made

    return make


def test_a_strong_answer_is_told_so_with_the_reason(fixed: Callable[..., FixedCoach]) -> None:
    fixed(make_report(overall=Overall(score=95.0, band="strong", uncapped=95.0)))
    page = Page().type(WEAK).ask()
    assert "Change this first" not in page.html
    assert "Worth up to" not in page.html
    assert "follows from your steps" in page.html[: page.html.index("Where it stands")]


def test_what_is_not_judged_is_said_so_and_never_zero(fixed: Callable[..., FixedCoach]) -> None:
    nothing = {"level": None, "basis": "unscored", "evidence": ()}
    unjudged = tuple(result.model_copy(update=nothing) for result in make_criteria())
    overall = Overall(score=None, band="not judged")
    fixed(make_report().model_copy(update={"criteria": unjudged, "overall": overall, "priorities": ()}))
    page = Page().type(WEAK).ask()
    assert '<p class="band unjudged">Not judged</p>' in page.html
    assert page.html.count('class="dots unjudged"') == 8
    assert "0 of 100" not in page.html and "0 of 5" not in page.html


def test_a_model_that_failed_is_said_plainly(fixed: Callable[..., FixedCoach]) -> None:
    message = "The model did not answer within 60 seconds."
    report = make_report(warnings=(Notice(code="model_failed", message=message),))
    engine = report.engine.model_copy(update={"degraded": True})
    fixed(report.model_copy(update={"engine": engine}))
    page = Page().type(WEAK).ask()
    assert message in page.html
    assert "this is the built-in judge" in page.html


def test_a_cap_is_named_with_what_it_costs(fixed: Callable[..., FixedCoach]) -> None:
    caps = ("no_own_action: no step you took yourself is told",)
    fixed(make_report(overall=Overall(score=45.0, band="partial", caps=caps, uncapped=70.0)))
    page = Page().type(WEAK).ask()
    assert "No step you took yourself is told. Otherwise it would be 70." in page.html


def test_a_model_s_report_follows_the_built_in_one_and_alone_is_kept(
    fixed: Callable[..., FixedCoach], history: History
) -> None:
    first = make_report()
    final = first.model_copy(
        update={"engine": first.engine.model_copy(update={"judge": "openai/some-model"})}
    )
    fixed(first, final)
    page = Page()
    page.seat.judge = "openai/some-model"
    page.type(WEAK).ask()
    assert page.html.count('class="report"') == 1
    assert "Read by openai/some-model" in page.html and "is reading it too" not in page.html
    assert [saved.judge for saved in history.reports()] == ["openai/some-model"]


def test_drafts_read_by_different_judges_are_not_compared(fixed: Callable[..., FixedCoach]) -> None:
    first = make_report()
    other = first.model_copy(update={"engine": first.engine.model_copy(update={"judge": "some/model"})})
    coach = fixed(first)
    page = Page().type(WEAK).ask()
    coach.reports = (other,)
    page.ask()
    assert "read by another judge" in page.html
    assert 'class="move' not in page.html


def test_the_model_and_its_key_are_for_this_session_only(
    fixed: Callable[..., FixedCoach], data_dir: Path
) -> None:
    coach = fixed(make_report())
    page = Page()
    page.app.radio(key=keys.JUDGE_CHOICE).set_value("model").run()
    page.app.text_input(key=keys.MODEL_BOX).set_value("openai/some-model").run()
    page.app.text_input(key=keys.API_KEY_BOX).set_value("sk-very-secret").run()
    page.type(WEAK).ask()
    assert (coach.asked[-1]["judge"], coach.asked[-1]["api_key"]) == ("openai/some-model", "sk-very-secret")
    assert "sk-very-secret" not in repr(page.seat)
    kept = b"".join(path.read_bytes() for path in data_dir.rglob("*") if path.is_file())
    assert WEAK.encode() in kept and b"sk-very-secret" not in kept
    assert Page().seat.api_key is None


def test_the_built_in_judge_can_be_chosen_over_a_configured_model(
    fixed: Callable[..., FixedCoach], monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    coach = fixed(make_report())
    coach.settings = Settings(data_dir=settings.data_dir, model="openai/some-model")
    page = Page()
    assert page.app.radio(key=keys.JUDGE_CHOICE).value == "model"
    page.type(WEAK).ask()
    assert coach.asked[-1]["judge"] is None
    page.app.radio(key=keys.JUDGE_CHOICE).set_value("evidence").run()
    page.ask()
    assert coach.asked[-1]["judge"] == "evidence"


# ---- things that fail ---------------------------------------------------------------------------------


def test_a_history_that_cannot_be_used_takes_nothing_else_away(
    settings: Settings, open_page: Callable[[], Page]
) -> None:
    settings.history_path.mkdir()
    page = open_page().type(WEAK).ask()
    assert 'class="report"' in page.html
    assert page.html.count('class="aside"') == 1
    assert page.seat.text == WEAK
    settings.history_path.rmdir()
    page.ask()
    assert 'class="aside"' not in page.html


def test_a_data_folder_that_cannot_be_used_is_told_and_the_text_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, use_coach: Callable[[MakeCoach], None]
) -> None:
    in_the_way = tmp_path / "a-file"
    in_the_way.write_text("not a folder")
    monkeypatch.setenv("COACH_DATA_DIR", str(in_the_way / "data"))
    use_coach(Coach)
    page = Page()
    assert page.html.count('class="problem"') == 1 and "Set COACH_DATA_DIR" in page.html
    page.type(WEAK).ask()
    assert page.html.count('class="problem"') == 1 and page.seat.text == WEAK
    in_the_way.unlink()
    page.press(keys.RETRY)
    page.ask()
    assert 'class="problem"' not in page.html and 'class="report"' in page.html


def test_a_setting_that_cannot_be_used_is_told(
    monkeypatch: pytest.MonkeyPatch, use_coach: Callable[[MakeCoach], None]
) -> None:
    monkeypatch.setenv("COACH_TIMEOUT", "soon")
    use_coach(Coach)
    page = Page()
    assert not page.app.exception
    assert "COACH_TIMEOUT" in page.html and "Set COACH_TIMEOUT to a number" in page.html


def test_an_unexpected_error_shows_no_traceback_and_logs_no_answer(
    fixed: Callable[..., FixedCoach], caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(FixedCoach):
        def feedback_stream(self, *_: object, **asked: object) -> Iterator[Report]:  # type: ignore[override]
            raise ValueError(f"cannot read {asked['answer']}")

    fixed(make_report()).__class__ = Broken
    page = Page().type(WEAK).ask()
    assert not page.app.exception
    assert "Something went wrong inside the coach (ValueError)." in page.html
    assert WEAK not in page.html and page.seat.text == WEAK
    assert "ValueError" in caplog.text and WEAK not in caplog.text


def test_the_kind_that_a_set_knows_is_kept_through_feedback_and_reload(open_page: Callable[[], Page]) -> None:
    page = open_page()
    page.seat.kinds[OWN_QUESTION] = "knowledge"
    page.choose(OWN_QUESTION).type(WEAK).ask()
    assert page.seat.feedback is not None
    assert page.seat.feedback.report.question.kind == "knowledge"
    again = open_page()
    assert again.seat.kinds == {OWN_QUESTION: "knowledge"}
    assert "It asks what you know." in again.html
