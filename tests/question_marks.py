"""The files of tests/question_files with their marks, read once."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from coach.documents import Document, read_document

FOLDER = Path(__file__).resolve().parent / "question_files"


class Marked(NamedTuple):
    """A document and the marks of its lines, by line number."""

    name: str
    document: Document
    marks: dict[int, dict[str, Any]]


@lru_cache(maxsize=1)
def marked_jobs() -> tuple[Marked, ...]:
    return tuple(_marked(entry, "requirements") for entry in _toml()["job"])


@lru_cache(maxsize=1)
def marked_resumes() -> tuple[Marked, ...]:
    return tuple(_marked(entry, "claims") for entry in _toml()["resume"])


def _toml() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "marks.toml").read_text(encoding="utf-8"))


def _marked(entry: dict[str, Any], key: str) -> Marked:
    document = read_document(FOLDER / entry["file"])
    marks = {}
    for mark in entry[key]:
        (number,) = (line.number for line in document.lines if line.text.startswith(mark["line"]))
        marks[number] = mark
    return Marked(entry["file"], document, marks)
