"""What every test stands on: no network, no files of the user's, and one index for the whole run."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts.setup_browser import find_browser
from tests.network_guard import NetworkGuard

if TYPE_CHECKING:
    from coach import Coach

# Behind a shell that ignores Ctrl+C a child would ignore it too; one that has a handler starts afresh there.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

REPO_ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI", "").lower() in ("1", "true")
# Read before the environment is cleaned of every COACH_ setting.
OUTSIDE = dict(os.environ)
DEV_DATA = Path(OUTSIDE.get("COACH_DEV_DATA") or REPO_ROOT.parent / "shared" / "data")
HOME = Path(tempfile.mkdtemp(prefix="coach-tests-"))
GUARD = NetworkGuard()


def clean_environment() -> None:
    """A machine with nobody's settings, keys or files: done on import, before anything of coach is loaded."""
    for name in list(os.environ):
        if name.startswith("COACH_") or name.endswith("_API_KEY") or name.lower().endswith("_proxy"):
            del os.environ[name]
    os.environ.pop("CHROMA_URL", None)
    os.environ["HOME"] = os.environ["USERPROFILE"] = str(HOME)
    for kind in ("DATA", "CONFIG", "CACHE", "STATE"):
        os.environ[f"XDG_{kind}_HOME"] = str(HOME / kind.lower())
    os.environ["COACH_DATA_DIR"] = str(HOME / "default-data")
    # The page hides details of errors from its reader; a test wants to see them.
    os.environ["STREAMLIT_CLIENT_SHOW_ERROR_DETAILS"] = "full"


clean_environment()
GUARD.install()


def pytest_unconfigure() -> None:
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(autouse=True)
def network_guard() -> Iterator[NetworkGuard]:
    """Fails a test that tried to leave this machine, even when the code under test hid the error."""
    GUARD.attempts.clear()
    yield GUARD
    assert not GUARD.attempts, f"The test tried to reach the network: {', '.join(GUARD.attempts)}"


@pytest.fixture(scope="session")
def repo_root() -> Path:
    """The checkout."""
    return REPO_ROOT


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """An empty data folder of this test's own."""
    path = tmp_path / "data"
    path.mkdir()
    return path


@pytest.fixture(scope="session")
def coach(tmp_path_factory: pytest.TempPathFactory) -> Coach:
    """A Coach with the built-in judge and one index for the whole run; tests share it, so change nothing."""
    from coach import Coach
    from coach.config import Settings

    return Coach.open(Settings(data_dir=tmp_path_factory.mktemp("shared-data")))


@pytest.fixture(scope="session")
def shared_data_dir(coach: Coach) -> Path:
    """The data folder of `coach`, for child processes that should find the index built."""
    return coach.settings.data_dir


@pytest.fixture
def clean_env(shared_data_dir: Path) -> dict[str, str]:
    """The environment for a child process: this one's, with the shared data folder and no way out by HTTP."""
    # The guard above does not reach into child processes; a proxy that nobody serves stops their libraries.
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    here = dict.fromkeys(("no_proxy", "NO_PROXY"), "127.0.0.1,localhost")
    return {**os.environ, **nowhere, **here, "COACH_DATA_DIR": str(shared_data_dir)}


@pytest.fixture(scope="session")
def dev_data() -> Path:
    """The folder of development data, which the repository does not hold."""
    if not DEV_DATA.is_dir():
        pytest.skip(f"no development data at {DEV_DATA}; set COACH_DEV_DATA to its folder")
    return DEV_DATA


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """A Chromium that starts; its absence fails the run in CI and skips the test elsewhere."""
    found = find_browser(OUTSIDE)
    if found is None:
        reason = "no Chromium or Chrome found: run scripts/setup_browser.py or set COACH_CHROMIUM"
        pytest.fail(reason) if IN_CI else pytest.skip(reason)
    return found
