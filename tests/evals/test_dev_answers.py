"""256 real answers, messy and often weak, through the real program in one batch, twice."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from coach.rubric import load_rubric
from tests.conftest import REPO_ROOT
from tests.contract.soundness import find_faults

pytestmark = pytest.mark.slow
ELAPSED = re.compile(r'"elapsed_ms":\d+')


def run_batch(file: Path, environment: dict[str, str]) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", "coach", "feedback", "--batch", str(file), "--json"],
        capture_output=True,
        cwd=REPO_ROOT,
        env=environment,
        timeout=300,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    return ended.stdout.decode("utf-8")


def test_every_answer_gets_a_sound_report_and_always_the_same(
    dev_data: Path, clean_env: dict[str, str]
) -> None:
    file = dev_data / "answers" / "dev.jsonl"
    requests = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    first = run_batch(file, clean_env)
    lines: list[dict[str, Any]] = [json.loads(line) for line in first.splitlines()]
    assert len(requests) == 256
    assert [line["id"] for line in lines] == [request["id"] for request in requests]

    errors = [line["error"]["code"] for line in lines if "error" in line]
    assert errors == ["answer_too_short"] * 5
    rubric = load_rubric(REPO_ROOT / "knowledge" / "rubric.toml")
    faults = {
        line["id"]: find_faults(line, request["answer"], rubric)
        for line, request in zip(lines, requests, strict=True)
        if "error" not in line
    }
    assert {id: found for id, found in faults.items() if found} == {}

    assert ELAPSED.sub("", run_batch(file, clean_env)) == ELAPSED.sub("", first)
