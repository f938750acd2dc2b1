"""How good is retrieval, and does relevance mean what it says? Run: python -m benchmarks.relevance

1. Fits `coach.relevance` to the marked parts of tests/evals/base_answers.toml, and for whole answers to
   these and to the marked answers in training/answers/, and prints the parameters to put there, then how
   the fit does on people it has not seen (ten folds): log loss beside that of always guessing the base
   rate, a reliability table, recall.
2. An outside check on O*NET: does a task statement find the work activities that analysts linked to it,
   among all of its occupation's? Beside TF-IDF on the same queries. Needs COACH_DEV_DATA.
3. Real answers about other jobs: how often does a sentence look like this role's work? Should be rare.

The marked answers and the actions from other jobs were written and marked by a language model, so 1 says
how well relevance agrees with that reader, not with people.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.answer_relevance import report_answers
from benchmarks.measures import calibration_error, log_loss, recall, report_reliability
from benchmarks.onet import report_onet
from coach.config import Settings, resource_root
from coach.embedding import Embedder
from coach.index_passages import passages_of
from coach.relevance import (
    CALIBRATIONS,
    Calibration,
    ItemKind,
    affinities,
    baselines,
    log_share,
    relevances,
    shares,
)
from coach.role_files import load_role
from coach.schema import Role

ROOT = resource_root()
ANSWERS = ROOT / "tests" / "evals" / "base_answers.toml"
OTHER_JOBS = ROOT / "benchmarks" / "other_jobs.txt"
ROLE = ROOT / "knowledge" / "roles" / "e-commerce-manager.toml"
FOLDS = 10


class Text(NamedTuple):
    """A text with the ids it is marked with, and the number of the answer it comes from."""

    text: str
    marks: Sequence[str]
    answer: int


class Pairs(NamedTuple):
    """Every text against every item of a kind. Arrays have shape (texts, items); `answers` (texts,).

    Affinities are above the baselines of their items.
    """

    kind: ItemKind
    affinities: np.ndarray
    marked: np.ndarray
    answers: np.ndarray

    @property
    def folds(self) -> np.ndarray:
        folds: np.ndarray = self.answers % FOLDS
        return folds


class HeldOut(NamedTuple):
    """How a fit does on texts it has not seen."""

    probabilities: np.ndarray
    log_loss: float
    base_log_loss: float
    calibration_error: float


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--occupations", type=int, default=120, help="O*NET occupations to sample (120)")
    options = parser.parse_args(arguments)
    embedder = Embedder.open(Settings.from_env())
    role = load_role(ROLE)
    for pairs in pairs_of_answers(embedder, role, load_answers()):
        report_fit(pairs)
    report_answers()
    data = Path(os.environ.get("COACH_DEV_DATA", ROOT.parent / "shared" / "data"))
    if not data.is_dir():
        print(f"\nO*NET and real answers: skipped, there is no folder {data} (set COACH_DEV_DATA).")
        return
    report_onet(embedder, data / "onet", options.occupations)
    report_other_jobs(embedder, role, data / "answers" / "dev.jsonl")


# ---- calibration ----------------------------------------------------------------------------------


def load_answers(path: Path = ANSWERS) -> list[dict[str, Any]]:
    """The marked answers, as they stand in the file."""
    return list(tomllib.loads(path.read_text(encoding="utf-8"))["answer"])


def pairs_of_answers(embedder: Embedder, role: Role, answers: Sequence[Mapping[str, Any]]) -> list[Pairs]:
    """What each kind is fitted to.

    Activities: the parts that tell an action, and actions from other jobs that show none of them.
    KPIs: all parts. Questions: whole answers.
    """
    parts = [(number, part) for number, answer in enumerate(answers) for part in answer["part"]]
    actions = [Text(p["text"], p.get("shows", []), n) for n, p in parts if p["label"] == "action"]
    told = [Text(p["text"], p.get("kpi", []), n) for n, p in parts]
    whole = [
        Text(" ".join(part["text"] for part in answer["part"]), [answer["question"]], number)
        for number, answer in enumerate(answers)
    ]
    kinds: dict[ItemKind, list[Text]] = {
        "activity": [*actions, *other_jobs(first_number=len(answers))],
        "kpi": told,
        "question": whole,
    }
    return [pairs_of(embedder, role, kind, texts) for kind, texts in kinds.items()]


def other_jobs(first_number: int) -> list[Text]:
    """Actions that show no activity, each an answer of its own."""
    lines = OTHER_JOBS.read_text(encoding="utf-8").splitlines()
    actions = [line for line in lines if line and not line.startswith("#")]
    return [Text(line, (), first_number + number) for number, line in enumerate(actions)]


def pairs_of(embedder: Embedder, role: Role, kind: ItemKind, texts: Sequence[Text]) -> Pairs:
    """What the index would find, without the store."""
    entries = [entry for entry in passages_of([role]) if entry.item_kind == kind]
    owners, passages = [entry.item_id for entry in entries], embedder.embed([entry.text for entry in entries])
    vectors, level = embedder.embed([text.text for text in texts]), baselines(passages, owners)
    found = affinities(vectors @ passages.T, owners)
    centred = np.stack([values - level[item] for item, values in found.items()], axis=1)
    marked = np.array([[item in text.marks for item in found] for text in texts])
    return Pairs(kind, centred, marked, np.array([text.answer for text in texts]))


def features(centred: np.ndarray) -> np.ndarray:
    """Affinity and log of share of every pair, shape (texts * items, 2)."""
    logs = np.array([[log_share(share) for share in shares(row.tolist())] for row in centred])
    return np.stack([centred.ravel(), logs.ravel()], axis=1)


def fit(affinities: np.ndarray, marked: np.ndarray) -> Calibration:
    """Maximum likelihood, as good as without a penalty."""
    model = LogisticRegression(C=1e5, max_iter=1000).fit(features(affinities), marked.ravel())
    return Calibration(float(model.intercept_[0]), *(float(weight) for weight in model.coef_[0]))


def apply(calibration: Calibration, affinities: np.ndarray) -> np.ndarray:
    """Relevance of every pair, shape (texts, items)."""
    log_odds = calibration.offset + features(affinities) @ np.array(calibration[1:])
    probabilities: np.ndarray = 1 / (1 + np.exp(-log_odds))
    return probabilities.reshape(affinities.shape)


def hold_out(pairs: Pairs) -> HeldOut:
    """Every fold judged by a fit to the others."""
    probabilities = np.zeros(pairs.affinities.shape)
    for fold in range(FOLDS):
        unseen = pairs.folds == fold
        calibration = fit(pairs.affinities[~unseen], pairs.marked[~unseen])
        probabilities[unseen] = apply(calibration, pairs.affinities[unseen])
    base = np.full(probabilities.shape, pairs.marked.mean())
    return HeldOut(
        probabilities,
        log_loss(probabilities, pairs.marked),
        log_loss(base, pairs.marked),
        calibration_error(probabilities, pairs.marked),
    )


def report_fit(pairs: Pairs) -> None:
    held_out, stored = hold_out(pairs), CALIBRATIONS[pairs.kind]
    texts, items = pairs.marked.shape
    stored_loss = log_loss(apply(stored, pairs.affinities), pairs.marked)
    print(f"\n{pairs.kind}: {texts} texts x {items} items, {pairs.marked.sum()} marked")
    print("  fit    ", _rounded(fit(pairs.affinities, pairs.marked)))
    print("  stored ", _rounded(stored), f"log loss {stored_loss:.4f}")
    print(
        f"  unseen  log loss {held_out.log_loss:.4f} (base rate {held_out.base_log_loss:.4f}), "
        f"calibration error {held_out.calibration_error:.4f}"
    )
    ranks = " ".join(f"@{k} {recall(pairs.affinities, pairs.marked, k):.3f}" for k in (1, 2, 3))
    print(f"  recall  {ranks}")
    report_reliability(held_out.probabilities, pairs.marked)


def _rounded(calibration: Calibration) -> str:
    return "Calibration(" + ", ".join(f"{value:.2f}" for value in calibration) + ")"


# ---- answers about other jobs ---------------------------------------------------------------------


def report_other_jobs(embedder: Embedder, role: Role, path: Path) -> None:
    answers = [json.loads(line)["answer"] for line in path.read_text(encoding="utf-8").splitlines()]
    sentences = [s.strip() for a in answers for s in re.split(r"(?<=[.!?])\s+", a) if len(s.split()) > 3]
    texts = [Text(sentence, (), 0) for sentence in sentences[::3]]
    print(f"\nReal answers about other jobs: {len(texts)} sentences, share with an item at least so relevant")
    kinds: tuple[ItemKind, ...] = ("activity", "kpi")
    for kind in kinds:
        pairs = pairs_of(embedder, role, kind, texts)
        best = np.array([max(relevances(kind, row.tolist())) for row in pairs.affinities])
        shares = "  ".join(f"{bar:.1f}: {np.mean(best >= bar):.3f}" for bar in (0.2, 0.3, 0.4, 0.5, 0.7))
        print(f"  {kind:9} {shares}")


if __name__ == "__main__":
    main()
