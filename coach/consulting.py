"""Asks the models of a report side by side: one judges, one advises; the wait is the longer of the two."""

from __future__ import annotations

import queue
from collections.abc import Generator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeVar

from coach.adviser import Advice, Matter, ModelAdviser
from coach.errors import BudgetError, CancelledError, ModelError
from coach.judges.model import ModelJudge, ModelVerdict
from coach.llm import Limit
from coach.schema import Delta
from coach.threads import start

_T = TypeVar("_T")


@dataclass(frozen=True)
class Models:
    """Who is asked for a report, and how many seconds all of it may take. None leaves it to the program.

    `pulse`: after so many seconds without a word an empty piece says that they are still at it; None says
    nothing.
    """

    judge: ModelJudge | None
    adviser: ModelAdviser | None
    seconds: float
    pulse: float | None = None


@dataclass(frozen=True)
class Consultation:
    """What the models gave. Where one was asked and gave nothing, its error stands in its place."""

    verdict: ModelVerdict | ModelError | None = None
    advice: Advice | ModelError | None = None

    @property
    def errors(self) -> tuple[ModelError, ...]:
        """What went wrong, none twice."""
        found = [given for given in (self.verdict, self.advice) if isinstance(given, ModelError)]
        return tuple({_key(error): error for error in reversed(found)}.values())[::-1]


def _key(error: ModelError) -> str:
    """What makes two errors one: a limit is told once, though each request says what it might have taken."""
    return error.code if isinstance(error, BudgetError) else error.message


class _Pieces:
    """A listener that lays what it hears into a queue."""

    def __init__(self) -> None:
        self.came: queue.SimpleQueue[Delta | None] = queue.SimpleQueue()
        self._has_heard = False

    def begin(self) -> None:
        if self._has_heard:
            self.came.put(Delta(text="", restart=True))
        self._has_heard = False

    def hear(self, piece: str) -> None:
        self._has_heard = True
        self.came.put(Delta(text=piece))


def consult(models: Models, matter: Matter) -> Generator[Delta, None, Consultation]:
    """Yields the adviser's words as they come and returns what both gave.

    Closing the generator ends the requests.
    """
    limit = Limit(models.seconds)
    pieces = _Pieces()
    verdict = advice = None
    if models.judge is not None:
        verdict = start(_judged, models.judge, matter, limit)
    if models.adviser is not None:
        advice = start(models.adviser.advise, matter, limit, pieces)
    asked: Sequence[Future[object]] = [given for given in (verdict, advice) if given is not None]  # type: ignore[misc]
    for given in asked:
        given.add_done_callback(lambda _: pieces.came.put(None))
    try:
        still_out = len(asked)
        while still_out:
            try:
                piece = pieces.came.get(timeout=models.pulse)
            except queue.Empty:
                yield Delta(text="")
                continue
            if piece is None:
                still_out -= 1
            else:
                yield piece
    finally:
        limit.cancel()
    judged = _outcome(verdict)
    advised = _outcome(advice)
    return Consultation(judged, advised)


def _judged(judge: ModelJudge, matter: Matter, limit: Limit) -> ModelVerdict:
    return judge.judge(matter.submission, matter.role, matter.items, matter.instructions, limit)


def _outcome(given: Future[_T] | None) -> _T | ModelError | None:
    if given is None:
        return None
    try:
        return given.result()
    except ModelError as error:
        return error
    except CancelledError:
        return None
    except TimeoutError:
        return _out_of_time()


def _out_of_time() -> ModelError:
    return ModelError(
        "model_timeout",
        "The time for this report was over before the model came to an end.",
        "Try again, choose a faster model, or raise COACH_REPORT_TIMEOUT.",
    )
