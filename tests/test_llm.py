"""coach.llm against a real HTTP server, through the real litellm."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.config import Settings
from coach.errors import ConfigError, ModelError
from coach.judges.model_reply import ReplyShape
from coach.llm import Message, ModelChoice
from coach.llm_library import check_model
from coach.llm_litellm import LitellmCompleter
from coach.llm_scripted import ScriptedCompleter
from tests.model_server import ModelServer

KEY = "sk-test-0123456789abcdef"
SECRET = "the spring sale in Utrecht"
MESSAGES = (Message("system", "Judge."), Message("user", f"I led {SECRET}."))


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
def waits() -> list[float]:
    return []


def completer(server: ModelServer, waits: list[float], model: str, timeout: float = 20.0) -> LitellmCompleter:
    choice = ModelChoice(f"openai/{model}", KEY, server.api_base, timeout)
    return LitellmCompleter(choice, sleep=waits.append)


def test_a_reply_comes_with_its_usage(server: ModelServer, waits: list[float]) -> None:
    completion = completer(server, waits, "good").complete(MESSAGES)
    assert completion.text.startswith('{"criteria"')
    assert (completion.usage.prompt_tokens, completion.usage.completion_tokens) == (120, 40)
    assert (completion.model, completion.finish_reason) == ("openai/good", "stop")
    assert waits == []


def test_the_request_asks_for_steadiness_and_the_schema(server: ModelServer, waits: list[float]) -> None:
    completer(server, waits, "good").complete(MESSAGES, ReplyShape)
    request = server.requests[-1]
    assert request.body["temperature"] == 0
    assert request.body["messages"] == [m._asdict() for m in MESSAGES]
    schema = request.body["response_format"]["json_schema"]["schema"]
    assert set(schema["properties"]) == {"criteria", "answer_type", "activities"}
    assert request.headers["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("model", "code", "says", "requests"),
    [
        ("400", "model_bad_request", "did not accept", 2),
        ("401", "model_key_refused", "the key was refused", 1),
        ("403", "model_key_refused", "the key was refused", 1),
        ("404", "model_not_found", "does not know this model", 1),
        ("422", "model_failed", "could not be read", 4),
        ("429", "model_busy", "no more requests", 3),
        ("429-much-later", "model_busy", "no more requests", 1),
        ("no-credit", "model_no_credit", "no credit", 1),
        ("too-long", "model_context", "too long", 1),
        ("500", "model_failed", "failed", 3),
        ("503", "model_failed", "failed", 3),
        ("drop", "model_unreachable", "does not answer", 3),
        ("cut", "model_failed", "could not be read", 3),
        ("html", "model_failed", "could not be read", 4),
        ("html-502", "model_failed", "failed", 3),
        ("empty-body", "model_failed", "could not be read", 4),
        ("bad-utf8", "model_failed", "could not be read", 3),
    ],
)
def test_a_failure_is_one_plain_sentence_after_bounded_tries(
    server: ModelServer,
    waits: list[float],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    model: str,
    code: str,
    says: str,
    requests: int,
) -> None:
    before = server.count(model)
    with caplog.at_level(logging.DEBUG), pytest.raises(ModelError) as caught:
        completer(server, waits, model).complete(MESSAGES)
    assert (caught.value.code, server.count(model) - before) == (code, requests)
    assert says in caught.value.message
    assert caught.value.message.endswith(".") and caught.value.hint
    assert caught.value.__cause__ is None and caught.value.__context__ is None
    told = "".join((caught.value.message, caught.value.hint, caplog.text, *capfd.readouterr()))
    assert KEY not in told and SECRET not in told


@pytest.mark.parametrize("model", ["429-once", "500-once"])
def test_a_passing_failure_is_tried_again(server: ModelServer, waits: list[float], model: str) -> None:
    assert completer(server, waits, model).complete(MESSAGES).text
    assert len(waits) == 1 and 0.25 <= waits[0] <= 0.75


def test_a_server_that_takes_no_options_is_asked_plainly(server: ModelServer, waits: list[float]) -> None:
    completion = completer(server, waits, "plain-only").complete(MESSAGES, ReplyShape)
    assert completion.text.startswith('{"criteria"')
    assert server.count("plain-only") == 2


@pytest.mark.parametrize("model", ["slow", "drip"])
def test_the_time_limit_holds_for_the_whole_request(
    server: ModelServer, waits: list[float], model: str
) -> None:
    with pytest.raises(ModelError) as caught:
        completer(server, waits, model, timeout=0.5).complete(MESSAGES)
    assert caught.value.code == "model_timeout"
    assert "within 0.5 seconds" in caught.value.message
    assert server.count(model) == 1


def test_nobody_at_the_address(waits: list[float]) -> None:
    with ModelServer() as gone:
        base = gone.api_base
    choice = ModelChoice("openai/good", KEY, base.replace("http://", f"http://user:{SECRET[:10]}@"), 20)
    with pytest.raises(ModelError) as caught:
        LitellmCompleter(choice, sleep=waits.append).complete(MESSAGES)
    assert caught.value.code == "model_unreachable"
    assert base.removeprefix("http://").removesuffix("/v1") in caught.value.message
    assert "user" not in caught.value.message
    assert len(waits) == 2


@pytest.mark.parametrize(("model", "text"), [("no-text", ""), ("no-choices", ""), ("empty-text", "")])
def test_a_reply_without_words_is_an_empty_text(
    server: ModelServer, waits: list[float], model: str, text: str
) -> None:
    assert completer(server, waits, model).complete(MESSAGES).text == text


def test_missing_usage_counts_nothing(server: ModelServer, waits: list[float]) -> None:
    usage = completer(server, waits, "no-usage").complete(MESSAGES).usage
    assert usage.cost_usd == 0.0


def test_a_server_of_ones_own_needs_no_key(
    server: ModelServer, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    choice = ModelChoice("openai/good", None, server.api_base, 20)
    check_model(choice)
    assert LitellmCompleter(choice).complete(MESSAGES).text


@pytest.mark.parametrize(
    ("model", "variable"),
    [
        ("gpt-4o-mini", "OPENAI_API_KEY"),
        ("openai/some-new-model", "OPENAI_API_KEY"),
        ("anthropic/claude-sonnet-4-5", "ANTHROPIC_API_KEY"),
        ("gemini/gemini-2.5-flash", "GEMINI_API_KEY"),
    ],
)
def test_a_missing_key_is_named_before_any_call(
    monkeypatch: pytest.MonkeyPatch, model: str, variable: str
) -> None:
    monkeypatch.delenv(variable, raising=False)
    with pytest.raises(ConfigError) as caught:
        check_model(ModelChoice(model))
    assert caught.value.code == "missing_key"
    assert variable in caught.value.hint
    check_model(ModelChoice(model, api_key=KEY))
    monkeypatch.setenv(variable, KEY)
    check_model(ModelChoice(model))


@pytest.mark.parametrize("model", ["nonsense", "no-provider/model", "", "a b", "/"])
def test_an_unknown_model_is_a_matter_of_configuration(model: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        check_model(ModelChoice(model))
    assert caught.value.code == "unknown_model"
    assert "provider/model" in caught.value.hint
    assert capfd.readouterr() == ("", "")


def test_local_models_need_no_key() -> None:
    check_model(ModelChoice("ollama/llama3.2"))


def test_a_choice_hides_its_key() -> None:
    assert KEY not in repr(ModelChoice("gpt-4o-mini", KEY)) + str(ModelChoice("gpt-4o-mini", KEY))


def test_a_choice_from_the_settings(tmp_path: Path) -> None:
    settings = Settings(tmp_path, model="openai/a", api_base="http://127.0.0.1:1", timeout=7)
    assert ModelChoice.from_settings(settings) == ModelChoice(
        "openai/a", None, "http://127.0.0.1:1", 7, tmp_path / "models"
    )
    assert ModelChoice.from_settings(settings, "openai/b", KEY).model == "openai/b"
    with pytest.raises(ConfigError, match="No model is named"):
        ModelChoice.from_settings(Settings(tmp_path))


def test_litellm_keeps_to_itself(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PLANTED_IN_DOTENV=1\n")
    program = """
import os, socket, sys
def refuse(*args, **kwargs):
    print("NETWORK", args[:1])
    raise OSError
socket.getaddrinfo = refuse
from coach import llm, llm_library
assert "litellm" not in sys.modules
llm_library.check_model(llm.ModelChoice("gpt-4o-mini", "k"))
import litellm
print(os.environ.get("PLANTED_IN_DOTENV"), litellm.telemetry, litellm.callbacks, litellm.success_callback)
"""
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stdout, done.stderr) == ("None False [] []\n", "")


def test_a_script_is_a_queue_and_remembers_what_was_asked() -> None:
    scripted = ScriptedCompleter(["one two", ModelError("model_busy", "Busy.")])
    completion = scripted.complete(MESSAGES)
    assert (completion.text, completion.usage.completion_tokens) == ("one two", 2)
    assert completion.usage.prompt_tokens == sum(len(m.content.split()) for m in MESSAGES)
    with pytest.raises(ModelError, match="Busy"):
        scripted.complete(MESSAGES)
    with pytest.raises(RuntimeError, match="no reply for request 3"):
        scripted.complete(MESSAGES)
    assert scripted.requests == [MESSAGES] * 3


def test_a_script_can_be_a_function() -> None:
    scripted = ScriptedCompleter(lambda messages: messages[-1].content.upper(), model="shouts")
    assert scripted.complete(MESSAGES).text == MESSAGES[-1].content.upper()
    assert scripted.model == "shouts"
