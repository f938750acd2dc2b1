"""The end of the program: work that asks models is told of it, and waited for.

Python stops the threads that are left when it goes. One that is stopped in the middle of an import takes the
lock on imports with it, and whatever is imported after that waits for ever; one that is inside llama.cpp
crashes the process.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_LONGEST = 3.0  # seconds that the program waits for work that was told to stop

_near = threading.Event()
_changed = threading.Condition()
_under_way: dict[object, Callable[[], None]] = {}
_closings: list[Callable[[], None]] = []


def is_near() -> bool:
    """Whether the program is about to end."""
    return _near.is_set()


@contextmanager
def awaited(stop: Callable[[], None] = lambda: None) -> Iterator[None]:
    """The program does not end, for a few seconds at least, while this goes on; it calls `stop` first."""
    ticket = object()
    with _changed:
        _under_way[ticket] = stop
    if is_near():
        stop()
    try:
        yield
    finally:
        with _changed:
            del _under_way[ticket]
            _changed.notify_all()


def call_at_end(close: Callable[[], None]) -> None:
    """Has `close` called after work was told to stop, before it is waited for."""
    _closings.append(close)


@atexit.register
def _end() -> None:
    _near.set()
    with _changed:
        stops = list(_under_way.values())
    for stop in stops:
        stop()
    for close in _closings:
        close()
    with _changed:
        _changed.wait_for(lambda: not _under_way, timeout=_LONGEST)
