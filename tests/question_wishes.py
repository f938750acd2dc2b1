"""Wishes for sets of questions, drawn at random, and what holds of every set; the benchmark uses them too."""

from __future__ import annotations

import random
from collections.abc import Iterator

from coach.question_sets.pool import Pool
from coach.question_sets.types import LEVELS, Chosen, Wishes
from coach.schema_role import QUESTION_KINDS, Role


def random_wishes(role: Role, number: int, seed: int = 1) -> Iterator[Wishes]:
    """Wishes of which about half narrow each thing that can be narrowed."""
    chance = random.Random(seed)
    topics = [topic for question in role.questions for topic in question.topics]

    def some(items: list[str], most: int, how_often: float) -> tuple[str, ...]:
        few = chance.sample(items, chance.randint(1, most))
        return tuple(few) if chance.random() < how_often else ()

    for _ in range(number):
        yield Wishes(
            count=chance.choice((5, 8, 10, 10, 12, 20)),
            kinds=some(list(QUESTION_KINDS), 3, 0.3),
            topics=some(topics, 6, 0.2),
            stage=chance.choice((None, None, *(stage.id for stage in role.stages))),
            level=chance.choice((None, *LEVELS)),
            activities=some([activity.id for activity in role.activities], 4, 0.2),
            kpis=some([kpi.id for kpi in role.kpis], 4, 0.15),
            seed=chance.randrange(10_000),
        )


def likeness(chosen: Chosen, pool: Pool) -> float:
    """The highest cosine between the meanings of two questions of the set; 0.0 for fewer than two."""
    places = {candidate.id: place for place, candidate in enumerate(pool.candidates)}
    keys = [(q.question.id, f"{q.question.group}/{q.question.kind}") for q in chosen.questions]
    rows = [places[question_id] if question_id in places else places[matter] for question_id, matter in keys]
    vectors = pool.vectors[rows]
    cosines = vectors @ vectors.T
    return max((float(cosines[a, b]) for a in range(len(rows)) for b in range(a)), default=0.0)
