"""Runs a parser in a process of its own, which is ended at the time limit."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path

from coach.documents.document import Kind, Limits
from coach.documents.raw import Refusal, Row

_CHILD = Path(__file__).with_name("child.py")
# Python's own start, on a busy machine; the limit is for the parsing.
_START_SECONDS = 5.0


def parse_apart(kind: Kind, content: bytes, limits: Limits) -> list[Row]:
    """The rows that the parser of this kind finds; raises Refusal, also when it is too slow or breaks."""
    numbers = (limits.characters, limits.pages, math.ceil(limits.seconds), limits.memory)
    command = [sys.executable, "-I", "-B", str(_CHILD), kind, *map(str, numbers)]
    try:
        done = subprocess.run(  # noqa: S603 - this program's own Python; the file comes in as data
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # No keys for a parser to see; Windows needs some of its own to start anything.
            env=None if os.name == "nt" else {},
            cwd=_CHILD.parent,
            timeout=limits.seconds + _START_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refusal("document_slow", f"{limits.seconds:g}") from None
    return _read_reply(done, limits)


def _read_reply(done: subprocess.CompletedProcess[bytes], limits: Limits) -> list[Row]:
    try:
        reply = json.loads(done.stdout)
    except ValueError:
        # Ended by the limit on processor time, or broken off where memory ran out.
        is_slow = done.returncode in (-9, -24)
        code = "document_slow" if is_slow else "document_demanding"
        raise Refusal(code, f"{limits.seconds:g}") from None
    if "code" in reply:
        raise Refusal(reply["code"], reply["detail"])
    return [Row(text, form, is_whole) for text, form, is_whole in reply["rows"]]
