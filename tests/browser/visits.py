"""A visit to the page, and what it must never do: call elsewhere, or complain in the console."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect

PATIENCE = 30_000
LOCAL_SCHEMES = ("data", "blob", "about")


class Visit:
    """One page open in one browser window."""

    def __init__(self, page: Page, address: str, artifacts: Path) -> None:
        self.page = page
        self._address = address
        self._artifacts = artifacts
        self.complaints: list[str] = []
        self.strayed: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._watch)
        page.on("websocket", lambda socket: self._watch_address(socket.url))

    def open(self) -> Visit:
        self.page.goto(self._address)
        self.box.wait_for()
        return self

    @property
    def box(self) -> Locator:
        return self.page.get_by_role("textbox", name="Your answer")

    @property
    def ask_button(self) -> Locator:
        return self.page.get_by_role("button", name="Get feedback")

    @property
    def report(self) -> Locator:
        return self.page.get_by_role("article", name="Feedback")

    def read_of(self, text: str) -> None:
        """Waits until the report on this text is there."""
        expect(self.report.locator(".answer")).to_contain_text(text, timeout=PATIENCE)

    def saved(self) -> None:
        """Waits until the box says that its text is on the disk."""
        expect(self.page.get_by_text("Draft saved")).to_be_visible(timeout=PATIENCE)

    def picture(self, name: str) -> None:
        self._artifacts.mkdir(exist_ok=True)
        self.page.screenshot(path=self._artifacts / f"{name}.png")

    def is_in_view(self, locator: Locator) -> bool:
        """Whether all of it can be seen without scrolling."""
        place = locator.bounding_box()
        view = self.page.viewport_size
        assert place is not None and view is not None
        return place["y"] >= 0 and place["y"] + place["height"] <= view["height"]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _watch(self, request: Request) -> None:
        self._watch_address(request.url)

    def _watch_address(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in LOCAL_SCHEMES and parts.hostname not in ("localhost", "127.0.0.1"):
            self.strayed.append(url)


@contextmanager
def visiting(browser: Browser, address: str, artifacts: Path, **look: Any) -> Iterator[Visit]:
    """A visit in a fresh browser profile; afterwards nothing may have been complained about or called."""
    context = browser.new_context(**{"viewport": {"width": 1400, "height": 900}, **look})
    visit = Visit(context.new_page(), address, artifacts)
    try:
        yield visit
        assert visit.strayed == []
        assert visit.complaints == []
    finally:
        context.close()
