"""Do the built-in judge's levels agree with readers? Run: python -m benchmarks.levels

Quadratic weighted kappa (1 is full agreement, 0 is chance) on the real answers in COACH_DEV_DATA, with
each of two raters, beside the agreement of the raters with each other. The labeller and the answer-type
model are fitted anew for each fold, on other people's answers only: no person is on both sides.

Three cautions. The raters are language models, not people. The rules above the labels (coach.judges) and
the word lists were written while looking at these same answers, so even the cross-validated figures are
kinder than fresh answers would be. `--shipped` uses the weights that ship, which were trained on these
very answers; its figures show fit and nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.metrics import cohen_kappa_score
from sklearn.model_selection import GroupKFold

from coach import Coach
from coach.errors import AnswerError
from coach.feedback import Engines, Request, give_feedback
from coach.roles import find_question
from coach.schema import CriterionId, Report
from training.train_star import Document, fit, fit_type, read_documents

ROOT = Path(__file__).resolve().parent.parent
FOLDS = 6
JUDGED: tuple[CriterionId, ...] = ("situation", "task", "action", "result", "question_fit")
LEVELS = range(6)


class Answer(NamedTuple):
    """A real answer; `person` groups the answers of one speaker."""

    id: str
    person: str
    question: str
    text: str


class Rating(NamedTuple):
    """One rater's view of an answer."""

    levels: dict[str, int]
    answer_type: str


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shipped", action="store_true", help="use the weights that ship")
    options = parser.parse_args(arguments)
    data = Path(os.environ.get("COACH_DEV_DATA", ROOT.parent / "shared" / "data")) / "answers"
    if not (data / "dev.jsonl").exists():
        print(f"Skipped: there are no answers in {data} (set COACH_DEV_DATA).")
        return
    answers, ratings = list(read_answers(data)), read_ratings(data)
    opened = Coach.open()
    if options.shipped:
        print("Shipped weights, TRAINED ON THESE ANSWERS: how well they fit, not how well they will do.")
        reports = dict(judge(opened, opened.engines, answers))
    else:
        print(f"Cross-validated, {FOLDS} folds by person: labeller and answer type fitted on other people.")
        print("The rules above them were written while looking at these answers, so this is still kind.")
        reports = cross_validate(opened, answers)
    print(f"{len(reports)} answers; raters A and B are language models.\n")
    print_agreement(reports, ratings)


def cross_validate(opened: Coach, answers: Sequence[Answer]) -> dict[str, Report]:
    """A report on every answer from models that have not seen its speaker."""
    engines = opened.engines
    documents = read_documents(engines.reader.embedder, engines.reader.lexicon)
    groups = [person_of(document) for document in documents]
    reports: dict[str, Report] = {}
    for train, test in GroupKFold(FOLDS).split(documents, groups=groups):
        seen = [documents[place] for place in train]
        held_out = {groups[place] for place in test}
        assert not held_out & {person_of(document) for document in seen}
        reader = replace(engines.reader, star=fit(seen), types=fit_type(seen, engines.reader.lexicon))
        unseen = [answer for answer in answers if answer.person in held_out]
        reports.update(judge(opened, replace(engines, reader=reader), unseen))
    return reports


def person_of(document: Document) -> str:
    """Padded copies of an answer stay with its speaker."""
    return document.person.rstrip("+")


def judge(opened: Coach, engines: Engines, answers: Sequence[Answer]) -> Iterator[tuple[str, Report]]:
    """(id, report) of every answer that can be assessed."""
    role = opened.role()
    for answer in answers:
        try:
            request = Request(role, find_question(role, answer.question), answer.text, answer.id)
            yield answer.id, give_feedback(request, engines)
        except AnswerError:
            continue


def print_agreement(reports: dict[str, Report], ratings: dict[str, dict[str, Rating]]) -> None:
    print(
        f"{'criterion':<14}{'with A':>8}{'with B':>8}{'A with B':>10}   share of the raters' own"
        f"{'':4}mean level: judge, A, B"
    )
    for criterion in JUDGED:
        own = [report.criterion(criterion).level or 0 for report in reports.values()]
        a, b = ([ratings[id][rater].levels[criterion] for id in reports] for rater in "AB")
        with_a, with_b, ceiling = kappa(own, a), kappa(own, b), kappa(a, b)
        share = (with_a + with_b) / 2 / ceiling
        means = ", ".join(f"{np.mean(levels):.2f}" for levels in (own, a, b))
        print(f"{criterion:<14}{with_a:8.3f}{with_b:8.3f}{ceiling:10.3f}{share:26.0%}{'':>4}{means:>24}")
    types = [report.answer_type for report in reports.values()]
    a, b = ([ratings[id][rater].answer_type for id in reports] for rater in "AB")
    print(
        f"\nanswer type, share alike: with A {alike(types, a):.3f}, with B {alike(types, b):.3f}, "
        f"A with B {alike(a, b):.3f}"
    )


def kappa(one: Sequence[int], other: Sequence[int]) -> float:
    return float(cohen_kappa_score(one, other, weights="quadratic", labels=LEVELS))


def alike(one: Sequence[str], other: Sequence[str]) -> float:
    return float(np.mean([left == right for left, right in zip(one, other, strict=True)]))


def read_answers(folder: Path) -> Iterator[Answer]:
    for line in (folder / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Answer(row["id"], row["id"].split("-")[0], row["question"], row["answer"])


def read_ratings(folder: Path) -> dict[str, dict[str, Rating]]:
    """Ratings by answer and rater."""
    found: dict[str, dict[str, Rating]] = defaultdict(dict)
    for line in (folder / "dev_labels.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found[row["id"]][row["rater"]] = Rating(row["levels"], row["answer_type"])
    return found


if __name__ == "__main__":
    main()
