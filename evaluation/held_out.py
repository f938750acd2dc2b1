"""What the built-in judge says of the real answers when nothing fitted to raters has seen their speakers.

    python -m evaluation.held_out    # needs the fold networks of `python -m training.train_reader --folds`

Writes `evaluation/held_out.jsonl`: for each real answer levels, answer type, segments and what the network
saw, without its text. `coach eval` compares that file with the raters. It names the knowledge it was made
with, so that stale figures can be told. Every answer is judged twice: how fully a question is answered
is fitted to what the fold networks make of the other folds' answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import coach.feedback
from coach import Coach
from coach.errors import AnswerError
from coach.feedback import Engines, Request
from coach.judges.fit import FULLNESS, fullness_parts
from coach.reader_model import load_reader_model
from coach.roles import find_question
from training.corpus import ROOT, Answer, read_real
from training.fullness import weights_of

FOLDS = ROOT / "training" / "folds"
HELD_OUT = ROOT / "evaluation" / "held_out.jsonl"


def judge_fold(opened: Coach, engines: Engines, answers: list[Answer]) -> Iterator[dict[str, Any]]:
    """A row for each answer that can be assessed."""
    role = opened.role()
    for answer in answers:
        try:
            request = Request(role, find_question(role, answer.question), answer.text, answer.id)
            draft = coach.feedback._draft(request, engines)
        except AnswerError:
            continue
        own = coach.feedback._own(draft, engines)
        report, signals = coach.feedback._report(draft, engines, own.alone), draft.read.signals
        yield {
            "id": answer.id,
            "levels": {criterion.id: criterion.level for criterion in report.criteria},
            "answer_type": report.answer_type,
            "segments": [segment.model_dump(exclude={"confidence"}) for segment in report.segments],
            "strengths": signals.strengths,
            "fullness": fullness_parts(signals, draft.ground.topic.cosine),
        }


def judge_people(opened: Coach, people: Path, answers: Mapping[str, Answer]) -> list[dict[str, Any]]:
    """A row for each answer of the people in the file, read by the network beside it."""
    engines = opened.engines
    model = load_reader_model(people.parent, opened.settings.knowledge_dir)
    unseen = set(json.loads(people.read_text(encoding="utf-8")))
    chosen = [answer for answer in answers.values() if answer.person in unseen]
    reader = replace(engines.reader, model=model)
    return list(judge_fold(opened, replace(engines, reader=reader), chosen))


def main() -> None:
    """Command line."""
    opened = Coach.open()
    answers = {answer.id: answer for answer in read_real()}
    folds = sorted(FOLDS.glob("*/people.json"))
    if not answers or not folds:
        raise SystemExit("The real answers or the fold networks are missing; see training/README.md.")
    judged = [judge_people(opened, people, answers) for people in folds]
    rows = []
    for fold, people in enumerate(folds):
        others = {row["id"]: row for place, own in enumerate(judged) if place != fold for row in own}
        weights = weights_of([answers[id_] for id_ in others], others)
        with mock.patch.dict(FULLNESS, weights):
            rows += judge_people(opened, people, answers)
    lines = [json.dumps({"knowledge": opened.engines.knowledge}), *map(json.dumps, sorted(rows, key=_id))]
    HELD_OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"wrote {HELD_OUT}: {len(rows)} answers of {len(folds)} folds")


def _id(row: dict[str, Any]) -> str:
    return str(row["id"])


def read_held_out(path: Path = HELD_OUT) -> tuple[str, dict[str, dict[str, Any]]]:
    """The knowledge the file was made with, and its rows by answer id."""
    head, *rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return head["knowledge"], {row["id"]: row for row in rows}


if __name__ == "__main__":
    main()
