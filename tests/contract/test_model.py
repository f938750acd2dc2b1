"""`coach feedback` with a language model: a good one, a bad one, an absent one, a missing key."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from coach.rubric import Rubric
from coach.schema import CODE_CRITERIA
from tests.conftest import REPO_ROOT
from tests.contract.conftest import Program, Ran
from tests.contract.soundness import find_faults
from tests.factories import ANSWER
from tests.model_server import ModelServer

KEY = "sk-secret-that-nobody-may-see"
ASK = ("feedback", "--question", "q13", "--text", ANSWER, "--json")


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


def assert_key_is_kept(ran: Ran) -> None:
    assert KEY not in ran.stdout + ran.stderr


def levels(ran: Ran) -> dict[str, int | None]:
    return {criterion["id"]: criterion["level"] for criterion in ran.object["criteria"]}


def test_a_good_reply_is_named_counted_and_checked(
    program: Program, server: ModelServer, rubric: Rubric
) -> None:
    ran = program(*ASK, "--judge", "openai/good", COACH_API_BASE=server.api_base, OPENAI_API_KEY=KEY)
    assert (ran.code, ran.stderr) == (0, "")
    report = ran.object
    assert find_faults(report, ANSWER, rubric) == []
    engine = report["engine"]
    assert (engine["judge"], engine["degraded"]) == ("openai/good", False)
    assert re.fullmatch(r"assess@\d+:[0-9a-f]{6,}", engine["prompt"])
    assert (engine["adviser"], engine["samples"], engine["reused"]) == ("openai/good", 1, False)
    assert re.fullmatch(r"coaching@\d+:[0-9a-f]{6,}", engine["adviser_prompt"])
    assert engine["usage"] == {"prompt_tokens": 240, "completion_tokens": 80, "cost_usd": 0.0}
    own = program(*ASK, "--judge", "evidence")
    for id, level in levels(ran).items():
        if id not in CODE_CRITERIA:
            assert level in range(min(3, levels(own)[id]), max(3, levels(own)[id]) + 1)
    assert [request.kind for request in server.requests].count("judging") == 1
    assert server.requests[0].headers["Authorization"] == f"Bearer {KEY}"
    assert_key_is_kept(ran)


def test_a_reply_that_cannot_be_read_leaves_the_built_in_report(
    program: Program, server: ModelServer, rubric: Rubric
) -> None:
    ran = program(*ASK, COACH_MODEL="openai/garbage", COACH_API_BASE=server.api_base)
    assert ran.code == 0
    assert find_faults(ran.object, ANSWER, rubric) == []
    assert ran.object["engine"]["degraded"] is True
    assert ran.object["criteria"] == program(*ASK, "--judge", "evidence").object["criteria"]
    assert "could not be read" in ran.object["warnings"][0]["message"]


def test_a_model_that_is_down_costs_nothing_but_its_own_opinion(program: Program, rubric: Rubric) -> None:
    with socket.socket() as taken:  # bound and not listening: a connection is refused
        taken.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        line = json.dumps({"id": "a", "question": "q13", "answer": ANSWER}).encode()
        ran = program(
            "feedback", "--batch", "-", "--json", "--judge", "openai/gone",
            stdin=line, COACH_API_BASE=base, OPENAI_API_KEY=KEY, COACH_TIMEOUT="5",
        )  # fmt: skip
    assert ran.code == 0
    report = ran.object
    assert find_faults(report, ANSWER, rubric) == []
    assert (report["engine"]["judge"], report["engine"]["degraded"]) == ("evidence", True)
    assert "model_unavailable" in [warning["code"] for warning in report["warnings"]]
    assert None not in levels(ran).values()
    assert_key_is_kept(ran)


def test_a_refused_key_is_not_repeated(program: Program, server: ModelServer) -> None:
    ran = program(*ASK, "--judge", "openai/401", COACH_API_BASE=server.api_base, OPENAI_API_KEY=KEY)
    assert ran.code == 0
    assert ran.object["engine"]["degraded"] is True
    assert any("key was refused" in warning["message"] for warning in ran.object["warnings"])
    assert_key_is_kept(ran)


@pytest.mark.parametrize(
    ("model", "expected"),
    [("nobody-makes-this-model", "is not known"), ("openai/gpt-4o-mini", "OPENAI_API_KEY")],
)
def test_a_model_that_cannot_be_asked_is_a_wrong_setting(program: Program, model: str, expected: str) -> None:
    ran = program("feedback", "--batch", "-", "--judge", model, "--json", stdin=b"{}")
    assert (ran.code, ran.stdout) == (3, "")
    assert expected in ran.stderr
    assert len(ran.stderr.splitlines()) == 2


def test_asking_again_costs_nothing_and_says_so(
    program: Program, server: ModelServer, tmp_path: Path, clean_env: dict[str, str]
) -> None:
    asked = {"COACH_MODEL": "openai/good", "COACH_API_BASE": server.api_base, "OPENAI_API_KEY": KEY}
    first = program(*ASK, COACH_DATA_DIR=tmp_path, **asked)
    again, third = (program(*ASK, COACH_DATA_DIR=tmp_path, **asked) for _ in range(2))
    assert len(server.requests) == 2
    assert first.object["engine"]["reused"] is False
    assert again.object["engine"]["reused"] is True
    assert again.object["engine"]["usage"] == {"prompt_tokens": 0, "completion_tokens": 0, "cost_usd": 0.0}
    assert [w["code"] for w in again.object["warnings"]].count("reply_reused") == 1
    elapsed = re.compile(r'"elapsed_ms":\d+')
    assert elapsed.sub("", again.stdout) == elapsed.sub("", third.stdout)
    for part in ("criteria", "overall", "follow_ups", "rewrite", "priorities"):
        assert again.object[part] == first.object[part]


def test_one_model_may_advise_while_the_levels_stay_the_built_in_judges(
    program: Program, server: ModelServer
) -> None:
    ran = program(*ASK, COACH_JUDGE="evidence", COACH_MODEL="openai/good", COACH_API_BASE=server.api_base)
    own = program(*ASK, "--judge", "evidence").object
    assert levels(ran) == {criterion["id"]: criterion["level"] for criterion in own["criteria"]}
    assert ran.object["overall"] == own["overall"]
    engine = ran.object["engine"]
    assert (engine["judge"], engine["prompt"], engine["adviser"]) == ("evidence", None, "openai/good")
    assert [request.kind for request in server.requests] == ["coaching"]


def test_several_samples_are_asked_for_and_counted(program: Program, server: ModelServer) -> None:
    ran = program(*ASK, COACH_MODEL="openai/good", COACH_SAMPLES="3", COACH_API_BASE=server.api_base)
    assert ran.object["engine"]["samples"] == 3
    assert ran.object["overall"]["margin"] == 0.0
    seeds = [request.body["seed"] for request in server.requests if request.kind == "judging"]
    assert sorted(seeds) == [0, 1, 2]


def test_facts_and_length_reach_the_adviser(program: Program, server: ModelServer) -> None:
    ran = program(
        *ASK, "--fact", "9,000 visitors a month", "--fact", "two shops", "--words", "70",
        COACH_MODEL="openai/good", COACH_API_BASE=server.api_base,
    )  # fmt: skip
    assert ran.code == 0
    told = next(r.body["messages"][-1]["content"] for r in server.requests if r.kind == "coaching")
    assert "\n- 9,000 visitors a month\n- two shops\n" in told
    assert "tighter version: 70." in told


@pytest.mark.parametrize("words", ["39", "401", "-1"])
def test_a_length_that_is_none_is_refused(program: Program, words: str) -> None:
    ran = program(*ASK, "--words", words)
    assert (ran.code, ran.stdout) == (2, "")
    assert "--words" in ran.stderr


# ---- a batch -----------------------------------------------------------------------------------------


class Gathering:
    """A server that answers nobody before `wanted` requests are there at once."""

    def __init__(self, wanted: int) -> None:
        self.barrier = threading.Barrier(wanted)
        self.arrived = threading.Event()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: object) -> None:
                pass

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                owner.arrived.set()
                with suppress(threading.BrokenBarrierError):
                    owner.barrier.wait(30)
                self.send_response(401)
                self.end_headers()

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def api_base(self) -> str:
        return f"http://127.0.0.1:{self.http.server_port}/v1"


def test_lines_of_a_batch_are_with_the_model_at_once_and_come_out_in_order(program: Program) -> None:
    server = Gathering(8)  # two requests each for four lines
    lines = [json.dumps({"id": f"a{n}", "question": "q13", "answer": ANSWER}) for n in range(8)]
    ran = program(
        "feedback", "--batch", "-", "--json", stdin="\n".join(lines).encode(),
        COACH_MODEL="openai/m", COACH_API_BASE=server.api_base, COACH_CONCURRENCY="4", COACH_CACHE_MB="0",
    )  # fmt: skip
    assert not server.barrier.broken
    assert [line["id"] for line in ran.lines] == [f"a{n}" for n in range(8)]
    assert {line["engine"]["degraded"] for line in ran.lines} == {True}


def test_ctrl_c_ends_a_batch_at_once(clean_env: dict[str, str]) -> None:
    server = Gathering(99)  # so that no request is ever answered
    lines = [json.dumps({"id": n, "question": "q13", "answer": ANSWER}) for n in range(20)]
    env = {**clean_env, "COACH_MODEL": "openai/m", "COACH_API_BASE": server.api_base}
    with subprocess.Popen(
        [sys.executable, "-m", "coach", "feedback", "--batch", "-", "--json"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=REPO_ROOT, env=env,
    ) as running:  # fmt: skip
        assert running.stdin is not None and running.stderr is not None
        running.stdin.write("\n".join(lines).encode())
        running.stdin.close()
        assert server.arrived.wait(60)
        running.send_signal(signal.SIGINT)
        began = time.monotonic()
        assert running.wait(40) == 130
        assert time.monotonic() - began < 20  # most of it is the interpreter taking itself apart
        assert b"Traceback" not in running.stderr.read()
