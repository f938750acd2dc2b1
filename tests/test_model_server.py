"""The misbehaving server itself, asked without a client library: a fault not served would test nothing."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests.factories import ANSWER
from tests.model_server import BEHAVIOURS, CRITERIA, ModelServer

SYSTEM = {
    "judging": "Place the answer on the rubric. Reply with one JSON object.",
    "coaching": "Reply in three parts: ## Next steps, ## They will ask, ## Tighter version.",
}
TAGS = "<question-0a>\nWhat did you improve?\n</question-0a>\n\n<answer-0a>\n{answer}\n</answer-0a>\nNow."
ENDLESS = {"slow", "drip", "comments", "stall"}
FORMS = [(kind, stream) for kind in SYSTEM for stream in (False, True)]


class Reply(NamedTuple):
    """What came over the wire; `whole` is False when the connection broke or fell silent."""

    status: int
    headers: dict[str, str]
    content: bytes
    whole: bool

    @property
    def events(self) -> list[Any]:
        lines = self.content.decode().split("\n\n")
        return [json.loads(line.removeprefix("data: ")) for line in lines if line not in ("", "data: [DONE]")]

    @property
    def text(self) -> str:
        if not self.headers["content-type"].startswith("text/event-stream"):
            return str(json.loads(self.content)["choices"][0]["message"]["content"])
        deltas = [event["choices"][0]["delta"] for event in self.events if event["choices"]]
        return "".join(delta.get("content") or "" for delta in deltas)


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running
        assert running.faults == []


def post(server: ModelServer, model: str, kind: str, stream: bool, **options: Any) -> Reply:
    messages = [
        {"role": "system", "content": SYSTEM[kind]},
        {"role": "user", "content": TAGS.format(answer=ANSWER)},
    ]
    body = {"model": model, "messages": messages, **({"stream": True} if stream else {}), **options}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=0.3 if model in ENDLESS else 10)
    content, whole, status, headers = b"", False, 0, {}
    try:
        connection.request("POST", "/v1/chat/completions", json.dumps(body))
        response = connection.getresponse()
        status, headers = response.status, {name.lower(): value for name, value in response.getheaders()}
        while part := response.read1():
            content += part
            if model in ("drip", "comments") and len(content) > 2:
                return Reply(status, headers, content, whole)
        whole = len(content) >= int(headers.get("content-length", 0))
    except (http.client.HTTPException, OSError):
        pass
    finally:
        connection.close()
    return Reply(status, headers, content, whole)


@pytest.mark.parametrize("stream", [False, True])
def test_a_good_judging_reply_quotes_the_answer(server: ModelServer, stream: bool) -> None:
    given = json.loads(post(server, "good", "judging", stream).text)["criteria"]
    assert tuple(given) == CRITERIA
    assert all(quote in ANSWER for criterion in given.values() for quote in criterion["quotes"])
    assert server.requests[-1].kind == "judging"


@pytest.mark.parametrize("stream", [False, True])
def test_a_good_coaching_reply_has_three_parts_and_slots(server: ModelServer, stream: bool) -> None:
    text = post(server, "good", "coaching", stream).text
    steps, asked, version = (text.index(part) for part in ("## Next", "## They", "## Tighter"))
    assert steps < asked < version
    assert "[your figure]" in text[version:] and "Last spring" in text[version:]
    assert server.requests[-1].kind == "coaching"


def test_usage_is_streamed_where_it_is_asked_for(server: ModelServer) -> None:
    without = post(server, "good", "judging", True)
    with_it = post(server, "good", "judging", True, stream_options={"include_usage": True})
    assert not any(event.get("usage") for event in without.events)
    assert with_it.events[-1]["usage"]["total_tokens"] == 160
    assert with_it.content.endswith(b"data: [DONE]\n\n")
    assert len(with_it.events) > 20


@pytest.mark.parametrize("name", sorted(BEHAVIOURS))
def test_each_behaviour_serves_both_kinds_in_both_forms(server: ModelServer, name: str) -> None:
    """None of them trips over a request; that is seen when the fixture ends."""
    before = len(server.requests)
    replies = [post(server, name, kind, stream) for kind, stream in FORMS]
    assert len(server.requests) == before + len(FORMS)
    assert {reply.status for reply in replies} <= {
        0,
        200,
        302,
        307,
        400,
        401,
        403,
        404,
        422,
        429,
        500,
        502,
        503,
    }
    assert server.faults == []


@pytest.mark.parametrize(("kind", "stream"), FORMS)
@pytest.mark.parametrize("name", ["cut", "reset-midway", "stall"])
def test_half_a_reply_is_seen_to_be_half(server: ModelServer, name: str, kind: str, stream: bool) -> None:
    reply = post(server, name, kind, stream)
    assert reply.content and not reply.whole


@pytest.mark.parametrize("kind", list(SYSTEM))
@pytest.mark.parametrize("name", ["cut-unseen", "no-end"])
def test_a_cut_that_looks_regular(server: ModelServer, name: str, kind: str) -> None:
    reply = post(server, name, kind, True)
    assert reply.whole and b"[DONE]" not in reply.content
    assert [event["choices"][0]["finish_reason"] for event in reply.events if event["choices"]][-1] is None


def test_a_reset_leaves_no_byte(server: ModelServer) -> None:
    assert post(server, "drop", "judging", True) == Reply(0, {}, b"", False)
