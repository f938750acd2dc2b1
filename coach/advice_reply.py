"""Reads a coaching reply: plain text in three headed parts. Nothing in it has been checked yet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from coach.judges.model_request import JUDGED
from coach.schema import CriterionId

_LONGEST_REPLY = 30_000
_HEADING = re.compile(
    r"^[\s#*_>\d.)]*(?P<name>next steps?|they will ask|tighter version)\b[*_:\s]*(?P<rest>.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_STEP = re.compile(
    r"^[\s\-*•\d.)_`]*(?P<criterion>[a-z_ ]+?)[*_`\s]*[:\-–—][*_`\s]*(?P<advice>\S.*)$", re.IGNORECASE
)
_BULLET = re.compile(r"^\s*(?:[-*•–—]|\d+[.)])\s*")
_FENCE = re.compile(r"^\s*```\w*\s*$", re.MULTILINE)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s|$)")


class AdviceReply(NamedTuple):
    """What could be read: an advice by criterion, questions, the tighter version ("" when there is none)."""

    next_steps: Mapping[CriterionId, str]
    questions: tuple[str, ...]
    rewrite: str


def read_advice(text: str, is_whole: bool = True) -> AdviceReply:
    """The parts of a reply, whatever stands around them. Of a reply that may be cut the last sentence of the
    tighter version is left out unless it came to its end."""
    parts = _parts(_FENCE.sub("", text[:_LONGEST_REPLY].rpartition("</think>")[2]))
    rewrite = parts.get("tighter version", "").strip()
    if not is_whole:
        ends = [found.end() for found in _SENTENCE_END.finditer(rewrite)]
        rewrite = rewrite[: ends[-1]] if ends else ""
    return AdviceReply(_steps(parts.get("next steps", "")), _questions(parts), rewrite)


def _parts(text: str) -> Mapping[str, str]:
    """The text below each heading; the first part with a heading counts."""
    headings = list(_HEADING.finditer(text))
    parts: dict[str, str] = {}
    for number, heading in enumerate(headings):
        end = headings[number + 1].start() if number + 1 < len(headings) else len(text)
        name = heading["name"].casefold()
        name = "next steps" if name.startswith("next step") else name
        parts.setdefault(name, f"{heading['rest']}\n{text[heading.end() : end]}")
    return parts


def _steps(text: str) -> Mapping[CriterionId, str]:
    by_name = {criterion.replace("_", " "): criterion for criterion in JUDGED}
    steps: dict[CriterionId, str] = {}
    for line in text.splitlines():
        found = _STEP.match(line)
        criterion = by_name.get(found["criterion"].replace("_", " ").strip().casefold()) if found else None
        if found and criterion:
            steps.setdefault(criterion, found["advice"].strip())
    return steps


def _questions(parts: Mapping[str, str]) -> tuple[str, ...]:
    lines = (_BULLET.sub("", line).strip() for line in parts.get("they will ask", "").splitlines())
    return tuple(line for line in lines if "?" in line)
