"""The page "History": saved reports to open, download and delete."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from coach.errors import CoachError
from coach.export import report_to_markdown
from coach.history import SavedReport
from coach.ui import drafts, keys
from coach.ui.asking import recall
from coach.ui.desk import Desk
from coach.ui.markup import tag
from coach.ui.notices import problem_of, show_problem
from coach.ui.report_html import ReportView, render_report
from coach.ui.seat import REPORTS_AT_ONCE, Seat, Slot
from coach.ui.taking_up import make_room
from coach.ui.wiring import wire


def draw(desk: Desk, practise: StreamlitPage) -> None:
    """The whole page. `practise` is where a saved answer can be worked on again."""
    seat = drafts.take_seat(desk)
    try:
        if seat.open_report is not None:
            _one(desk, seat, desk.coach.history.report(seat.open_report), practise)
        else:
            _all(desk, seat)
    except CoachError as error:
        seat.open_report = None
        show_problem(problem_of(error))


# ---- the list ------------------------------------------------------------------------------------------


def _all(desk: Desk, seat: Seat) -> None:
    st.html(tag("h2", "History", class_="page-title"))
    limit = seat.reports_shown
    saved = desk.coach.history.reports(limit=limit + 1)
    if not saved:
        st.html(tag("p", "No reports yet. Each feedback you ask for is kept here.", class_="quiet"))
    for report in saved[:limit]:
        _row(desk, seat, report)
    if len(saved) > limit:
        st.button("Show more", key=keys.MORE_REPORTS, on_click=_show_more, args=[seat])
    _delete_everything(desk, seat)


def _row(desk: Desk, seat: Seat, saved: SavedReport) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=keys.of_report("row", saved.id)):
        st.html(
            tag(
                "div",
                tag("p", saved.question_text, class_="question"),
                tag("p", f"{when(saved.created_at)} · {_standing(saved)}", class_="quiet"),
                class_="saved",
            )
        )
        st.button(
            "Open",
            key=keys.of_report("open", saved.id),
            on_click=_open,
            args=[seat, saved.id],
        )
        _download(desk, saved)
        st.button(
            "Delete",
            key=keys.of_report("delete", saved.id),
            type="tertiary",
            on_click=_delete,
            args=[desk, seat, saved.id],
        )


def _standing(saved: SavedReport) -> str:
    if saved.score is None:
        return "not judged"
    return f"{saved.band.replace('_', ' ')}, {saved.score:.0f} of 100"


def when(moment: str) -> str:
    """The local date and time of the browser."""
    try:
        zone = ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = ZoneInfo("UTC")
    local = datetime.fromisoformat(moment).astimezone(UTC).astimezone(zone)
    return f"{local.day} {local:%B %Y, %H:%M}"


def _download(desk: Desk, saved: SavedReport) -> None:
    try:
        report = saved.report()
    except CoachError:
        return
    st.download_button(
        "Download",
        report_to_markdown(report, saved.answer, _role_name(desk, saved.role_id)),
        file_name=f"feedback-{saved.id}.md",
        mime="text/markdown",
        key=keys.of_report("download", saved.id),
        type="tertiary",
        on_click="ignore",
    )


def _role_name(desk: Desk, role_id: str) -> str:
    try:
        return desk.coach.role(role_id).name
    except CoachError:
        return role_id


def _show_more(seat: Seat) -> None:
    seat.reports_shown += REPORTS_AT_ONCE


def _open(seat: Seat, report_id: int) -> None:
    seat.open_report = report_id


def _delete(desk: Desk, seat: Seat, report_id: int) -> None:
    with drafts.telling_history_problems(seat):
        desk.coach.history.delete_report(report_id)
        desk.coach.forget_replies()  # they quote the answer
    if seat.feedback is not None and seat.feedback.saved_id == report_id:
        seat.show(None)


def _delete_everything(desk: Desk, seat: Seat) -> None:
    if seat.history_problem is not None:
        show_problem(seat.history_problem, "aside")
    with st.popover("Delete everything", key=keys.DELETE_ALL, type="tertiary"):
        st.markdown(
            "This deletes every draft, report, question set and mock interview, and every reply of a model, "
            "from this computer. "
            "It cannot be undone."
        )
        st.button("Delete all of it", key=keys.DELETE_ALL_SURE, on_click=_delete_all, args=[desk, seat])


def _delete_all(desk: Desk, seat: Seat) -> None:
    with drafts.telling_history_problems(seat):
        desk.coach.history.delete_all()
        desk.coach.forget_replies()
    if seat.history_problem is None:
        drafts.forget(seat)


# ---- one report ----------------------------------------------------------------------------------------


def _one(desk: Desk, seat: Seat, saved: SavedReport, practise: StreamlitPage) -> None:
    with st.container(horizontal=True, key="one_report"):
        st.button("Back to the list", key=keys.CLOSE_REPORT, on_click=_close, args=[seat])
        if st.button("Work on this answer", key=keys.WORK_ON, type="tertiary"):
            _work_on(desk, seat, saved)
            st.switch_page(practise)
        _download(desk, saved)
    report = saved.report()
    st.html(tag("p", f"{when(saved.created_at)}", class_="quiet"))
    view = ReportView(
        report=report,
        answer=saved.answer,
        headline=desk.coach.headline(report),
        rubric=desk.coach.rubric,
        role_name=_role_name(desk, saved.role_id),
    )
    st.html(render_report(view))
    wire()


def _close(seat: Seat) -> None:
    seat.open_report = None


def _work_on(desk: Desk, seat: Seat, saved: SavedReport) -> None:
    """Makes a saved answer the current draft; what stood there and another draft of its question are kept."""
    if not make_room(desk, seat, Slot(saved.role_id, saved.question_text, False), saved.answer):
        return
    with contextlib.suppress(CoachError):
        drafts.learn_kind(desk, seat, saved.role_id, saved.report().question)
    seat.begin(saved.role_id, saved.question_text, saved.answer)
    drafts.save_current(desk, seat)
    recall(desk, seat)
    _close(seat)
