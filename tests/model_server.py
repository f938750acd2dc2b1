"""A real OpenAI-compatible HTTP server on 127.0.0.1 that behaves, or misbehaves, as the model's name says.

    with ModelServer() as server:
        choice = ModelChoice("openai/good", api_base=server.api_base)

`BEHAVIOURS` lists the names. `server.requests` records what arrived.
"""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple

CRITERIA = ("situation", "task", "action", "result", "question_fit", "role_relevance")
ANSWER_IN_PROMPT = re.compile(r"<answer-(\w+)>\n(.*)\n</answer-\1>", re.DOTALL)


class Request(NamedTuple):
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class ModelServer:
    """Runs while the `with` block does; each request has a thread of its own."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.released = threading.Event()  # lets go of requests that are kept waiting
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.owner = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def api_base(self) -> str:
        """What `ModelChoice.api_base` or COACH_API_BASE takes."""
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def count(self, model: str) -> int:
        """How many requests for a model arrived."""
        return sum(request.body["model"] == model for request in self.requests)

    def __enter__(self) -> ModelServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.released.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    owner: ModelServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.owner.requests.append(Request(self.path, dict(self.headers), body))
        try:
            BEHAVIOURS[body["model"]](self, body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    @property
    def owner(self) -> ModelServer:
        return self.server.owner

    def send(self, status: int, content: bytes, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def say(self, body: dict[str, Any], text: str | None, finish: str = "stop", usage: bool = True) -> None:
        """A completion with this text."""
        reply: dict[str, Any] = {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": body["model"],
            "choices": [
                {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}
            ],
        }
        if usage:
            reply["usage"] = {"prompt_tokens": 120, "completion_tokens": 40, "total_tokens": 160}
        self.send(200, json.dumps(reply).encode())

    def fail(
        self, status: int, message: str = "it did not work", code: str | None = None, **headers: str
    ) -> None:
        """An error as OpenAI words it. A server may repeat the key and the prompt in it; this one does."""
        request = self.owner.requests[-1]
        told = f"{message}: {request.headers.get('Authorization')} {request.body['messages']}"
        self.send(
            status,
            json.dumps({"error": {"message": told, "type": "error", "code": code}}).encode(),
            **headers,
        )


# ---- replies -----------------------------------------------------------------------------------------


def answer_in(body: dict[str, Any]) -> str:
    """The answer as it stands in the request."""
    found = ANSWER_IN_PROMPT.search(body["messages"][-1]["content"])
    return found[2] if found else body["messages"][-1]["content"]


def first_words(text: str, count: int = 6) -> str:
    """The first words of a text exactly as it has them."""
    found = re.match(rf"\s*((?:\S+\s+){{0,{count - 1}}}\S+)", text)
    return found[1] if found else text


def reply_for(answer: str, **changes: Any) -> dict[str, Any]:
    """A good reply about this answer. Named criteria (or other keys of the reply) are replaced."""
    quote = first_words(answer)
    reply: dict[str, Any] = {
        "criteria": {
            name: {
                "why": "You tell it in your own words.",
                "quotes": [quote],
                "level": 3,
            }
            for name in CRITERIA
        },
        "answer_type": "story",
        "activities": [],
    }
    for key, value in changes.items():
        if key in CRITERIA:
            reply["criteria"][key] = {**reply["criteria"][key], **value} if isinstance(value, dict) else value
        else:
            reply[key] = value
    return reply


Behaviour = Callable[[_Handler, dict[str, Any]], None]


def _text(
    make: Callable[[dict[str, Any]], str | None], finish: str = "stop", usage: bool = True
) -> Behaviour:
    return lambda handler, body: handler.say(body, make(body), finish, usage)


def _changed(**changes: Any) -> Behaviour:
    return _text(lambda body: json.dumps(reply_for(answer_in(body), **changes)))


def _good(body: dict[str, Any]) -> str:
    return json.dumps(reply_for(answer_in(body)))


def _status(status: int, code: str | None = None, **headers: str) -> Behaviour:
    return lambda handler, body: handler.fail(status, code=code, **headers)


def _raw(content: bytes, kind: str = "application/json", status: int = 200) -> Behaviour:
    return lambda handler, body: handler.send(status, content, kind)


def _first_fails(status: int) -> Behaviour:
    def behave(handler: _Handler, body: dict[str, Any]) -> None:
        if handler.owner.count(body["model"]) == 1:
            handler.fail(status)
        else:
            handler.say(body, _good(body))

    return behave


def _plain_only(handler: _Handler, body: dict[str, Any]) -> None:
    if "response_format" in body or "temperature" in body:
        handler.fail(400)
    else:
        handler.say(body, _good(body))


def _slow(handler: _Handler, body: dict[str, Any]) -> None:
    handler.owner.released.wait(30)
    handler.close_connection = True


def _drip(handler: _Handler, body: dict[str, Any]) -> None:
    """A byte now and then: no single read takes long, the whole never ends."""
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.send_header("content-length", "100000")
    handler.end_headers()
    while not handler.owner.released.is_set():
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)
    handler.close_connection = True


def _drop(handler: _Handler, body: dict[str, Any]) -> None:
    # Linger 0 turns the close into a reset.
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def _cut(handler: _Handler, body: dict[str, Any]) -> None:
    """Promises more than it sends."""
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.send_header("content-length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"id": "chatcmpl-1", "choices": [{"index": 0, "message"')
    handler.close_connection = True


def _echo_forged(body: dict[str, Any]) -> str:
    """A model that obeys: it repeats the first JSON object of the answer."""
    answer = answer_in(body)
    start = answer.find("{")
    found, _ = json.JSONDecoder().raw_decode(answer, start)
    return json.dumps(found, indent=2)


BEHAVIOURS: dict[str, Behaviour] = {
    "good": _text(_good),
    "prose": _text(lambda body: f"Here is my view.\n\n{_good(body)}\n\nI hope that this helps."),
    "fenced": _text(lambda body: f"```json\n{_good(body)}\n```"),
    "thinking": _text(lambda body: f'<think>Maybe {{"criteria": {{"task": 1}}}}?</think>\n{_good(body)}'),
    "twice": _text(lambda body: f"{_good(body)}\n{_good(body)}"),
    "two-minds": _text(
        lambda body: _good(body) + json.dumps(reply_for(answer_in(body), result={"level": 5})),
    ),
    "truncated": _text(lambda body: _good(body)[: len(_good(body)) // 2], finish="length"),
    "garbage": _text(lambda body: "lorem {ipsum: dolor} [sit"),
    "empty-text": _text(lambda body: ""),
    "no-text": _text(lambda body: None),
    "refusal": _text(lambda body: "I am sorry, I cannot help with that.", finish="content_filter"),
    "no-usage": _text(_good, usage=False),
    "wrong-types": _changed(
        situation={"level": "three"},
        task={"level": 2.5},
        action={"level": True},
        result="very good",
        question_fit={"level": "4", "quotes": "one string"},
        activities={"id": "x"},
        answer_type=["story"],
    ),
    "out-of-scale": _changed(situation={"level": 6}, task={"level": -1}, action={"level": 10**30}),
    "nan": _text(lambda body: _good(body).replace('"level": 3', '"level": NaN', 1)),
    "invented-quotes": _changed(
        action={"quotes": ["I doubled the revenue of the whole company"], "level": 5},
        result={"quotes": ["words that nobody wrote", "and these neither"], "level": 4},
    ),
    "obeys": _text(_echo_forged),
    "400": _status(400),
    "401": _status(401),
    "403": _status(403),
    "404": _status(404),
    "422": _status(422),
    "429": _status(429),
    "429-much-later": _status(429, retry_after="3000"),
    "429-once": _first_fails(429),
    "no-credit": _status(429, code="insufficient_quota"),
    "too-long": lambda handler, body: handler.fail(
        400, "This model's maximum context length is 4096 tokens", "context_length_exceeded"
    ),
    "500": _status(500),
    "500-once": _first_fails(500),
    "503": _status(503),
    "plain-only": _plain_only,
    "slow": _slow,
    "drip": _drip,
    "drop": _drop,
    "cut": _cut,
    "html": _raw(b"<html><body>Welcome to the router</body></html>", "text/html"),
    "html-502": _raw(b"<html><body>Bad gateway</body></html>", "text/html", 502),
    "empty-body": _raw(b""),
    "bad-utf8": _raw(b'{"id": "\xff\xfe'),
    "no-choices": _raw(b'{"id": "x", "object": "chat.completion", "model": "m", "choices": []}'),
}
