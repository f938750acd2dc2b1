"""Trains the STAR labeller and the answer-type model and writes their weights to `knowledge/star/`.

    python -m training.train_star            # cross-validate by person, then fit on everything and write
    python -m training.train_star --check    # cross-validate only

Data: the project's own base answers (`tests/evals/base_answers.toml`, parts marked by their writer) and,
where the folder named by COACH_DEV_DATA has it, 256 real answers labelled by two language-model raters.
No person stands on both sides of a split.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold

from coach.config import Settings
from coach.embedding import Embedder
from coach.lexicons import Lexicon, load_lexicon
from coach.schema import ANSWER_TYPES, LABELS
from coach.signals.answer_type import find_answer_type, type_features, type_inputs
from coach.signals.segments import find_clauses, find_sentences
from coach.signals.star import clause_features, label_clauses, model_inputs
from coach.signals.types import Clause
from coach.weights import StarModel, TypeModel, save_weights

ROOT = Path(__file__).resolve().parent.parent
BASE = ROOT / "tests" / "evals" / "base_answers.toml"
STRENGTH = 0.5  # inverse L2 penalty, chosen by the cross-validation below
TYPE_STRENGTH = 0.1
TRANSITION = 0.4  # how much the learned label order counts


class Document(NamedTuple):
    """An answer cut into clauses. `labels` and `types` hold one row a reader, indices into LABELS and
    ANSWER_TYPES; -1 where a clause was left unlabelled."""

    person: str
    types: list[int]
    clauses: tuple[Clause, ...]
    vectors: np.ndarray
    features: np.ndarray
    labels: np.ndarray


class Marked(NamedTuple):
    """An answer with the segments and the type that each of its readers gave it."""

    person: str
    answer: str
    segments: list[list[dict]]
    types: list[str]


def read_base() -> Iterator[Marked]:
    """The project's own answers."""
    for answer in tomllib.loads(BASE.read_text(encoding="utf-8"))["answer"]:
        text, segments = "", []
        for part in answer["part"]:
            text += "" if part.get("joined") or not text else " "
            segments.append(
                {"start": len(text), "end": len(text) + len(part["text"]), "label": part["label"]}
            )
            text += part["text"]
        yield Marked(answer["id"], text, [segments], [answer["answer_type"]])


def read_dev(folder: Path) -> Iterator[Marked]:
    """The real answers with raters A and B; nothing when they are absent."""
    if not (folder / "dev.jsonl").exists():
        return
    raters: dict[str, list[dict]] = {}
    for line in (folder / "dev_labels.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        raters.setdefault(row["id"], []).append(row)
    for line in (folder / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        read = raters[row["id"]]
        person = row["id"].split("-")[0]
        yield Marked(person, row["answer"], [r["segments"] for r in read], [r["answer_type"] for r in read])


def add_filler(answers: Sequence[Marked]) -> Iterator[Marked]:
    """Every other answer again with rambling put before or behind it, labelled "other": talk that says
    nothing must not be taken for a part of the story."""
    lines = (ROOT / "training" / "filler.txt").read_text(encoding="utf-8").splitlines()
    chance = random.Random(7)
    for answer in answers[::2]:
        filler = " ".join(chance.sample(lines, chance.randint(2, 6)))
        shift = len(filler) + 1 if chance.random() < 0.4 else 0
        text = f"{filler} {answer.answer}" if shift else f"{answer.answer} {filler}"
        start = 0 if shift else len(answer.answer) + 1
        talk = {"start": start, "end": start + len(filler), "label": "other"}
        moved = [
            [*({**s, "start": s["start"] + shift, "end": s["end"] + shift} for s in reader), talk]
            for reader in answer.segments
        ]
        yield Marked(f"{answer.person}+", text, moved, answer.types)


def clause_labels(clauses: Sequence[Clause], segments: Sequence[dict]) -> list[int]:
    """For each clause the label that covers most of its characters, as an index into LABELS."""
    found = []
    for clause in clauses:
        cover: Counter[str] = Counter()
        for segment in segments:
            overlap = min(clause.end, segment["end"]) - max(clause.start, segment["start"])
            if overlap > 0:
                cover[segment["label"]] += overlap
        found.append(LABELS.index(cover.most_common(1)[0][0]) if cover else -1)
    return found


def read_documents(embedder: Embedder, lexicon: Lexicon) -> list[Document]:
    """Every labelled answer, embedded."""
    dev = Path(os.environ.get("COACH_DEV_DATA", ROOT.parent / "shared" / "data")) / "answers"
    documents = []
    real = [*read_base(), *read_dev(dev)]
    for marked in [*real, *add_filler(real)]:
        clauses = find_clauses(marked.answer, find_sentences(marked.answer))
        if clauses:
            labels = np.array([clause_labels(clauses, segments) for segments in marked.segments])
            vectors = embedder.embed([clause.text for clause in clauses])
            types = [ANSWER_TYPES.index(name) for name in marked.types]
            features = clause_features(clauses, lexicon)
            documents.append(Document(marked.person, types, clauses, vectors, features, labels))
    return documents


def fit(documents: Sequence[Document]) -> StarModel:
    """The model for these documents."""
    features = np.vstack([document.features for document in documents])
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-3
    inputs, labels = [], []
    follows, first = np.ones((6, 6)), np.ones(6)
    for document in documents:
        rows = model_inputs(document.features, document.vectors, mean, scale)
        for reader in document.labels:
            known = reader[reader >= 0]
            inputs.append(rows[reader >= 0])
            labels.append(known)
            first[known[:1]] += 1
            np.add.at(follows, (known[:-1], known[1:]), 1)
    target = np.concatenate(labels)
    share = np.bincount(target, minlength=6) / len(target)
    # The square root lifts rare labels (task, learning) without flooding the common ones.
    weights = {label: float((1 / (6 * share[label])) ** 0.5) for label in range(6)}
    model = LogisticRegression(C=STRENGTH, max_iter=3000, class_weight=weights).fit(np.vstack(inputs), target)
    order = np.log(follows / follows.sum(axis=1, keepdims=True)) - np.log(share)
    start = np.log(first / first.sum()) - np.log(share)
    return StarModel(
        *(
            np.asarray(part, dtype=np.float32)
            for part in (model.coef_, model.intercept_, TRANSITION * order, TRANSITION * start, mean, scale)
        )
    )


def fit_type(documents: Sequence[Document], lexicon: Lexicon) -> TypeModel:
    """The answer-type model for these documents."""
    features = np.vstack([type_features(document.clauses, lexicon) for document in documents])
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-3
    rows, target = [], []
    for document, row in zip(documents, features, strict=True):
        for answer_type in document.types:
            rows.append(type_inputs(row, document.vectors, mean, scale))
            target.append(answer_type)
    model = LogisticRegression(C=TYPE_STRENGTH, max_iter=3000).fit(np.vstack(rows), target)
    if list(model.classes_) != list(range(len(ANSWER_TYPES))):
        raise SystemExit("the training answers hold no example of some answer type")
    return TypeModel(
        *(np.asarray(part, dtype=np.float32) for part in (model.coef_, model.intercept_, mean, scale))
    )


class Agreement(NamedTuple):
    """Held-out figures on the real answers: F1 of each label, shape (6,), and answer-type accuracy."""

    f1: np.ndarray
    type_accuracy: float


def cross_validate(documents: Sequence[Document], lexicon: Lexicon) -> Agreement:
    """Figures over the real answers, folds by person."""
    people = [document.person.rstrip("+") for document in documents]
    truth: list[int] = []
    guess: list[int] = []
    right: list[bool] = []
    for train, test in GroupKFold(8).split(documents, groups=people):
        model, type_model = (
            fit([documents[i] for i in train]),
            fit_type([documents[i] for i in train], lexicon),
        )
        for document in (documents[i] for i in test):
            if len(document.labels) == 1 or document.person.endswith("+"):  # these help training only
                continue
            found = ANSWER_TYPES.index(
                find_answer_type(document.clauses, document.vectors, type_model, lexicon)
            )
            right += [found == answer_type for answer_type in document.types]
            labels = label_clauses(document.clauses, document.vectors, model, lexicon).labels
            for reader in document.labels:
                truth += [int(label) for label in reader if label >= 0]
                guess += [
                    LABELS.index(label) for label, known in zip(labels, reader, strict=True) if known >= 0
                ]
    return Agreement(np.asarray(f1_score(truth, guess, labels=range(6), average=None)), float(np.mean(right)))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="cross-validate only")
    parser.add_argument("--fit", action="store_true", help="fit and write only")
    args = parser.parse_args()
    settings = Settings.from_env()
    lexicon = load_lexicon(settings.knowledge_dir / "lexicons.toml")
    documents = read_documents(Embedder.open(settings), lexicon)
    if not args.fit:
        f1, accuracy = cross_validate(documents, lexicon)
        print("F1 by clause on the real answers, folds by person:")
        print("  " + "  ".join(f"{label} {value:.2f}" for label, value in zip(LABELS, f1, strict=True)))
        print(f"  mean of situation, task, action, result: {f1[:4].mean():.3f}")
        print(f"answer type right: {accuracy:.3f}")
    if not args.check:
        folder = settings.knowledge_dir / "star"
        save_weights(fit(documents), folder / "star.npz")
        save_weights(fit_type(documents, lexicon), folder / "answer_type.npz")
        print(f"wrote {folder} from {len(documents)} answers")


if __name__ == "__main__":
    main()
