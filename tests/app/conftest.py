"""The page run by Streamlit's own test runner, over the real coach and a history of each test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from coach import Coach
from coach.coach import Progress
from coach.config import Settings
from coach.history import History
from coach.ui import desk
from tests.app.pages import MakeCoach, Page


@pytest.fixture
def settings(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with a data folder of this test's own, which the page reads too."""
    monkeypatch.setenv("COACH_DATA_DIR", str(data_dir))
    return Settings(data_dir=data_dir)


@pytest.fixture(autouse=True)
def load_no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """What loads beside a test goes on after it, where a warning of litellm's import is an error that leaves
    half a module behind. Browser tests load it for real."""
    monkeypatch.setattr(desk, "_load_models", lambda: None)


@pytest.fixture
def use_coach(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[MakeCoach], None]]:
    """Sets how the page makes its coach; nothing of it outlives the test."""

    def use(make: MakeCoach) -> None:
        monkeypatch.setattr(desk, "make_coach", make)
        desk.open_desk.clear()

    yield use
    desk.open_desk.clear()


@pytest.fixture
def open_page(settings: Settings, coach: Coach, use_coach: Callable[[MakeCoach], None]) -> Callable[[], Page]:
    """Opens the page in a new session each time; the real coach lends its engines."""

    def make(settings: Settings, progress: Progress) -> Coach:
        lent = Coach(settings, progress)
        lent.__dict__["engines"] = coach.engines
        return lent

    use_coach(make)
    return Page


@pytest.fixture
def page(open_page: Callable[[], Page]) -> Page:
    """The page, just opened."""
    return open_page()


@pytest.fixture
def history(settings: Settings) -> Iterator[History]:
    """The history that the page writes."""
    with History.open(settings) as opened:
        yield opened
