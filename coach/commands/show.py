"""A report for people in a terminal: the one fix first, the answer with its parts, levels as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coach.engine_words import (
    UNCERTAIN,
    as_it_stands,
    instead_of_a_model,
    is_uncertain,
    is_worded_by_model,
    judge_name,
    what_it_took,
    where_from,
    who_read,
)
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
    took = " ".join(filter(None, (what_it_took(engine), instead_of_a_model(engine))))
    console.print(
        f"\nJudged by {who_read(engine)} ({engine.rubric}, {engine.elapsed_ms} ms)."
        f"{f' {took}' if took else ''} A practice aid, not a hiring verdict.",
        style="dim",
    )


def _head(title: str, console: Console) -> None:
    console.print(f"\n{title}", style="bold")


def _show_first(report: Report, coach: Coach, console: Console) -> None:
    console.print(report.question.text, style="dim")
    _head("First fix", console)
    _item("", coach.headline(report), console)
    margin = f", give or take {report.overall.margin:.3g}" if report.overall.margin else ""
    score = "not judged" if report.overall.score is None else f"{report.overall.score:g} of 100{margin}"
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
        for opinion in result.opinions:
            level = "not judged" if opinion.level is None else f"level {opinion.level}"
            said.append(f"\n{judge_name(opinion.judge)}, {level}: {opinion.why}", style="dim")
        rows.add_row(f"  {coach.rubric.criteria[result.id].name}", _bar(result), said)
    console.print(rows)


def _bar(result: CriterionResult) -> str:
    if result.level is None:
        return "not judged"
    bar = "●" * result.level + "○" * (5 - result.level)
    return f"{bar}\n{UNCERTAIN}" if is_uncertain(result) else bar


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
    rewrite = report.rewrite
    if rewrite is None:
        return
    if not is_worded_by_model(rewrite):
        _head("A tighter version, in your own sentences", console)
    else:
        _head("A tighter version", console)
        _item("", where_from(rewrite), console)
    for paragraph in rewrite.text.split("\n\n"):
        _item("", paragraph, console)
    if worth := as_it_stands(rewrite):
        _item("", worth, console)
    if is_worded_by_model(rewrite):
        _show_list("Left out of it", rewrite.dropped, console)
