"""A model server on 127.0.0.1 that judges at once and writes its advice slowly, line by line, as a stream.

    with SlowWriter() as server:
        ... COACH_MODEL=openai/slow, COACH_API_BASE=server.api_base ...
        server.finish.set()  # lets the rest of the advice come

It writes half of its advice and waits for `finish`; `hung_up` is set when the reader goes away before.
"""

from __future__ import annotations

import json
import select
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from tests.model_server import answer_in, first_words, reply_for

ADVICE = """## Next steps
result: You say "sales went up a lot", and a listener cannot see how much. Try: "Orders went from [number \
before] to [number after] in [time span]."
action: You say "we changed the page", and nobody learns what was yours. Try: "I [what you did yourself]."
## They will ask
- What did you do yourself, and what did the developer do?
- How do you know that the busy season did not cause it?
- What did you see in the analytics?
## Tighter version
"""


def advice_on(answer: str) -> str:
    """Advice whose tighter version is most of the answer, with one invention that has to be left out."""
    kept = answer.replace("So in my", "In my").replace("So I talked", "I talked")
    return f"{ADVICE}{kept} We won the Golden Basket award in 2019.\n"


class SlowWriter:
    """Runs while the `with` block does."""

    def __init__(self, pause: float = 0.02) -> None:
        self.pause = pause
        self.finish = threading.Event()
        self.hung_up = threading.Event()
        self.keys: list[str] = []
        self.asked: list[dict[str, Any]] = []
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.owner = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    @property
    def api_base(self) -> str:
        """What COACH_API_BASE takes."""
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def again(self) -> None:
        """As it was before anybody asked."""
        self.finish.clear()
        self.hung_up.clear()
        self.keys.clear()
        self.asked.clear()

    def __enter__(self) -> SlowWriter:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.finish.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    owner: SlowWriter


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Http

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.owner.asked.append(body)
        self.server.owner.keys.append(self.headers.get("authorization", ""))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            self._write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.server.owner.hung_up.set()

    def _write(self, body: dict[str, Any]) -> None:
        answer = answer_in(body)
        if "## Tighter version" in body["messages"][0]["content"]:
            self._write_slowly(advice_on(answer))
        elif "criteria" in body["messages"][0]["content"]:
            poor = {"why": "Nobody learns where it was.", "quotes": [first_words(answer)], "level": 1}
            self._send(json.dumps(reply_for(answer, situation=poor)))
        else:
            self._send("ready")
        self._send("", "stop")
        self.wfile.write(b"data: [DONE]\n\n")

    def _write_slowly(self, text: str) -> None:
        words = text.split(" ")
        for number, word in enumerate(words):
            if number == len(words) // 2:
                self._wait()
            self._send(word if number == 0 else f" {word}")
            time.sleep(self.server.owner.pause)

    def _wait(self) -> None:
        """Until the rest may come, or the reader has gone."""
        while not self.server.owner.finish.wait(0.02):
            readable, _, _ = select.select([self.connection], [], [], 0)
            if readable and not self.connection.recv(1):
                raise ConnectionResetError

    def _send(self, text: str, finish: str | None = None) -> None:
        choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": finish}
        chunk: dict[str, Any] = {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "slow",
            "choices": [choice],
        }
        if finish:
            chunk["usage"] = {"prompt_tokens": 900, "completion_tokens": 300, "total_tokens": 1200}
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.flush()
