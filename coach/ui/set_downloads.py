"""A set out of the page: six formats, made when one is asked for."""

from __future__ import annotations

from functools import partial
from typing import Final, NamedTuple

import streamlit as st

from coach.schema import QuestionSet, Role
from coach.ui import keys


class Format(NamedTuple):
    """A way to write a set: its name on the page, how its files end, and what they are to a browser."""

    label: str
    suffix: str
    mime: str


FORMATS: Final[dict[str, Format]] = {
    "md": Format("Markdown", "md", "text/markdown"),
    "pdf": Format("PDF, a page a question", "pdf", "application/pdf"),
    "docx": Format("Word", "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "anki": Format("Anki cards", "apkg", "application/octet-stream"),
    "csv": Format("Table (CSV)", "csv", "text/csv"),
    "json": Format("JSON", "json", "application/json"),
}


def offer_downloads(question_set: QuestionSet | None, role: Role) -> None:
    """The popover "Download"."""
    if question_set is None:
        return
    with st.popover("Download", key=keys.DOWNLOADS):
        for name, form in FORMATS.items():
            st.download_button(
                form.label,
                partial(_write, question_set, role, name),
                file_name=f"questions-{role.id}.{form.suffix}",
                mime=form.mime,
                key=keys.of_format(name),
                type="tertiary",
                on_click="ignore",
            )


def _write(question_set: QuestionSet, role: Role, name: str) -> bytes:
    from coach.question_sets.export import write_set

    return write_set(question_set, role, name)
