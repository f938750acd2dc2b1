"""A set out of the page: six formats, made when one is asked for."""

from __future__ import annotations

import re
import unicodedata
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
    "pdf": Format("PDF, one question per page", "pdf", "application/pdf"),
    "docx": Format("Word", "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "anki": Format("Anki cards", "apkg", "application/octet-stream"),
    "csv": Format("Table (CSV)", "csv", "text/csv"),
    "json": Format("JSON", "json", "application/json"),
}

_LONGEST_NAME = 80


def offer_downloads(question_set: QuestionSet | None, role: Role, name: str) -> None:
    """The popover "Download"; the files are called by the name of the set."""
    if question_set is None:
        return
    with st.popover("Download", key=keys.DOWNLOADS):
        for format_name, form in FORMATS.items():
            st.download_button(
                form.label,
                partial(_write, question_set, role, format_name),
                file_name=f"{file_name_of(name)}.{form.suffix}",
                mime=form.mime,
                key=keys.of_format(format_name),
                type="tertiary",
                on_click="ignore",
            )


def file_name_of(name: str) -> str:
    """A name in letters that every disk takes."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+", plain))
    return f"questions-{words[:_LONGEST_NAME].strip('-')}"


def _write(question_set: QuestionSet, role: Role, name: str) -> bytes:
    from coach.question_sets.export import write_set

    return write_set(question_set, role, name)
