"""A question set as a file that a person keeps: Markdown, JSON, CSV, DOCX, PDF or a deck for Anki.

The same set gives the same bytes, in every format. Whatever a model or a job description wrote is escaped
as each format needs it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Literal, get_args

from coach.errors import InputError
from coach.markdown import bullets, escape_line, escape_text, quoted
from coach.question_sets.sheet import Card, Row, Sheet, lines_of, one_line, sheet_of
from coach.schema import QuestionSet, Role, SetQuestion

Format = Literal["md", "json", "csv", "docx", "pdf", "anki"]
FORMATS: tuple[Format, ...] = get_args(Format)
ENDINGS: dict[Format, str] = {
    **{format_: format_ for format_ in FORMATS},
    "anki": "apkg",
}
COLUMNS = (
    *("number", "id", "question", "kind", "topics", "stage", "level", "minutes", "activities", "kpis", "why"),
    *("strong_answer_shows", "follow_ups", "brief", "source", "cites", "stories"),
)
# A cell or line of a cell that begins so is a formula to a spreadsheet, also after a semicolon, at which
# some split the line whatever the quotes say.
_FORMULA = re.compile(r"(^|[\n;][ \"]*)(?=[=+\-@\t\r＝＋－＠])")


def write_set(question_set: QuestionSet, role: Role, format: str) -> bytes:
    """The set as a file's content; `role` gives the names behind its ids. Text is UTF-8; CSV begins with a
    byte order mark, without which Excel takes it for something else.

    Raises InputError for a format that is not one of FORMATS.
    """
    match format:
        case "json":
            return _to_json(question_set).encode()
        case "md":
            return _to_markdown(sheet_of(question_set, role)).encode()
        case "csv":
            return _to_csv(sheet_of(question_set, role)).encode("utf-8-sig")
        case "docx":
            from coach.question_sets.export_docx import to_docx

            return to_docx(sheet_of(question_set, role))
        case "pdf":
            from coach.question_sets.export_pdf import to_pdf

            return to_pdf(sheet_of(question_set, role))
        case "anki":
            from coach.question_sets.export_anki import to_anki

            return to_anki(sheet_of(question_set, role), role)
    hint = f"Choose one of {', '.join(FORMATS)}."
    raise InputError("unknown_format", f"A question set cannot be written as “{one_line(format)}”.", hint)


def _to_json(question_set: QuestionSet) -> str:
    return json.dumps(json.loads(question_set.to_json()), ensure_ascii=False, indent=2) + "\n"


# ---- Markdown ---------------------------------------------------------------------------------------


def _to_markdown(sheet: Sheet) -> str:
    blocks = [f"# {escape_line(sheet.title)}", escape_line(sheet.facts), "## What the set covers"]
    blocks += [escape_text("\n".join(sheet.covered))]
    blocks += [
        _table(head, rows) for head, rows in (("Activity", sheet.activities), ("KPI", sheet.kpis)) if rows
    ]
    if sheet.warnings:
        blocks += ["## Worth knowing", bullets(escape_line(warning) for warning in sheet.warnings)]
    for card in sheet.cards:
        blocks += _question(card)
    return "\n\n".join([*blocks, "---", escape_line(sheet.closing)]) + "\n"


def _table(head: str, rows: tuple[Row, ...]) -> str:
    lines = [f"| {head} | Questions |", "| --- | --- |"]
    lines += [f"| {escape_line(row.name)} | {', '.join(map(str, row.numbers)) or '–'} |" for row in rows]
    return "\n".join(lines)


def _question(card: Card) -> Iterator[str]:
    yield f"## Question {card.number}"
    yield quoted(f"**{escape_line(card.text)}**")
    yield bullets(f"{label}: {escape_line(value)}" for label, value in card.facts)
    if card.brief:
        yield "### The case"
        yield escape_text("\n".join(card.brief))
    for head, lines in (
        ("Why it is in your set", (card.why, *card.cites)),
        ("A strong answer shows", card.shows),
        ("They may ask next", card.follow_ups),
        ("Stories of yours that would fit", card.stories),
    ):
        if any(lines):
            yield f"### {head}"
            yield bullets(escape_line(line) for line in lines if line)


# ---- CSV --------------------------------------------------------------------------------------------


def _to_csv(sheet: Sheet) -> str:
    """A header and one row a question. Names and ids in a cell are parted by ", ", sentences by line
    breaks."""
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(COLUMNS)
    for card in sheet.cards:
        rows.writerow([_cell(str(value)) for value in _cells(card, card.question)])
    return table.getvalue()


def _cells(card: Card, question: SetQuestion) -> tuple[object, ...]:
    short = [
        ", ".join(one_line(name) for name in names)
        for names in (question.topics, question.activities, question.kpis)
    ]
    long = ["\n".join(lines) for lines in (card.shows, card.follow_ups, card.brief)]
    return (
        *(card.number, one_line(question.id), card.text, question.kind, short[0]),
        *(one_line(question.stage), question.level, question.minutes, short[1], short[2], card.why, *long),
        *(question.source, "\n".join(card.cites), "\n".join(card.stories)),
    )


def _cell(text: str) -> str:
    """The text so that no spreadsheet computes it."""
    return _FORMULA.sub(r"\1'", "\n".join(lines_of(text)))
