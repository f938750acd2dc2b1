"""Without a model nothing leaves the machine, and tests cannot reach the network either."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from tests.network_guard import NetworkGuard, NetworkReachedError

REPO_ROOT = Path(__file__).resolve().parent.parent
# Reserved for documentation: nobody answers there.
FOREIGN_ADDRESS = "192.0.2.1"
FOREIGN_NAME = "nobody.example"

ANSWER = (
    "In spring our web shop lost many phone visitors on the shipping page. I was responsible for the "
    "checkout. I compared session recordings with the funnel report, moved the shipping costs to the product "
    "page and tested the change against the old page for two weeks. The conversion rate on phones went from "
    "1.4 % to 1.9 % and we kept the new page. I learned to show costs early."
)

# Runs `python -m coach ARGUMENTS` and writes down every host its Python code asks for.
RECORDER = """
import runpy, sys
from tests.network_guard import foreign_host
log = open(sys.argv[1], "w", buffering=1)
def record(event, arguments):
    host = foreign_host(event, arguments)
    if host is not None:
        log.write(f"{event} {host}\\n")
sys.addaudithook(record)
sys.argv = sys.argv[2:]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""


async def connect_with_asyncio() -> None:
    await asyncio.open_connection(FOREIGN_ADDRESS, 80)


def send_datagram() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"x", (FOREIGN_ADDRESS, 53))


def connect_by_name() -> None:
    with socket.socket() as sock:
        sock.connect((FOREIGN_NAME, 80))


@pytest.mark.parametrize(
    "reach_out",
    [
        lambda: socket.create_connection((FOREIGN_ADDRESS, 80)),
        lambda: socket.getaddrinfo(FOREIGN_NAME, 443),
        lambda: socket.gethostbyname(FOREIGN_NAME),
        lambda: asyncio.run(connect_with_asyncio()),
        send_datagram,
        connect_by_name,
    ],
    ids=["connection", "getaddrinfo", "gethostbyname", "asyncio", "datagram", "name"],
)
def test_tests_cannot_reach_the_network(reach_out: Callable[[], object], network_guard: NetworkGuard) -> None:
    with pytest.raises(NetworkReachedError, match=f"{FOREIGN_ADDRESS}|{FOREIGN_NAME}"):
        reach_out()
    assert network_guard.attempts
    network_guard.attempts.clear()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_tests_reach_servers_on_this_machine(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        server = socket.create_server((host, 0), family=family)
    except OSError:
        pytest.skip(f"{host} does not exist here")
    with server, socket.create_connection((host, server.getsockname()[1])) as client:
        assert client.getpeername()[1] == server.getsockname()[1]


@pytest.fixture
def offline_env(clean_env: dict[str, str]) -> dict[str, str]:
    """As after a fresh install: without the proxies that would hide where a request was to go."""
    env = {name: value for name, value in clean_env.items() if not name.lower().endswith("_proxy")}
    return {**env, "PYTHONPATH": str(REPO_ROOT)}


@pytest.fixture
def feedback_command(tmp_path: Path) -> list[str]:
    answer = tmp_path / "answer.txt"
    answer.write_text(ANSWER, encoding="utf-8")
    return [
        "coach",
        "feedback",
        "--role",
        "e-commerce-manager",
        "--question",
        "q13",
        "--answer",
        str(answer),
        "--json",
    ]


def run(command: list[str], env: dict[str, str], cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)


def report_of(done: subprocess.CompletedProcess[str]) -> dict[str, object]:
    assert done.returncode == 0, done.stderr
    report: dict[str, object] = json.loads(done.stdout)
    engine = report["engine"]
    assert isinstance(engine, dict)
    engine.pop("elapsed_ms")
    return report


def test_feedback_asks_for_no_host(
    tmp_path: Path, data_dir: Path, offline_env: dict[str, str], feedback_command: list[str]
) -> None:
    log = tmp_path / "hosts.txt"
    # An empty data folder: building the index is part of what must stay at home.
    env = {**offline_env, "COACH_DATA_DIR": str(data_dir)}
    report_of(run([sys.executable, "-c", RECORDER, str(log), *feedback_command], env, tmp_path))
    assert log.read_text(encoding="utf-8") == ""


def test_the_recorder_notices_a_request(tmp_path: Path, offline_env: dict[str, str]) -> None:
    (tmp_path / "leaky.py").write_text(
        f"import socket\nsocket.getaddrinfo('{FOREIGN_ADDRESS}', 80)", encoding="utf-8"
    )
    env = {**offline_env, "PYTHONPATH": f"{REPO_ROOT}:{tmp_path}"}
    log = tmp_path / "hosts.txt"
    run([sys.executable, "-c", RECORDER, str(log), "leaky"], env, tmp_path)
    assert log.read_text(encoding="utf-8") == f"socket.getaddrinfo {FOREIGN_ADDRESS}\n"


def foreign_connections(trace: str) -> list[str]:
    """Lines of an strace log that name an internet address beyond this machine, or a name server."""
    internet = [line for line in trace.splitlines() if "AF_INET" in line]
    here = re.compile(r'inet_addr\("(127\.|0\.0\.0\.0)|"::1?"')
    return [line for line in internet if "htons(53)" in line or not here.search(line)]


def traced(command: list[str], log: Path) -> list[str]:
    """The command under strace, which also sees what compiled code does; skips where that is not possible."""
    strace = shutil.which("strace")
    if (
        strace is None
        or subprocess.run([strace, "-o", str(log), "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("strace is not installed or may not trace here")
    return [strace, "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o", str(log), *command]


@pytest.mark.slow
def test_compiled_parts_open_no_connection_either(
    tmp_path: Path, data_dir: Path, offline_env: dict[str, str], feedback_command: list[str]
) -> None:
    log = tmp_path / "trace.txt"
    env = {**offline_env, "COACH_DATA_DIR": str(data_dir)}
    report_of(run(traced([sys.executable, "-m", *feedback_command], log), env, tmp_path))
    assert foreign_connections(log.read_text(encoding="utf-8", errors="replace")) == []


@pytest.mark.slow
def test_the_trace_notices_a_connection(tmp_path: Path, offline_env: dict[str, str]) -> None:
    log = tmp_path / "trace.txt"
    code = f"import socket; s = socket.socket(2, 2); s.connect(('{FOREIGN_ADDRESS}', 9))"
    run(traced([sys.executable, "-c", code], log), offline_env, tmp_path)
    assert len(foreign_connections(log.read_text(encoding="utf-8"))) == 1


@pytest.mark.slow
def test_a_machine_without_a_network_gets_the_same_report(
    tmp_path: Path, offline_env: dict[str, str], feedback_command: list[str]
) -> None:
    isolated = ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") is None or run([*isolated, "true"], offline_env, tmp_path).returncode:
        pytest.skip("this system lets nobody make a network namespace")
    command = [sys.executable, "-m", *feedback_command]
    alone = report_of(run([*isolated, *command], offline_env, tmp_path))
    assert alone == report_of(run(command, offline_env, tmp_path))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def served_page(log: Path, env: dict[str, str], cwd: Path) -> Iterator[str]:
    """The page's address while its server runs, with every host that the server asks for written to `log`."""
    port = free_port()
    page = [str(REPO_ROOT / "streamlit_app.py"), "--server.address=127.0.0.1", f"--server.port={port}"]
    command = [sys.executable, "-c", RECORDER, str(log), "streamlit", "run", *page]
    # The server finds its settings in .streamlit of its working folder, as under `coach app`.
    shutil.copytree(REPO_ROOT / ".streamlit", cwd / ".streamlit")
    with subprocess.Popen(
        command, cwd=cwd, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as server:
        try:
            wait_for(port, server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Returns when something listens there; fails when the server ends first."""
    while server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the page's server ended: {server.stderr.read().decode() if server.stderr else ''}")


@pytest.mark.browser
@pytest.mark.slow
def test_the_page_asks_for_no_host(
    tmp_path: Path, data_dir: Path, offline_env: dict[str, str], chromium_path: Path
) -> None:
    log = tmp_path / "hosts.txt"
    env = {**offline_env, "COACH_DATA_DIR": str(data_dir)}
    asked: set[str] = set()
    with (
        served_page(log, env, tmp_path) as address,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"]) as browser,
    ):
        page = browser.new_page()
        page.on("request", lambda request: asked.add(request.url))
        page.on("websocket", lambda websocket: asked.add(websocket.url))
        page.goto(address)
        page.get_by_label("Your answer").fill(ANSWER)
        page.get_by_label("Your answer").press("Control+Enter")
        page.get_by_role("article", name="Feedback").wait_for(timeout=90_000)
    assert {urlsplit(url).hostname for url in asked if not url.startswith(("data:", "blob:"))} == {
        "127.0.0.1"
    }
    assert log.read_text(encoding="utf-8") == ""
