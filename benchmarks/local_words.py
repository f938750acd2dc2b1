"""What a model that only words the advice makes of 30 answers, beside the built-in words. Run:

    COACH_MODEL=local python -m benchmarks.local_words OUT.jsonl

Writes a line an answer: the question, the answer, and from both sides the next steps, the questions to come and
the tighter version, as a report would show them; then the seconds that the model took. Which is better is for
readers to say: docs/models.md tells what they said.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from coach import Coach
from coach.schema import Report
from tests.evals.variants import read_base_answers

ANSWERS = 30


def main() -> None:
    """Command line."""
    opened = Coach.open()
    seconds = []
    with Path(sys.argv[1]).open("w", encoding="utf-8") as out:
        for number, answer in enumerate(read_base_answers()[:ANSWERS], start=1):
            began = time.perf_counter()
            built_in, worded = _both(opened, answer.question, answer.text)
            seconds.append(time.perf_counter() - began)
            row = {"id": answer.id, "question": answer.question, "answer": answer.text}
            row |= {"built_in": _words(built_in), "model": _words(worded), "seconds": seconds[-1]}
            row["warnings"] = [warning.message for warning in worded.warnings]
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            out.flush()
            print(f"{number} of {ANSWERS}: {seconds[-1]:.1f} s", file=sys.stderr)
    print(f"median {statistics.median(seconds):.1f} s")


def _both(opened: Coach, question: str, text: str) -> tuple[Report, Report]:
    reports = [given for given in opened.feedback_stream(question, text) if isinstance(given, Report)]
    return reports[0], reports[-1]


def _words(report: Report) -> dict[str, Any]:
    return {
        "next_steps": {result.id: result.next_step for result in report.criteria if result.next_step},
        "follow_ups": report.follow_ups,
        "rewrite": report.rewrite.text if report.rewrite else "",
        "by": report.engine.adviser,
        "rewrite_by": report.rewrite.by if report.rewrite else "",
    }


if __name__ == "__main__":
    main()
