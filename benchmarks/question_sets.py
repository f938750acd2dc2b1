"""Sets of questions: how fast, how much covered, how alike? Run: python -m benchmarks.question_sets

Two hundred sets under random wishes for the E-commerce Manager, without a model, one at a time in one
process: median and 95th percentile of the time, shares of activities and KPIs covered, the highest likeness
of two questions of a set by their plain meaning and (`--words`, slower) as they are worded. Then sets of 10
and 20 under no wishes at all, and the threshold on the pairs that it was set on.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import tempfile
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path

from benchmarks.speed import MILLISECOND, machine, percentile
from coach.config import Settings, resource_root
from coach.embedding import Embedder
from coach.question_sets.choose import choose
from coach.question_sets.pool import SAME_QUESTION, open_pool
from coach.question_sets.types import Chosen, Wishes
from coach.roles import load_role
from tests.question_wishes import likeness, random_wishes

KNOWLEDGE = resource_root() / "knowledge"
PAIRS = resource_root() / "tests" / "evals" / "question_pairs.toml"
SEEDS = 50


class Bench:
    """The role, an embedder and an empty cache."""

    def __init__(self, cache: Path) -> None:
        self.role = load_role(KNOWLEDGE / "roles" / "e-commerce-manager.toml")
        self.embedder = Embedder.open(Settings(data_dir=cache))
        self.cache = cache

    def choose(self, wishes: Wishes) -> tuple[Chosen, float]:
        """The set and the milliseconds that it took."""
        started = time.perf_counter()
        chosen = choose(self.role, wishes, [], self.embedder, self.cache, KNOWLEDGE)
        return chosen, MILLISECOND * (time.perf_counter() - started)


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sets", type=int, default=200, help="sets under random wishes (200)")
    parser.add_argument(
        "--words", type=int, default=0, metavar="SETS", help="embed so many sets as worded (0)"
    )
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        print(f"Machine: {machine()}")
        print(f"First set ever, vectors made: {bench.choose(Wishes())[1]:.0f} ms")
        open_pool.cache_clear()
        print(f"First set of a process, vectors read: {bench.choose(Wishes())[1]:.0f} ms")
        report_random(bench, options.sets, options.words)
        report_plain(bench)
        report_threshold(bench)


def report_random(bench: Bench, number: int, worded: int) -> None:
    """Prints times and figures of sets under random wishes."""
    drawn = [(wishes, *bench.choose(wishes)) for wishes in random_wishes(bench.role, number)]
    times = sorted(taken for _, _, taken in drawn)
    pool = open_pool(bench.role, KNOWLEDGE, bench.embedder, bench.cache)
    full = [chosen for wishes, chosen, _ in drawn if len(chosen.questions) == wishes.count]
    print(f"{number} sets: median {statistics.median(times):.0f} ms, p95 {percentile(times, 0.95):.0f} ms")
    print(f"  as many questions as wished for: {len(full)}; fewer, with the reason: {number - len(full)}")
    if full:
        activities = statistics.mean(chosen.coverage.activities for chosen in full)
        kpis = statistics.mean(chosen.coverage.kpis for chosen in full)
        print(f"  covered of what was asked for, in full sets: activities {activities:.2f}, KPIs {kpis:.2f}")
    highest = max(likeness(chosen, pool) for _, chosen, _ in drawn)
    print(f"  highest likeness by meaning: {highest:.2f} (limit {SAME_QUESTION})")
    if worded:
        pairs = [pair for _, chosen, _ in drawn[:worded] for pair in worded_likeness(chosen, bench.embedder)]
        above = sum(pair > SAME_QUESTION for pair in pairs)
        print(f"  as worded, {worded} sets: highest {max(pairs):.2f}, {above} of {len(pairs)} pairs above")


def worded_likeness(chosen: Chosen, embedder: Embedder) -> list[float]:
    """The cosine of every pair of the set's questions as they are asked."""
    if not chosen.questions:
        return []
    vectors = embedder.embed([item.question.text for item in chosen.questions])
    cosines = vectors @ vectors.T
    return [float(cosines[a, b]) for a in range(len(vectors)) for b in range(a)]


def report_plain(bench: Bench) -> None:
    """Prints the least that sets of 10 and of 20 cover, and how much two seeds share."""
    for count in (10, 20):
        sets = [bench.choose(Wishes(count=count, seed=seed))[0] for seed in range(SEEDS)]
        activities = min(chosen.coverage.activities for chosen in sets)
        kpis = min(chosen.coverage.kpis for chosen in sets)
        ids = [{item.question.id for item in chosen.questions} for chosen in sets]
        shared = statistics.mean(len(one & other) for one, other in itertools.pairwise(ids))
        print(
            f"{SEEDS} sets of {count}: at least {activities:.2f} of activities and {kpis:.2f} of KPIs;",
            end=" ",
        )
        print(f"{shared:.1f} questions shared by two seeds")


def report_threshold(bench: Bench) -> None:
    """Prints how many of the written pairs are above the threshold."""
    pairs = tomllib.loads(PAIRS.read_text(encoding="utf-8"))
    for name in ("same", "different"):
        vectors = bench.embedder.embed([text for pair in pairs[name] for text in pair])
        above = int(((vectors[0::2] * vectors[1::2]).sum(axis=1) > SAME_QUESTION).sum())
        print(f"Pairs that ask {name} things: {above} of {len(pairs[name])} above {SAME_QUESTION}")


if __name__ == "__main__":
    main()
