"""A report as one piece of markup, top to bottom in the order in which it helps."""

from __future__ import annotations

import re
from dataclasses import dataclass

from coach.coaching import is_strong
from coach.engine_words import instead_of_a_model, what_it_took, who_read
from coach.rubric import Rubric
from coach.schema import Report
from coach.ui.answer_html import marked_answer
from coach.ui.changes import Changes, compare_drafts
from coach.ui.criteria_html import criteria_rows, gain_words
from coach.ui.markup import Html, tag, with_slots
from coach.ui.rewrite_html import rewrite_section
from coach.ui.role_html import role_section

_CAP_ID = re.compile(r"^[a-z0-9_]+: ")


@dataclass(frozen=True)
class ReportView:
    """A report with what is needed to show it. `previous` is the report on the draft before, if any; `aside`
    a quiet line under the first fix."""

    report: Report
    answer: str
    headline: str
    rubric: Rubric
    role_name: str
    previous: Report | None = None
    aside: str = ""


def render_report(view: ReportView) -> Html:
    """The whole report; every word of the answer or a model in it is escaped."""
    return tag("article", *_top(view), *_rest(view), class_="report", aria_label="Feedback")


def render_top(view: ReportView) -> Html:
    """The report down to the first fix, for a page that shows more before the rest."""
    return tag("article", *_top(view), class_="report", aria_label="Feedback")


def render_rest(view: ReportView) -> Html:
    """What `render_top` leaves of the report."""
    return tag("div", *_rest(view), class_="report rest")


def _top(view: ReportView) -> list[Html | None]:
    return [
        tag("p", view.report.question.text, class_="asked-question"),
        _first_fix(view),
        tag("p", view.aside, class_="quiet stopped") if view.aside else None,
    ]


def _rest(view: ReportView) -> list[Html | None]:
    report = view.report
    changes = compare_drafts(view.previous, report) if view.previous else None
    return [
        _standing(view, changes),
        _notices(report),
        marked_answer(report, view.answer),
        criteria_rows(report, view.rubric, changes),
        role_section(report),
        _follow_ups(report),
        rewrite_section(report.rewrite, view.answer),
        _closing(view),
    ]


def _first_fix(view: ReportView) -> Html:
    priorities = view.report.priorities
    fixing = bool(priorities) and not is_strong(view.report)
    worth = gain_words(priorities[0].gain) if fixing else ""
    return tag(
        "section",
        tag("h2", "Change this first" if fixing else "Where you are"),
        tag("p", with_slots(view.headline), class_="headline"),
        tag("p", f"Worth {worth}.", class_="worth") if worth else None,
        class_="first-fix",
    )


def _standing(view: ReportView, changes: Changes | None) -> Html:
    overall = view.report.overall
    if overall.score is None:
        return tag("section", tag("p", "Not judged", class_="band unjudged"), class_="standing")
    says = next((band.says for band in view.rubric.bands if band.id == overall.band), "")
    margin = f", give or take {overall.margin:.3g}" if overall.margin else ""
    return tag(
        "section",
        tag("h2", "Where it stands", class_="unseen"),
        tag(
            "p",
            tag("span", _sentence(overall.band), class_="band"),
            tag("span", says, class_="says") if says else None,
            tag("span", f"{overall.score:.0f} of 100{margin}", class_="score"),
        ),
        _caps(view.report),
        _since_last_draft(changes, view.rubric) if changes else None,
        class_="standing",
    )


def _caps(report: Report) -> Html | None:
    overall = report.overall
    if not overall.caps:
        return None
    without = overall.uncapped
    higher = without is not None and overall.score is not None and without > overall.score
    otherwise = f" Otherwise it would be {without:.0f}." if higher else ""
    reasons = "; ".join(_CAP_ID.sub("", cap) for cap in overall.caps)
    return tag(
        "p",
        tag("span", "What holds it down", class_="label"),
        f" {_sentence(reasons)}.{otherwise}",
        class_="caps",
    )


def _since_last_draft(changes: Changes, rubric: Rubric) -> Html:
    if changes.obstacle:
        return tag("p", changes.obstacle, class_="since quiet")
    moves = [
        tag(
            "span",
            f"{rubric.criteria[move.criterion].name} {move.before} → {move.after}",
            class_="move up" if move.after > move.before else "move down",
        )
        for move in changes.levels
    ]
    points = changes.points
    told = "no measurable change" if points is None else f"{points:+.0f} points".replace("-", "−")
    return tag(
        "p",
        tag("span", "Since your last draft", class_="label"),
        " ",
        tag("strong", told),
        *moves,
        class_="since",
    )


def _notices(report: Report) -> Html | None:
    if not report.warnings:
        return None
    return tag(
        "ul", *(tag("li", warning.message) for warning in report.warnings), class_="warnings", role="note"
    )


def _follow_ups(report: Report) -> Html | None:
    if not report.follow_ups:
        return None
    items = [tag("li", with_slots(question)) for question in report.follow_ups]
    return tag("section", tag("h2", "They will ask"), tag("ol", *items, class_="probes"))


def _closing(view: ReportView) -> Html:
    engine = view.report.engine
    read = f"An answer for the role {view.role_name}. Read by {who_read(engine)}."
    told = " ".join(filter(None, (read, what_it_took(engine), instead_of_a_model(engine))))
    return tag(
        "footer",
        tag("p", told),
        tag("p", "A practice aid, not a hiring verdict."),
    )


def _sentence(words: str) -> str:
    plain = words.replace("_", " ")
    return plain[:1].upper() + plain[1:]
