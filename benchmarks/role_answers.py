"""The 300 answers of training/answers/ whose activities two readers marked; all by language models."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from coach.config import resource_root
from training.corpus import CALIBRATION_WRITER

FOLDER = resource_root() / "training" / "answers"


class RoleAnswer(NamedTuple):
    """An answer of somebody who sells online. `question` is the id of one of the role's bank, or a text;
    `person` groups the answers of one speaker; `marks` and `levels` (of role_relevance, 0 to 5, only for
    questions of the bank) are by reader; `trained`: the reader network was trained with these marks."""

    id: str
    person: str
    question: str
    text: str
    marks: Mapping[str, frozenset[str]]
    levels: Mapping[str, int]
    trained: bool


def read_role_answers() -> list[RoleAnswer]:
    """All marked answers in file order."""
    marks: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for row in _rows("activities.jsonl"):
        marks[row["id"]][row["reader"]] = frozenset(shown["activity"] for shown in row["shown"])
    levels: dict[str, dict[str, int]] = defaultdict(dict)
    for row in _rows("labels.jsonl"):
        if row["id"] in marks and "role_relevance" in row["levels"]:
            levels[row["id"]][row["rater"]] = row["levels"]["role_relevance"]
    return [
        RoleAnswer(
            row["id"],
            row["id"].rsplit("-", 1)[0],
            row["question_id"] or row["question"],
            row["answer"],
            marks[row["id"]],
            levels[row["id"]],
            not row["id"].startswith(CALIBRATION_WRITER),
        )
        for row in _rows("answers.jsonl")
        if row["id"] in marks
    ]


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]
