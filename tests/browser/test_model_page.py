"""A language model on the page, in a real browser, over a model server that writes slowly."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from coach.config import Settings
from coach.history import History
from coach.reply_cache import ReplyCache
from tests.app.answers import BETTER, WEAK
from tests.browser.conftest import ARTIFACTS, Server
from tests.browser.visits import PATIENCE, Visit, visiting
from tests.slow_writer import SlowWriter

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MODEL = "openai/slow"
KEY = "sk-never-to-be-seen-0815"


class Logged(Server):
    """A server whose errors are kept in a file."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        super().__init__(environment)
        self.log = log

    def start(self) -> None:
        popen = subprocess.Popen
        with self.log.open("ab") as log, pytest.MonkeyPatch.context() as patch:
            patch.setattr(subprocess, "Popen", lambda *args, **more: popen(*args, **more, stderr=log))
            super().start()


@pytest.fixture(scope="module")
def writer() -> Iterator[SlowWriter]:
    with SlowWriter() as server:
        yield server


@pytest.fixture(scope="module")
def folder(shared_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("model-data")
    shutil.copytree(shared_data_dir / "index", made / "index")
    return made


@pytest.fixture(scope="module")
def running(writer: SlowWriter, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logged]:
    environment = {
        **os.environ,
        "COACH_DATA_DIR": str(folder),
        "COACH_MODEL": MODEL,
        "COACH_API_BASE": writer.api_base,
    }
    server = Logged(environment, tmp_path_factory.mktemp("log") / "server.log")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def server(running: Logged, writer: SlowWriter, folder: Path) -> Logged:
    """The page's server, with nothing kept and a writer that nobody asked yet."""
    with History.open(Settings(data_dir=folder)) as history:
        history.delete_all()
    ReplyCache.open(Settings(data_dir=folder)).clear()
    writer.again()
    return running


def asked(visit: Visit) -> None:
    """Asks, and waits until the model has written something."""
    visit.box.fill(WEAK)
    visit.saved()
    visit.ask_button.click()
    expect(visit.page.locator(".written")).to_contain_text("Next steps", timeout=PATIENCE)


def test_the_words_are_seen_before_the_report_and_nothing_jumps(
    chromium: Browser, server: Logged, writer: SlowWriter
) -> None:
    with visiting(chromium, server.address, ARTIFACTS) as visit:
        visit.open()
        asked(visit)
        page = visit.page
        expect(page.locator(".writer")).to_contain_text(f"{MODEL} is writing Not checked yet.")
        expect(page.locator(".written")).to_contain_text("In my last", timeout=PATIENCE)
        assert visit.is_in_view(page.locator(".headline"))
        assert visit.is_in_view(page.get_by_role("button", name="Stop"))
        assert page.locator(".written").evaluate(
            "box => box.scrollHeight > box.clientHeight && box.scrollTop === 0"
        )
        visit.picture("9-streaming")
        heading = page.locator(".rest h2").filter(has_text="They will ask")
        heading.evaluate("heading => heading.scrollIntoView({ block: 'center' })")
        page.wait_for_timeout(300)
        before = heading.bounding_box()
        writer.finish.set()
        expect(visit.report.locator("footer")).to_contain_text(
            "which also worded the advice", timeout=PATIENCE
        )
        expect(page.locator(".written")).to_have_count(0)
        page.wait_for_timeout(300)
        after = visit.report.locator("h2").filter(has_text="They will ask").bounding_box()
        assert before is not None and after is not None and abs(before["y"] - after["y"]) < 5
        expect(visit.report.locator(".uncertain")).to_have_count(1)
        expect(visit.report.locator(".tighter")).to_contain_text(f"Worded by {MODEL}")
        expect(visit.report.locator(".tighter .rewrite")).not_to_contain_text("Golden Basket")
        visit.picture("10-judged-by-a-model")


def test_stop_ends_the_request_and_leaves_the_built_in_report(
    chromium: Browser, server: Logged, writer: SlowWriter, folder: Path
) -> None:
    with visiting(chromium, server.address, ARTIFACTS) as visit:
        visit.open()
        asked(visit)
        visit.page.get_by_role("button", name="Stop").click()
        expect(visit.page.get_by_text(f"{MODEL} was stopped.")).to_be_visible()
        assert writer.hung_up.wait(5)
        expect(visit.page.locator(".written")).to_have_count(0)
        expect(visit.report.locator("footer")).to_contain_text("Read by the built-in judge.")
        with History.open(Settings(data_dir=folder)) as history:
            assert [saved.judge for saved in history.reports()] == ["evidence"]


def test_an_edit_while_the_model_writes_is_kept_and_ends_it(
    chromium: Browser, server: Logged, writer: SlowWriter
) -> None:
    with visiting(chromium, server.address, ARTIFACTS) as visit:
        visit.open()
        asked(visit)
        visit.box.fill(BETTER)
        assert writer.hung_up.wait(10)
        expect(visit.page.get_by_text(f"{MODEL} was stopped.")).to_be_visible()
        visit.saved()
        expect(visit.box).to_have_value(BETTER)
        visit.page.reload()
        expect(visit.box).to_have_value(BETTER)


def test_another_question_ends_it_too(chromium: Browser, server: Logged, writer: SlowWriter) -> None:
    with visiting(chromium, server.address, ARTIFACTS) as visit:
        visit.open()
        asked(visit)
        visit.page.get_by_label("Question: type to search").focus()
        visit.page.keyboard.press("ArrowDown")
        visit.page.get_by_role("option").nth(3).click()
        assert writer.hung_up.wait(10)
        expect(visit.page.locator(".written")).to_have_count(0)


def test_the_key_is_used_and_seen_nowhere(
    chromium: Browser, server: Logged, writer: SlowWriter, folder: Path
) -> None:
    with visiting(chromium, server.address, ARTIFACTS) as visit:
        visit.open()
        page = visit.page
        page.get_by_role("button", name="Settings").click()
        page.get_by_label("Key", exact=True).fill(KEY)
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Forget the key")).to_be_visible()
        expect(page.get_by_label("Key", exact=True)).to_have_value("")
        page.get_by_role("button", name="Test the connection").click()
        expect(page.get_by_text(f"{MODEL} answers, in")).to_be_visible(timeout=PATIENCE)
        visit.picture("11-settings")
        page.keyboard.press("Escape")
        writer.finish.set()
        visit.box.fill(WEAK)
        visit.saved()
        visit.ask_button.click()
        expect(visit.report.locator("footer")).to_contain_text(
            "which also worded the advice", timeout=PATIENCE
        )
        assert len(writer.keys) >= 3 and set(writer.keys) == {f"Bearer {KEY}"}
        assert KEY not in page.url and KEY not in page.content()
        page.reload()
        visit.box.wait_for()
        page.get_by_role("button", name="Settings").click()
        expect(page.get_by_role("button", name="Forget the key")).to_have_count(0)
        assert KEY not in page.url and KEY not in page.content()
        assert KEY not in page.evaluate(
            "JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])"
        )
        assert KEY not in str(page.context.cookies())
    written = [path for path in folder.rglob("*") if path.is_file()]
    assert not [path for path in [*written, server.log] if KEY.encode() in path.read_bytes()]
