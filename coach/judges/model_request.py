"""Writes the requests to a model: for levels, to mend a reply, for coaching. The answer is apart as data.

Inserted text stands between tags whose code is computed from that text, so that no text can hold its own
closing tag; what could open any tag or chat token in it is changed to a full-width look-alike of the same
length, which `signals.quotes` reads as the plain character again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from coach.llm import Message
from coach.prompts import Prompt
from coach.rubric import Rubric
from coach.schema import CODE_CRITERIA, CRITERIA, CriterionId, Role
from coach.signals.types import Submission

JUDGED: tuple[CriterionId, ...] = tuple(c for c in CRITERIA if c not in CODE_CRITERIA)
_LONGEST_ITEM = 180
_LONGEST_COACHING_ITEM = 120  # advice needs to know of the role's work, levels need to know the work
_LONGEST_NAME = 240
_LONGEST_QUESTION = 1000
_LONGEST_FACT = 300
_LONGEST_PROBLEM = 300
_NOTHING = "(none)"
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
    values = {"rubric": _anchor_lines(rubric), **_told(submission, role, items, _LONGEST_ITEM)}
    return _messages(prompt, values)


def write_coaching_request(
    prompt: Prompt,
    submission: Submission,
    role: Role,
    items: Sequence[RetrievedItem],
    found: str,
    words: int,
    facts: Sequence[str],
) -> tuple[Message, Message]:
    """The two messages that ask for advice, questions and a rewrite of about `words` words.

    `found` is what the built-in judge found, in lines; `facts` are things the candidate added.
    """
    listed = guard("\n".join(f"- {_one_line(fact, _LONGEST_FACT)}" for fact in facts if fact.strip()))
    values = {
        **_told(submission, role, items, _LONGEST_COACHING_ITEM),
        "found": guard(found.strip()) or _NOTHING,
        "facts": listed or _NOTHING,
    }
    return _messages(prompt, {**values, "words": str(words)})


def write_repair_request(
    prompt: Prompt, asked: tuple[Message, Message], problems: Sequence[str]
) -> tuple[Message, Message]:
    """The request asked before, with what failed of its reply at the end; what came before is the same.

    One user message and not two, since some chat templates refuse two in a row.
    """
    lines = guard("\n".join(f"- {_one_line(problem, _LONGEST_PROBLEM)}" for problem in problems))
    system, user = asked
    rendered = prompt.render({"problems": lines, "code": tag_code(user.content, lines)})
    return system, Message("user", f"{user.content}\n\n{rendered.user}")


def told_as(submission: Submission, answer: str, question: str) -> Submission:
    """The submission with these texts, masked ones for example, in place of its answer and question."""
    return submission._replace(
        answer=answer, question=submission.question.model_copy(update={"text": question})
    )


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


def _told(
    submission: Submission, role: Role, items: Sequence[RetrievedItem], longest_item: int
) -> dict[str, str]:
    """What both prompts are told of the role, the question and the answer, made harmless."""
    name = f"{role.name} ({role.function})" if role.function else role.name
    return {
        "role": _one_line(guard(name), _LONGEST_NAME),
        "items": _item_lines(items, longest_item),
        "question": guard(submission.question.text)[:_LONGEST_QUESTION],
        "kind": submission.question.kind,
        "answer": guard(submission.answer),
    }


def _messages(prompt: Prompt, values: Mapping[str, str]) -> tuple[Message, Message]:
    rendered = prompt.render({**values, "code": tag_code(*values.values())})
    return Message("system", rendered.system), Message("user", rendered.user)


def _anchor_lines(rubric: Rubric) -> str:
    lines = []
    for criterion_id in JUDGED:
        criterion = rubric.criteria[criterion_id]
        lines.append(f"{criterion_id}: {criterion.asks}")
        lines += [f"{level} {anchor}" for level, anchor in enumerate(criterion.anchors)]
    return "\n".join(lines)


def _item_lines(items: Sequence[RetrievedItem], longest: int) -> str:
    return guard("\n".join(_item_line(item, longest) for item in items)) or _NOTHING


def _item_line(item: RetrievedItem, longest: int) -> str:
    if item.kind == "kpi":  # models know KPIs by name, and no reply names their ids
        return f"- kpi {_one_line(item.name, longest)}"
    return f"- {item.kind} {item.id}: {_one_line(f'{item.name}. {item.text}', longest)}"


def _one_line(text: str, limit: int) -> str:
    return " ".join(text.split())[:limit]
