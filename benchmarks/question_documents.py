"""What do sets for a job description or a résumé rest on? Run: python -m benchmarks.question_documents

Makes a set of ten for each file of tests/question_files named here, prints how many questions cite a line of
it or an item of the role, and with `--write` puts the sets into docs/question-sets.md.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from coach import Coach, QuestionSet
from coach.documents import read_document

ROOT = Path(__file__).parents[1]
FILES = ROOT / "tests" / "question_files"
PAGE = ROOT / "docs" / "question-sets.md"
JOBS = (
    "junior-fashion.txt",
    "mid-grocery.md",
    "senior-spare-parts.html",
    "head-marketplaces.docx",
    "director-charity.pdf",
)
RESUMES = ("resume-junior.md", "resume-mid.docx", "resume-director.pdf")
COUNT = 10
BEGIN, END = "<!-- sets: begin -->", "<!-- sets: end -->"
_LONGEST = 140
_RUNS = 5


class Made(NamedTuple):
    """A set with the file it was made for and the median time of a few runs, in milliseconds."""

    file: str
    questions: QuestionSet
    elapsed: float

    @property
    def on_lines(self) -> int:
        """Questions that cite a line which stands in the file."""
        lines = {line.number: line.text for line in read_document(FILES / self.file).lines}
        return sum(
            any(c.line is not None and c.quote in lines.get(c.line, "") for c in question.cites)
            for question in self.questions.questions
        )

    @property
    def on_anything(self) -> int:
        """Questions that cite a line or an item of the role."""
        return sum(bool(question.cites) for question in self.questions.questions)


def make(coach: Coach, name: str) -> Made:
    """The set for a file."""
    is_job = name in JOBS
    sets = [
        coach.questions(count=COUNT, job=FILES / name) if is_job else coach.questions(resume=FILES / name)
        for _ in range(_RUNS)
    ]
    return Made(name, sets[0], statistics.median(made.engine.elapsed_ms for made in sets))


def page_part(all_made: list[Made]) -> Iterator[str]:
    """The lines of the page between the marks."""
    yield "| file | cite a line | cite a line or an item of the role | time |"
    yield "|---|---|---|---|"
    for made in all_made:
        whole = len(made.questions.questions)
        counts = f"{made.on_lines} of {whole} | {made.on_anything} of {whole}"
        yield f"| `{made.file}` | {counts} | {made.elapsed:.0f} ms |"
    for made in all_made:
        yield f"\n### `{made.file}`"
        for number, question in enumerate(made.questions.questions, start=1):
            yield f"{number}. {question.text}"
            for cite in question.cites:
                place = f"line {cite.line}" if cite.line else "role"
                quote = cite.quote if len(cite.quote) <= _LONGEST else f"{cite.quote[:_LONGEST].rstrip()}…"
                yield f"   - {place}: {quote}"


def main() -> int:
    """Prints the figures; 1 when a set has fewer than eight questions that cite something."""
    coach = Coach.open()
    coach.questions(job=FILES / JOBS[1])
    all_made = [make(coach, name) for name in (*JOBS, *RESUMES)]
    lines = list(page_part(all_made))
    print("\n".join(lines[: len(all_made) + 2]))
    if "--write" in sys.argv:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        _, _, after = rest.partition(END)
        PAGE.write_text("\n".join([before + BEGIN, *lines, END]) + after, encoding="utf-8")
    return int(any(made.on_anything < 8 for made in all_made))


if __name__ == "__main__":
    raise SystemExit(main())
