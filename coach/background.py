"""How near an answer is to the question asked, against the questions that were not asked.

For a question of the role's bank three things are added: the z-score among the bank of the cosine between
the answer's centroid and the question (weight 1), the same for the question's details (what a strong
answer shows, its probes; weight 0.3), and the calibrated relevance of the activities that the question
probes (weight 1.5). Beside the distance, some questions have subject words without which no answer is
about them. For any other question it is the first of these against common interview questions.
The weights are round numbers that separated the project's base answers under their own question from the
same answers under an unrelated one (`python -m benchmarks.question_fit`).
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from coach.errors import ConfigError
from coach.judges.fit import BANK_SCALE, FREE_SCALE, Topic
from coach.judges.role_work import NearItems
from coach.lexicons import phrase_pattern
from coach.schema import AskedQuestion, Question, Role
from coach.signals.topic import centroid, detail_nearness, standing, story_weights
from coach.vector_cache import cached_vectors

if TYPE_CHECKING:
    from coach.embedding import Embedder
    from coach.reading import Read
    from coach.signals.types import Matrix

DETAIL_WEIGHT = 0.3
ACTIVITY_WEIGHT = 1.5
# A background question this near to the one asked is the same question in other words.
_SAME = 0.8


class BankVectors(NamedTuple):
    """The bank's questions (m, 384) and for each the vectors of its details (k, 384)."""

    questions: Matrix
    details: tuple[Matrix, ...]


class Background:
    """Question vectors, embedded once a role."""

    def __init__(self, common: tuple[str, ...], embedder: Embedder, cache: Path) -> None:
        self._common = common
        self._embedder = embedder
        self._cache = cache
        self._common_vectors: Matrix | None = None
        self._banks: dict[Role, BankVectors] = {}

    @classmethod
    def open(cls, path: Path, embedder: Embedder, cache: Path) -> Background:
        """Reads the common questions; raises ConfigError that names the file when it is broken.

        Vectors are kept in the folder `cache`.
        """
        return cls(_read(path), embedder, cache)

    def topic(self, role: Role, asked: AskedQuestion, read: Read, near_activities: NearItems) -> Topic:
        """How near the answer is to the question; higher is nearer."""
        bank = next((question for question in role.questions if question.id == asked.id), None)
        if bank is None:
            return self._among_common(asked, read)
        distance = self._among_bank(role, bank, read) + ACTIVITY_WEIGHT * _probed(bank, read, near_activities)
        # The details of a question begin with its own words.
        cosine = _nearest(self._bank(role).details[role.questions.index(bank)][0], read)
        return Topic(distance, BANK_SCALE, bank.kind == "behavioural", _names_subject(bank, read), cosine)

    def _among_bank(self, role: Role, bank: Question, read: Read) -> float:
        vectors = self._bank(role)
        place = role.questions.index(bank)
        weights = story_weights(read.signals.clauses)
        whole = [float(value) for value in vectors.questions @ centroid(read.vectors, weights)]
        details = [detail_nearness(read.vectors, weights, own) for own in vectors.details]
        return standing(whole, place) + DETAIL_WEIGHT * standing(details, place)

    def _among_common(self, asked: AskedQuestion, read: Read) -> Topic:
        if self._common_vectors is None:
            self._common_vectors = cached_vectors(self._cache, self._common, self._embedder)
        question = self._embedder.embed([asked.text])[0]
        others = self._common_vectors[(self._common_vectors @ question) < _SAME]
        answer = centroid(read.vectors, story_weights(read.signals.clauses))
        distance = standing([float(question @ answer), *(float(value) for value in others @ answer)], 0)
        return Topic(distance, FREE_SCALE, cosine=_nearest(question, read))

    def _bank(self, role: Role) -> BankVectors:
        if role not in self._banks:
            texts = [f"{question.text} {' '.join(question.topics)}" for question in role.questions]
            details = [
                (q.text, *q.strong_answer_shows, *q.probes, " ".join(q.topics)) for q in role.questions
            ]
            flat = [*texts, *(text for own in details for text in own)]
            vectors = cached_vectors(self._cache, flat, self._embedder)
            ends = list(accumulate((len(own) for own in details), initial=len(texts)))
            own_details = tuple(vectors[start:end] for start, end in pairwise(ends))
            self._banks[role] = BankVectors(vectors[: len(texts)], own_details)
        return self._banks[role]


def _nearest(question: Matrix, read: Read) -> float:
    """Cosine of the question with the clause nearest to it."""
    return float((read.vectors @ question).max())


def _names_subject(bank: Question, read: Read) -> bool:
    """Whether the story says a word of the question's subject. Vectors of stories full of figures lie near
    one another, so a story about ratings can be near to a question about budgets without a word on money."""
    if not bank.subject:
        return True
    subject = phrase_pattern(bank.subject)
    return any(subject.search(c.clause.text) for c in read.signals.clauses if c.label != "other")


def _probed(bank: Question, read: Read, near_activities: NearItems) -> float:
    """The highest relevance of a probed activity for any clause of the story."""
    return max(
        (
            relevance
            for labelled, items in zip(read.signals.clauses, near_activities, strict=True)
            for item_id, relevance in items
            if item_id in bank.activities and labelled.label != "other"
        ),
        default=0.0,
    )


@lru_cache(maxsize=2)
def _read(path: Path) -> tuple[str, ...]:
    try:
        questions = tomllib.loads(path.read_text(encoding="utf-8"))["questions"]
        return tuple(str(question) for question in questions)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ConfigError(
            "background_broken", f"{path}: {error}.", "Restore the file from the project."
        ) from error
