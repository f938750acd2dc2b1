"""Writes the request to a model: the rubric, the role's items, and the answer kept apart as data.

Inserted text stands between tags whose code is computed from that text, so that no text can hold its own
closing tag; what could open any tag or chat token in it is changed to a full-width look-alike of the same
length, which `signals.quotes` reads as the plain character again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from coach.llm import Message
from coach.prompts import Prompt
from coach.rubric import Rubric
from coach.schema import CODE_CRITERIA, CRITERIA, CriterionId, Role
from coach.signals.types import Submission

JUDGED: tuple[CriterionId, ...] = tuple(c for c in CRITERIA if c not in CODE_CRITERIA)
_LONGEST_ITEM = 240
_LONGEST_QUESTION = 1000
_TAG_START = re.compile(r"<(?=\s*[/|!?<A-Za-z_])")
_CHAT_TOKEN = re.compile(r"\[(?=/?(?:INST|SYS))", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")


class RetrievedItem(NamedTuple):
    """An item of the role that is near to the answer; `text` is a sentence or two about it."""

    kind: Literal["activity", "kpi"]
    id: str
    name: str
    text: str


def write_request(
    prompt: Prompt, rubric: Rubric, submission: Submission, role: Role, items: Sequence[RetrievedItem]
) -> tuple[Message, Message]:
    """The two messages that ask for levels: first the part that never changes, then this answer."""
    question = guard(submission.question.text)[:_LONGEST_QUESTION]
    answer = guard(submission.answer)
    listed = _item_lines(items)
    name = guard(f"{role.name} ({role.function})" if role.function else role.name)
    rendered = prompt.render(
        {
            "rubric": _anchor_lines(rubric),
            "role": _one_line(name),
            "items": listed,
            "question": question,
            "kind": submission.question.kind,
            "answer": answer,
            "code": tag_code(name, listed, question, answer),
        }
    )
    return Message("system", rendered.system), Message("user", rendered.user)


def guard(text: str) -> str:
    """The text with nothing in it that opens a tag or a chat token; same length, same offsets."""
    text = _TAG_START.sub("＜", text)
    text = _CHAT_TOKEN.sub("［", text)
    return _SURROGATE.sub("\ufffd", text)


def tag_code(*texts: str) -> str:
    """Eight hexadecimal digits that depend on the texts and occur in none of them."""
    joined = "\0".join(texts)
    code = hashlib.sha256(joined.encode()).hexdigest()
    while code[:8] in joined.casefold():
        code = hashlib.sha256(code.encode()).hexdigest()
    return code[:8]


def _anchor_lines(rubric: Rubric) -> str:
    lines = []
    for criterion_id in JUDGED:
        criterion = rubric.criteria[criterion_id]
        lines.append(f"{criterion_id}: {criterion.asks}")
        lines += [f"  {level} = {anchor}" for level, anchor in enumerate(criterion.anchors)]
    return "\n".join(lines)


def _item_lines(items: Sequence[RetrievedItem]) -> str:
    lines = [f"- {item.kind} {item.id}: {_one_line(f'{item.name}. {item.text}')}" for item in items]
    return guard("\n".join(lines)) or "(none)"


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_ITEM]
