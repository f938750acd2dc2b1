"""What the page does with a language model: its words as they come, its settings, and what a report says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from coach import Coach, Report
from coach.config import Settings
from coach.errors import ConfigError, ModelError
from coach.history import History
from coach.reply_cache import CachedReply, ReplyCache, reply_key
from coach.schema import Delta, Opinion, Rewrite, Usage
from coach.ui import asking, keys, model_settings
from coach.ui.changes import compare_drafts
from coach.ui.criteria_html import criteria_rows
from coach.ui.desk import Desk
from coach.ui.providers import PROVIDERS, provider_of
from coach.ui.rewrite_html import rewrite_section
from coach.ui.seat import Feedback, Seat
from coach.ui.writing import written
from tests.app.answers import WEAK
from tests.app.pages import MakeCoach, Page
from tests.factories import ANSWER, make_report

MODEL = "openai/some-model"


class WritingCoach(Coach):
    """Gives what the test lays out, and notices when nobody wants more of it."""

    given: tuple[Report | Delta | Exception, ...] = ()
    was_closed = False

    def feedback_stream(self, *_: object, **asked: object) -> Iterator[Report | Delta]:  # type: ignore[override]
        self.asked = asked
        try:
            for given in self.given:
                if isinstance(given, Exception):
                    raise given
                yield given
        except GeneratorExit:
            self.was_closed = True
            raise


@pytest.fixture
def writing(settings: Settings, use_coach: Callable[[MakeCoach], None]) -> WritingCoach:
    made = WritingCoach(settings)
    made.__dict__["engines"] = None
    use_coach(lambda _settings, _progress: made)
    return made


def final_of(first: Report) -> Report:
    return first.model_copy(
        update={"engine": first.engine.model_copy(update={"judge": MODEL, "adviser": MODEL})}
    )


def stopped_after(coach: WritingCoach, seat: Seat, pieces: int) -> None:
    """Asks, and goes away after so many pieces."""
    desk = Desk.__new__(Desk)
    desk.coach = coach
    desk.wait = lambda show: None  # type: ignore[method-assign]
    stream = asking.ask(desk, seat, lambda doing, done: None)
    for _ in range(pieces):
        next(stream)
    stream.close()


# ---- while it writes -----------------------------------------------------------------------------------


def test_the_final_report_takes_the_place_of_the_panel(writing: WritingCoach, history: History) -> None:
    first = make_report()
    writing.given = (first, Delta(text="## Next steps\n"), Delta(text=""), Delta(text="x"), final_of(first))
    page = Page()
    page.seat.judge = MODEL
    page.type(WEAK).ask()
    assert page.html.count('class="report"') == 1 and "Unchecked text" not in page.html
    assert not page.has_button(keys.STOP)
    assert [saved.judge for saved in history.reports()] == [MODEL]


def test_whoever_goes_away_ends_the_request_and_keeps_the_first_report(
    writing: WritingCoach, history: History
) -> None:
    writing.given = (make_report(), Delta(text="Say"), Delta(text=" more"), final_of(make_report()))
    role = writing.role()
    seat = Seat(role.id, role.questions[0].text, text=WEAK, judge=MODEL)
    stopped_after(writing, seat, 2)
    assert writing.was_closed
    assert seat.feedback is not None and seat.feedback.is_final and seat.feedback.stopped == MODEL
    assert [saved.judge for saved in history.reports()] == ["evidence"]


def test_a_run_that_begins_while_the_last_is_being_closed_shows_how_that_ended(
    writing: WritingCoach, history: History
) -> None:
    page = Page()
    page.seat.judge = MODEL
    page.seat.feedback = Feedback(make_report(), WEAK, is_final=False)
    page.seat.reading.acquire()

    def close() -> None:
        page.seat.feedback = Feedback(make_report(), WEAK, stopped=MODEL)
        page.seat.reading.release()

    closing = threading.Timer(0.3, close)
    closing.start()
    page.app.run()
    closing.join()
    assert f"{MODEL} was stopped." in page.html


def test_a_stopped_model_is_told_in_one_quiet_line(writing: WritingCoach) -> None:
    page = Page()
    page.seat.feedback = Feedback(make_report(), WEAK, stopped=MODEL)
    page.app.run()
    assert f"{MODEL} was stopped. This is the built-in judge" in page.html
    assert page.html.count("was stopped") == 1


def test_what_a_model_writes_is_text_and_its_headings_stand_out() -> None:
    shown = written("## Next steps\nresult: <img src=x onerror=alert(1)> & more")
    assert '<p class="label">Next steps</p>' in shown
    assert "&lt;img src=x onerror=alert(1)&gt; &amp; more" in shown and "<img" not in shown
    assert "Nothing has come yet." in written("")


def test_a_model_that_cannot_be_asked_leaves_the_built_in_report(
    writing: WritingCoach, history: History
) -> None:
    report = make_report()

    class WithoutKey(WritingCoach):
        def feedback_stream(self, *_: object, **asked: object) -> Iterator[Report | Delta]:  # type: ignore[override]
            if asked["judge"] != "evidence":
                raise ConfigError("missing_key", "The model needs a key.", "Set one.")
            yield report

    writing.__class__ = WithoutKey
    page = Page()
    page.seat.judge = MODEL
    page.type(WEAK).ask()
    assert "The model needs a key." in page.html and 'class="report"' in page.html
    assert len(history.reports()) == 1


def test_wishes_are_there_only_with_a_model_and_are_handed_on(writing: WritingCoach) -> None:
    writing.given = (make_report(),)
    page = Page()
    assert not page.app.text_area
    page.seat.judge = MODEL
    page.app.run()
    page.app.selectbox(key=keys.LENGTH_BOX).set_value(130).run()
    page.app.text_area(key=keys.FACTS_BOX).set_value("12 people in the team\n\n  3 shops ").run()
    page.type(WEAK).ask()
    assert writing.asked["words"] == 130
    assert writing.asked["facts"] == ("12 people in the team", "3 shops")


# ---- settings ------------------------------------------------------------------------------------------


def with_model(page: Page, provider: str, model: str, address: str | None = None) -> Page:
    page.app.radio(key=keys.JUDGE_CHOICE).set_value("model").run()
    page.app.selectbox(key=keys.PROVIDER_BOX).set_value(provider).run()
    page.app.text_input(key=keys.MODEL_BOX).set_value(model).run()
    if address is not None:
        page.app.text_input(key=keys.ADDRESS_BOX).set_value(address).run()
    assert not page.app.exception
    return page


def test_a_provider_names_the_model_and_its_address(writing: WritingCoach) -> None:
    writing.given = (make_report(),)
    page = with_model(Page(), "ollama", "llama3.1")
    page.type(WEAK).ask()
    asked = writing.asked
    assert (asked["judge"], asked["api_base"]) == ("ollama/llama3.1", "http://localhost:11434")
    with_model(page, "server", "mine", "http://localhost:9000/v1/")
    page.ask()
    asked = writing.asked
    assert (asked["judge"], asked["api_base"]) == ("openai/mine", "http://localhost:9000/v1")
    # A key that the environment holds for a provider is not for a server that was typed here.
    assert asked["api_key"] == "none"


def test_the_key_leaves_its_box_and_goes_with_its_provider_only(writing: WritingCoach) -> None:
    page = with_model(Page(), "openai", "some-model")
    page.app.text_input(key=keys.API_KEY_BOX).set_value("sk-very-secret").run()
    assert page.seat.api_key == "sk-very-secret"
    assert page.app.text_input(key=keys.API_KEY_BOX).value == ""
    assert page.has_button(keys.FORGET_KEY)
    page.app.selectbox(key=keys.PROVIDER_BOX).set_value("anthropic").run()
    assert page.seat.api_key is None and page.seat.judge == "evidence"


def test_only_words_leaves_the_levels_to_the_built_in_judge(writing: WritingCoach) -> None:
    writing.given = (make_report(),)
    page = with_model(Page(), "openai", "some-model")
    page.app.radio(key=keys.LEVELS_BOX).set_value(False).run()
    page.type(WEAK).ask()
    assert writing.asked["levels_by_model"] is False
    assert writing.model_names(MODEL, levels_by_model=False) == (None, MODEL)
    assert writing.model_names(MODEL) == (MODEL, MODEL)


@pytest.mark.parametrize(
    "error", [None, ModelError("model_key_refused", "The key was refused.", "Check it.")]
)
def test_the_connection_is_tried_with_one_request(
    writing: WritingCoach, monkeypatch: pytest.MonkeyPatch, error: ModelError | None
) -> None:
    from coach import llm_chain

    tried = []
    monkeypatch.setattr(llm_chain, "ask_once", lambda settings, choice: tried.append(choice) or error)
    page = with_model(Page(), "server", "mine", "http://localhost:9000/v1")
    page.press(keys.TEST_MODEL)
    assert [(choice.model, choice.api_base) for choice in tried] == [
        ("openai/mine", "http://localhost:9000/v1")
    ]
    told = "The key was refused." if error else "openai/mine answers, in 0.1 seconds."
    assert told in page.html


def test_the_settings_tell_what_was_spent_and_forget_replies(
    writing: WritingCoach, settings: Settings
) -> None:
    cache = ReplyCache.open(settings)
    cache.put(reply_key({"a": 1}), CachedReply("words of yours", Usage(), MODEL))
    page = with_model(Page(), "openai", "some-model")
    captions = " ".join(str(caption.value) for caption in page.app.caption)
    assert "Today:" in captions and "0 tokens" in captions and "1 reply is kept" in captions
    assert "masked first" in captions
    page.press(keys.FORGET_REPLIES)
    assert cache.status().entries == 0
    assert not page.has_button(keys.FORGET_REPLIES)


def test_every_provider_names_models_that_point_back_to_it() -> None:
    for provider in PROVIDERS.values():
        name = provider.full_name("some-model" if provider.prefix else "groq/some-model")
        assert provider.full_name(name) == name
        assert provider_of(name, provider.address if provider.id == "server" else None).id == provider.id
    assert model_settings.PROVIDERS["openai"].full_name("  ") == ""


# ---- what a report says ----------------------------------------------------------------------------------


def test_two_opinions_are_heard_and_one_is_the_second(coach: Coach) -> None:
    report = make_report()
    mine = Opinion(judge="evidence", level=2, why="No <stake> is told.")
    theirs = Opinion(judge=MODEL, level=5, why="All is there.")
    criteria = tuple(
        result.model_copy(update={"opinions": (theirs, mine)}) if result.id == "situation"
        else result.model_copy(update={"opinions": (mine,)}) if result.id == "role_relevance"
        else result
        for result in report.criteria
    )  # fmt: skip
    shown = criteria_rows(report.model_copy(update={"criteria": criteria}), coach.rubric, None)
    assert shown.count('class="uncertain"') == 1 and shown.count("Two opinions") == 1
    assert f"{MODEL}, level 5:" in shown and "the built-in judge, level 2:" in shown
    assert "No &lt;stake&gt; is told." in shown
    grey = shown[shown.index('data-remember="role_relevance"') :].split("</details>")[0]
    assert "not judged" in grey and "A second opinion" in grey and "dot full" not in grey


def test_a_model_s_tighter_version_says_whose_it_is_and_promises_nothing() -> None:
    rewrite = Rewrite(
        text="I did it in [weeks].", slots=("[weeks]",), dropped=("I won <all>.",), by=MODEL, score=58.4
    )
    shown = rewrite_section(rewrite, ANSWER)
    assert shown is not None
    assert f"Worded by {MODEL} and checked for numbers" in shown
    assert "the built-in judge gives it 58 of 100; slots count for nothing until you fill them." in shown
    assert '<details class="left-out"' in shown and "I won &lt;all&gt;." in shown


def test_drafts_within_the_margin_show_no_measurable_change() -> None:
    before = make_report()
    lower = tuple(
        result.model_copy(update={"level": 3} if result.id == "task" else {}) for result in before.criteria
    )
    overall = before.overall.model_copy(update={"score": (before.overall.score or 0) - 2, "margin": 4.0})
    changes = compare_drafts(before, make_report(overall=overall, criteria=lower))
    assert (changes.points, changes.levels) == (None, ())
