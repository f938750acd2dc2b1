"""The project's base answers, and blocks that say nothing. What is done to them is in evaluation/."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
BASE_ANSWERS = HERE / "base_answers.toml"


class BaseAnswer(NamedTuple):
    """A written answer with its parts marked; `fit_for_faults` when it has all that the faults take away."""

    id: str
    question: str
    unrelated_question: str
    strength: str
    answer_type: str
    activities: tuple[str, ...]
    kpis_evidenced: tuple[str, ...]
    kpis_named: tuple[str, ...]
    parts: tuple[dict[str, Any], ...]

    @property
    def text(self) -> str:
        return " ".join(part["text"] for part in self.parts)

    @property
    def fit_for_faults(self) -> bool:
        own = [
            p
            for p in self.parts
            if p["label"] == "action" and p.get("owner") == "self" and re.search(r"\bI\b", p["text"])
        ]
        figures = [p for p in self.parts if p["label"] == "result" and "without_figures" in p]
        return self.answer_type == "story" and len(own) >= 2 and bool(figures) and self.strength != "weak"


def read_base_answers() -> list[BaseAnswer]:
    """All base answers in file order."""
    raw = tomllib.loads(BASE_ANSWERS.read_text(encoding="utf-8"))["answer"]
    return [
        BaseAnswer(
            answer["id"],
            answer["question"],
            answer["unrelated_question"],
            answer["strength"],
            answer["answer_type"],
            tuple(answer["activities"]),
            tuple(answer["kpis_evidenced"]),
            tuple(answer["kpis_named"]),
            tuple(answer["part"]),
        )
        for answer in raw
    ]


def read_fillers() -> list[str]:
    """Blocks of 120 words that say nothing."""
    return [
        " ".join(block.split())
        for block in (HERE / "filler.txt").read_text(encoding="utf-8").split("\n\n")
        if block.strip()
    ]
