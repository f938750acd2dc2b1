"""Models are asked side by side, what one writes is passed on as it comes, and closing ends both."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from coach import Coach
from coach.adviser import ModelAdviser
from coach.consulting import Models
from coach.errors import CancelledError, ModelError
from coach.feedback import Request, stream_feedback
from coach.judges.model import ModelJudge
from coach.llm import Completion, Limit, Listener, Message
from coach.llm_scripted import ScriptedCompleter
from coach.prompts import load_prompt
from coach.rewrite_gate import open_rewrite_gate
from coach.roles import find_question
from coach.rubric import load_rubric
from coach.schema import Delta, Report, Usage
from tests.conftest import REPO_ROOT
from tests.factories import ANSWER
from tests.model_server import coaching_text, reply_for

JUDGED = json.dumps(reply_for(ANSWER))
ADVISED = coaching_text({"messages": [{"role": "user", "content": ANSWER}]})
Stream = Iterator[Report | Delta]


class Model(ScriptedCompleter):
    """Says when it was asked, waits until it may answer, and says whether it was called off."""

    def __init__(self, reply: str | Exception, meets: threading.Barrier | None = None) -> None:
        super().__init__(())
        self._reply = reply
        self._meets = meets
        self.asked, self.go = threading.Event(), threading.Event()
        self.was_called_off = threading.Event()
        self.limits: list[Limit | None] = []

    def complete(
        self,
        messages: Sequence[Message],
        schema: Any = None,
        *,
        seed: int = 0,
        limit: Limit | None = None,
        listener: Listener | None = None,
    ) -> Completion:
        self.limits.append(limit)
        self.asked.set()
        if self._meets:
            self._meets.wait(10)
        self._wait(limit)
        if isinstance(self._reply, Exception):
            raise self._reply
        if listener is not None:
            listener.begin()
            for line in self._reply.splitlines(keepends=True):
                listener.hear(line)
        return Completion(self._reply, Usage(prompt_tokens=5, completion_tokens=2), "m", "stop")

    def _wait(self, limit: Limit | None) -> None:
        while not self.go.wait(0.01):
            try:
                if limit is not None:
                    limit.check()
            except CancelledError:
                self.was_called_off.set()
                raise


def ready(reply: str | Exception) -> Model:
    """One that need not be told to go."""
    model = Model(reply)
    model.go.set()
    return model


@pytest.fixture
def ask(coach: Coach) -> Callable[..., Stream]:
    """The stream of a report by these models."""
    prompts = {name: load_prompt(REPO_ROOT / "prompts", name) for name in ("assess", "repair", "coaching")}
    rubric = load_rubric(REPO_ROOT / "knowledge" / "rubric.toml")
    gate = open_rewrite_gate(REPO_ROOT / "knowledge")
    role = coach.role()

    def start(
        judge: ScriptedCompleter | None, adviser: ScriptedCompleter | None, seconds: float = 30
    ) -> Stream:
        models = Models(
            judge and ModelJudge(judge, prompts["assess"], prompts["repair"], rubric),
            adviser and ModelAdviser(adviser, prompts["coaching"], rubric, gate),
            seconds,
        )
        request = Request(role, find_question(role, "q13"), ANSWER)
        return stream_feedback(request, coach.engines, lambda: models)

    return start


def reports(stream: Stream) -> list[Report]:
    return [given for given in stream if isinstance(given, Report)]


def test_both_are_asked_before_either_has_answered(ask: Callable[..., Stream]) -> None:
    both = threading.Barrier(2)  # breaks after ten seconds when only one is asked
    judge, adviser = Model(JUDGED, both), Model(ADVISED, both)
    judge.go.set()
    adviser.go.set()
    _, final = reports(ask(judge, adviser))
    assert (final.engine.judge, final.engine.adviser, final.engine.degraded) == ("m", "m", False)
    assert final.engine.usage == Usage(prompt_tokens=10, completion_tokens=4)


def test_the_built_in_report_comes_first_then_pieces_then_the_final_one(ask: Callable[..., Stream]) -> None:
    judge, adviser = Model(JUDGED), Model(ADVISED)
    stream = ask(judge, adviser)
    first = next(stream)
    assert isinstance(first, Report) and first.engine.judge == "evidence"
    assert not judge.asked.is_set()
    adviser.go.set()
    pieces = [next(stream) for _ in ADVISED.splitlines()]
    assert all(isinstance(piece, Delta) and not piece.restart for piece in pieces)
    assert "".join(piece.text for piece in pieces if isinstance(piece, Delta)) == ADVISED
    judge.go.set()
    (final,) = list(stream)
    assert isinstance(final, Report) and final.engine.judge == "m"


@pytest.mark.parametrize("after", [1, 3])
def test_closing_the_stream_ends_both_requests(ask: Callable[..., Stream], after: int) -> None:
    judge, adviser = Model(JUDGED), Model(ADVISED)
    if after > 1:  # in the middle of the advice, the judge still thinking
        adviser.go.set()
    stream = ask(judge, adviser)
    for _ in range(after):
        next(stream)
    if after == 1:
        taken = threading.Thread(target=lambda: next(stream, None), daemon=True)
        taken.start()
        assert judge.asked.wait(10) and adviser.asked.wait(10)
        judge.limits[0].cancel()  # type: ignore[union-attr]
        taken.join(10)
        assert adviser.was_called_off.wait(10)
    else:
        stream.close()  # type: ignore[attr-defined]
    assert judge.was_called_off.wait(10)


def test_a_judge_that_fails_leaves_the_advice(ask: Callable[..., Stream]) -> None:
    first, final = reports(ask(ready(ModelError("model_busy", "Busy.", "Wait.")), ready(ADVISED)))
    assert (final.engine.judge, final.engine.adviser, final.engine.degraded) == ("evidence", "m", True)
    assert [c.level for c in final.criteria] == [c.level for c in first.criteria]
    assert final.warnings[0].code == "model_unavailable"
    assert final.warnings[0].message == "Busy. The built-in judge gave these levels. Wait."
    assert final.follow_ups != first.follow_ups


def test_an_adviser_that_fails_leaves_the_levels(ask: Callable[..., Stream]) -> None:
    _, final = reports(ask(ready(JUDGED), ready(ModelError("model_busy", "Busy.", "Wait."))))
    assert (final.engine.judge, final.engine.adviser, final.engine.degraded) == ("m", None, False)
    assert [w.code for w in final.warnings] == ["advice_unavailable"]
    assert final.follow_ups and final.rewrite is not None and final.rewrite.by == "evidence"
    assert final.engine.usage == Usage(prompt_tokens=5, completion_tokens=2)


def test_when_both_fail_for_one_reason_it_is_told_once(ask: Callable[..., Stream]) -> None:
    error = ModelError("model_busy", "Busy.", "Wait.")
    first, final = reports(ask(ready(error), ready(error)))
    assert len(final.warnings) == 1
    assert final.criteria == first.criteria and final.rewrite == first.rewrite
    assert final.engine.usage is None


def test_an_error_that_nobody_foresaw_is_not_swallowed(ask: Callable[..., Stream]) -> None:
    with pytest.raises(ZeroDivisionError):
        list(ask(ready(ZeroDivisionError()), ready(ADVISED)))


def test_the_time_for_a_report_is_one_for_both(ask: Callable[..., Stream]) -> None:
    first, final = reports(ask(Model(JUDGED), Model(ADVISED), seconds=0.3))
    assert final.engine.degraded and final.criteria == first.criteria
    assert "COACH_REPORT_TIMEOUT" in final.warnings[0].message


def test_a_model_that_only_advises_leaves_the_levels_as_they_are(ask: Callable[..., Stream]) -> None:
    first, final = reports(ask(None, ready(ADVISED)))
    assert [(c.id, c.level, c.why, c.evidence) for c in final.criteria] == [
        (c.id, c.level, c.why, c.evidence) for c in first.criteria
    ]
    assert final.overall == first.overall
    assert (final.engine.judge, final.engine.prompt, final.engine.degraded) == ("evidence", None, False)


def test_a_reply_that_begins_anew_is_announced(ask: Callable[..., Stream]) -> None:
    class Twice(ScriptedCompleter):
        def complete(self, messages: Sequence[Message], *args: Any, **options: Any) -> Completion:
            listener = options["listener"]
            listener.begin()
            listener.hear("Half of")
            listener.begin()
            listener.hear(ADVISED)
            return Completion(ADVISED, Usage(), "m", "stop")

    deltas = [given for given in ask(None, Twice(())) if isinstance(given, Delta)]
    assert [(d.text, d.restart) for d in deltas] == [("Half of", False), ("", True), (ADVISED, False)]


def test_a_rewrite_that_reads_weaker_than_the_answer_is_left_out(ask: Callable[..., Stream]) -> None:
    words = "So I moved it to the product page, tested two versions against the old one with our developer. "
    weak = coaching_text({"messages": [{"role": "user", "content": ANSWER}]}, words * 4)
    _, final = reports(ask(None, ready(weak)))
    assert final.rewrite is not None and final.rewrite.by == "evidence"
    assert "rewrite_left_out" in [w.code for w in final.warnings]
