"""Reads a model's reply into types. Nothing in a reply is trusted: each criterion is read by itself, what
does not fit is left out with the reason, and JSON that merely repeats the answer's is not a reply."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict

from coach.judges.model_request import JUDGED
from coach.schema import AnswerType, CriterionId

_LONGEST_REPLY = 100_000
_MOST_OBJECTS = 200
_MOST_QUOTES = 3
_MOST_LISTED = 12
_ANSWER_TYPES: tuple[AnswerType, ...] = get_args(AnswerType)
_LEVELS = range(6)


# ---- what is asked for: sent as a JSON schema ------------------------------------------------------


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CriterionShape(_Shape):
    """The order is that of the work: reason, words, level."""

    why: str
    quotes: list[str]
    level: int


class CriteriaShape(_Shape):
    situation: CriterionShape
    task: CriterionShape
    action: CriterionShape
    result: CriterionShape
    question_fit: CriterionShape
    role_relevance: CriterionShape


class ActivityShape(_Shape):
    id: str
    quotes: list[str]


class ReplyShape(_Shape):
    """The reply a model is asked for."""

    criteria: CriteriaShape
    answer_type: str
    activities: list[ActivityShape]


# ---- what was understood ---------------------------------------------------------------------------


@dataclass(frozen=True)
class CriterionReply:
    """What the model says of one criterion; a level of None was missing or not 0 to 5."""

    level: int | None
    quotes: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class ActivityReply:
    """An activity that the model says is shown."""

    id: str
    quotes: tuple[str, ...]


@dataclass(frozen=True)
class Reply:
    """What could be read of a reply. No string of it has been checked against the answer yet."""

    criteria: Mapping[CriterionId, CriterionReply]
    answer_type: AnswerType | None
    activities: tuple[ActivityReply, ...]


def read_reply(text: str, answer: str) -> Reply | None:
    """The reply in the text, with prose or code fences around it overlooked; None when there is none.

    Objects that the answer itself holds are not replies. Two replies that differ are none.
    """
    echoes = list(_objects(answer))
    after_thoughts = text[-_LONGEST_REPLY:].rpartition("</think>")[2]
    replies = [found for found in _objects(after_thoughts) if found not in echoes and _criteria(found)]
    if not replies or any(other != replies[0] for other in replies):
        return None
    return _reply(replies[0])


def _reply(raw: dict[str, Any]) -> Reply:
    criteria = _criteria(raw)
    answer_type = raw.get("answer_type")
    return Reply(
        criteria={c: _criterion(criteria[c]) for c in JUDGED if isinstance(criteria.get(c), dict)},
        answer_type=answer_type if answer_type in _ANSWER_TYPES else None,
        activities=tuple(_activities(raw.get("activities"))),
    )


def _criteria(raw: dict[str, Any]) -> dict[str, Any]:
    """The part that holds the criteria: under "criteria", or lying open as small models leave it."""
    inner = raw.get("criteria", raw)
    return inner if isinstance(inner, dict) and any(c in inner for c in JUDGED) else {}


def _criterion(raw: dict[str, Any]) -> CriterionReply:
    return CriterionReply(
        level=_level(raw.get("level")),
        quotes=_strings(raw.get("quotes"))[:_MOST_QUOTES],
        why=_string(raw.get("why")),
    )


def _activities(raw: object) -> Iterator[ActivityReply]:
    for entry in (raw if isinstance(raw, list) else [])[:_MOST_LISTED]:
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            yield ActivityReply(entry["id"].strip(), _strings(entry.get("quotes"))[:_MOST_QUOTES])


def _level(raw: object) -> int | None:
    """A whole number from 0 to 5, or the same as a string of one digit; nothing else is guessed at."""
    if isinstance(raw, str) and raw.strip() in map(str, _LEVELS):
        return int(raw)
    # bool is an int to Python, not to a rubric.
    return raw if type(raw) is int and raw in _LEVELS else None


def _string(raw: object) -> str:
    return raw if isinstance(raw, str) else ""


def _strings(raw: object) -> tuple[str, ...]:
    several = raw if isinstance(raw, list) else [raw]
    return tuple(one for one in several if isinstance(one, str) and one.strip())


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
