"""A report for people in a terminal: the one fix first, the answer with its parts, levels as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coach.schema import CriterionResult, KpiFinding, Label, Report

if TYPE_CHECKING:
    from rich.console import Console

    from coach.coach import Coach

_STYLES: dict[Label, str] = {
    "situation": "cyan",
    "task": "magenta",
    "action": "green",
    "result": "yellow",
    "learning": "blue",
    "other": "dim",
}
_LETTERS: dict[Label, str] = {
    "situation": "S",
    "task": "T",
    "action": "A",
    "result": "R",
    "learning": "L",
    "other": "·",
}
_MARKS = {"evidenced": "✓", "named": "○", "suggested": "+", "related": "○"}


def show_report(report: Report, answer: str, coach: Coach, console: Console) -> None:
    """Prints the whole report."""
    _show_first(report, coach, console)
    _show_answer(report, answer, console)
    _show_criteria(report, coach, console)
    _show_role(report, console)
    _show_list("They will ask", report.follow_ups, console)
    _show_rewrite(report, console)
    _show_list("Notes", [notice.message for notice in report.warnings], console)
    engine = report.engine
    console.print(
        f"\nJudged by {'the built-in judge' if engine.judge == 'evidence' else engine.judge}"
        f" ({engine.rubric}, {engine.elapsed_ms} ms). A practice aid, not a hiring verdict.",
        style="dim",
    )


def _head(title: str, console: Console) -> None:
    console.print(f"\n{title}", style="bold")


def _show_first(report: Report, coach: Coach, console: Console) -> None:
    console.print(report.question.text, style="dim")
    _head("First fix", console)
    _item("", coach.headline(report), console)
    score = "not judged" if report.overall.score is None else f"{report.overall.score:g} of 100"
    band = next((band.says for band in coach.rubric.bands if band.id == report.overall.band), "")
    console.print(
        f"\n{report.overall.band.capitalize()}: {band} ({score})" if band else f"\n{score.capitalize()}"
    )
    for cap in report.overall.caps:
        console.print(f"  held at {cap.split(': ', 1)[-1]}", style="dim")


def _show_answer(report: Report, answer: str, console: Console) -> None:
    from rich.text import Text

    _head("Your answer, read by a listener", console)
    text = Text()
    for segment in report.segments:
        part = " ".join(answer[segment.start : segment.end].split())
        text.append(f"[{_LETTERS[segment.label]}] ", style=f"bold {_STYLES[segment.label]}")
        text.append(f"{part} ", style=_STYLES[segment.label])
    console.print(text)
    console.print("  S situation   T task   A action   R result   L learning   · other", style="dim")


def _show_criteria(report: Report, coach: Coach, console: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    _head("Criteria", console)
    rows = Table.grid(padding=(0, 2))
    rows.add_column(min_width=15)
    rows.add_column(min_width=10)
    rows.add_column(ratio=1)
    for result in report.criteria:
        said = Text(result.why)
        if result.next_step and result.level != 5:
            worth = f" (+{result.gain:g})" if result.gain else ""
            said.append(f"\n→ {result.next_step}{worth}", style="dim")
        rows.add_row(f"  {coach.rubric.criteria[result.id].name}", _bar(result), said)
    console.print(rows)


def _bar(result: CriterionResult) -> str:
    if result.level is None:
        return "not judged"
    return "●" * result.level + "○" * (5 - result.level)


def _show_role(report: Report, console: Console) -> None:
    _head("For this role", console)
    for activity in report.activities:
        word = "shown" if activity.status == "evidenced" else "close by"
        _item(_MARKS[activity.status], f"{activity.name} ({word})", console)
    for kpi in report.kpis:
        _item(_MARKS[kpi.status], f"{kpi.name}: {_kpi_line(kpi)}", console)
    if not report.activities and not any(kpi.status != "suggested" for kpi in report.kpis):
        console.print("  Nothing of the role is shown yet.")


def _item(mark: str, text: str, console: Console) -> None:
    """One line of a list; what wraps hangs under the text, not under the mark."""
    from rich.table import Table

    line = Table.grid(padding=(0, 1))
    line.add_column(width=3, justify="right")
    line.add_column(ratio=1)
    line.add_row(mark, text)
    console.print(line)


def _kpi_line(kpi: KpiFinding) -> str:
    if kpi.status == "evidenced":
        return kpi.why
    word = "named without a value." if kpi.status == "named" else "would suit this story."
    return f"{word} {kpi.statement}".strip()


def _show_list(title: str, lines: tuple[str, ...] | list[str], console: Console) -> None:
    if not lines:
        return
    _head(title, console)
    for line in lines:
        _item("-", line, console)


def _show_rewrite(report: Report, console: Console) -> None:
    if report.rewrite is None:
        return
    _head("A tighter version, in your own sentences", console)
    for paragraph in report.rewrite.text.split("\n\n"):
        _item("", paragraph, console)
