"""A reply in pieces, from a real server through litellm: heard as it comes, ended at will and in time."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from coach.errors import CancelledError, ModelError
from coach.llm import Completion, Limit, Message, ModelChoice
from coach.llm_exchange import _let_litellm_log
from coach.llm_litellm import LitellmCompleter
from tests.model_server import ModelServer

MESSAGES = (Message("user", "Tell me."),)


def chunk(text: str) -> bytes:
    """A server-sent event of an OpenAI-compatible server."""
    body = {
        "id": "c",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": None}],
    }
    return b"data: " + json.dumps(body).encode() + b"\n\n"


class DrippingServer:
    """Sends two pieces of a stream, then nothing, and notices when the client is gone."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.api_base = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"
        self.client_is_gone = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        connection, _ = self._socket.accept()
        with connection:
            received = b""
            while b"\r\n\r\n" not in received:
                received += connection.recv(65536)
            connection.settimeout(10)
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n")
            connection.sendall(chunk("First ") + chunk("second "))
            try:
                while connection.recv(65536):
                    pass
                self.client_is_gone.set()
            except ConnectionError:
                self.client_is_gone.set()
            except TimeoutError:
                pass


class Ear:
    """Keeps what it hears and when the first of it came."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.has_heard = threading.Event()

    def begin(self) -> None:
        self.pieces.clear()

    def hear(self, piece: str) -> None:
        self.pieces.append(piece)
        self.has_heard.set()


@pytest.fixture
def dripping() -> Iterator[DrippingServer]:
    server = DrippingServer()
    yield server
    server.close()


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


def completer(api_base: str, model: str = "m", timeout: float = 20.0) -> LitellmCompleter:
    return LitellmCompleter(ModelChoice(f"openai/{model}", "k", api_base, timeout), sleep=lambda _: None)


def test_what_is_heard_is_the_reply(server: ModelServer) -> None:
    ear = Ear()
    completion = completer(server.api_base, "good").complete(MESSAGES, listener=ear)
    assert "".join(ear.pieces) == completion.text
    assert len(ear.pieces) > 3
    assert completion.is_whole
    assert server.requests[-1].body["stream"] is True


def test_calling_it_off_closes_the_servers_connection(dripping: DrippingServer) -> None:
    limit, ear, ended = Limit(20), Ear(), []

    def ask() -> None:
        try:
            completer(dripping.api_base).complete(MESSAGES, limit=limit, listener=ear)
        except CancelledError as error:
            ended.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    assert ear.has_heard.wait(60)
    limit.cancel()
    asking.join(5)
    assert len(ended) == 1
    assert dripping.client_is_gone.wait(5)


def test_a_stream_that_stalls_ends_with_its_time(dripping: DrippingServer) -> None:
    ear = Ear()
    began = time.monotonic()
    with pytest.raises(ModelError) as caught:
        completer(dripping.api_base, timeout=1.0).complete(MESSAGES, listener=ear)
    assert caught.value.code == "model_timeout"
    assert time.monotonic() - began < 4.0
    assert dripping.client_is_gone.wait(5)


@pytest.mark.parametrize("model", ["drip", "comments", "stall"])
def test_signs_of_life_do_not_stretch_the_time(server: ModelServer, model: str) -> None:
    began = time.monotonic()
    with pytest.raises(ModelError) as caught:
        completer(server.api_base, model, timeout=0.7).complete(MESSAGES)
    assert caught.value.code == "model_timeout"
    assert time.monotonic() - began < 3.0


def test_the_limit_of_the_report_holds_for_a_request(server: ModelServer) -> None:
    began = time.monotonic()
    with pytest.raises(ModelError):
        completer(server.api_base, "slow", timeout=20).complete(MESSAGES, limit=Limit(0.5))
    assert time.monotonic() - began < 3.0


def test_what_ends_without_an_end_is_not_taken_for_whole(server: ModelServer) -> None:
    """litellm reports a regular end where the connection just ended; the count of tokens is missing then."""
    completion = reply_or_none(server, "cut-unseen")
    assert completion is None or not completion.is_whole
    completion = reply_or_none(server, "no-end")
    assert completion is None or not completion.is_whole


def reply_or_none(server: ModelServer, model: str) -> Completion | None:
    try:
        return completer(server.api_base, model, timeout=5).complete(MESSAGES)
    except ModelError:
        return None


def test_a_request_that_was_called_off_is_not_begun(server: ModelServer) -> None:
    limit = Limit(5)
    limit.cancel()
    before = len(server.requests)
    with pytest.raises(CancelledError):
        completer(server.api_base, "good").complete(MESSAGES, limit=limit)
    assert len(server.requests) == before


def test_a_log_that_has_not_begun_is_waited_for() -> None:
    """A thread is listed a moment before it begins."""
    begins, logged = threading.Event(), threading.Event()

    class Late(threading.Thread):
        def join(self, timeout: float | None = None) -> None:
            if not begins.is_set():
                begins.set()
                raise RuntimeError("cannot join thread before it is started")
            super().join(timeout)

        def run(self) -> None:
            begins.wait(60)
            logged.set()

    late = Late(name="Thread-1 (failure_handler)", daemon=True)
    late.start()
    _let_litellm_log()
    assert begins.is_set() and logged.is_set() and not late.is_alive()
