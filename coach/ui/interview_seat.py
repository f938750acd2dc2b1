"""Where a person sits in a mock interview: the answer box of its own, and the clock."""

from __future__ import annotations

import json
import time
import uuid
import zlib
from dataclasses import dataclass

from coach.ui.notices import Problem


@dataclass
class InterviewSeat:
    """The question that is before the person and what was said to it. Changes of the text are numbered as in
    `coach.ui.seat.Seat`; seconds are those that the question was in view."""

    interview_id: int | None = None  # None: the list of interviews
    question_id: str = ""
    text: str = ""
    base: str = ""  # the text that the disk had when it was last read or written here
    other: str | None = None  # what another tab wrote meanwhile, while the person has not chosen yet
    is_gone: bool = False  # the interview was deleted in another window
    revision: str = ""
    taken: int = 0
    seen: int = 0
    stored: int = 0
    seconds: float = 0.0  # up to when the clock was last started
    since: float | None = None  # when that was; None while it stands
    has_left: bool = False  # the person went to the list by themselves
    problem: Problem | None = None

    @property
    def slot(self) -> str:
        """What the text in the box belongs to."""
        return json.dumps(["interview", self.interview_id, self.question_id])

    @property
    def elapsed(self) -> float:
        """Seconds that the question was before the person."""
        return self.seconds + (time.monotonic() - self.since if self.since is not None else 0.0)

    def face(self, interview_id: int, question_id: str, text: str, seconds: float) -> None:
        """Turns to a question with what was said to it before."""
        self.interview_id, self.question_id = interview_id, question_id
        self.put(text)
        self.is_gone = False
        self.seconds, self.since, self.has_left, self.problem = seconds, None, False, None

    def put(self, text: str) -> None:
        """Shows what the disk has, whatever was typed here up to now."""
        self.text, self.base, self.other = text, text, None
        self.revision, self.seen = uuid.uuid4().hex, time.time_ns() // 1_000_000

    @property
    def mark(self) -> str:
        """A short name of the text that is on the disk, by which a browser's copy tells what it grew from."""
        return f"{zlib.crc32(self.base.encode('utf-8', 'surrogatepass')):08x}"

    def start_clock(self) -> None:
        """Lets the clock run on, if it stands."""
        if self.since is None:
            self.since = time.monotonic()

    def stop_clock(self) -> None:
        """Stops the clock, if it runs."""
        self.seconds, self.since = self.elapsed, None

    def leave(self) -> None:
        """Goes to the list of interviews."""
        self.stop_clock()
        self.interview_id, self.question_id, self.has_left, self.is_gone = None, "", True, False
        self.put("")
