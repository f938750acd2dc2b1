"""Where a report stands: whole, or in two parts with what a model is writing between them."""

from __future__ import annotations

import streamlit as st

from coach.schema import Delta
from coach.ui.report_html import ReportView, render_report, render_rest, render_top
from coach.ui.writing import Writing


class Screen:
    """The places for a report. What comes later replaces what stands there, so nothing flickers."""

    def __init__(self) -> None:
        self._top, self._middle, self._rest = st.empty(), st.empty(), st.empty()
        self._writing: Writing | None = None

    def show_first(self, view: ReportView, model: str, writes: bool) -> None:
        """The built-in judge's report, with a panel for the model under its first fix."""
        self._top.html(render_top(view))
        self._writing = Writing(self._middle, model, writes)
        self._rest.html(render_rest(view))

    def hear(self, piece: Delta) -> None:
        """Shows a piece of what the model writes."""
        if self._writing is not None:
            self._writing.hear(piece)

    def show_all(self, view: ReportView) -> None:
        """The whole report, and nothing else."""
        self._top.html(render_report(view))
        if self._writing is not None:
            self._middle.empty()
            self._rest.empty()
            self._writing = None
