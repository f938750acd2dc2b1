"""How long does a report take, and where does the time go? Run: python -m benchmarks.speed

Reports on one answer of about 200 words with the built-in judge, 200 times, embedding included, one at a
time. Prints the first report of the process apart, median and 95th percentile of the others, the median of
each step, and the memory of the process. Steps are timed by wrapping the functions that do them.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import coach.feedback
import coach.reading
from coach import Coach
from coach.signals.segments import count_words

WORDS = 200
MILLISECOND = 1000.0


class Stopwatch:
    """Milliseconds by step. A step inside another counts for itself only."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._inside: list[float] = []

    def wrap(self, owner: Any, name: str, step: str) -> None:
        """Times every call of `owner.name` as this step."""
        work: Callable[..., Any] = getattr(owner, name)

        def timed(*arguments: Any, **options: Any) -> Any:
            started = time.perf_counter()
            self._inside.append(0.0)
            try:
                return work(*arguments, **options)
            finally:
                whole = time.perf_counter() - started
                self.spent[step] += MILLISECOND * (whole - self._inside.pop())
                if self._inside:
                    self._inside[-1] += whole

        setattr(owner, name, timed)


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=200, help="reports to time (200)")
    options = parser.parse_args(arguments)
    opened = time.perf_counter()
    coach_ = Coach.open()
    opened = time.perf_counter() - opened
    print(f"Machine: {machine()}; load {os.getloadavg()[0]:.1f}")
    question, answer = answer_of(WORDS)
    print(f"Answer: {count_words(answer)} words under {question}; {options.runs} runs; built-in judge")
    watch = Stopwatch()
    wrap_steps(watch, coach_)
    times, steps = run(coach_, question, answer, options.runs + 1, watch)
    first, times, steps = times[0], sorted(times[1:]), steps[1:]
    print(f"Opening: {opened * MILLISECOND:.0f} ms. First report of the process: {first:.0f} ms.")
    print(f"Report: median {statistics.median(times):.1f} ms, p95 {percentile(times, 0.95):.1f} ms")
    print("Median by step:")
    for step in steps[0]:
        print(f"  {step:<52} {statistics.median(row[step] for row in steps):7.2f} ms")
    print(f"Memory (peak RSS): {peak_megabytes():.0f} MB")


def run(
    opened: Coach, question: str, answer: str, runs: int, watch: Stopwatch
) -> tuple[list[float], list[dict[str, float]]]:
    """Milliseconds of each run, whole and by step; what no step accounts for is the last one."""
    times, steps = [], []
    for _ in range(runs):
        watch.spent.clear()
        started = time.perf_counter()
        opened.feedback(question, answer, judge="evidence")
        times.append(MILLISECOND * (time.perf_counter() - started))
        steps.append({**watch.spent, "rest": times[-1] - sum(watch.spent.values())})
    return times, steps


def time_reports(opened: Coach, runs: int) -> tuple[float, float]:
    """Median and 95th percentile of reports on the 200-word answer, in milliseconds; three go before."""
    question, answer = answer_of(WORDS)
    times, _ = run(opened, question, answer, runs + 3, Stopwatch())
    ordered = sorted(times[3:])
    return statistics.median(ordered), percentile(ordered, 0.95)


def wrap_steps(watch: Stopwatch, opened: Coach) -> None:
    """Where the steps of `coach.feedback` and `coach.reading` are called."""
    feedback, reading, engines = coach.feedback, coach.reading, opened.engines
    watch.wrap(feedback, "accept_answer", "intake")
    watch.wrap(reading, "find_sentences", "segments")
    watch.wrap(reading, "find_clauses", "segments")
    watch.wrap(engines.reader.embedder, "embed_quickly", "embed")
    watch.wrap(engines.reader.model, "neutral", "neutral text")
    watch.wrap(engines.reader.model, "read", "reader network")
    for name in ("find_instructions", "find_repeats", "find_talk", "find_figures", "find_kpi_mentions"):
        watch.wrap(reading, name, "other signals (instructions, repeats, figures, KPIs)")
    watch.wrap(engines.index, "search", "search")
    watch.wrap(engines.background, "topic", "topic")
    watch.wrap(feedback, "assess", "judge")
    watch.wrap(feedback, "_report", "report")


def answer_of(words: int) -> tuple[str, str]:
    """(question id, text) of the base answer nearest to this many words."""
    from tests.evals.variants import read_base_answers

    nearest = min(read_base_answers(), key=lambda answer: abs(count_words(answer.text) - words))
    return nearest.question, nearest.text


def percentile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def peak_megabytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def machine() -> str:
    python = platform.python_version()
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {python}"


if __name__ == "__main__":
    main()
