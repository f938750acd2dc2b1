"""Starts the page's server as a child process, so that its own settings file applies."""

from __future__ import annotations

import contextlib
import errno
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import webbrowser
from collections.abc import Iterator, Mapping

from coach.config import Settings, environment_of, resource_root
from coach.errors import ConfigError

LOCAL = "127.0.0.1"
DEFAULT_PORT = 8501
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - only compared with
_PATIENCE = 60.0
_GRACE = 5.0
_ANY_PORT = 0
_CLEAN_ENDS = (0, -signal.SIGINT, -signal.SIGTERM)


def run_app(
    settings: Settings, host: str | None = None, port: int | None = None, open_browser: bool = True
) -> int:
    """Serves the page until Ctrl+C and returns the exit code: 0, or the server's own when it failed.

    Raises ConfigError when `port` is taken or `host` is no address of this machine.
    """
    environment = environment_of(settings)
    host = host or environment.get("STREAMLIT_SERVER_ADDRESS") or LOCAL
    port = choose_port(host, port, environment)
    server = subprocess.Popen(  # noqa: S603 - our own interpreter and our own script
        _command(host, port), cwd=resource_root(), env=environment, stdout=subprocess.DEVNULL
    )
    with _ended_with_us(server):
        _welcome(server, host, port, open_browser)
        server.wait()
    return 0 if server.returncode in _CLEAN_ENDS else server.returncode


def _welcome(server: subprocess.Popen[bytes], host: str, port: int, open_browser: bool) -> None:
    if not _wait_until_ready(server, host, port):
        return
    address = f"http://{_bracketed(_reachable(host))}:{port}"
    _say(f"The coach is at {address} (Ctrl+C ends it)")
    if not _is_local(host):
        _warn(f"It listens on {host}: whoever reaches that address can read and delete your drafts.")
    if open_browser:
        webbrowser.open(address)


def _command(host: str, port: int) -> list[str]:
    # On another address the page goes by a name that only its user knows.
    names = [] if _is_local(host) else ["--server.allowedHosts=*"]
    return [
        *(sys.executable, "-m", "streamlit", "run", str(resource_root() / "streamlit_app.py")),
        *("--server.headless=true", f"--server.address={host}", f"--server.port={port}"),
        *(f"--browser.serverAddress={_reachable(host)}", "--browser.gatherUsageStats=false", *names),
    ]


def choose_port(host: str, port: int | None, environment: Mapping[str, str]) -> int:
    """The port to serve on: the one asked for, here or in the environment; else the default or, where that
    is taken, a free one. Raises ConfigError as `run_app` does."""
    wanted = port if port is not None else _number(environment.get("STREAMLIT_SERVER_PORT"))
    if wanted is not None:
        if not _is_free(host, wanted):
            raise ConfigError(
                "port_taken",
                f"Port {wanted} of {host} cannot be used: another program has it, or it needs more rights.",
                "Name another one with --port, or leave --port out and a free one is found.",
            )
        return wanted
    if _is_free(host, DEFAULT_PORT):
        return DEFAULT_PORT
    with _bound(host, _ANY_PORT) as free:
        found = int(free.getsockname()[1])
    _warn(f"Port {DEFAULT_PORT} is taken, so this one uses {found}.")
    return found


def _is_free(host: str, port: int) -> bool:
    try:
        with _bound(host, port):
            return 0 < port < 65_536
    except OSError:
        return False


def _bound(host: str, port: int) -> socket.socket:
    """A socket bound there; raises ConfigError when `host` is no address of this machine."""
    if not 0 <= port < 65_536:
        raise OSError(f"{port} is no port")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise _not_here(host) from error
    found = socket.socket(family, kind, protocol)
    try:
        # As servers do: a port whose last connections are only fading out counts as free.
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
    except OSError as error:
        found.close()
        if error.errno == errno.EADDRNOTAVAIL:
            raise _not_here(host) from error
        raise
    return found


def _not_here(host: str) -> ConfigError:
    message = f"{host!r} is not an address of this machine."
    return ConfigError("bad_host", message, f"Leave --host out to use {LOCAL}.")


def _wait_until_ready(server: subprocess.Popen[bytes], host: str, port: int) -> bool:
    """Whether the server answers before it ends or patience does."""
    # Straight to this machine, whatever proxy the environment names.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    place = LOCAL if host in _EVERYWHERE else host
    health = f"http://{_bracketed(place)}:{port}/_stcore/health"
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), opener.open(health, timeout=2):
            return True
        time.sleep(0.1)
    return False


@contextlib.contextmanager
def _ended_with_us(server: subprocess.Popen[bytes]) -> Iterator[None]:
    """Ends the server when this process is interrupted or told to end, and leaves none behind."""
    with contextlib.suppress(ValueError):  # raised outside the main thread
        signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    except KeyboardInterrupt:
        _say("")
    finally:
        _end(server)


def _interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _end(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.terminate()
    try:
        server.wait(_GRACE)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _is_local(host: str) -> bool:
    return host in (LOCAL, "localhost", "::1")


def _reachable(host: str) -> str:
    """The name under which a browser here finds a server on `host`."""
    return "localhost" if _is_local(host) or host in _EVERYWHERE else host


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _warn(line: str) -> None:
    sys.stderr.write(line + "\n")
