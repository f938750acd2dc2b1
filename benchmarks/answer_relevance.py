"""Fits the relevance of an activity to a whole answer (`coach.relevance.answer_relevances`).

Clauses, labels and part relevances are the program's own, marks those of the base answers and of the two
readers of training/answers/ (their mean). No person is in two folds. What the reader network says of an
activity is weighed on answers only whose marks it was not trained with.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from benchmarks.measures import calibration_error, found_at, log_loss, report_reliability
from benchmarks.role_answers import read_role_answers
from coach import Coach
from coach.judges.role_work import Near, parts_of
from coach.reading import read_answer
from coach.relevance import (
    ANSWER_CALIBRATION,
    LEARNT_CALIBRATION,
    PROBED_UNKNOWN,
    AnswerCalibration,
    answer_features,
)
from coach.roles import find_question
from coach.schema import Role
from coach.signals.intake import accept_answer
from tests.evals.variants import read_base_answers

FOLDS = 10
TOP = 3
BARS = (0.3, 0.35, 0.4, 0.45, 0.5)


class Marked(NamedTuple):
    """An answer with the activities that each reader marks."""

    source: str
    person: str
    question: str
    text: str
    marks: tuple[frozenset[str], ...]


class Pairs(NamedTuple):
    """Every answer against every activity: `features` (answers, activities, 4), `marked` (answers,
    activities) from 0.0 to 1.0; `sources` and `people` (answers,)."""

    features: np.ndarray
    marked: np.ndarray
    sources: np.ndarray
    people: np.ndarray


def marked_answers() -> Iterator[Marked]:
    """The base answers, each by a person of its own, and the answers that two readers marked."""
    for base in read_base_answers():
        yield Marked("base", base.id, base.question, base.text, (frozenset(base.activities),))
    for answer in read_role_answers():
        source = "trained" if answer.trained else "unseen"
        yield Marked(source, answer.person, answer.question, answer.text, tuple(answer.marks.values()))


def pairs_of(opened: Coach) -> Pairs:
    """What the program makes of all marked answers; `sources` tells those apart that the network knows."""
    role, answers = opened.role(), list(marked_answers())
    marked = [
        [np.mean([activity.id in marks for marks in answer.marks]) for activity in role.activities]
        for answer in answers
    ]
    return Pairs(
        np.array([features_of(opened, role, answer) for answer in answers]),
        np.array(marked),
        np.array([answer.source for answer in answers]),
        np.array([answer.person for answer in answers]),
    )


def features_of(opened: Coach, role: Role, answer: Marked) -> list[list[float]]:
    """Log of share, log of what is told, whether the question probes it, and the log odds that the reader
    network gives it, of every activity."""
    question = find_question(role, answer.question)
    read = read_answer(accept_answer(answer.text, question), role, opened.engines.reader)
    rows = opened.engines.index.search(read.vectors, role.id, "activity", len(role.activities))
    near = [[Near(passage.item_id, passage.relevance) for passage in row] for row in rows]
    probed = next((bank.activities for bank in role.questions if bank.id == answer.question), ())
    ids = [activity.id for activity in role.activities]
    parts, seen = parts_of(read.signals, near), read.signals.shown
    return [list(row) for row in answer_features(parts, ids, probed, seen).values()]


def fit(features: np.ndarray, marked: np.ndarray, seen: bool = True) -> AnswerCalibration:
    """Maximum likelihood; a mark of one reader of two counts half on either side. Without `seen` the network
    has no say."""
    rows, marks = features.reshape(-1, features.shape[-1]) * (1.0, 1.0, 1.0, float(seen)), marked.ravel()
    model = LogisticRegression(C=1e5, max_iter=1000).fit(
        np.vstack([rows, rows]),
        np.repeat([1, 0], len(rows)),
        sample_weight=np.concatenate([marks, 1 - marks]),
    )
    return AnswerCalibration(float(model.intercept_[0]), *(float(weight) for weight in model.coef_[0]))


def apply(calibration: AnswerCalibration, features: np.ndarray) -> np.ndarray:
    """Relevance of every pair, shape (answers, activities)."""
    log_odds = calibration.offset + features @ np.array(calibration[1:])
    probabilities: np.ndarray = 1 / (1 + np.exp(-log_odds))
    return probabilities


def held_out(pairs: Pairs, seen: bool) -> np.ndarray:
    """Relevance of every pair by a fit to other people's answers, shape (answers, activities)."""
    probabilities = np.zeros(pairs.marked.shape)
    folds = GroupKFold(FOLDS, shuffle=True, random_state=1)
    for known, unseen in folds.split(pairs.features, groups=pairs.people):
        calibration = fit(pairs.features[known], pairs.marked[known], seen)
        probabilities[unseen] = apply(calibration, pairs.features[unseen])
    return probabilities


def report_answers() -> None:
    """Prints both fits and how they do on people they have not seen."""
    pairs = pairs_of(Coach.open())
    print(f"\nactivity, whole answers: {len(pairs.marked)} answers, {pairs.marked.sum():.0f} marks")
    probed = pairs.features[:, :, 2].mean()
    print(f"  a question probes {probed:.2f} of the activities, stored {PROBED_UNKNOWN:.2f}")
    report_fit("by search alone", pairs, ANSWER_CALIBRATION, seen=False)
    unseen = pairs.sources != "trained"
    report_fit("with the network", Pairs(*(part[unseen] for part in pairs)), LEARNT_CALIBRATION, seen=True)


def report_fit(name: str, pairs: Pairs, stored: AnswerCalibration, seen: bool) -> None:
    """One fit beside the stored one."""
    marked, unseen = pairs.marked, held_out(pairs, seen)
    print(f"{name}:\n  fit    ", _rounded(fit(pairs.features, marked, seen)))
    print("  stored ", _rounded(stored), f"log loss {log_loss(apply(stored, pairs.features), marked):.4f}")
    base = np.full(marked.shape, marked.mean())
    print(
        f"  unseen  log loss {log_loss(unseen, marked):.4f} (base rate {log_loss(base, marked):.4f}),", end=""
    )
    print(f" calibration error {calibration_error(unseen, marked):.4f}")
    report_reliability(unseen, marked)
    for source in dict.fromkeys(pairs.sources):
        own = pairs.sources == source
        at = ", ".join(
            f"{bar:.2f}: {marked[own][unseen[own] >= bar].mean():.2f}/"
            f"{marked[own][unseen[own] >= bar].sum() / marked[own].sum():.2f}"
            for bar in BARS
        )
        print(f"  {source}: recall@{TOP} {found_at(unseen[own], marked[own], TOP):.3f}; right/found at {at}")
    report_halves(pairs, unseen)


def report_halves(pairs: Pairs, unseen: np.ndarray) -> None:
    """Chooses the threshold on half of the people by F1 and measures it on the others, both ways round."""
    halves = np.array([zlib.crc32(person.encode()) % 2 for person in pairs.people])
    for half in (0, 1):
        chosen = max(BARS, key=lambda bar: _f1(unseen[halves == half], pairs.marked[halves == half], bar))
        marked, said = pairs.marked[halves != half], unseen[halves != half] >= chosen
        right, found = marked[said].mean(), marked[said].sum() / marked.sum()
        print(f"  best threshold of half the people {chosen:.2f}; on the others {right:.2f} right, ", end="")
        print(f"{found:.2f} found")


def _f1(probabilities: np.ndarray, marked: np.ndarray, bar: float) -> float:
    said = probabilities >= bar
    return float(2 * marked[said].sum() / (said.sum() + marked.sum()))


def _rounded(calibration: AnswerCalibration) -> str:
    return "AnswerCalibration(" + ", ".join(f"{value:.2f}" for value in calibration) + ")"
