"""Starting the page's server: where it listens, what it says, and that it ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from coach.config import Settings, environment_of
from coach.errors import ConfigError
from coach.ui import launch

REPO_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server((launch.LOCAL, 0)) as server:
        yield int(server.getsockname()[1])


def test_a_taken_default_port_gives_way_to_a_free_one_and_says_so(
    taken_port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(launch, "DEFAULT_PORT", taken_port)
    found = launch.choose_port(launch.LOCAL, None, {})
    assert found != taken_port
    with socket.create_server((launch.LOCAL, found)):
        assert capsys.readouterr().err == f"Port {taken_port} is taken, so this one uses {found}.\n"


def test_a_taken_port_that_was_asked_for_is_an_error(taken_port: int) -> None:
    for port, environment in ((taken_port, {}), (None, {"STREAMLIT_SERVER_PORT": str(taken_port)})):
        with pytest.raises(ConfigError, match=f"Port {taken_port} of 127.0.0.1 cannot be used"):
            launch.choose_port(launch.LOCAL, port, environment)


@pytest.mark.parametrize("port", [-1, 70_000])
def test_a_number_that_is_no_port_is_an_error(port: int) -> None:
    with pytest.raises(ConfigError, match="cannot be used"):
        launch.choose_port(launch.LOCAL, port, {})


def test_the_child_gets_every_setting_wherever_it_runs(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path,
        model="openai/m",
        api_base="http://127.0.0.1:1",
        timeout=7.5,
        cache_mb=7,
        chroma_url="http://x",
        judge="evidence",
        fallback=("openai/a", "ollama/b"),
        report_timeout=90.0,
        samples=3,
        concurrency=2,
        budget_day=Decimal("2.50"),
        budget_session=Decimal(0),
        budget_day_tokens=200_000,
        budget_session_tokens=0,
    )
    assert Settings.from_env(environment_of(settings)) == settings
    assert Settings.from_env(environment_of(Settings(data_dir=tmp_path))) == Settings(data_dir=tmp_path)


@pytest.mark.slow
def test_it_serves_says_where_and_ends_with_ctrl_c(data_dir: Path, tmp_path: Path) -> None:
    with socket.create_server((launch.LOCAL, 0)) as free:
        port = int(free.getsockname()[1])
    server = subprocess.Popen(
        [sys.executable, "-m", "coach", "app", "--no-browser", "--port", str(port)],
        # From anywhere, with a folder named from there.
        cwd=tmp_path,
        env={**os.environ, "COACH_DATA_DIR": "data", "PYTHONPATH": str(REPO_ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        assert re.fullmatch(rf"The coach is at http://localhost:{port} \(Ctrl\+C ends it\)\n", line)
        socket.create_connection((launch.LOCAL, port), timeout=5).close()
        server.send_signal(signal.SIGINT)
        assert server.wait(30) == 0
        assert server.stdout.read().strip() == ""
    finally:
        server.kill()
        server.communicate()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((launch.LOCAL, port), timeout=5)
