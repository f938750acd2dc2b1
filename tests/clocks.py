"""Clocks that tests set by hand."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo


class Clock:
    """Seconds, POSIX ones when it is set by a date. It moves only when it is told to, in either direction."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds

    @classmethod
    def at(cls, local: str, zone: tzinfo = UTC) -> Clock:
        clock = cls()
        clock.set(local, zone)
        return clock

    def __call__(self) -> float:
        return self.seconds

    def set(self, local: str, zone: tzinfo = UTC, fold: int = 0) -> None:
        """To a local time in ISO 8601; `fold` 1 is its second occurrence when the hour is repeated."""
        self.seconds = datetime.fromisoformat(local).replace(tzinfo=zone, fold=fold).timestamp()

    def move(self, seconds: float) -> None:
        self.seconds += seconds
