"""Waiting for models: whoever waits hears that they are at it, can stop, and chooses where they are asked."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, cast

import pytest

from coach import Coach
from coach.adviser import ModelAdviser
from coach.config import Settings
from coach.consulting import Models, consult
from coach.errors import CancelledError, ModelError
from coach.llm import Limit, Listener
from coach.schema import Delta


class Silent:
    """An adviser that says nothing until it is let go or nobody wants it any more."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.ended = threading.Event()

    def advise(self, _matter: object, limit: Limit, _listener: Listener) -> object:
        try:
            while not self.let_go.wait(0.01):
                limit.check()
        except CancelledError:
            self.ended.set()
            raise
        raise ModelError("model_failed", "It failed.")


def waiting_for(adviser: Silent, pulse: float | None) -> Any:
    models = Models(judge=None, adviser=cast(ModelAdviser, adviser), seconds=30.0, pulse=pulse)
    return consult(models, cast(Any, None))


def test_a_pulse_tells_of_a_silent_model_and_lets_it_be_stopped() -> None:
    adviser = Silent()
    waiting = waiting_for(adviser, 0.01)
    assert [next(waiting) for _ in range(3)] == [Delta(text="")] * 3
    waiting.close()
    assert adviser.ended.wait(5)


def test_without_a_pulse_nothing_is_heard_of_a_silent_model() -> None:
    adviser = Silent()
    threading.Timer(0.1, adviser.let_go.set).start()
    assert list(waiting_for(adviser, None)) == []


@pytest.mark.parametrize(
    ("named", "asked_at"), [(None, "http://here/v1"), ("", None), ("http://there/v1", "http://there/v1")]
)
def test_the_address_is_the_settings_own_unless_one_is_named(
    tmp_path: Path, named: str | None, asked_at: str | None
) -> None:
    settings = Settings(data_dir=tmp_path, api_base="http://here/v1")
    models = Coach(settings).models("openai/some-model", "a-key", named, levels_by_model=False)
    assert models is not None and models.judge is None and models.adviser is not None
    first = cast(Any, models.adviser)._completer._completers[0]
    assert first._choice.api_base == asked_at
