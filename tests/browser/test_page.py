"""The main path in a real browser, and what has to work for everybody on it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.app.answers import BETTER, WEAK
from tests.browser.conftest import ARTIFACTS, Server
from tests.browser.visits import PATIENCE, visiting

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LOUD_WHILE_AWAY = re.compile(r"WebSocket|ERR_CONNECTION_REFUSED|[Dd]isconnected|Connection")


def test_paste_ask_read_edit_ask_again_reload(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.address, ARTIFACTS) as visit:
        visit.open()
        expect(visit.box).to_be_focused()
        visit.picture("1-first-screen")
        visit.page.keyboard.insert_text(WEAK)
        expect(visit.page.get_by_text("82 words · about 33 s spoken")).to_be_visible()
        visit.page.keyboard.press("Control+Enter")
        visit.read_of("sales went up a lot")
        assert visit.is_in_view(visit.report.locator(".headline"))
        visit.picture("2-report")

        visit.box.fill(BETTER)
        expect(visit.page.get_by_text("edited since this feedback")).to_be_visible()
        visit.ask_button.click()
        visit.read_of("from 200 to 260 orders a day")
        expect(visit.report.get_by_text("Since your last draft")).to_be_visible()
        expect(visit.report.locator(".move.up").first).to_be_visible()
        visit.picture("3-asked-again")

        visit.saved()
        visit.page.reload()
        expect(visit.box).to_have_value(BETTER)
        visit.read_of("from 200 to 260 orders a day")
        expect(visit.report.get_by_text("Since your last draft")).to_be_visible()


def test_what_was_just_typed_survives_a_reload(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.address, ARTIFACTS) as visit:
        visit.open()
        visit.box.fill(WEAK)
        # At once, before the pause after which changes are sent.
        visit.page.reload()
        expect(visit.box).to_have_value(WEAK, timeout=PATIENCE)
        visit.saved()


def test_the_draft_survives_a_restart_of_the_server(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.address, ARTIFACTS) as visit:
        visit.open()
        visit.box.fill(WEAK)
        visit.saved()
        assert server.stop() == 0
        visit.box.fill(BETTER)
        server.start()
        expect(visit.page.get_by_text("Draft saved")).to_be_visible(timeout=60_000)
        expect(visit.box).to_have_value(BETTER)
        visit.page.reload()
        expect(visit.box).to_have_value(BETTER, timeout=PATIENCE)
        # While the server is away the browser says so in its console.
        visit.complaints = [line for line in visit.complaints if not LOUD_WHILE_AWAY.search(line)]


def test_all_of_it_by_keyboard(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.address, ARTIFACTS) as visit:
        visit.open()
        keyboard = visit.page.keyboard
        visit.page.get_by_label("Question: type to search").focus()
        keyboard.press("ControlOrMeta+a")
        keyboard.type("loyalty")
        expect(visit.page.get_by_role("option").nth(1)).to_be_visible()
        keyboard.press("ArrowDown")
        keyboard.press("Enter")
        expect(visit.page.get_by_text("It asks how you work.")).to_be_visible()
        visit.box.focus()
        keyboard.insert_text(WEAK)
        visit.saved()
        keyboard.press("Tab")
        expect(visit.ask_button).to_be_focused()
        keyboard.press("Enter")
        visit.read_of("sales went up a lot")
        part = visit.report.locator(".part").first
        part.focus()
        tip = part.evaluate("element => getComputedStyle(element, '::after').content")
        assert re.match(r'"Situation, \d+ % sure"', tip)
        row = visit.report.locator("summary").filter(has_text="Result").first
        row.focus()
        keyboard.press("Enter")
        quote = visit.report.locator(".criterion[open] .quote").first
        expect(quote).to_be_visible()
        quote.focus()
        keyboard.press("Enter")
        expect(visit.box).to_be_focused()
        said = quote.evaluate("element => element.dataset.text")
        assert visit.box.evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)") == said
        expect(visit.report.locator(".bit.marked").first).to_be_visible()


def test_opened_rows_stay_open_when_asked_again(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.address, ARTIFACTS) as visit:
        visit.open()
        visit.box.fill(WEAK)
        visit.ask_button.click()
        visit.read_of("sales went up a lot")
        for name in ("Action", "Result"):
            visit.report.locator("summary").filter(has_text=name).first.click()
        visit.picture("4-criteria-open")
        visit.box.fill(BETTER)
        visit.ask_button.click()
        visit.read_of("from 200 to 260 orders a day")
        expect(visit.report.locator(".criterion[open]")).to_have_count(2)


def test_on_a_phone_it_is_one_column_and_the_feedback_comes_into_view(
    chromium: Browser, server: Server
) -> None:
    with visiting(chromium, server.address, ARTIFACTS, **PHONE) as visit:
        visit.open()
        visit.picture("5-phone-first-screen")
        visit.box.fill(WEAK)
        assert visit.is_in_view(visit.ask_button)
        visit.ask_button.tap()
        visit.read_of("sales went up a lot")
        expect(visit.report.locator(".headline")).to_be_in_viewport(ratio=1)
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
        assert visit.page.evaluate(_IS_BELOW, [".st-key-desk", ".st-key-listener"])
        visit.page.wait_for_timeout(600)
        visit.picture("6-phone-report")


@pytest.mark.parametrize("look", ["light", "dark"])
def test_it_can_be_read_in_light_and_dark(chromium: Browser, server: Server, look: str) -> None:
    with visiting(chromium, server.address, ARTIFACTS, color_scheme=look) as visit:
        visit.open()
        visit.box.fill(WEAK)
        visit.ask_button.click()
        visit.read_of("sales went up a lot")
        visit.picture(f"7-{look}-report")
        report = visit.report
        for text in (report.locator(".headline"), visit.box, report.locator(".part").first):
            assert _contrast(text) >= 7
        for text in (visit.ask_button, report.locator(".why").first, report.locator(".slot").last):
            assert _contrast(text) >= 4.5
        assert (_luminance(_ground(visit.box)) < 0.2) == (look == "dark")


def test_an_example_is_shown_and_the_own_text_comes_back(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.address, ARTIFACTS) as visit:
        visit.open()
        visit.box.fill(WEAK)
        visit.page.get_by_role("button", name="Show me an example").click()
        expect(visit.page.get_by_text("An invented example.")).to_be_visible()
        expect(visit.box).to_have_value(re.compile("camping gear"))
        visit.ask_button.click()
        visit.read_of("camping gear")
        visit.page.get_by_role("button", name="Back to my text").click()
        expect(visit.box).to_have_value(WEAK)


def test_the_tighter_version_is_copied_and_the_report_downloaded(chromium: Browser, server: Server) -> None:
    permissions = {"permissions": ["clipboard-read", "clipboard-write"]}
    with visiting(chromium, server.address, ARTIFACTS, **permissions) as visit:
        visit.open()
        visit.box.fill(WEAK)
        visit.ask_button.click()
        visit.read_of("sales went up a lot")
        visit.report.get_by_role("button", name="Copy the text").click()
        expect(visit.report.get_by_role("button", name="Copied")).to_be_visible()
        copied = visit.page.evaluate("navigator.clipboard.readText()")
        assert "After that sales went up a lot" in copied and "[" in copied
        with visit.page.expect_download() as download:
            visit.page.get_by_role("button", name="Download as Markdown").click()
        text = download.value.path().read_text(encoding="utf-8")
        assert text.startswith("# Feedback on your answer") and "A practice aid" in text


def test_a_saved_answer_is_taken_up_again_and_deleted(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.address, ARTIFACTS) as visit:
        visit.open()
        visit.box.fill(WEAK)
        visit.ask_button.click()
        visit.read_of("sales went up a lot")
        visit.saved()
        visit.box.fill("Something else now.")
        visit.saved()
        visit.page.get_by_role("link", name="History").click()
        visit.page.get_by_role("button").filter(has_text=re.compile("^Open$")).click()
        visit.read_of("sales went up a lot")
        visit.picture("8-history")
        visit.page.get_by_role("button", name="Work on this answer").click()
        expect(visit.box).to_have_value(WEAK)
        visit.page.get_by_role("link", name="History").click()
        visit.page.get_by_role("button", name="Delete everything").click()
        visit.page.get_by_role("button", name="Delete all of it").click()
        expect(visit.page.get_by_text("No reports yet.")).to_be_visible()
        visit.page.get_by_role("link", name="Practise").click()
        expect(visit.box).to_have_value("")


def test_it_prints_on_two_pages(chromium: Browser, server: Server) -> None:
    with visiting(chromium, server.address, ARTIFACTS) as visit:
        visit.open()
        visit.box.fill(BETTER)
        visit.ask_button.click()
        visit.read_of("from 200 to 260 orders a day")
        paper = visit.page.pdf(format="A4")
        assert len(re.findall(rb"/Type\s*/Page\b", paper)) <= 2
        visit.page.emulate_media(media="print")
        expect(visit.box).to_be_hidden()
        expect(visit.report).to_be_visible()


_IS_BELOW = """([above, below]) => {
  const [first, second] = [above, below].map((name) => document.querySelector(name).getBoundingClientRect());
  return Math.abs(first.x - second.x) < 5 && second.y >= first.bottom;
}"""
_GROUNDS = """element => {
  const seen = [];
  for (let at = element; at; at = at.parentElement || at.getRootNode().host) {
    seen.push(getComputedStyle(at).backgroundColor);
  }
  return seen;
}"""


def _ground(locator: Locator) -> str:
    """The first colour behind a text that is not transparent."""
    return next(found for found in locator.evaluate(_GROUNDS) if not found.endswith(", 0)"))


def _contrast(locator: Locator) -> float:
    """The contrast of a text with what is behind it, as WCAG counts it, 1 to 21."""
    colour = locator.evaluate("element => getComputedStyle(element).color")
    light, dark = sorted((_luminance(colour), _luminance(_ground(locator))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(number) / 255 for number in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
