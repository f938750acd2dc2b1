"""The labelled answers that the reader is trained and measured on, cut into clauses.

Three sources, told apart by `Answer.source`:

    real     256 answers typed by people, rated by two language models; read from COACH_DEV_DATA, not shipped
    written  answers written by language models for this project in many voices (training/answers), rated
             by two other language models who worked apart
    base     the forty marked answers of tests/evals, with the labels of their writer and no levels
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

from coach.reading import READ_CRITERIA
from coach.schema import ANSWER_TYPES, LABELS
from coach.signals.segments import find_clauses, find_sentences
from coach.signals.types import Clause
from coach.signals.view import plain_view

ROOT = Path(__file__).resolve().parent.parent
BASE = ROOT / "tests" / "evals" / "base_answers.toml"
WRITTEN = ROOT / "training" / "answers"
RATED = READ_CRITERIA
Source = Literal["real", "written", "base"]


class Rating(NamedTuple):
    """One rater's view: levels by criterion (empty when only parts were marked), answer type, segments."""

    levels: Mapping[str, int]
    answer_type: str
    segments: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Answer:
    """An answer with the ratings it got; `person` groups the answers of one speaker."""

    id: str
    person: str
    source: Source
    question: str
    question_id: str | None
    text: str
    ratings: tuple[Rating, ...]

    def mean_levels(self) -> dict[str, float]:
        """Mean level of the raters for each criterion they rated."""
        if not self.ratings[0].levels:
            return {}
        return {
            name: float(np.mean([rating.levels[name] for rating in self.ratings]))
            for name in self.ratings[0].levels
        }


def read_answers() -> list[Answer]:
    """All sources that are there, real answers first."""
    return [*read_real(), *read_written(), *read_base()]


def dev_folder() -> Path:
    """Where the real answers lie, when they are there."""
    return Path(os.environ.get("COACH_DEV_DATA", ROOT.parent / "shared" / "data")) / "answers"


def read_real() -> Iterator[Answer]:
    """The real answers with raters A and B; nothing when they are absent."""
    folder = dev_folder()
    if (folder / "dev.jsonl").exists():
        yield from _rated(folder / "dev.jsonl", folder / "dev_labels.jsonl", "real")


def read_written() -> Iterator[Answer]:
    """The answers written for training."""
    yield from _rated(WRITTEN / "answers.jsonl", WRITTEN / "labels.jsonl", "written")


def _rated(answers: Path, labels: Path, source: Source) -> Iterator[Answer]:
    ratings: dict[str, list[tuple[str, Rating]]] = {}
    for row in _rows(labels):
        rating = Rating(row["levels"], row["answer_type"], row["segments"])
        ratings.setdefault(row["id"], []).append((row["rater"], rating))
    for row in _rows(answers):
        person, _, _ = row["id"].rpartition("-")
        read = tuple(rating for _, rating in sorted(ratings[row["id"]], key=lambda pair: pair[0]))
        yield Answer(row["id"], person, source, row["question"], row.get("question_id"), row["answer"], read)


def read_base() -> Iterator[Answer]:
    """The project's marked answers."""
    for answer in tomllib.loads(BASE.read_text(encoding="utf-8"))["answer"]:
        text, segments = "", []
        for part in answer["part"]:
            text += " " if text else ""
            segments.append(
                {"start": len(text), "end": len(text) + len(part["text"]), "label": part["label"]}
            )
            text += part["text"]
        rating = Rating({}, answer["answer_type"], segments)
        yield Answer(
            answer["id"], answer["id"], "base", answer["question"], answer["question"], text, (rating,)
        )


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def cut(text: str) -> tuple[Clause, ...]:
    """The clauses of an answer as the coach cuts it."""
    view = plain_view(text)
    return find_clauses(view, find_sentences(view)) or (Clause(0, len(view), view, 0),)


def label_shares(clauses: Sequence[Clause], ratings: Sequence[Rating]) -> np.ndarray:
    """For each clause the share of its characters that the raters gave each label, shape (n, 6); rows sum
    to 1, or to 0 where nobody labelled the clause."""
    shares = np.zeros((len(clauses), len(LABELS)), dtype=np.float32)
    for row, clause in enumerate(clauses):
        for rating in ratings:
            for segment in rating.segments:
                overlap = min(clause.end, segment["end"]) - max(clause.start, segment["start"])
                if overlap > 0:
                    shares[row, LABELS.index(segment["label"])] += overlap
    total = shares.sum(axis=1, keepdims=True)
    return np.divide(shares, total, out=shares, where=total > 0)


def type_shares(ratings: Sequence[Rating]) -> np.ndarray:
    """Share of the raters that gave each answer type, shape (6,)."""
    shares = np.zeros(len(ANSWER_TYPES), dtype=np.float32)
    for rating in ratings:
        shares[ANSWER_TYPES.index(rating.answer_type)] += 1 / len(ratings)
    return shares
