"""Vectors of questions: the yardstick for whether an answer is about the question that was asked."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from coach.errors import ConfigError
from coach.schema import AskedQuestion, Question, Role

if TYPE_CHECKING:
    from coach.embedding import Embedder
    from coach.signals.star import Matrix

# A background question this near to the one asked is the same question in other words.
_SAME = 0.8


class Surroundings(NamedTuple):
    """The question's vector (384,) and those of the other questions (m, 384)."""

    question: Matrix
    others: Matrix


class Background:
    """Question vectors, embedded once a role."""

    def __init__(self, common: tuple[str, ...]) -> None:
        self._common = common
        self._vectors: dict[str, Matrix] = {}

    @classmethod
    def open(cls, path: Path) -> Background:
        """Reads the common questions; raises ConfigError that names the file when it is broken."""
        return cls(_read(path))

    def around(
        self, role: Role, asked: AskedQuestion, bank: Question | None, embedder: Embedder
    ) -> Surroundings:
        """A question of the bank among the bank; any other among common questions, save its own twins."""
        if bank is not None:
            vectors = self._embedded(f"role:{role.id}:{len(role.questions)}", [_bank_text(q) for q in role.questions], embedder)
            place = role.questions.index(bank)
            others = [number for number in range(len(role.questions)) if number != place]
            return Surroundings(vectors[place], vectors[others])
        vectors = self._embedded("common", list(self._common), embedder)
        question = embedder.embed([asked.text])[0]
        return Surroundings(question, vectors[(vectors @ question) < _SAME])

    def _embedded(self, key: str, texts: list[str], embedder: Embedder) -> Matrix:
        if key not in self._vectors:
            self._vectors[key] = embedder.embed(texts)
        return self._vectors[key]


def _bank_text(question: Question) -> str:
    return f"{question.text} {' '.join(question.topics)}"


@lru_cache(maxsize=2)
def _read(path: Path) -> tuple[str, ...]:
    try:
        questions = tomllib.loads(path.read_text(encoding="utf-8"))["questions"]
        return tuple(str(question) for question in questions)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ConfigError("background_broken", f"{path}: {error}.", "Restore the file from the project.") from error
