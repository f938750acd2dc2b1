"""The real program in a child process, as a stranger would run it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from coach.rubric import Rubric, load_rubric
from tests.conftest import REPO_ROOT

ESCAPE = "\x1b"


class Ran(NamedTuple):
    """A run that has ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def object(self) -> Any:
        """What was printed, read as JSON."""
        return json.loads(self.stdout)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What was printed, read as one JSON object a line."""
        return [json.loads(line) for line in self.stdout.splitlines()]


Program = Callable[..., Ran]


@pytest.fixture
def program(clean_env: dict[str, str]) -> Program:
    """Runs `coach ARGUMENTS`; keywords are `stdin` and environment variables.

    No run may print a traceback or colour a pipe, whatever it is given.
    """

    def run(*arguments: str | Path, stdin: bytes = b"", **variables: str | Path) -> Ran:
        ended = subprocess.run(
            [sys.executable, "-m", "coach", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            cwd=REPO_ROOT,
            env={**clean_env, **{name: str(value) for name, value in variables.items()}},
            timeout=120,
            check=False,
        )
        ran = Ran(ended.returncode, ended.stdout.decode("utf-8"), ended.stderr.decode("utf-8"))
        assert "Traceback" not in ran.stderr + ran.stdout, ran.stderr
        assert ESCAPE not in ran.stdout + ran.stderr
        return ran

    return run


@pytest.fixture(scope="session")
def rubric() -> Rubric:
    return load_rubric(REPO_ROOT / "knowledge" / "rubric.toml")
