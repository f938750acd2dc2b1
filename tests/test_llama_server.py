"""The model judge with a real language model behind a real llama.cpp server, over HTTP through litellm."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from coach import Coach
from coach.config import Settings
from coach.llm import Message, ModelChoice
from coach.llm_library import check_model
from coach.llm_litellm import LitellmCompleter
from tests.llama_server import llama_server

MODEL = "openai/smollm2"
HELLO = (Message("user", "Say hello in five words."),)
ANSWER = (
    "In spring our web shop lost many phone visitors on the shipping page. I was responsible for the "
    "checkout. I compared session recordings with the funnel report, moved the shipping costs to the product "
    "page and tested the change for two weeks. The conversion rate on phones went from 1.4 % to 1.9 %."
)


class Verdict(BaseModel):
    level: int
    shown: bool


@pytest.fixture(scope="session")
def api_base() -> Iterator[str]:
    """The address of a llama.cpp server with SmolLM2-135M-Instruct."""
    with llama_server() as address:
        yield address


@pytest.fixture
def choice(api_base: str) -> ModelChoice:
    choice = ModelChoice(MODEL, api_base=api_base, timeout=60)
    check_model(choice)
    return choice


def test_a_plain_request(choice: ModelChoice) -> None:
    reply = LitellmCompleter(choice).complete(HELLO)
    assert "hello" in reply.text.lower()
    assert (reply.model, reply.finish_reason) == (MODEL, "stop")
    assert reply.usage.prompt_tokens > 5 and reply.usage.completion_tokens > 1


def test_a_streamed_request(choice: ModelChoice) -> None:
    LitellmCompleter(choice).complete(HELLO)
    litellm: Any = sys.modules["litellm"]
    parts = list(
        litellm.completion(
            model=MODEL,
            api_base=choice.api_base,
            api_key="none",
            messages=[message._asdict() for message in HELLO],
            temperature=0,
            max_tokens=20,
            stream=True,
            stream_options={"include_usage": True},
            max_retries=0,
            timeout=60,
        )
    )
    texts = [
        part.choices[0].delta.content for part in parts if part.choices and part.choices[0].delta.content
    ]
    assert len(texts) > 3 and "hello" in "".join(texts).lower()
    assert parts[-1].usage.completion_tokens >= len(texts) - 1


def test_a_structured_request(choice: ModelChoice) -> None:
    reply = LitellmCompleter(choice).complete([Message("user", "Judge the river, as JSON.")], Verdict)
    Verdict.model_validate_json(reply.text)


def test_a_whole_report(api_base: str, shared_data_dir: Any) -> None:
    settings = Settings(data_dir=shared_data_dir, api_base=api_base, timeout=120)
    coach = Coach.open(settings)
    report = coach.feedback("q13", ANSWER, judge=MODEL)
    coach.close()
    assert type(report).model_validate_json(report.model_dump_json()) == report
    assert (report.engine.judge, report.engine.degraded) == (MODEL, False)
    assert report.engine.usage.prompt_tokens > 500
    for criterion in report.criteria:
        assert all(ANSWER[found.start : found.end] == found.quote for found in criterion.evidence)
        assert criterion.level is None or criterion.evidence or criterion.basis != "span"
