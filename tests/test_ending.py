"""What asks a model is told that the program ends, and waited for, in programs of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.test_streaming import DrippingServer

WORK = """
import threading, time
from coach import ending
told = threading.Event()
begun = threading.Event()
def work():
    with ending.awaited(told.set):
        begun.set()
        {work}
        print("done", flush=True)
threading.Thread(target=work, daemon=True).start()
begun.wait()
"""
ASKING = """
import threading
from coach import ending
from coach.llm import Message, ModelChoice
from coach.llm_litellm import LitellmCompleter
class Ear:
    heard = threading.Event()
    def begin(self): pass
    def hear(self, piece): self.heard.set()
ear = Ear()
def ask():
    choice = ModelChoice("openai/m", "k", {api_base!r}, 30.0)
    with ending.awaited():  # what is printed is the test's own
        try:
            LitellmCompleter(choice).complete([Message("user", "Tell me.")], listener=ear)
        except Exception as error:
            print(type(error).__name__, flush=True)
threading.Thread(target=ask, daemon=True).start()
assert Ear.heard.wait(60)
"""


def run(program: str, repo_root: Path) -> tuple[int, bytes, bytes]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], cwd=repo_root, capture_output=True, timeout=120
    )
    return done.returncode, done.stdout, done.stderr


def test_work_that_is_told_to_stop_is_waited_for(repo_root: Path) -> None:
    program = WORK.format(work="assert told.wait(60); time.sleep(0.3)")
    assert run(program, repo_root) == (0, b"done\n", b"")


def test_work_that_does_not_stop_is_left_behind(repo_root: Path) -> None:
    program = WORK.format(work="time.sleep(60)")
    assert run(program, repo_root) == (0, b"", b"")


def test_work_that_begins_near_the_end_is_told_at_once(repo_root: Path) -> None:
    late = """
from coach import ending
def begin():
    with ending.awaited(lambda: print("told", ending.is_near())):
        pass
ending.call_at_end(begin)
"""
    assert run(late, repo_root) == (0, b"told True\n", b"")


def test_a_reply_that_stalls_does_not_keep_the_program(repo_root: Path) -> None:
    server = DrippingServer()
    try:
        ended = run(ASKING.format(api_base=server.api_base), repo_root)
    finally:
        server.close()
    assert ended == (0, b"CancelledError\n", b"")
    assert server.client_is_gone.wait(5)
