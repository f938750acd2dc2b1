"""Faults of the connection and of HTTP: errors, waits, cuts, bodies that are no completion."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from tests.model_server.replies import Body, good_text
from tests.model_server.server import EVENT_STREAM, Behaviour, Handler
from tests.model_server.wire import DONE, Said, completion, event, events

PAGE = b"<html><body>Welcome to the router</body></html>"
BAD_GATEWAY = b"<html><body>Bad gateway</body></html>"
NO_CHOICES = {"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": []}


def _good(handler: Handler, body: Body) -> None:
    handler.say(body, Said(good_text(body)))


def _status(status: int, code: str | None = None, **headers: str) -> Behaviour:
    return lambda handler, body: handler.fail(status, code=code, **headers)


def _raw(content: bytes, kind: str = "application/json", status: int = 200) -> Behaviour:
    return lambda handler, body: handler.send(status, content, kind)


def _first_fails(status: int) -> Behaviour:
    def behave(handler: Handler, body: Body) -> None:
        if handler.count(body) == 1:
            handler.fail(status)
        else:
            _good(handler, body)

    return behave


def _too_long(handler: Handler, body: Body) -> None:
    handler.fail(400, "This model's maximum context length is 4096 tokens", "context_length_exceeded")


def _refuses(message: str, *options: str, status: int = 400) -> Behaviour:
    """A server that takes none of the options and says so."""

    def behave(handler: Handler, body: Body) -> None:
        if any(option in body for option in options):
            handler.fail(status, message)
        else:
            _good(handler, body)

    return behave


# ---- slow -------------------------------------------------------------------------------------------


def _slow(handler: Handler, body: Body) -> None:
    handler.wait()


def _drip(handler: Handler, body: Body) -> None:
    """A byte now and then: no single read takes long, the whole never ends."""
    if body.get("stream"):
        letters = (next(_one(body, letter)) for letter in iter(lambda: "a", None))
        handler.stream(_now_and_then(handler, letters), ended=False)
    else:
        handler.begin(content_length="100000")
        for blank in _now_and_then(handler, iter(lambda: b" ", None)):
            handler.wfile.write(blank)
    handler.close_connection = True


def _one(body: Body, letter: str) -> Iterator[bytes]:
    """The event of one letter, without those around it."""
    everything = events(body, Said(letter))
    next(everything)
    return everything


def _comments(handler: Handler, body: Body) -> None:
    """Signs of life for ever, and no text: comments in a stream, blanks before a body."""
    if not body.get("stream"):
        _drip(handler, body)
        return
    handler.stream(_now_and_then(handler, iter(lambda: b": still here\n\n", None)), ended=False)
    handler.close_connection = True


def _now_and_then(handler: Handler, parts: Iterator[bytes]) -> Iterator[bytes]:
    while not handler.owner.released.is_set():
        yield next(parts)
        time.sleep(0.05)


# ---- cut --------------------------------------------------------------------------------------------


def _half(handler: Handler, body: Body, length: bool = True) -> None:
    """The first half of a good reply; with `length` the client knows that more was promised."""
    said = Said(good_text(body))
    if body.get("stream"):
        parts = list(events(body, said))
        if length:
            handler.stream(parts[: len(parts) // 2], ended=False)
        else:
            handler.begin(200, EVENT_STREAM)
            handler.wfile.write(b"".join(parts[: len(parts) // 2]))
    else:
        content = completion(body, said)
        handler.begin(**({"content_length": str(len(content))} if length else {}))
        handler.wfile.write(content[: len(content) // 2])


def _half_then(finish: Callable[[Handler], None], length: bool = True) -> Behaviour:
    def behave(handler: Handler, body: Body) -> None:
        _half(handler, body, length)
        finish(handler)

    return behave


def _close(handler: Handler) -> None:
    handler.close_connection = True


def _reset_midway(handler: Handler) -> None:
    time.sleep(0.05)  # what was written shall arrive before the reset, which may overtake it
    handler.reset()


def _endless_end(handler: Handler, body: Body) -> None:
    """All of the text, but neither why it ended nor that it did."""
    said = Said(good_text(body))
    if not body.get("stream"):
        _half(handler, body, length=False)
        return
    handler.begin(200, EVENT_STREAM)
    handler.wfile.write(
        b"".join(e for e in events(body, said) if b'"finish_reason": "' not in e and e != DONE)
    )


# ---- not a completion -------------------------------------------------------------------------------


def _bad_utf8(handler: Handler, body: Body) -> None:
    if body.get("stream"):
        handler.stream([b'data: {"id": "\xff\xfe', b"\n\n"])
    else:
        handler.send(200, b'{"id": "\xff\xfe')


def _bad_utf8_in_text(handler: Handler, body: Body) -> None:
    """A sound reply but for two bytes within its words."""
    said = Said(good_text(body).replace("own", "o?n"))
    if body.get("stream"):
        handler.stream(part.replace(b"o?n", b"o\xff\xfen") for part in events(body, said))
    else:
        handler.send(200, completion(body, said).replace(b"o?n", b"o\xff\xfen"))


def _wrong_kind(handler: Handler, body: Body) -> None:
    """A good reply that calls itself a picture."""
    said = Said(good_text(body))
    if body.get("stream"):
        handler.stream(events(body, said), "image/png")
    else:
        handler.send(200, completion(body, said), "image/png")


def _deep(handler: Handler, body: Body) -> None:
    nested = b"[" * 100_000 + b"]" * 100_000
    content = b'{"id": "x", "object": "chat.completion", "choices": ' + nested + b"}"
    if body.get("stream"):
        handler.stream([b"data: " + content + b"\n\n", DONE])
    else:
        handler.send(200, content)


def _no_choices(handler: Handler, body: Body) -> None:
    if body.get("stream"):
        handler.stream([event({**NO_CHOICES, "object": "chat.completion.chunk"}), DONE])
    else:
        handler.send(200, event(NO_CHOICES).removeprefix(b"data: "))


def _error_as_success(handler: Handler, body: Body) -> None:
    """Status 200, and in the body an error that repeats the key."""
    told = {"error": {"message": f"overloaded {handler.headers['authorization']}", "code": 500}}
    if body.get("stream"):
        handler.stream([event(told), DONE])
    else:
        handler.send(200, event(told).removeprefix(b"data: "))


def _never_streams(handler: Handler, body: Body) -> None:
    handler.send(200, completion(body, Said(good_text(body))))


def _elsewhere(status: int) -> Behaviour:
    """Sends the client to the same server under another name; there it would get a good reply."""

    def behave(handler: Handler, body: Body) -> None:
        if handler.headers["host"].startswith("localhost"):
            _good(handler, body)
        else:
            place = f"http://localhost:{handler.owner.port}{handler.path}"
            handler.send(status, b"", location=place)

    return behave


WIRE_FAULTS: dict[str, Behaviour] = {
    "400": _status(400),
    "401": _status(401),
    "403": _status(403),
    "404": _status(404),
    "422": _status(422),
    "429": _status(429),
    "429-soon": _status(429, retry_after="0.3"),
    "429-much-later": _status(429, retry_after="3000"),
    "429-odd-date": _status(429, retry_after="next Tuesday"),
    "429-once": _first_fails(429),
    "no-credit": _status(429, code="insufficient_quota"),
    "too-long": _too_long,
    "500": _status(500),
    "500-once": _first_fails(500),
    "503": _status(503),
    "503-once": _first_fails(503),
    "html-502": _raw(BAD_GATEWAY, "text/html", 502),
    "plain-only": _refuses("it did not work", "response_format", "temperature"),
    "no-schema": _refuses("response_format is not supported by this model", "response_format"),
    "no-temperature": _refuses("temperature is not supported with this model", "temperature"),
    "no-seed": _refuses("Unrecognized request argument supplied: seed", "seed"),
    "no-stream-options": _refuses("Unknown parameter: stream_options", "stream_options"),
    "no-schema-422": _refuses(
        "response_format: extra inputs are not permitted", "response_format", status=422
    ),
    "slow": _slow,
    "drip": _drip,
    "comments": _comments,
    "stall": _half_then(Handler.wait),
    "drop": lambda handler, body: handler.reset(),
    "reset-midway": _half_then(_reset_midway),
    "cut": _half_then(_close),
    "cut-unseen": _half_then(_close, length=False),
    "no-end": _endless_end,
    "html": _raw(PAGE, "text/html"),
    "empty-body": _raw(b""),
    "bad-utf8": _bad_utf8,
    "bad-utf8-in-text": _bad_utf8_in_text,
    "wrong-kind": _wrong_kind,
    "deep-body": _deep,
    "no-choices": _no_choices,
    "error-as-success": _error_as_success,
    "never-streams": _never_streams,
    "redirect-302": _elsewhere(302),
    "redirect-307": _elsewhere(307),
}
