"""The labelled answers that the reader is trained and measured on, cut into clauses.

Three sources, told apart by `Answer.source`:

    real     256 answers typed by people, rated by two language models; read from COACH_DEV_DATA, not shipped
    written  answers written by language models for this project in many voices (training/answers), rated
             by two other language models who worked apart
    said     what people say of one activity of the role, from its file; only the activity is known

The base answers of tests/evals are not among them: faults are planted in those, so no network trained here
sees them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

from coach.reading import READ_CRITERIA
from coach.schema import ANSWER_TYPES, LABELS, Role
from coach.signals.segments import find_clauses, find_sentences
from coach.signals.types import Clause
from coach.signals.view import plain_view

ROOT = Path(__file__).resolve().parent.parent
WRITTEN = ROOT / "training" / "answers"
# The activities of this writer's answers are kept for calibrating what the network says of activities.
CALIBRATION_WRITER = "x5"
RATED = READ_CRITERIA
Source = Literal["real", "written", "said"]


class Fit(NamedTuple):
    """How well an answer fits a question that it may not have been given to: mean level of the raters."""

    question: str
    level: float


class Rating(NamedTuple):
    """One rater's view: levels by criterion (empty when only parts were marked), answer type, segments."""

    levels: Mapping[str, int]
    answer_type: str
    segments: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Answer:
    """An answer with the ratings it got; `person` groups the answers of one speaker. `fits` are its levels of
    question_fit under several questions; `activities` the share of the readers that marked each activity of
    the role as shown, or None where nobody looked."""

    id: str
    person: str
    source: Source
    question: str
    question_id: str | None
    text: str
    ratings: tuple[Rating, ...]
    fits: tuple[Fit, ...] = ()
    activities: Mapping[str, float] | None = None

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
    return [*read_real(), *read_written()]


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
    fits, marks = _read_fits(), _read_marks()
    for answer in _rated(WRITTEN / "answers.jsonl", WRITTEN / "labels.jsonl", "written"):
        yield replace(answer, fits=tuple(fits.get(answer.id, ())), activities=marks.get(answer.id))


def _read_fits() -> dict[str, list[Fit]]:
    fits: dict[str, list[Fit]] = {}
    for row in _rows(WRITTEN / "fits.jsonl"):
        level = float(np.mean(list(row["levels"].values())))
        fits.setdefault(row["id"], []).append(Fit(row["question"], level))
    return fits


def _read_marks() -> dict[str, dict[str, float]]:
    marks: dict[str, dict[str, float]] = {}
    readers: dict[str, int] = {}
    for row in _rows(WRITTEN / "activities.jsonl"):
        if row["id"].startswith(CALIBRATION_WRITER):
            continue
        readers[row["id"]] = readers.get(row["id"], 0) + 1
        own = marks.setdefault(row["id"], {})
        for shown in row["shown"]:
            own[shown["activity"]] = own.get(shown["activity"], 0.0) + 1.0
    return {id_: {name: n / readers[id_] for name, n in own.items()} for id_, own in marks.items()}


def _rated(answers: Path, labels: Path, source: Source) -> Iterator[Answer]:
    ratings: dict[str, list[tuple[str, Rating]]] = {}
    for row in _rows(labels):
        rating = Rating(row["levels"], row["answer_type"], row["segments"])
        ratings.setdefault(row["id"], []).append((row["rater"], rating))
    for row in _rows(answers):
        person, _, _ = row["id"].rpartition("-")
        read = tuple(rating for _, rating in sorted(ratings[row["id"]], key=lambda pair: pair[0]))
        yield Answer(row["id"], person, source, row["question"], row.get("question_id"), row["answer"], read)


def read_said(role: Role) -> Iterator[Answer]:
    """The role's statements of its activities, each as a short answer to no question."""
    for activity in role.activities:
        for number, text in enumerate(activity.said):
            id_ = f"{activity.id}-{number}"
            yield Answer(
                id_, id_, "said", "", None, text, (Rating({}, "story", ()),), activities={activity.id: 1.0}
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
