"""Can an answer be told from an answer to another question? Run: python -m benchmarks.question_fit

Each base answer is set under its own question of the bank and under an unrelated one, and its distance
(coach.background: higher is nearer) taken. Prints the separation (AUC) and what the scale of
coach.judges.fit makes of both. Answers and pairs were written by a language model, and the scale was
chosen on them: this is a fit, not a test on answers the scale has not seen.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from sklearn.metrics import roc_auc_score

import coach.feedback
from coach import Coach
from coach.feedback import Request
from coach.judges.fit import BANK_SCALE
from coach.roles import find_question
from tests.evals.variants import BaseAnswer, read_base_answers


class Placed(NamedTuple):
    """One answer under one question: its distance and the level of question_fit."""

    answer: str
    question: str
    distance: float
    level: int


def main() -> None:
    """Command line."""
    opened, answers = Coach.open(), read_base_answers()
    own = [place(opened, answer, answer.question) for answer in answers]
    other = [place(opened, answer, answer.unrelated_question) for answer in answers]
    scores = [placed.distance for placed in (*own, *other)]
    area = roc_auc_score([1] * len(own) + [0] * len(other), scores)
    print(f"{len(answers)} base answers, each under its own and under an unrelated question")
    print(f"AUC of the distance: {area:.3f}")
    print(
        f"Scale: elsewhere < {BANK_SCALE.elsewhere} <= touches < {BANK_SCALE.touches}"
        f" <= doubtful < {BANK_SCALE.doubtful} <= on"
    )
    print(f"{'':<12}{'median':>8}{'lowest':>8}{'highest':>8}   elsewhere  touches  doubtful  on")
    for name, placed in (("own", own), ("unrelated", other)):
        print(line(name, np.array([one.distance for one in placed])))
    lower = sum(after.level < before.level for before, after in zip(own, other, strict=True))
    print(f"Level of question_fit lower under the unrelated question: {lower} of {len(answers)}")
    print(f"Mean level: own {mean_level(own):.2f}, unrelated {mean_level(other):.2f}")
    print("Own question, furthest: " + ", ".join(map(named, sorted(own, key=lambda one: one.distance)[:5])))
    print("Unrelated, nearest: " + ", ".join(map(named, sorted(other, key=lambda one: -one.distance)[:5])))


def place(opened: Coach, answer: BaseAnswer, question: str) -> Placed:
    """Reads the answer under the question as a report would."""
    role = opened.role()
    draft = coach.feedback._draft(Request(role, find_question(role, question), answer.text), opened.engines)
    fit = next(j for j in draft.assessment.judgements if j.criterion == "question_fit")
    return Placed(answer.id, question, draft.ground.topic.distance, fit.level or 0)


def line(name: str, distances: np.ndarray) -> str:
    shares = np.histogram(distances, [-np.inf, *BANK_SCALE, np.inf])[0]
    return (
        f"{name:<12}{np.median(distances):8.2f}{distances.min():8.2f}{distances.max():8.2f}"
        f"{shares[0]:12d}{shares[1]:9d}{shares[2]:10d}{shares[3]:4d}"
    )


def mean_level(placed: list[Placed]) -> float:
    return float(np.mean([one.level for one in placed]))


def named(one: Placed) -> str:
    return f"{one.answer} under {one.question} {one.distance:.2f}"


if __name__ == "__main__":
    main()
