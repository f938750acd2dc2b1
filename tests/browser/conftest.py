"""The page as people use it: the real server in a process of its own, and a real Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from coach.config import Settings
from coach.history import History

if TYPE_CHECKING:
    from playwright.sync_api import Browser

REPO_ROOT = Path(__file__).resolve().parents[2]
ARTIFACTS = REPO_ROOT / "artifacts"
STARTING = 60.0
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


class Server:
    """`coach app` on a port of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.environment = environment
        self.process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "coach", "app", "--no-browser", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, cwd=REPO_ROOT, env=self.environment, stdout=subprocess.PIPE, text=True
        )
        self._wait_until_ready()

    def stop(self) -> int:
        """Ends it as Ctrl+C does and returns its exit code."""
        assert self.process is not None and self.process.stdout is not None
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(30)
        self.process.stdout.close()
        self.process = None
        return code

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + STARTING
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_stcore/health", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the page's server did not start")


@pytest.fixture(scope="session")
def own_data_dir(shared_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the index built, and a history that no other tests write."""
    folder = tmp_path_factory.mktemp("browser-data")
    shutil.copytree(shared_data_dir / "index", folder / "index", dirs_exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def session_server(own_data_dir: Path) -> Iterator[Server]:
    server = Server({**os.environ, "COACH_DATA_DIR": str(own_data_dir)})
    server.start()
    yield server
    if server.process is not None:
        server.stop()


@pytest.fixture
def server(session_server: Server, own_data_dir: Path) -> Server:
    """The server, running, with an empty history."""
    if session_server.process is None:
        session_server.start()
    with History.open(Settings(data_dir=own_data_dir)) as history:
        history.delete_all()
    return session_server


# The module's, not the session's: playwright's event loop must be gone before other tests run.
@pytest.fixture(scope="module")
def chromium(chromium_path: Path) -> Iterator[Browser]:
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)  # a busy machine may take longer than the usual five seconds
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield browser
        browser.close()
