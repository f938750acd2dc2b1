"""From labelled answers to what the network trains on: token ids, targets, and variations it must stand."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from coach.embedding import Embedder, load_tokenizer
from coach.lexicons import load_neutral_words
from coach.schema import ANSWER_TYPES, LABELS
from coach.signals.neutral import neutral_text
from training.corpus import RATED, ROOT, Answer, cut, label_shares, type_shares

FILLER = ROOT / "training" / "filler.txt"
OTHER = LABELS.index("other")
FIT = RATED.index("question_fit")
TOLD = tuple(ANSWER_TYPES.index(name) for name in ("story", "pseudo_story"))
# What another question makes of an answer: the raters gave 0 or 1.
OTHER_QUESTION_FIT = 0.4
# Questions whose vectors are nearer than this may well take the same story.
NEAR_QUESTION = 0.35


@dataclass(frozen=True)
class Example:
    """An answer ready for the network. `clauses` and `noisy` hold the token ids of each clause as written
    and with slips of the pen; targets are `labels` (n, 6), `levels` (5,) with NaN where nobody rated, `kind`
    (6,); `asked` is the vector of the question."""

    id: str
    person: str
    source: str
    question: tuple[int, ...]
    clauses: tuple[tuple[int, ...], ...]
    noisy: tuple[tuple[int, ...], ...]
    labels: np.ndarray
    levels: np.ndarray
    kind: np.ndarray
    asked: np.ndarray


class Maker:
    """Makes examples from answers, and variations of examples."""

    def __init__(self, knowledge: Path, embedder: Embedder, questions: dict[str, str]) -> None:
        """`questions` maps ids of a role's bank to their texts."""
        self._embedder = embedder
        self._words = load_neutral_words(knowledge / "neutral")
        self._tokenizer: Any = load_tokenizer(knowledge / "minilm" / "tokenizer.json", None)
        self._questions = questions
        lines = [line for line in FILLER.read_text(encoding="utf-8").splitlines() if line.strip()]
        self._filler = [self.tokens(line) for line in lines]

    def tokens(self, text: str) -> tuple[int, ...]:
        """Token ids of a text's neutral form."""
        return tuple(self._tokenizer.encode(neutral_text(text, self._words), add_special_tokens=False).ids)

    def example(self, answer: Answer) -> Example:
        """One answer, tokenised."""
        clauses = cut(answer.text)
        question = self._questions.get(answer.question, answer.question)
        levels, slips = answer.mean_levels(), random.Random(answer.id)
        return Example(
            id=answer.id,
            person=answer.person,
            source=answer.source,
            question=self.tokens(question),
            clauses=tuple(self.tokens(clause.text) for clause in clauses),
            noisy=tuple(self.tokens(with_slips(clause.text, slips)) for clause in clauses),
            labels=label_shares(clauses, answer.ratings),
            levels=np.array([levels.get(name, np.nan) for name in RATED], dtype=np.float32),
            kind=type_shares(answer.ratings),
            asked=self._embedder.embed([question])[0],
        )

    def vary(
        self, example: Example, others: Sequence[Example], chance: random.Random, parts: bool
    ) -> Example:
        """The example, often changed in a way whose effect on the targets is known; with `parts` also by
        taking out a part of the story or by telling it in another order."""
        if parts and chance.random() < 0.15:
            example = without_part(example, chance)
        if parts and chance.random() < 0.06:
            example = reversed_parts(example)
        if chance.random() < 0.25:
            kept = [noisy if chance.random() < 0.7 else own for own, noisy in _pairs(example)]
            example = replace(example, clauses=tuple(kept))
        if chance.random() < 0.3 and example.kind.argmax() in TOLD:
            example = without_other(example)
        if chance.random() < 0.3:
            example = self._rambling(example, chance)
        if chance.random() < 0.12:
            example = under_another_question(example, others, chance)
        return example

    def _rambling(self, example: Example, chance: random.Random) -> Example:
        """Talk that says nothing, put in front or behind, moves no level and is labelled other."""
        places = [chance.randrange(len(self._filler)) for _ in range(chance.randint(1, 6))]
        talk = tuple(self._filler[place] for place in places)
        blank = np.zeros((len(places), len(LABELS)), dtype=np.float32)
        blank[:, OTHER] = 1.0
        first = chance.random() < 0.35
        return replace(
            example,
            clauses=(*talk, *example.clauses) if first else (*example.clauses, *talk),
            labels=np.vstack([blank, example.labels] if first else [example.labels, blank]),
        )


def _pairs(example: Example) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return list(zip(example.clauses, example.noisy, strict=True))


def without_other(example: Example) -> Example:
    """Without the clauses that carry no part of the story, as the coach leaves them out when it is sure."""
    kept = [row for row in range(len(example.clauses)) if example.labels[row, OTHER] <= 0.5]
    if not kept or len(kept) == len(example.clauses):
        return example
    return replace(
        example,
        clauses=tuple(example.clauses[row] for row in kept),
        noisy=tuple(example.noisy[row] for row in kept),
        labels=example.labels[kept],
    )


# The part that is taken out, the criterion that loses by it, and what is left of its level at most: the
# setting can still be guessed, a goal be implied.
_PARTS = (("situation", 0, 1.0), ("task", 1, 1.5), ("action", 2, 0.5), ("result", 3, 0.0))


def without_part(example: Example, chance: random.Random) -> Example:
    """A story without its setting, goal, actions or outcome, whose level falls accordingly."""
    name, criterion, left = chance.choice(_PARTS)
    gone = [LABELS.index(name)] + ([LABELS.index("learning")] if name == "result" else [])
    kept = [row for row in range(len(example.clauses)) if example.labels[row, gone].sum() < 0.5]
    level = example.levels[criterion]
    if len(kept) < 2 or len(kept) == len(example.clauses) or np.isnan(level):
        return example
    levels = example.levels.copy()
    levels[criterion] = min(float(level) - 1.0, left) if level >= 1 else level
    levels[FIT] = np.nan
    return replace(
        example,
        clauses=tuple(example.clauses[row] for row in kept),
        noisy=tuple(example.noisy[row] for row in kept),
        labels=example.labels[kept],
        levels=levels,
    )


def reversed_parts(example: Example) -> Example:
    """The same parts told from the end: each keeps its label, and what is told is the same."""
    best = example.labels.argmax(1)
    blocks: list[list[int]] = []
    for row, label in enumerate(best):
        if blocks and best[blocks[-1][-1]] == label:
            blocks[-1].append(row)
        else:
            blocks.append([row])
    order = [row for block in reversed(blocks) for row in block]
    return replace(
        example,
        clauses=tuple(example.clauses[row] for row in order),
        noisy=tuple(example.noisy[row] for row in order),
        labels=example.labels[order],
    )


def under_another_question(example: Example, others: Sequence[Example], chance: random.Random) -> Example:
    """The same answer under a question that it does not answer."""
    for _ in range(8):
        other = chance.choice(others)
        if float(other.asked @ example.asked) < NEAR_QUESTION:
            levels = example.levels.copy()
            levels[FIT] = OTHER_QUESTION_FIT
            return replace(example, question=other.question, asked=other.asked, levels=levels)
    return example


_SLIPS = (
    ("their", "there"), ("because", "becuase"), ("really", "realy"), ("there", "their"), (" the ", " "),
    ("which", "wich"), ("customer", "costumer"), ("team", "taem"), (" a ", " "), ("was", "is"),
)  # fmt: skip


def with_slips(text: str, chance: random.Random) -> str:
    """The text with slips of the pen: letters swapped, doubled or dropped, a small word or stop missing."""
    words = text.split(" ")
    for place, word in enumerate(words):
        if len(word) > 4 and chance.random() < 0.1:
            at = chance.randrange(1, len(word) - 2)
            words[place] = chance.choice(
                (
                    word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                    word[:at] + word[at] + word[at:],
                    word[:at] + word[at + 1 :],
                )
            )
    changed = " ".join(words)
    if chance.random() < 0.5:
        wrong, right = chance.choice(_SLIPS)
        changed = changed.replace(wrong, right, 1)
    return changed.rstrip(".,;") if chance.random() < 0.3 else changed
