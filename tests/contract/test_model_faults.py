"""Whatever a model's server does, feedback ends in time, in a report that holds: the table of faults."""

from __future__ import annotations

import logging
import re
import socket
import time
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from coach import Coach, Report
from coach.config import Settings
from coach.rubric import Rubric
from coach.schema import CODE_CRITERIA, CriterionResult
from tests.contract.fault_table import DEGRADED, EITHER, FINE, PARTLY, ROWS, SHORT, Row
from tests.contract.soundness import find_faults
from tests.factories import ANSWER
from tests.model_server import BEHAVIOURS, CRITERIA, ModelServer

KEY = "sk-secret-that-nobody-may-see"
# The built-in judge's own work, and giving up what is still going on, on a busy machine.
SLACK = 2.0
LONGEST_TEXT = 2000  # characters; the answer has some 700
NO_OUTCOME = (
    "When I ran the web shop of a small outdoor brand, phone visitors left at the delivery step. I watched "
    "forty recordings of their visits, and then I moved the delivery price to the product page."
)
Ask = Callable[..., Report]


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running
    assert running.faults == []


@pytest.fixture(scope="module")
def closed_port() -> Iterator[str]:
    """The address of a port where nobody listens, kept so that nobody else takes it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/v1"


@pytest.fixture(scope="module")
def ask(coach: Coach, server: ModelServer, tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Feedback by a model of the server, which judges and coaches; nothing is remembered between calls."""

    def feedback(model: str, answer: str = ANSWER, timeout: float = 30.0, base: str | None = None) -> Report:
        variables = {
            "COACH_DATA_DIR": str(tmp_path_factory.mktemp("data")),
            "COACH_MODEL": f"openai/{model}",
            "COACH_API_BASE": base or server.api_base,
            "COACH_TIMEOUT": str(timeout),
            "COACH_REPORT_TIMEOUT": str(2 * timeout),
            "COACH_CACHE_MB": "0",
        }
        own = Coach(Settings.from_env(variables))
        own.engines = coach.engines  # opening them takes a second each time
        return own.feedback("q13", answer)

    return feedback


@pytest.fixture(scope="module")
def good(ask: Ask) -> Report:
    """With a model that does as it is asked; the first call loads litellm, outside any row's time."""
    return ask("good")


@pytest.fixture(scope="module")
def built_in(coach: Coach) -> Report:
    return coach.feedback("q13", ANSWER)


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_fault_ends_in_a_report_that_holds(
    row: Row,
    ask: Ask,
    server: ModelServer,
    closed_port: str,
    good: Report,
    built_in: Report,
    rubric: Rubric,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = len(server.requests)
    began = time.perf_counter()
    with caplog.at_level(logging.DEBUG):
        report = ask(row.name, timeout=row.timeout, base=closed_port if row.name == "gone" else None)
    assert time.perf_counter() - began < 2 * row.timeout + SLACK
    assert_sound(report, rubric)
    assert report.engine.judge in ("evidence", f"openai/{row.name}")
    assert_asked_within_bounds(server, before, row)
    assert_nothing_leaked(report, row, caplog.text + "".join(capfd.readouterr()))
    misses = {
        outcome: list(find_misses(outcome, row, report, good, built_in))
        for outcome in (DEGRADED, PARTLY, FINE)
    }
    if row.then == EITHER:
        assert [] in misses.values(), misses
    else:
        assert misses[row.then] == []


def assert_sound(report: Report, rubric: Rubric, answer: str = ANSWER) -> None:
    assert find_faults(report.model_dump(mode="json", by_alias=True), answer, rubric) == []
    assert report == Report.model_validate_json(report.to_json())
    usage = report.engine.usage
    assert usage is None or min(usage.prompt_tokens, usage.completion_tokens, usage.cost_usd) >= 0


def assert_asked_within_bounds(server: ModelServer, before: int, row: Row) -> None:
    arrived = server.requests[before:]
    kinds = [request.kind for request in arrived]
    assert "judging" in kinds or row.name == "gone"
    assert max(kinds.count("judging"), kinds.count("coaching")) <= row.tries, kinds
    for request in arrived:  # "localhost" stands for somebody else's host, to which a redirect leads
        if request.headers["Host"].startswith("localhost"):
            assert KEY not in str(request.headers)
            assert not request.body, "the answer went to another host"


def assert_nothing_leaked(report: Report, row: Row, printed: str) -> None:
    assert "Traceback" not in printed
    for secret in (KEY, "phone visitors kept leaving"):
        assert secret not in printed
    told = list(find_texts(report.model_dump(mode="json")))
    for text in told:
        assert len(text) <= LONGEST_TEXT
        assert not [c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c != "\n"]
        assert not [word for word in (KEY, *row.never) if word in text and text != f"openai/{row.name}"]


def find_texts(node: Any) -> Iterator[str]:
    """Every string of a report, however deep."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            yield from find_texts(child)


def find_misses(outcome: str, row: Row, report: Report, good: Report, built_in: Report) -> Iterator[str]:
    """What keeps a report from being this outcome of the row."""
    if report.engine.degraded != (outcome == DEGRADED):
        yield f"degraded is {report.engine.degraded}"
    if outcome == DEGRADED:
        if [_judged(found) for found in report.criteria] != [_judged(own) for own in built_in.criteria]:
            yield "the levels are not the built-in judge's"
        told = " ".join(warning.message for warning in report.warnings)
        if not told or not re.search(row.says, told, re.IGNORECASE):
            yield f"the warnings do not tell what to do: {told!r}"
        return
    for criterion in CRITERIA:
        found, code, model = (r.criterion(criterion) for r in (report, built_in, good))
        if outcome == PARTLY and criterion in row.touched:
            if found.level is not None and (found.level, found.why) != (code.level, code.why):
                yield f"{criterion} is {found.level} by the model: {found.why}"
        elif row.given is not None:
            if found.level not in range(min(row.given, code.level), max(row.given, code.level) + 1):
                yield f"{criterion} is {found.level}, neither given nor seen by code"
        elif (found.level, found.basis, found.evidence) != (model.level, model.basis, model.evidence):
            yield f"{criterion} is {found.level} ({found.basis}) where {model.level} is right"
    for criterion in CODE_CRITERIA:
        if report.criterion(criterion).level != built_in.criterion(criterion).level:
            yield f"{criterion} is not code's own"


def _judged(result: CriterionResult) -> tuple[object, ...]:
    """What a judge says; the next step may be worded by a model whose advice did arrive."""
    return result.id, result.level, result.basis, result.evidence, result.why


def test_the_table_is_of_all_that_the_server_can_do() -> None:
    names = [row.name for row in ROWS]
    assert sorted(names) == sorted({*BEHAVIOURS, "gone"})
    assert len(names) > 34
    assert {row.timeout for row in ROWS} > {SHORT}


@pytest.mark.parametrize("model", ["all-fives", "all-fives-unproven", "whole-answer-quotes"])
def test_flattery_does_not_lift_what_is_not_told(ask: Ask, rubric: Rubric, coach: Coach, model: str) -> None:
    """No outcome stands in this answer, so code caps the level of one."""
    report = ask(model, NO_OUTCOME)
    assert_sound(report, rubric, NO_OUTCOME)
    assert (report.criterion("result").level or 0) < 4
    metrics = coach.feedback("q13", NO_OUTCOME).criterion("metrics")
    assert report.criterion("metrics").level == metrics.level
