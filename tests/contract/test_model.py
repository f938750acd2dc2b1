"""`coach feedback` with a language model: a good one, a bad one, an absent one, a missing key."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator

import pytest

from coach.rubric import Rubric
from coach.schema import CODE_CRITERIA
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
    assert engine["usage"] == {"prompt_tokens": 120, "completion_tokens": 40, "cost_usd": 0.0}
    assert {level for id, level in levels(ran).items() if id not in CODE_CRITERIA} == {3}
    assert server.requests[0].headers["Authorization"] == f"Bearer {KEY}"
    assert_key_is_kept(ran)


def test_a_reply_that_cannot_be_read_judges_nothing(
    program: Program, server: ModelServer, rubric: Rubric
) -> None:
    ran = program(*ASK, COACH_MODEL="openai/garbage", COACH_API_BASE=server.api_base)
    assert ran.code == 0
    assert find_faults(ran.object, ANSWER, rubric) == []
    judged = {id for id, level in levels(ran).items() if level is not None}
    assert judged == set(CODE_CRITERIA)
    assert {c["basis"] for c in ran.object["criteria"] if c["level"] is None} == {"unscored"}


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
