"""Reads what a model wrote as questions. Nothing in a reply is trusted: each question is read by itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

_LONGEST_REPLY = 100_000
_MOST_OBJECTS = 200
_MOST_QUESTIONS = 60
_LONGEST_LINE = 200  # characters of what a strong answer shows, or of a follow-up
_CITE = re.compile(r"\s*(job|resume|résumé)\s*[:#\s]\s*(\d{1,6})\s*\Z", re.IGNORECASE)


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class QuestionShape(_Shape):
    """One question as it is asked for."""

    cites: str
    activities: list[str]
    kpis: list[str]
    kind: str
    text: str
    shows: list[str]
    follow_ups: list[str]


class QuestionsShape(_Shape):
    """The reply a model is asked for."""

    questions: list[QuestionShape]


@dataclass(frozen=True)
class WrittenQuestion:
    """A question as the model has it, unchecked. `of` and `line` are what it cites, None where it cites
    nothing that can be read."""

    text: str
    kind: str
    of: Literal["job", "resume"] | None
    line: int | None
    activities: tuple[str, ...]
    kpis: tuple[str, ...]
    shows: tuple[str, ...]
    follow_ups: tuple[str, ...]


def read_questions(text: str) -> tuple[WrittenQuestion, ...] | None:
    """The questions in a reply, with prose or code fences around it overlooked; None when there are none."""
    after_thoughts = text[-_LONGEST_REPLY:].rpartition("</think>")[2]
    for found in _objects(after_thoughts):
        questions = found.get("questions")
        if isinstance(questions, list):
            return tuple(_written(one) for one in questions[:_MOST_QUESTIONS] if isinstance(one, dict))
    return None


def _written(raw: dict[str, Any]) -> WrittenQuestion:
    cite = _CITE.match(str(raw.get("cites", "")))
    of: Literal["job", "resume"] | None = None
    if cite:
        of = "job" if cite[1].casefold() == "job" else "resume"
    return WrittenQuestion(
        text=" ".join(raw["text"].split()) if isinstance(raw.get("text"), str) else "",
        kind=str(raw.get("kind", "")).strip().casefold(),
        of=of,
        line=int(cite[2]) if cite else None,
        activities=_strings(raw.get("activities")),
        kpis=_strings(raw.get("kpis")),
        shows=_strings(raw.get("shows"))[:3],
        follow_ups=_strings(raw.get("follow_ups"))[:2],
    )


def _strings(raw: object) -> tuple[str, ...]:
    several = raw if isinstance(raw, list) else [raw]
    plain = (" ".join(one.split()) for one in several if isinstance(one, str))
    return tuple(dict.fromkeys(one for one in plain if one and len(one) <= _LONGEST_LINE))


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """The outermost JSON objects in a text, in order; a bounded number of tries."""
    decoder = json.JSONDecoder()
    start = text.find("{")
    for _ in range(_MOST_OBJECTS):
        if start < 0:
            return
        end = start + 1
        try:
            found, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict):
            yield found
        start = text.find("{", end)
