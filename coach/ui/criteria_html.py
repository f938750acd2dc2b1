"""The eight criteria, one quiet row each, with what a row opens to."""

from __future__ import annotations

from collections.abc import Sequence

from coach.engine_words import UNCERTAIN, is_uncertain, judge_name
from coach.rubric import Criterion, Rubric
from coach.schema import CriterionResult, Opinion, Report
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
        _standing(result, change),
        tag("span", with_slots(result.why), class_="why"),
    )
    return tag("details", summary, _opened(result, criterion), class_="criterion", data_remember=result.id)


def _standing(result: CriterionResult, change: LevelChange | None) -> Html:
    dots = _dots(result.level, change)
    if not is_uncertain(result):
        return dots
    return tag("span", dots, " ", tag("span", UNCERTAIN, class_="uncertain"), class_="doubted")


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
    if result.opinions:
        blocks += [tag("p", _opinions_label(result), class_="label"), _opinions(result.opinions)]
    if result.evidence:
        blocks += [tag("p", "You said", class_="label"), quote_list(result.evidence)]
    if result.next_step:
        worth = gain_words(result.gain)
        added = tag("span", f" ({worth})", class_="worth") if worth else None
        blocks.append(_line("Next", join([with_slots(result.next_step), added])))
    return tag("div", *blocks, class_="opened")


def _opinions_label(result: CriterionResult) -> str:
    return "A second opinion" if result.level is None else "Two opinions"


def _opinions(opinions: Sequence[Opinion]) -> Html:
    return tag("ul", *map(_opinion, opinions), class_="opinions")


def _opinion(opinion: Opinion) -> Html:
    level = "not judged" if opinion.level is None else f"level {opinion.level}"
    who = tag("span", f"{judge_name(opinion.judge)}, {level}:", class_="who")
    return tag("li", who, " ", with_slots(opinion.why))


def _line(label: str, content: Html) -> Html:
    return tag("p", tag("span", label, class_="label"), " ", content)
