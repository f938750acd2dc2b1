"""A role's bank and composed matters with their vectors: what a set is chosen from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from coach.question_sets.asks import Ask
from coach.question_sets.compose import MINUTES, Composer, open_composer
from coach.question_sets.grammar import StageStyle
from coach.question_sets.role_items import CitedItems, cited_items, item_texts
from coach.question_sets.types import Candidate
from coach.question_sets.wanted import fold
from coach.schema_role import Question, Role
from coach.vector_cache import cached_vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from coach.embedding import Embedder
    from coach.signals.types import Matrix

    Truths = NDArray[np.bool_]

# Two questions whose vectors have a higher cosine ask the same. Set on the pairs of
# tests/evals/question_pairs.toml; docs/question-sets.md gives the errors on both sides.
SAME_QUESTION = 0.58
_NOT_CITED = CitedItems()


@dataclass(frozen=True)
class Pool:
    """`candidates[i]` has vector i; composed ones stand for a matter, `asks[id]`, not yet put into words."""

    composer: Composer
    candidates: tuple[Candidate, ...]
    asks: dict[str, Ask]
    vectors: Matrix
    embedder: Embedder
    cited: CitedItems = _NOT_CITED
    worded: dict[str, Matrix] = field(default_factory=dict, compare=False)  # vectors (384,) by text

    @cached_property
    def groups(self) -> dict[str, str]:
        """The matter by id and by folded text of everything that can be asked."""
        known = {key: c.group for c in self.candidates for key in (c.id, fold(c.text))}
        for question in self.composer.wordings():
            known[question.id] = known[fold(question.text)] = question.group
        return known

    def style(self, stage_id: str | None) -> StageStyle | None:
        """The kind of a stage of the role; None for none."""
        stages = self.composer.role.stages
        return next((self.composer.grammar.style(stage) for stage in stages if stage.id == stage_id), None)

    @cached_property
    def alike(self) -> Truths:
        """Which candidates ask the same as which, by meaning: booleans (n, n)."""
        return self.vectors @ self.vectors.T > SAME_QUESTION

    def sounding_alike(self, questions: Sequence[Candidate]) -> set[str]:
        """Ids of composed questions that, as worded, are too near to another one of the set."""
        import numpy as np

        for text in (question.text for question in questions):
            if text not in self.worded:
                self.worded[text] = self.embedder.embed([text])[0]
        vectors = np.array([self.worded[question.text] for question in questions])
        near = np.argwhere(np.triu(vectors @ vectors.T > SAME_QUESTION, 1)) if len(vectors) else ()
        pairs = [(questions[second], questions[first]) for first, second in near]
        return {next((q.id for q in pair if q.id.startswith("c-") and not q.brief), "") for pair in pairs} - {
            ""
        }

    def vectors_of(self, texts: Sequence[str]) -> Matrix:
        """Vectors of texts that are nobody else's business: never kept."""
        return self.embedder.embed(texts)


@lru_cache(maxsize=4)
def open_pool(role: Role, knowledge_dir: Path, embedder: Embedder, cache_dir: Path) -> Pool:
    """The pool of a role; vectors are read from `cache_dir`, or made and kept there.

    Raises ConfigError for a broken grammar or file of situations.
    """
    composer = open_composer(role, knowledge_dir)
    asks = {f"{ask.group}/{ask.kind}": ask for ask in composer.asks}
    matters = [_matter(key, ask) for key, ask in asks.items()]
    bank = [_of_bank(question, composer.stages_for(question.kind)) for question in role.questions]
    candidates = (*bank, *matters, *composer.cases)
    texts = list(dict.fromkeys(candidate.text for candidate in candidates))
    vectors = cached_vectors(cache_dir, texts, embedder)
    places = [texts.index(candidate.text) for candidate in candidates]
    ready = {c.text: vectors[place] for c, place in zip(candidates, places, strict=True) if c.id not in asks}
    items = cached_vectors(cache_dir, item_texts(role), embedder)
    cited = cited_items(role, bank, vectors[places][: len(bank)], items)
    return Pool(composer, candidates, asks, vectors[places], embedder, cited, ready)


def _matter(key: str, ask: Ask) -> Candidate:
    return Candidate(
        id=key,
        text=ask.meaning,
        kind=ask.kind,
        topics=ask.topics,
        activities=ask.activities,
        kpis=ask.kpis,
        levels=ask.levels,
        group=ask.group,
    )


def _of_bank(question: Question, stages: tuple[str, ...]) -> Candidate:
    return Candidate(
        id=question.id,
        text=question.text,
        kind=question.kind,
        topics=question.topics,
        activities=question.activities,
        kpis=question.kpis,
        stages=stages,
        strong_answer_shows=question.strong_answer_shows,
        follow_ups=question.probes,
        minutes=MINUTES[question.kind],
        source="bank",
        group=question.id,
    )
