"""Makes `.venv` with the locked packages and the program in it, and the search index; quick when done.

The Makefile runs it with any Python from 3.11 on; it needs nothing but the standard library:

    python3 scripts/setup_env.py [--dev] [--exact]
"""

import argparse
import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
from collections import deque
from pathlib import Path
from typing import Any

MINIMUM = (3, 11)
# An older Python still parses this file, so that it gets to this line and not to a syntax error.
if sys.version_info < MINIMUM:
    sys.exit(
        f"Python 3.11 or newer is needed, but {sys.executable} is {sys.version.split()[0]}.\n"
        "Install a newer one, or name one you have: make setup PYTHON=python3.12"
    )

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
# What is installed. A venv whose setup was interrupted says so here, and is made anew.
STATE = VENV / "coach-setup.json"
UNFINISHED = "{}"


def main() -> None:
    """Brings `.venv` and the index up to date; exits with a message that says what to do when it cannot."""
    parser = argparse.ArgumentParser(description="Makes .venv with the locked packages, and the index.")
    parser.add_argument("--dev", action="store_true", help="also what tests, lint and types need")
    parser.add_argument("--exact", action="store_true", help="make .venv anew if it is of another Python")
    options = parser.parse_args()
    install("dev" if options.dev else "runtime", exact=options.exact)
    if not index_is_fresh():
        run([BIN / "coach", "index", "build"], "The search index could not be built.")


def index_is_fresh() -> bool:
    """Asking is several times quicker than opening the index to build it."""
    done = subprocess.run([BIN / "coach", "index", "status", "--json"], capture_output=True, check=False)
    return done.returncode == 0 and json.loads(done.stdout)["state"] == "fresh"


def install(lock: str, exact: bool) -> None:
    """Installs `requirements/<lock>.lock` and the project, each only if its content is new to this venv."""
    state = read_state(exact)
    wanted, project = digest(f"requirements/{lock}.lock"), digest("pyproject.toml")
    if wanted in state["locks"] and state["project"] == project:
        return
    STATE.write_text(UNFINISHED, encoding="utf-8")
    locks = state["locks"]
    if wanted not in locks:
        install_lock(f"requirements/{lock}.lock")
        # Every requirement of runtime.lock stands in dev.lock too (kept by a test).
        locks = sorted({wanted, digest("requirements/runtime.lock")})
    say("Installing the program itself")
    command = [*pip_install(), "--quiet", "--no-deps", "--no-build-isolation", "-e", ROOT]
    run(command, "The program could not be installed.")
    STATE.write_text(json.dumps({"root": str(ROOT), "locks": locks, "project": project}), encoding="utf-8")


def read_state(exact: bool) -> dict[str, Any]:
    """What is installed in `.venv`, which is made first when it is missing, unfinished, moved or broken."""
    fresh = {"root": str(ROOT), "locks": [], "project": ""}
    if not VENV.exists():
        make_venv()
        return fresh
    version = venv_version()
    fits = version is not None and version >= MINIMUM and (not exact or version == sys.version_info[:2])
    if not STATE.exists():
        # Somebody's own venv: use it if that is possible, but never remove it.
        if not fits:
            sys.exit(f"{VENV} cannot be used and was not made by make setup. Move it away, then try again.")
        return fresh
    state: dict[str, Any] = json.loads(STATE.read_text(encoding="utf-8") or UNFINISHED)
    # Scripts in a venv name its folder, so they break when the checkout is moved or copied.
    if fits and state.get("root") == str(ROOT):
        return state
    shutil.rmtree(VENV)
    make_venv()
    return fresh


def venv_version() -> tuple[int, ...] | None:
    """(3, 12) for example; None when its Python or pip does not run."""
    code = "import sys, pip; print(*sys.version_info[:2])"
    try:
        done = subprocess.run([BIN / "python", "-I", "-c", code], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return tuple(int(part) for part in done.stdout.split())


def make_venv() -> None:
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        sys.exit(
            f"{sys.executable} lacks venv and ensurepip, which make setup needs. On Debian and Ubuntu:\n"
            f"sudo apt-get install python3.{sys.version_info.minor}-venv. Elsewhere: make setup PYTHON=..."
        )
    say(f"Making .venv with Python {sys.version.split()[0]}")
    VENV.mkdir()
    STATE.write_text(UNFINISHED, encoding="utf-8")
    run([sys.executable, "-m", "venv", VENV], "The virtual environment could not be made.")


def install_lock(lock: str) -> None:
    say(f"Installing the packages of {lock}: one to three minutes the first time")
    # Wheels only: building from source would pull in build tools that no lock names. A lock is complete, so
    # nothing is resolved; pyproject.toml says for which package the lock leaves dependencies out.
    command = [*pip_install(), "--require-hashes", "--only-binary", ":all:", "--no-deps", "-r", lock]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT)
    last: deque[str] = deque(maxlen=15)
    for line in process.stdout or ():
        last.append(line)
        show_progress(line)
    if process.wait() != 0:
        sys.exit("".join(last) + "The packages could not be installed. Check the network, then try again.")


def show_progress(line: str) -> None:
    """One line that changes in place, and only where a person watches."""
    verb, _, rest = line.partition(" ")
    if sys.stderr.isatty() and verb in ("Collecting", "Installing"):
        text = f"{verb.lower()} {rest.split('==')[0].strip()}"[:70]
        print(f"\r\x1b[K    {text}", end="\r", file=sys.stderr, flush=True)


def pip_install() -> list[str | Path]:
    return [BIN / "python", "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]


def run(command: list[str | Path], failure: str) -> None:
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        sys.exit(f"{failure} The reason is above; mend it, then try again.")


def digest(path: str) -> str:
    return hashlib.sha256((ROOT / path).read_bytes()).hexdigest()


def say(text: str) -> None:
    print(f"==> {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
