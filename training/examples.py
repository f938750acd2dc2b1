"""From labelled answers to what the network trains on: token ids, targets, and variations it must stand."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from coach.embedding import Embedder, load_tokenizer
from coach.lexicons import load_neutral_words
from coach.schema import ANSWER_TYPES, LABELS, Role
from coach.signals.neutral import neutral_text
from training.corpus import RATED, ROOT, Answer, cut, label_shares, type_shares

FILLER = ROOT / "training" / "filler.txt"
DIGRESSIONS = ROOT / "training" / "digressions.txt"
OTHER = LABELS.index("other")
FIT = RATED.index("question_fit")
TOLD = tuple(ANSWER_TYPES.index(name) for name in ("story", "pseudo_story"))
# What another question makes of an answer: the raters gave 0 or 1.
OTHER_QUESTION_FIT = 0.4
# Questions whose vectors are nearer than this may well take the same story.
NEAR_QUESTION = 0.35
Tokens = tuple[int, ...]


@dataclass(frozen=True)
class Example:
    """An answer ready for the network. `clauses` and `noisy` hold the token ids of each clause as written
    and with slips of the pen, `sentence` the number of its sentence; targets are `labels` (n, 6), `levels`
    (5,) and `shown` (activities,) with NaN where nobody rated, `kind` (6,); `asked` is the vector of the
    question, `fits` are other questions with the level of question_fit under each."""

    id: str
    person: str
    source: str
    question: Tokens
    clauses: tuple[Tokens, ...]
    noisy: tuple[Tokens, ...]
    sentence: tuple[int, ...]
    labels: np.ndarray
    levels: np.ndarray
    kind: np.ndarray
    shown: np.ndarray
    asked: np.ndarray
    fits: tuple[tuple[Tokens, float], ...]


class Maker:
    """Makes examples from answers, and variations of examples."""

    def __init__(self, knowledge: Path, embedder: Embedder, role: Role) -> None:
        """The questions and activities are the role's."""
        self._embedder = embedder
        self._words = load_neutral_words(knowledge / "neutral")
        self._tokenizer: Any = load_tokenizer(knowledge / "minilm" / "tokenizer.json", None)
        self._questions = {question.id: question.text for question in role.questions}
        self.activities = tuple(activity.id for activity in role.activities)
        self._filler = [(self.tokens(line),) for line in _lines(FILLER)]
        self._digressions = [
            tuple(self.tokens(clause.text) for clause in cut(line)) for line in _lines(DIGRESSIONS)
        ]

    def tokens(self, text: str) -> Tokens:
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
            sentence=tuple(clause.sentence for clause in clauses),
            labels=label_shares(clauses, answer.ratings),
            levels=np.array([levels.get(name, np.nan) for name in RATED], dtype=np.float32),
            kind=type_shares(() if answer.source == "said" else answer.ratings),
            shown=self._shown(answer.activities),
            asked=self._embedder.embed([question])[0],
            fits=tuple((self.tokens(fit.question), fit.level) for fit in answer.fits),
        )

    def _shown(self, marks: Mapping[str, float] | None) -> np.ndarray:
        if marks is None:
            return np.full(len(self.activities), np.nan, dtype=np.float32)
        return np.array([marks.get(activity, 0.0) for activity in self.activities], dtype=np.float32)

    def vary(
        self, example: Example, others: Sequence[Example], chance: random.Random, parts: bool
    ) -> Example:
        """The example, often changed in a way whose effect on the targets is known; with `parts` also by
        taking out a part of the story or by telling it in another order."""
        # Not of real answers: how those are read is what the second step is for.
        if parts and example.source != "real" and chance.random() < 0.3:
            example = without_part(example, chance)
        if parts and example.source != "real" and chance.random() < 0.12:
            example = reversed_parts(example)
        if chance.random() < 0.25:
            kept = [noisy if chance.random() < 0.7 else own for own, noisy in _pairs(example)]
            example = replace(example, clauses=tuple(kept))
        if chance.random() < 0.3 and example.kind.argmax() in TOLD:
            example = without_other(example)
        if chance.random() < 0.3:
            example = self._rambling(example, chance)
        if example.fits and chance.random() < 0.5:
            question, level = chance.choice(example.fits)
            return replace(example, question=question, levels=_with_fit(example.levels, level))
        if chance.random() < 0.12:
            example = under_another_question(example, others, chance)
        return example

    def telling(self, said: Sequence[Example], chance: random.Random) -> Example:
        """One to four statements of what somebody did, told one after another: all their work is shown."""
        told = chance.sample(list(said), chance.choice((1, 2, 2, 3, 3, 4)))
        whole = told[0]
        for number, part in enumerate(told[1:], 1):
            whole = replace(
                whole,
                clauses=whole.clauses + part.clauses,
                noisy=whole.noisy + part.noisy,
                sentence=whole.sentence + tuple(100 * number + n for n in part.sentence),
                labels=np.vstack([whole.labels, part.labels]),
                shown=np.maximum(whole.shown, part.shown),
            )
        return self._rambling(whole, chance) if chance.random() < 0.15 else whole

    def _rambling(self, example: Example, chance: random.Random) -> Example:
        """Talk that says nothing, put in front, behind or between sentences, moves no level and is other."""
        if chance.random() < 0.5:
            talk = chance.choices(self._filler, k=chance.randint(1, 6))
        else:
            talk = chance.choices(self._digressions, k=chance.randint(1, 2))
        place = chance.choice(("front", "behind", "behind", "between"))
        for block in talk:
            end = {"front": 0, "behind": len(example.clauses)}.get(place)
            example = _inserted(example, block, chance.choice(_seams(example)) if end is None else end)
        return example


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _with_fit(levels: np.ndarray, fit: float) -> np.ndarray:
    changed = levels.copy()
    changed[FIT] = fit
    return changed


def _seams(example: Example) -> list[int]:
    """Where a sentence ends and another begins; the end of the text when there is but one."""
    numbers = example.sentence
    return [n for n in range(1, len(numbers)) if numbers[n] != numbers[n - 1]] or [len(numbers)]


def _chosen(example: Example, rows: Sequence[int]) -> Example:
    """The example with these of its clauses, in this order."""
    return replace(
        example,
        clauses=tuple(example.clauses[row] for row in rows),
        noisy=tuple(example.noisy[row] for row in rows),
        sentence=tuple(example.sentence[row] for row in rows),
        labels=example.labels[list(rows)],
    )


def _inserted(example: Example, talk: Sequence[Tokens], place: int) -> Example:
    """The example with talk that is labelled other at this place, as a sentence of its own."""
    blank = np.zeros((len(talk), len(LABELS)), dtype=np.float32)
    blank[:, OTHER] = 1.0
    return replace(
        example,
        clauses=(*example.clauses[:place], *talk, *example.clauses[place:]),
        noisy=(*example.noisy[:place], *talk, *example.noisy[place:]),
        sentence=(*example.sentence[:place], *([-1] * len(talk)), *example.sentence[place:]),
        labels=np.vstack([example.labels[:place], blank, example.labels[place:]]),
    )


def _pairs(example: Example) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return list(zip(example.clauses, example.noisy, strict=True))


def without_other(example: Example) -> Example:
    """Without the clauses that carry no part of the story, as the coach leaves them out when it is sure."""
    kept = [row for row in range(len(example.clauses)) if example.labels[row, OTHER] <= 0.5]
    return _chosen(example, kept) if kept else example


# The part that is taken out, the criterion that loses by it, and what is left of its level at most: the
# setting can still be guessed, a goal be implied.
_PARTS = (("situation", 0, 1.0), ("task", 1, 1.5), ("action", 2, 0.5), ("result", 3, 0.0))
# Of a level below it little is left to lose, and what was rated is not disturbed.
_TOLD_WELL = 2.5
_TRACE = 0.05


def without_part(example: Example, chance: random.Random) -> Example:
    """A story without its setting, goal, actions or outcome, where that was told well; its level falls."""
    name, criterion, left = chance.choice(_PARTS)
    gone = [LABELS.index(name)] + ([LABELS.index("learning")] if name == "result" else [])
    shares = example.labels[:, gone].sum(1)
    kept = [row for row in range(len(example.clauses)) if shares[row] < 0.5]
    level = example.levels[criterion]
    # A clause that tells two parts would leave what is said to be gone.
    whole = len(kept) == len(example.clauses) or shares[kept].max(initial=0.0) > _TRACE
    if len(kept) < 2 or whole or not level >= _TOLD_WELL:
        return example
    levels = _with_fit(example.levels, np.nan)
    levels[criterion] = left
    shown = np.full_like(example.shown, np.nan) if name == "action" else example.shown
    return replace(_chosen(example, kept), levels=levels, shown=shown, fits=())


def reversed_parts(example: Example) -> Example:
    """The same parts told from the end: each keeps its label, and what is told is the same."""
    best = example.labels.argmax(1)
    blocks: list[list[int]] = []
    for row, label in enumerate(best):
        if blocks and best[blocks[-1][-1]] == label:
            blocks[-1].append(row)
        else:
            blocks.append([row])
    return _chosen(example, [row for block in reversed(blocks) for row in block])


def under_another_question(example: Example, others: Sequence[Example], chance: random.Random) -> Example:
    """The same answer under a question that it does not answer."""
    for _ in range(8):
        other = chance.choice(others)
        if float(other.asked @ example.asked) < NEAR_QUESTION:
            levels = _with_fit(example.levels, OTHER_QUESTION_FIT)
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
