"""A question set for people in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coach.schema import Cite, Coverage, QuestionSet, Role, SetQuestion

if TYPE_CHECKING:
    from rich.console import Console

_OF = {"job": "job description, line {line}", "resume": "résumé, line {line}"}
_LONGEST_CITE = 110


def show_set(made: QuestionSet, role: Role, console: Console) -> None:
    """Prints the questions with why each is there, what a strong answer shows, and the coverage."""
    stages = {stage.id: stage.name for stage in role.stages}
    minutes = sum(question.minutes for question in made.questions)
    console.print(f"{role.name}: {len(made.questions)} questions, about {minutes} minutes", style="bold")
    for number, question in enumerate(made.questions, start=1):
        _show_question(number, question, stages.get(question.stage, ""), console)
    console.print()
    _show_coverage(made.coverage, role, console)
    by = f" Questions written by {made.engine.model} among them." if made.engine.model else ""
    console.print(f"Made in {made.engine.elapsed_ms} ms, seed {made.tailoring.seed}.{by}", style="dim")


def _show_question(number: int, question: SetQuestion, stage: str, console: Console) -> None:
    console.print()
    _line(f"{number}.", question.text, console, style="bold")
    about = ", ".join(filter(None, (question.kind, question.level, stage, f"{question.minutes} min")))
    _line("", f"{about}  ({question.id})", console, style="dim")
    for row in question.brief.splitlines():
        _line("│", row, console)
    _line("", question.why, console)
    for cite in question.cites:
        if cite.line is not None:
            _line("»", _cited(cite), console, style="dim")
    _rows("+", question.strong_answer_shows, console)
    _rows("?", question.follow_ups, console)
    for story in question.stories:
        _line("*", f"Your report {story.report_id} would fit ({story.fit:.0%}): {story.why}", console)


def _cited(cite: Cite) -> str:
    quote = cite.quote if len(cite.quote) <= _LONGEST_CITE else f"{cite.quote[: _LONGEST_CITE - 1].rstrip()}…"
    return f"{_OF[cite.of].format(line=cite.line)}: {quote}"


def _show_coverage(coverage: Coverage, role: Role, console: Console) -> None:
    names = {a.id: a.name for a in role.activities} | {k.id: k.name for k in role.kpis}
    console.print(f"Covered: {coverage.activities:.0%} of activities, {coverage.kpis:.0%} of KPIs")
    missing = [names[item] for item in (*coverage.missing_activities, *coverage.missing_kpis)]
    if missing:
        console.print(f"Not covered: {', '.join(missing)}")


def _rows(mark: str, lines: tuple[str, ...], console: Console) -> None:
    for line in lines:
        _line(mark, line, console)


def _line(mark: str, text: str, console: Console, style: str = "") -> None:
    """One line; what wraps hangs under the text, not under the mark."""
    from rich.table import Table

    row = Table.grid(padding=(0, 1))
    row.add_column(width=3, justify="right")
    row.add_column(ratio=1)
    row.add_row(mark, text, style=style)
    console.print(row)
