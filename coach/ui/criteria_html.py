"""The eight criteria, one quiet row each, with what a row opens to."""

from __future__ import annotations

from coach.rubric import Criterion, Rubric
from coach.schema import CriterionResult, Report
from coach.ui.answer_html import quote_list
from coach.ui.changes import Changes, LevelChange
from coach.ui.markup import Html, for_listeners, join, tag, with_slots

HIGHEST = 5


def criteria_rows(report: Report, rubric: Rubric, changes: Changes | None) -> Html:
    """The section "Criteria"."""
    rows = [
        _row(result, rubric.criteria[result.id], changes.of(result.id) if changes else None)
        for result in report.criteria
    ]
    return tag("section", tag("h2", "Criteria"), tag("div", *rows, class_="criteria"))


def gain_words(gain: float) -> str:
    """What a change would add, in whole points; empty below one."""
    points = round(gain)
    return f"up to {points} {'point' if points == 1 else 'points'}" if points >= 1 else ""


def _row(result: CriterionResult, criterion: Criterion, change: LevelChange | None) -> Html:
    summary = tag(
        "summary",
        tag("span", criterion.name, class_="name"),
        _dots(result.level, change),
        tag("span", with_slots(result.why), class_="why"),
    )
    return tag("details", summary, _opened(result, criterion), class_="criterion", data_remember=result.id)


def _dots(level: int | None, change: LevelChange | None) -> Html:
    if level is None:
        return tag("span", "not judged", class_="dots unjudged")
    before = change.before if change else level
    shown = [tag("i", class_=_dot(number, level, before)) for number in range(1, HIGHEST + 1)]
    moved = for_listeners(f", was {before} in your last draft") if change else None
    up = level > before
    sign, kind = ("↑", "arrow up") if up else ("↓", "arrow down")
    arrow = tag("b", sign, class_=kind, aria_hidden="true") if change else None
    return tag(
        "span",
        for_listeners(f"{level} of {HIGHEST}"),
        moved,
        tag("span", *shown, aria_hidden="true"),
        arrow,
        class_="dots",
        title=f"{level} of {HIGHEST}" + (f", was {before}" if change else ""),
    )


def _dot(number: int, level: int, before: int) -> str:
    if number <= level:
        return "dot full gained" if number > before else "dot full"
    return "dot lost" if number <= before else "dot"


def _opened(result: CriterionResult, criterion: Criterion) -> Html:
    blocks: list[Html | None] = [tag("p", criterion.asks, class_="asks")]
    if result.level is not None:
        blocks.append(_line(f"Level {result.level}", Html(tag("span", criterion.anchors[result.level]))))
    if result.evidence:
        blocks += [tag("p", "You said", class_="label"), quote_list(result.evidence)]
    if result.next_step:
        worth = gain_words(result.gain)
        added = tag("span", f" ({worth})", class_="worth") if worth else None
        blocks.append(_line("Next", join([with_slots(result.next_step), added])))
    return tag("div", *blocks, class_="opened")


def _line(label: str, content: Html) -> Html:
    return tag("p", tag("span", label, class_="label"), " ", content)
