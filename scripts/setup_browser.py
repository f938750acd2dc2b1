"""Finds a Chromium for the browser tests, or installs one; quick when there is one already.

Run by `make test` with the project's own Python. In turn: COACH_CHROMIUM, a browser on the PATH, one that
an earlier run put into `.venv/browsers`; else the system's package (Debian and Ubuntu, as root or with
sudo that asks nothing), else Playwright's own download into `.venv/browsers`.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_APPS = ("Google Chrome.app/Contents/MacOS/Google Chrome", "Chromium.app/Contents/MacOS/Chromium")
BROWSERS = Path(__file__).resolve().parent.parent / ".venv" / "browsers"
DOWNLOADED = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")


def find_browser(environ: Mapping[str, str]) -> Path | None:
    """The first browser that starts; COACH_CHROMIUM alone counts when it is set."""
    named = environ.get("COACH_CHROMIUM")
    candidates = [Path(named)] if named else known_places(environ)
    return next((path for path in candidates if starts(path)), None)


def known_places(environ: Mapping[str, str]) -> Iterator[Path]:
    for name in NAMES:
        if found := shutil.which(name, path=environ.get("PATH")):
            yield Path(found)
    yield from (Path("/Applications") / app for app in MAC_APPS)
    for pattern in DOWNLOADED:
        yield from sorted(BROWSERS.glob(pattern), reverse=True)


def starts(path: Path) -> bool:
    """Whether it says its version: some systems put a stub there that only points to a store."""
    try:
        return (
            subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


def install_from_system() -> None:
    """Debian's and Ubuntu's package; does nothing elsewhere, or when a password would be asked for."""
    apt = shutil.which("apt-get")
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if apt is None or (prefix and shutil.which("sudo") is None):
        return
    attempt([*prefix, apt, "update", "-qq"])
    attempt([*prefix, "env", "DEBIAN_FRONTEND=noninteractive", apt, "install", "-y", "-qq", "chromium"])


def install_from_playwright() -> None:
    system_libraries = ["--with-deps"] if sys.platform == "linux" and os.geteuid() == 0 else []
    attempt([sys.executable, "-m", "playwright", "install", *system_libraries, "chromium"])


def attempt(command: list[str]) -> None:
    say(" ".join(command))
    environ = {**os.environ, "PLAYWRIGHT_BROWSERS_PATH": str(BROWSERS)}
    # Its chatter goes to stderr; whether it worked shows in whether a browser starts afterwards.
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, env=environ, check=False)


def say(text: str) -> None:
    print(f"==> {text}", file=sys.stderr, flush=True)


def main() -> int:
    if find_browser(os.environ):
        return 0
    if named := os.environ.get("COACH_CHROMIUM"):
        say(f"COACH_CHROMIUM is {named}, which does not start. Correct it or unset it.")
        return 1
    for install in (install_from_system, install_from_playwright):
        install()
        if found := find_browser(os.environ):
            say(f"The browser tests will use {found}")
            return 0
    say("No browser for the browser tests: install Chromium or Chrome, or set COACH_CHROMIUM to its path.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
