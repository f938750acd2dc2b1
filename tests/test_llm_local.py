"""coach.llm_local: a real model inside the process, asked through the real litellm."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from coach import local_models
from coach.config import Settings
from coach.errors import ConfigError, ModelError
from coach.llm import Message, ModelChoice
from coach.llm_library import check_model
from coach.llm_litellm import LitellmCompleter
from coach.llm_local import LoadedModel, LocalReply, StoppedError
from coach.local_models import is_local, model_file
from tests.llama_server import smollm2

HELLO = (Message("user", "Say hello in five words."),)
TALE = [{"role": "user", "content": "Write a very long story about a river."}]


class Verdict(BaseModel):
    level: int
    shown: bool


def completer(path: Path, timeout: float = 60.0) -> LitellmCompleter:
    return LitellmCompleter(ModelChoice(f"local/{path}", timeout=timeout))


@pytest.fixture(scope="module")
def litellm() -> Any:
    """litellm as the program has it."""
    completer(smollm2()).complete(HELLO)
    return sys.modules["litellm"]


def stream(litellm: Any, content: str, seconds: float = 60.0, most: int = 400) -> Any:
    return litellm.completion(
        model=f"local/{smollm2()}",
        messages=[{"role": "user", "content": content}],
        max_tokens=most,
        timeout=seconds,
        stream=True,
        stream_options={"include_usage": True},
        max_retries=0,
    )


def test_a_reply_is_repeatable_quiet_and_has_its_usage(capfd: pytest.CaptureFixture[str]) -> None:
    first, second = (completer(smollm2()).complete(HELLO) for _ in range(2))
    assert first.text and first.text == second.text
    assert first.finish_reason == "stop"
    assert first.usage.prompt_tokens > 5 and first.usage.completion_tokens > 1
    assert first.usage.cost_usd == 0
    assert capfd.readouterr() == ("", "")


def test_a_reply_follows_a_schema() -> None:
    reply = completer(smollm2()).complete([Message("user", "Judge it as JSON.")], Verdict)
    Verdict.model_validate_json(reply.text)


def test_a_stream_comes_in_pieces_and_ends(litellm: Any) -> None:
    parts = list(stream(litellm, "Count to twenty.", most=12))
    texts = [
        part.choices[0].delta.content for part in parts if part.choices and part.choices[0].delta.content
    ]
    assert len(texts) > 5
    assert parts[-1].usage.completion_tokens == 12
    assert "length" in [part.choices[0].finish_reason for part in parts if part.choices]


def test_two_requests_at_once_wait_for_each_other(litellm: Any) -> None:
    texts: list[str] = []
    threads = [
        threading.Thread(target=lambda: texts.append(completer(smollm2()).complete(HELLO).text))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(texts) == 2 and texts[0] == texts[1]


@pytest.mark.parametrize("content", [TALE[0]["content"], "river " * 2500], ids=["reply", "prompt"])
def test_closing_a_reply_frees_the_model(litellm: Any, content: str) -> None:
    reply = stream(litellm, content)
    threading.Timer(0.3, reply.completion_stream.response.close).start()
    with pytest.raises(litellm.Timeout):
        list(reply)
    started = time.monotonic()
    assert completer(smollm2()).complete(HELLO).text
    assert time.monotonic() - started < 20


def test_the_time_limit_ends_the_work(litellm: Any) -> None:
    with pytest.raises(litellm.Timeout):
        list(stream(litellm, TALE[0]["content"], seconds=0.3))


def test_a_forgotten_reply_is_given_up(litellm: Any) -> None:
    reply = LocalReply(litellm, smollm2(), {"model": "local", "messages": TALE, "stream": True}, 60)
    assert next(reply)["text"]
    closed = reply._closed
    del reply
    assert closed.wait(5)


def test_waiting_for_the_model_can_be_stopped() -> None:
    model = LoadedModel(smollm2())
    with model._turn, pytest.raises(StoppedError):
        model.answer({}, lambda: True, lambda _chunk: None)


def test_a_request_that_is_too_long_says_so() -> None:
    with pytest.raises(ModelError) as caught:
        completer(smollm2()).complete([Message("user", "word " * 5000)])
    assert caught.value.code == "model_context"


def test_a_damaged_file_is_one_plain_sentence(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    damaged = tmp_path / "damaged.gguf"
    with smollm2().open("rb") as whole:
        damaged.write_bytes(whole.read(5_000_000))
    check_model(ModelChoice(f"local/{damaged}"))
    with pytest.raises(ModelError) as caught:
        completer(damaged).complete(HELLO)
    assert caught.value.code == "local_model_unusable"
    assert capfd.readouterr() == ("", "")


def test_the_program_may_end_in_the_middle_of_a_reply(repo_root: Path) -> None:
    program = f"""
import contextlib, threading, time
from coach.llm import Message, ModelChoice
from coach.llm_litellm import LitellmCompleter
ask = LitellmCompleter(ModelChoice({f"local/{smollm2()}"!r})).complete
ask([Message("user", "Say hello in five words.")])
def go_on():
    with contextlib.suppress(Exception):
        ask([Message("user", "word " * 1000 + "Tell a story.")])
threading.Thread(target=go_on, daemon=True).start()
time.sleep(0.5)
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], cwd=repo_root, capture_output=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_which_models_are_local() -> None:
    assert is_local("local") and is_local("local/some.gguf")
    assert not is_local("ollama/local") and not is_local("localhost/x")


def test_where_a_models_file_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here.gguf").touch()
    models = tmp_path / "models"
    assert model_file("local", models) == models / local_models.QWEN.file_name
    assert model_file("local/some.gguf", models) == models / "some.gguf"
    assert model_file("local/here.gguf", models) == tmp_path / "here.gguf"
    assert model_file("local/sub/some.gguf", models) == tmp_path / "sub" / "some.gguf"
    assert model_file(f"local/{tmp_path}/x.gguf", models) == tmp_path / "x.gguf"


def test_a_model_that_is_not_installed_names_the_command(tmp_path: Path) -> None:
    choice = ModelChoice.from_settings(Settings(tmp_path, model="local", api_base="http://127.0.0.1:9"))
    assert choice.api_base is None
    with pytest.raises(ConfigError) as caught:
        check_model(choice)
    assert caught.value.code == "local_model_missing"
    assert "coach models install local" in caught.value.hint


@pytest.mark.parametrize("name", ["notes.txt", "missing.gguf", "."])
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("GGU")
    with pytest.raises(ConfigError) as caught:
        check_model(ModelChoice(f"local/{tmp_path / name}"))
    assert caught.value.code == "local_model_unusable"


def test_a_missing_engine_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_models, "find_spec", lambda _name: None)
    with pytest.raises(ConfigError) as caught:
        check_model(ModelChoice(f"local/{smollm2()}"))
    assert caught.value.code == "local_engine_missing"
    assert f"-m pip install {local_models.ENGINE}" in caught.value.hint
