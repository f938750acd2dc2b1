"""The bytes of a reply: one completion object, or the same as a stream of server-sent events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.model_server.replies import Body

USAGE: dict[str, Any] = {"prompt_tokens": 120, "completion_tokens": 40, "total_tokens": 160}
DONE = b"data: [DONE]\n\n"
MOST_PIECES = 160
PIECE = 24  # characters of an event


@dataclass(frozen=True)
class Said:
    """A reply before it is written: `text` None is JSON's null, `usage` None is left out."""

    text: str | None
    finish: str = "stop"
    usage: dict[str, Any] | None = field(default_factory=lambda: dict(USAGE))
    model: str | None = None
    tool_calls: list[dict[str, Any]] | None = None


def completion(body: Body, said: Said) -> bytes:
    """The whole reply as one JSON object."""
    message: dict[str, Any] = {"role": "assistant", "content": said.text}
    if said.tool_calls:
        message["tool_calls"] = said.tool_calls
    reply: dict[str, Any] = {
        **_head(body, said, "chat.completion"),
        "choices": [{"index": 0, "message": message, "finish_reason": said.finish}],
    }
    if said.usage is not None:
        reply["usage"] = said.usage
    return json.dumps(reply).encode()


def events(body: Body, said: Said) -> Iterator[bytes]:
    """The reply in events: text piece by piece, why it ended, the usage where it was asked for, the end."""
    yield _event(body, said, {"role": "assistant", "content": None if said.text is None else ""})
    yield from (_event(body, said, {"content": piece}) for piece in pieces(said.text or ""))
    if said.tool_calls:
        called = [{"index": place, **call} for place, call in enumerate(said.tool_calls)]
        yield _event(body, said, {"tool_calls": called})
    yield _event(body, said, {}, said.finish)
    if said.usage is not None and (body.get("stream_options") or {}).get("include_usage"):
        yield event({**_head(body, said, "chat.completion.chunk"), "choices": [], "usage": said.usage})
    yield DONE


def pieces(text: str) -> Iterator[str]:
    """The text in parts of at least PIECE characters, MOST_PIECES of them at most."""
    size = max(PIECE, -(-len(text) // MOST_PIECES))
    return (text[place : place + size] for place in range(0, len(text), size))


def event(data: Any) -> bytes:
    """One server-sent event."""
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def _event(body: Body, said: Said, delta: dict[str, Any], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return event({**_head(body, said, "chat.completion.chunk"), "choices": [choice]})


def _head(body: Body, said: Said, kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 1, "model": said.model or body["model"]}
