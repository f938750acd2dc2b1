"""What do we add to the model's own time? Run: python -m benchmarks.model_overhead

A server on this machine answers judging and coaching at once, in a stream. Taken in turns, 30 times each: a
whole report with that model on an answer of about 200 words; the same report by the built-in judge; and the
two requests alone, sent side by side by bare litellm. The first less the other two is our own overhead. The
delay of the first words is from the moment the server writes them to the moment the caller has them.
Exits with 1 over 150 ms or 50 ms, medians both.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from benchmarks.speed import answer_of, machine
from coach import Coach, Delta
from coach.config import Settings
from coach.llm_library import litellm_library
from coach.signals.segments import count_words

WORDS = 200
RUNS = 30
MILLISECOND = 1000.0
MOST_OVERHEAD, MOST_DELAY = 150.0, 50.0
MODEL = "openai/instant"
_OPTIONS = {"temperature": 0, "seed": 0, "stream": True, "stream_options": {"include_usage": True}}
_PIECE = 24  # characters of an event


class InstantServer:
    """Answers at once; keeps the requests it was sent and when it wrote the first words of coaching."""

    def __init__(self, quote: str, version: str) -> None:
        self.requests: list[dict[str, Any]] = []
        self.wrote_first = 0.0
        self.replies = {True: _coaching(version), False: _judging(quote)}
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.owner = self
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def api_base(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/v1"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    owner: InstantServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients may leave when they like."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_POST(self) -> None:
        owner = self.server.owner
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        owner.requests.append(body)
        is_coaching = "response_format" not in body
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for place, event in enumerate(_events(owner.replies[is_coaching])):
            if is_coaching and place == 0:
                owner.wrote_first = time.perf_counter()
            self.wfile.write(f"{len(event):x}\r\n".encode() + event + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")


def _events(text: str) -> Iterator[bytes]:
    head = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "instant"}
    for place in range(0, len(text), _PIECE):
        delta = {"role": "assistant", "content": text[place : place + _PIECE]}
        yield _event({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
    yield _event({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    usage = {"prompt_tokens": 2000, "completion_tokens": 400, "total_tokens": 2400}
    yield _event({**head, "choices": [], "usage": usage})
    yield b"data: [DONE]\n\n"


def _event(body: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def _judging(quote: str) -> str:
    names = ("situation", "task", "action", "result", "question_fit", "role_relevance")
    given = {"why": "You tell it in your own words.", "quotes": [quote], "level": 3}
    return json.dumps({"criteria": dict.fromkeys(names, given), "answer_type": "story", "activities": []})


def _coaching(version: str) -> str:
    return (
        "## Next steps\nresult: Say what changed, from [figure before] to [figure after].\n"
        "task: Say what was yours to reach.\naction: Say why you did it this way.\n"
        "## They will ask\n- What would you do differently today?\n- Which part was yours alone?\n"
        f"- Who decided that?\n## Tighter version\n{version}"
    )


class Bench:
    """One coach and one server, measured in turns."""

    def __init__(self, folder: Path) -> None:
        self.question, self.answer = answer_of(WORDS)
        self.server = InstantServer(" ".join(self.answer.split()[:8]), self.answer)
        settings = Settings.from_env({"COACH_DATA_DIR": str(folder)})
        # Kept replies would spare the requests that are to be measured.
        self.coach = Coach.open(replace(settings, model=MODEL, api_base=self.server.api_base, cache_mb=0))
        self.delays: list[float] = []

    def report(self) -> None:
        """A whole report by the model."""
        first = 0.0
        given: Any = None
        for given in self.coach.feedback_stream(self.question, self.answer, api_key="k"):
            if isinstance(given, Delta) and not first:
                first = time.perf_counter()
        assert given.engine.judge == MODEL and given.engine.adviser == MODEL, given.warnings
        self.delays.append(MILLISECOND * (first - self.server.wrote_first))

    def built_in(self) -> None:
        """The same report without a model."""
        self.coach.feedback(self.question, self.answer, judge="evidence")

    def bare(self, bodies: Sequence[dict[str, Any]]) -> None:
        """The two requests alone, side by side."""
        threads = [threading.Thread(target=self._ask, args=(body,)) for body in bodies]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _ask(self, body: dict[str, Any]) -> None:
        options = {**_OPTIONS, **{k: body[k] for k in ("response_format", "max_tokens") if k in body}}
        parts = litellm_library().completion(
            model=MODEL,
            api_base=self.server.api_base,
            api_key="k",
            max_retries=0,
            messages=body["messages"],
            **options,
        )
        assert sum(1 for _ in parts)


def milliseconds(work: Callable[..., None], *arguments: Any) -> float:
    """How long a call takes."""
    started = time.perf_counter()
    work(*arguments)
    return MILLISECOND * (time.perf_counter() - started)


def main() -> int:
    """Prints the medians; 1 when one is over its bar."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        bench.report()  # loads litellm
        bodies = bench.server.requests[-2:]
        bench.bare(bodies)
        bench.delays.clear()
        rows = [
            (
                milliseconds(bench.report),
                milliseconds(bench.built_in),
                milliseconds(bench.bare, bodies),
            )
            for _ in range(RUNS)
        ]
        bench.coach.close()
    overhead = statistics.median(whole - own - asked for whole, own, asked in rows)
    delay = statistics.median(bench.delays)
    print(f"Machine: {machine()}; load {os.getloadavg()[0]:.1f}")
    print(f"Answer: {count_words(bench.answer)} words; {RUNS} reports of each kind, in turns; medians")
    for name, column in zip(
        ("Report with a model", "Built-in report", "Bare requests"), zip(*rows, strict=True), strict=True
    ):
        print(f"{name + ':':<22} {statistics.median(column):6.1f} ms")
    print(f"{'Our own overhead:':<22} {overhead:6.1f} ms (bar {MOST_OVERHEAD:.0f})")
    print(f"{'Delay of first words:':<22} {delay:6.1f} ms (bar {MOST_DELAY:.0f})")
    return int(overhead >= MOST_OVERHEAD or delay >= MOST_DELAY)


if __name__ == "__main__":
    sys.exit(main())
