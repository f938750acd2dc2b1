"""What the answer shows of the role: its work and its figures."""

from __future__ import annotations

from collections.abc import Sequence

from coach.schema import ActivityFinding, Figure, KpiFinding, Report
from coach.ui.answer_html import quote_list
from coach.ui.markup import Html, join, tag, with_slots


def role_section(report: Report) -> Html | None:
    """The section "For this role"; None when there is nothing to say."""
    work, figures = _activities(report.activities), _kpis(report.kpis)
    if not (work or figures):
        return None
    return tag("section", tag("h2", "For this role"), work, figures, class_="role")


def _activities(found: Sequence[ActivityFinding]) -> Html | None:
    shown = [activity for activity in found if activity.status == "evidenced"]
    near = [activity.name for activity in found if activity.status == "related"]
    if not found:
        return None
    items = [
        tag("li", tag("span", activity.name, class_="name"), quote_list(activity.evidence))
        for activity in shown
    ]
    nothing = tag("p", "None of the job's activities is shown by what you did yet.", class_="quiet")
    nearby = tag("p", tag("span", "Close by", class_="label"), " ", "; ".join(near), class_="quiet")
    return join(
        [
            tag("h3", "Work of the job that you show"),
            tag("ul", *items, class_="findings") if items else nothing,
            nearby if near else None,
        ]
    )


def _kpis(found: Sequence[KpiFinding]) -> Html | None:
    if not found:
        return None
    proven = [_proven(kpi) for kpi in found if kpi.status == "evidenced"]
    named = [_to_fill_in(kpi) for kpi in found if kpi.status == "named"]
    suggested = [_to_fill_in(kpi) for kpi in found if kpi.status == "suggested"]
    groups = (
        ("Figures you prove", proven),
        ("Named, but without a figure", named),
        ("Figures that would suit this story", suggested),
    )
    return join(
        join([tag("h3", title), tag("ul", *items, class_="findings")]) for title, items in groups if items
    )


def _proven(kpi: KpiFinding) -> Html:
    values = [tag("span", _in_words(figure), class_="figure") for figure in kpi.figures]
    return tag("li", tag("span", kpi.name, class_="name"), *values, quote_list(kpi.evidence))


def _in_words(figure: Figure) -> str:
    period = f", {figure.period}" if figure.period and figure.period not in figure.quote else ""
    return f"{figure.quote}{period}"


def _to_fill_in(kpi: KpiFinding) -> Html:
    """A KPI that lacks its figure: how to say it, and on opening why and where to find it."""
    statement = tag("p", with_slots(kpi.statement), class_="statement") if kpi.statement else None
    if not (kpi.why or kpi.find_it):
        return tag("li", tag("span", kpi.name, class_="name"), quote_list(kpi.evidence), statement)
    why = tag("p", kpi.why) if kpi.why else None
    find = (
        tag("p", tag("span", "Where to find it", class_="label"), " ", kpi.find_it) if kpi.find_it else None
    )
    more = tag(
        "details",
        tag(
            "summary",
            tag("span", kpi.name, class_="name"),
            tag("span", "why, and where to find it", class_="more"),
        ),
        tag("div", why, find, class_="opened"),
        data_remember=f"kpi-{kpi.id}",
    )
    return tag("li", more, quote_list(kpi.evidence), statement)
