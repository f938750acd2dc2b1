"""What the page remembers of one session.

All of it is one object, since Streamlit may stop a run at any access to its session state to begin a newer
one: what was fetched in one access can then be changed as a whole, or not at all.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import NamedTuple

from coach.schema import QuestionKind, Report, SetQuestion
from coach.ui.bench import Bench
from coach.ui.interview_seat import InterviewSeat
from coach.ui.notices import Problem

REPORTS_AT_ONCE = 20
MOST_FACTS = 20


class Slot(NamedTuple):
    """What a text in the answer box belongs to."""

    role_id: str
    question: str
    is_example: bool

    def written(self) -> str:
        return json.dumps(self)

    @classmethod
    def read(cls, written: str) -> Slot:
        """Raises ValueError or TypeError for what `written` does not give."""
        role_id, question, is_example = json.loads(written)
        return cls(str(role_id), str(question), bool(is_example))


@dataclass(frozen=True)
class Feedback:
    """A report that is shown. `saved_id` is None when it is not in the history; `is_final` is False while
    a model is still reading; `stopped` names a model that was kept from coming to an end."""

    report: Report
    answer: str
    previous: Report | None = None
    saved_id: int | None = None
    is_final: bool = True
    stopped: str | None = None


@dataclass
class Seat:
    """One person's place at the page. Changes of the text are numbered by the clock, in milliseconds."""

    role_id: str
    question: str
    text: str = ""
    is_new: bool = True  # nothing was looked up yet of what was shown in an earlier session
    revision: str = ""  # changes whenever the page, not the person, puts text into the box
    taken: int = 0  # the newest change that arrived from the box
    seen: int = 0  # the newest change that `text` holds
    stored: int = 0  # the newest change that is on the disk
    is_example: bool = False
    own_text: str = ""  # what stood there before an example did
    asked: str | None = None  # the text that was asked about last
    feedback: Feedback | None = None
    problem: Problem | None = None
    history_problem: Problem | None = None
    judge: str | None = None  # None: what the settings say
    with_model: bool | None = None  # whether a model reads as well; None: what the judge says
    provider: str | None = None  # None: what the model's name says
    model: str | None = None  # the one chosen on the page, whether or not it is the judge now
    api_key: str | None = field(default=None, repr=False)
    api_base: str | None = None  # None: what the settings say; "": the provider's own
    levels_by_model: bool = True
    connection: Problem | None = None  # what the last test of the connection found
    words: int | None = None  # wanted in a model's tighter version; None: as many as the answer has
    facts_written: str = ""  # what that version may use beside the answer, one a line
    reading: threading.Lock = field(
        default_factory=threading.Lock, repr=False
    )  # held while an answer is read
    put_away: tuple[Slot, str] | None = None  # where another draft of this question went, in words
    open_report: int | None = None
    reports_shown: int = REPORTS_AT_ONCE
    # By the question's text: kinds that its words alone do not give, and what a set knows of it.
    kinds: dict[str, QuestionKind] = field(default_factory=dict)
    of_sets: dict[str, SetQuestion] = field(default_factory=dict)
    bench: Bench | None = None  # None until the page "Questions" is opened
    interviewing: InterviewSeat = field(default_factory=InterviewSeat)

    @property
    def slot(self) -> Slot:
        return Slot(self.role_id, self.question, self.is_example)

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts as they are handed on."""
        lines = (line.strip() for line in self.facts_written.splitlines())
        return tuple(line for line in lines if line)[:MOST_FACTS]

    def begin(self, role_id: str, question: str, text: str) -> None:
        """Turns to a role, a question and a text."""
        self.role_id, self.question, self.is_example, self.own_text = role_id, question, False, ""
        self.put(text)

    def put(self, text: str) -> None:
        """Replaces what stands in the answer box, whatever was typed there up to now."""
        self.text, self.revision, self.seen = text, uuid.uuid4().hex, time.time_ns() // 1_000_000

    def show(self, feedback: Feedback | None) -> None:
        """Shows feedback, or none."""
        self.feedback, self.problem = feedback, None
        self.asked = feedback.answer if feedback else None
