"""The server itself: records requests, looks the model's behaviour up, and writes replies."""

from __future__ import annotations

import json
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import NamedTuple

from tests.model_server.replies import Body, Kind, kind_of
from tests.model_server.wire import Said, completion, events

EVENT_STREAM = "text/event-stream; charset=utf-8"


class Request(NamedTuple):
    """One request as it arrived; a GET has an empty body."""

    path: str
    headers: dict[str, str]
    body: Body

    @property
    def kind(self) -> Kind | None:
        return kind_of(self.body) if self.body else None


class ModelServer:
    """Runs while the `with` block does; each request has a thread of its own."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.released = threading.Event()  # lets go of requests that are kept waiting
        self.faults: list[str] = []  # errors of the server's own, which no test wants
        self._http = _Http(("127.0.0.1", 0), Handler)
        self._http.owner = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def api_base(self) -> str:
        """What `ModelChoice.api_base` or COACH_API_BASE takes."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def port(self) -> int:
        return self._http.server_port

    def count(self, model: str, kind: Kind | None = None) -> int:
        """How many requests for a model arrived, of one kind or of both."""
        arrived = [request for request in self.requests if request.body.get("model") == model]
        return sum(kind in (None, request.kind) for request in arrived)

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
    request_queue_size = 64
    owner: ModelServer

    def handle_error(self, request: object, client_address: object) -> None:
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError):  # clients may leave when they like
            self.owner.faults.append(repr(error))


class Handler(BaseHTTPRequestHandler):
    """One connection; behaviours write their replies with its methods."""

    protocol_version = "HTTP/1.1"
    server: _Http

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self.owner.requests.append(Request(self.path, dict(self.headers), {}))
        self.send(404, b"{}")

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.owner.requests.append(Request(self.path, dict(self.headers), body))
        try:
            BEHAVIOURS[body["model"]](self, body)
        except ConnectionError:
            self.close_connection = True

    @property
    def owner(self) -> ModelServer:
        return self.server.owner

    def count(self, body: Body) -> int:
        """How many requests of this kind for this model there were, this one included."""
        return self.owner.count(body["model"], kind_of(body))

    def send(self, status: int, content: bytes, kind: str = "application/json", **headers: str) -> None:
        self.begin(status, kind, content_length=str(len(content)), **headers)
        self.wfile.write(content)

    def begin(self, status: int = 200, kind: str = "application/json", **headers: str) -> None:
        """Status and headers only; without a length the body ends where the connection does."""
        self.send_response(status)
        self.send_header("content-type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if not {"content_length", "transfer_encoding"} & set(headers):
            self.send_header("connection", "close")
            self.close_connection = True
        self.end_headers()

    def say(self, body: Body, said: Said) -> None:
        """A completion, streamed where the request asks for that."""
        if body.get("stream"):
            self.stream(events(body, said))
        else:
            self.send(200, completion(body, said))

    def stream(self, parts: Iterable[bytes], kind: str = EVENT_STREAM, ended: bool = True) -> None:
        """Parts as chunks; with `ended` False the last chunk never comes."""
        self.begin(200, kind, transfer_encoding="chunked")
        for part in parts:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        if ended:
            self.wfile.write(b"0\r\n\r\n")

    def fail(
        self, status: int, message: str = "it did not work", code: str | None = None, **headers: str
    ) -> None:
        """An error as OpenAI words it. A server may repeat the key and the prompt in it; this one does."""
        request = self.owner.requests[-1]
        told = f"{message}: {request.headers.get('Authorization')} {request.body['messages']}"
        error = {"error": {"message": told, "type": "error", "code": code}}
        self.send(status, json.dumps(error).encode(), **headers)

    def wait(self) -> None:
        """Until the server ends."""
        self.owner.released.wait(30)
        self.close_connection = True

    def reset(self) -> None:
        """Ends the connection as a crash does: linger 0 turns the close into a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        socket.socket(fileno=self.connection.detach()).close()
        self.close_connection = True


Behaviour = Callable[[Handler, Body], None]
BEHAVIOURS: dict[str, Behaviour] = {}  # by the model's name; the package fills it
