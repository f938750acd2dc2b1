"""Every file of a question set, opened again by another reader than the one that wrote it."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from docx import Document
from docx.document import Document as Docx
from pypdf import PdfReader

from coach.errors import InputError
from coach.question_sets.export import COLUMNS, ENDINGS, FORMATS, write_set
from coach.question_sets.sheet import lines_of, one_line
from coach.schema import QuestionSet, Role
from tests.markdown_attacks import ATTACKS, STRUCTURE, tokens_of
from tests.question_set_files import (
    LONG_BRIEF,
    LONG_QUESTION,
    ROLE,
    hostile_set,
    make_question,
    make_set,
    squeezed,
    texts_of,
)

HOSTILE = {
    **ATTACKS,
    "formula of a spreadsheet": '=HYPERLINK("https://example.test","click")',
    "formula after a semicolon": "Sales; =1+1\n-2+3+cmd|' /C calc'!A0",
    "pages": "{nb} of {nb}",
    "sound": "[sound:https://example.test/a.mp3] [anki:play:q:0]",
    "latex": r"[latex]\input{/etc/passwd}[/latex] \(x\) \[y\] [$]z[/$] $$w$$",
    "gap": "{{c1::gap}} {{FrontSide}} {{Question}}",
    "xml": "]]></w:t></w:r><w:instrText>INCLUDETEXT</w:instrText>",
    "direction": "safe \u202egnp.exe\u202c \u2066x\u2069",
    "not for a file": "null \x00 bell \x07 escape \x1b[2J end \uffff\ufffe",
    "other alphabets": "Ελληνικά, Кириллица, Łódź, 漢字, 🙂, ﬁne",
    "one long word": "w" * 3000,
    "much": "No end to it. " * 2000,
    "only white space": " \t\n ",
}
SETS = {
    "one": make_set(1),
    "some": make_set(7),
    "forty": make_set(40),
    "long": make_set(2, text=LONG_QUESTION, brief=LONG_BRIEF),
}


@pytest.fixture(params=SETS.values(), ids=SETS.keys())
def question_set(request: pytest.FixtureRequest) -> QuestionSet:
    return request.param


@pytest.fixture(params=HOSTILE.values(), ids=HOSTILE.keys())
def hostile(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.mark.parametrize("format_", FORMATS)
def test_the_same_set_gives_the_same_file(format_: str) -> None:
    assert write_set(make_set(3), ROLE, format_) == write_set(make_set(3), ROLE, format_)
    assert ENDINGS[format_]  # type: ignore[index]


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(InputError, match="xlsx"):
        write_set(make_set(1), ROLE, "xlsx")


# ---- JSON and CSV -----------------------------------------------------------------------------------


def gives_itself_back(question_set: QuestionSet) -> bool:
    content = write_set(question_set, ROLE, "json")
    return QuestionSet.model_validate(json.loads(content)) == question_set


def test_json_gives_the_set_back(question_set: QuestionSet) -> None:
    assert gives_itself_back(question_set)


def test_json_gives_any_text_back(hostile: str) -> None:
    assert gives_itself_back(hostile_set(hostile))


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_has_a_row_a_question(question_set: QuestionSet) -> None:
    rows = csv_rows(write_set(question_set, ROLE, "csv"))
    assert len(rows) == len(question_set.questions)
    for number, (row, question) in enumerate(zip(rows, question_set.questions, strict=True), 1):
        assert tuple(row) == COLUMNS
        assert (row["number"], row["id"], row["question"]) == (
            str(number),
            question.id,
            question.text.strip(),
        )
        assert (row["level"], row["stage"], row["source"]) == ("senior", "screen", question.source)
        assert row["topics"] == ", ".join(question.topics)
        assert tuple(row["strong_answer_shows"].splitlines()) == question.strong_answer_shows
        assert row["brief"] == question.brief


@pytest.mark.parametrize("between", [";", "; ", ';"', '; " "', "\n;"])
def test_no_part_of_a_cell_is_a_formula(between: str) -> None:
    [row, _] = csv_rows(write_set(hostile_set(f"Sum{between}=1+1"), ROLE, "csv"))
    assert "'=1+1" in row["why"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " =", "＝", "\n="])
def test_no_cell_is_a_formula(start: str) -> None:
    [row, _] = csv_rows(write_set(hostile_set(f"{start}1+1"), ROLE, "csv"))
    for column in ("question", "topics", "why", "strong_answer_shows", "brief", "activities", "stage"):
        assert row[column].startswith("'"), column


def test_no_line_of_a_hostile_cell_is_a_formula(hostile: str) -> None:
    rows = csv_rows(write_set(hostile_set(hostile), ROLE, "csv"))
    assert len(rows) == 2
    for cell in (cell for row in rows for cell in row.values()):
        assert not re.search(r"(^|[\n;])\s*[=+\-@＝＋－＠\t]", cell)
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", cell)


# ---- Markdown ---------------------------------------------------------------------------------------


def folded(text: str) -> str:
    return " ".join(one_line(text).split())


def markdown_text(content: bytes) -> str:
    kinds = {"softbreak": " ", "hardbreak": " ", "paragraph_close": " "}
    tokens = tokens_of(content.decode())
    return "".join(kinds.get(t.type, t.content if t.type == "text" else "") for t in tokens)


def test_markdown_shows_all(question_set: QuestionSet) -> None:
    content = write_set(question_set, ROLE, "md")
    shown = folded(markdown_text(content))
    for question in question_set.questions:
        for text in texts_of(question):
            assert folded(text) in shown
    tables = [token for token in tokens_of(content.decode()) if token.type == "table_open"]
    assert len(tables) == 2


def test_markdown_takes_no_structure_from_a_text(hostile: str) -> None:
    def structure(text: str) -> list[str]:
        kept = {*STRUCTURE, "heading_open", "blockquote_open", "hr", "table_open", "tr_open"} - {"em_open"}
        return [
            t.type for t in tokens_of(write_set(hostile_set(text), ROLE, "md").decode()) if t.type in kept
        ]

    content = write_set(hostile_set(hostile), ROLE, "md")
    if hostile.strip():
        assert structure(hostile) == structure("plain words")
        assert squeezed(one_line(hostile)) in squeezed(markdown_text(content))
    assert not re.search(r"(?<!\\)\$", content.decode())


# ---- DOCX -------------------------------------------------------------------------------------------


def open_docx(content: bytes) -> Docx:
    return Document(io.BytesIO(content))


def test_docx_has_a_section_a_question(question_set: QuestionSet) -> None:
    document = open_docx(write_set(question_set, ROLE, "docx"))
    paragraphs = [(p.style.name if p.style else "", p.text) for p in document.paragraphs]
    count = len(question_set.questions)
    assert [text for style, text in paragraphs if style == "Title"] == ["Interview questions: Shop Keeper"]
    heads = [at for at, (_, text) in enumerate(paragraphs) if re.match(r"Question \d+ of", text)]
    assert [paragraphs[at][1] for at in heads] == [f"Question {n} of {count}" for n in range(1, count + 1)]
    for question, start, end in zip(question_set.questions, heads, [*heads[1:], None], strict=True):
        section = "\n".join(text for _, text in paragraphs[start:end])
        for text in texts_of(question):
            assert text.strip() in section
        assert "Phone screen" in section and section.rstrip().endswith("Notes")


def test_docx_has_a_dot_where_activity_and_question_meet(question_set: QuestionSet) -> None:
    document = open_docx(write_set(question_set, ROLE, "docx"))
    found: set[tuple[str, int]] = set()
    for table in document.tables:
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        if rows[0][0] == "Activities":
            found |= {
                (row[0], int(rows[0][at])) for row in rows for at, cell in enumerate(row) if cell == "●"
            }
    names = {item.id: item.name for item in (*ROLE.activities, *ROLE.kpis)}
    assert found == {
        (names[id_], number)
        for number, question in enumerate(question_set.questions, 1)
        for id_ in (*question.activities, *question.kpis)
    }


def test_docx_takes_any_text(hostile: str) -> None:
    content = write_set(hostile_set(hostile), ROLE, "docx")
    text = "\n".join(paragraph.text for paragraph in open_docx(content).paragraphs)
    assert squeezed(one_line(hostile)) in squeezed(text)
    xml = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    assert "<w:instrText" not in xml and "hyperlink" not in xml
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", xml)


# ---- PDF --------------------------------------------------------------------------------------------


def pdf_pages(content: bytes) -> list[str]:
    reader = PdfReader(io.BytesIO(content))
    for page in reader.pages:
        assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]  # A4 in points
    return [page.extract_text() for page in reader.pages]


def test_pdf_has_an_overview_and_a_page_a_question(question_set: QuestionSet) -> None:
    pages = pdf_pages(write_set(question_set, ROLE, "pdf"))
    count = len(question_set.questions)
    assert len(pages) == 1 + count
    for number, page in enumerate(pages, 1):
        assert f"{number} / {count + 1}" in page
    for question, page in zip(question_set.questions, pages[1:], strict=True):
        assert "\ufffd" not in page and "Notes" in page
        for text in texts_of(question):
            assert squeezed(text) in squeezed(page)


def test_pdf_overview_shows_what_is_covered(question_set: QuestionSet) -> None:
    overview = pdf_pages(write_set(question_set, ROLE, "pdf"))[0]
    for item in (*ROLE.activities, *ROLE.kpis):
        assert squeezed(item.name) in squeezed(overview)
    assert overview.count("●") == 2 * len(question_set.questions)
    assert "90% of the activities" in overview
    assert "Activity no. 10 & more" in overview and "no more questions of this kind" in overview


def test_pdf_leaves_room_for_notes_below_the_longest_question() -> None:
    reader = PdfReader(io.BytesIO(write_set(SETS["long"], ROLE, "pdf")))
    for page in reader.pages[1:]:
        lowest = [y for text, y in placed_texts(page) if "Who else was there" in text]
        [notes] = [y for text, y in placed_texts(page) if text.strip() == "Notes"]
        assert notes > 70 and all(y > notes for y in lowest)  # points from the foot of the page


def placed_texts(page: Any) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    page.extract_text(visitor_text=lambda text, _cm, tm, *_: found.append((text, tm[5])))
    return found


def test_pdf_keeps_any_text_on_its_page(hostile: str) -> None:
    reader = PdfReader(io.BytesIO(write_set(hostile_set(hostile), ROLE, "pdf")))
    assert len(reader.pages) == 3
    for page in reader.pages:
        assert not page.get("/Annots")
        assert all(0 <= y <= 842 for text, y in placed_texts(page) if text.strip())
    text = reader.pages[1].extract_text()
    assert squeezed(one_line(hostile))[:40].translate(_NOT_IN_THE_FONT) in squeezed(text)


_NOT_IN_THE_FONT = str.maketrans({"漢": "\ufffd", "字": "\ufffd", "🙂": "\ufffd"})


def test_pdf_of_a_role_with_very_many_activities_has_one_page_of_overview() -> None:
    activities = [{"id": f"a{n}", "name": f"Doing {n}", "description": ""} for n in range(200)]
    role = Role.model_validate({**ROLE.model_dump(), "activities": activities})
    pages = pdf_pages(write_set(make_set(50), role, "pdf"))
    assert len(pages) == 51
    assert "more rows in the set's other formats" in pages[0]


def test_pdf_says_when_a_text_is_cut() -> None:
    pages = pdf_pages(write_set(make_set(1, brief="A line of the case.\n" * 300), ROLE, "pdf"))
    assert "the whole text is in the set's other formats" in pages[1]


# ---- Anki -------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """The elements of a piece of HTML, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert [name for name, _ in attrs] in ([], ["style"])

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def anki_rows(content: bytes, query: str) -> Iterator[tuple[Any, ...]]:
    database = sqlite3.connect(":memory:")
    database.deserialize(zipfile.ZipFile(io.BytesIO(content)).read("collection.anki2"))
    yield from database.execute(query)
    database.close()


def test_anki_has_a_card_a_question(question_set: QuestionSet) -> None:
    content = write_set(question_set, ROLE, "anki")
    assert zipfile.ZipFile(io.BytesIO(content)).read("media") == b"{}"
    cards = list(anki_rows(content, "select nid, did, due from cards order by due"))
    notes = {row[0]: row[1:] for row in anki_rows(content, "select id, guid, flds, tags from notes")}
    assert len(cards) == len(notes) == len(question_set.questions)
    [[decks]] = anki_rows(content, "select decks from col")
    for (note_id, deck_id, _), question in zip(cards, question_set.questions, strict=True):
        assert json.loads(decks)[str(deck_id)]["name"] == "Interview questions::Shop Keeper"
        _, fields, tags = notes[note_id]
        front, back = fields.split("\x1f")
        assert squeezed(question.text) in squeezed("".join(Page(front).texts))
        shown = squeezed("".join(Page(front).texts + Page(back).texts))
        assert all(squeezed(text) in shown for text in texts_of(question))
        assert {"topic::Returns", "topic::Till-&-Cash", "level::senior"} < set(tags.split())
        assert f"activity::{question.activities[0]}" in tags.split()


def test_anki_knows_a_question_again_in_another_set() -> None:
    def guids(question_set: QuestionSet) -> set[str]:
        return {
            guid for (guid,) in anki_rows(write_set(question_set, ROLE, "anki"), "select guid from notes")
        }

    assert len(guids(make_set(40))) == 40
    assert guids(make_set(3)) < guids(make_set(5))
    changed = make_set(1).model_copy(update={"questions": (make_question(1, text="Another question?"),)})
    assert not guids(changed) & guids(make_set(1))


def test_anki_finds_nothing_to_run_in_a_text(hostile: str) -> None:
    content = write_set(hostile_set(hostile), ROLE, "anki")
    for fields, tags in anki_rows(content, "select flds, tags from notes"):
        front, back = fields.split("\x1f")
        for side in (front, back):
            assert set(Page(side).tags) <= {"p", "br", "b", "ul", "li", "span"}
            assert not re.search(r"[\[\]{}]|\\[(\[]", side)
            assert not any(re.search(r"\\[(\[]", text) for text in Page(side).texts)
        assert squeezed(one_line(hostile)) in squeezed("".join(Page(front).texts))
        assert "topic::" not in tags.split() and '"' not in tags


# ---- plain text -------------------------------------------------------------------------------------


def test_no_text_of_a_sheet_holds_what_a_file_cannot() -> None:
    assert one_line("a\x00b\ud800 \u202ec\n\td\uffff") == "ab c d"
    assert lines_of("\n a\r\n\x0bb \n") == ("a", "", "b")
