"""A question set as a Word document: what is covered, then a section a question with room for notes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime

from docx import Document
from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from coach.question_sets.sheet import Card, Row, Sheet

_MOMENT = datetime(2000, 1, 1)  # of a file that does not tell when it was written
_ZIP_MOMENT = (1980, 1, 1, 0, 0, 0)
_GREY = RGBColor(0x69, 0x69, 0x69)
_ACROSS = 20  # questions in one matrix; more get a second one
_RULED_LINES = 8


def to_docx(sheet: Sheet) -> bytes:
    """The content of a DOCX file, A4."""
    document = Document()
    _set_up(document, sheet)
    document.add_heading(sheet.title, 0)
    document.add_paragraph(sheet.facts, "Quiet")
    document.add_heading("What the set covers", 1)
    for sentence in sheet.covered:
        document.add_paragraph(sentence)
    for start in range(0, len(sheet.cards), _ACROSS):
        _matrix(document, sheet, sheet.cards[start : start + _ACROSS])
    if sheet.warnings:
        document.add_heading("Worth knowing", 1)
        _bullets(document, sheet.warnings)
    document.add_paragraph(sheet.closing, "Quiet")
    for card in sheet.cards:
        _question(document, card, len(sheet.cards))
    return _without_times(document)


def _set_up(document: Docx, sheet: Sheet) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    quiet = document.styles.add_style("Quiet", WD_STYLE_TYPE.PARAGRAPH)
    quiet.base_style = document.styles["Normal"]
    quiet.font.size, quiet.font.color.rgb = Pt(9.5), _GREY
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    normal.paragraph_format.space_after = Pt(4)
    document.styles["List Bullet"].paragraph_format.space_after = Pt(2)
    about = document.core_properties
    about.title, about.author, about.comments, about.language = sheet.title[:255], "", "", "en"
    about.created = about.modified = _MOMENT
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _field(foot, "PAGE")
    foot.add_run(" / ")
    _field(foot, "NUMPAGES")


def _field(paragraph: Paragraph, name: str) -> None:
    """A number that Word fills in."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    paragraph._p.append(field)


# ---- the overview -----------------------------------------------------------------------------------


def _matrix(document: Docx, sheet: Sheet, cards: Sequence[Card]) -> None:
    """Activities and KPIs down, these questions across, a dot where they meet."""
    groups = [(head, rows) for head, rows in (("Activities", sheet.activities), ("KPIs", sheet.kpis)) if rows]
    table = document.add_table(sum(1 + len(rows) for _, rows in groups), 1 + len(cards), "Table Grid")
    table.autofit = False
    numbers = [card.number for card in cards]
    cells = iter(_rows_of(table))
    for head, rows in groups:
        _fill(next(cells), [head, *map(str, numbers)], bold=True)
        for row in rows:
            _fill(next(cells), _dots(row, numbers))
    _repeat_at_page_tops(table)
    widths = [Cm(6), *[Cm(min(1.0, 11 / max(1, len(cards))))] * len(cards)]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for line in _rows_of(table):
        for paragraph, width in zip(line, widths, strict=True):
            paragraph._p.getparent().width = width
    for line in _rows_of(table)[:-1]:
        line[0].paragraph_format.keep_with_next = True  # one page where it fits one
    _draw_lines(table, ("top", "left", "bottom", "right", "insideH", "insideV"))
    document.add_paragraph()


def _dots(row: Row, numbers: Iterable[int]) -> list[str]:
    return [row.name, *("●" if number in row.numbers else "" for number in numbers)]


def _rows_of(table: Table) -> list[list[Paragraph]]:
    """The first paragraph of every cell; python-docx's own way takes long on a large table."""
    return [[Paragraph(cell.p_lst[0], table) for cell in row.tc_lst] for row in table._tbl.tr_lst]


def _fill(cells: Sequence[Paragraph], texts: Sequence[str], bold: bool = False) -> None:
    for place, (paragraph, text) in enumerate(zip(cells, texts, strict=True)):
        run = paragraph.add_run(text)
        run.bold, run.font.size = bold, Pt(9 if place == 0 else 8)
        paragraph.paragraph_format.space_after = Pt(0)
        if place:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            # Two digits have to fit a narrow cell.
            margins = OxmlElement("w:tcMar")
            for side in ("left", "right"):
                margin = OxmlElement(f"w:{side}")
                margin.set(qn("w:w"), "0")
                margin.set(qn("w:type"), "dxa")
                margins.append(margin)
            paragraph._p.getparent().get_or_add_tcPr().append(margins)


def _repeat_at_page_tops(table: Table) -> None:
    head = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(head)


# ---- a question -------------------------------------------------------------------------------------


def _question(document: Docx, card: Card, count: int) -> None:
    document.add_heading(f"Question {card.number} of {count}", 1).paragraph_format.page_break_before = True
    text = document.add_paragraph().add_run(card.text)
    text.bold, text.font.size = True, Pt(14 if len(card.text) < 300 else 11)
    document.add_paragraph(" · ".join(f"{label}: {value}" for label, value in card.facts), "Quiet")
    if card.brief:
        document.add_heading("The case", 2)
        for line in card.brief:
            document.add_paragraph(line)
    if card.why or card.cites:
        document.add_heading("Why it is in your set", 2)
        if card.why:
            document.add_paragraph(card.why)
        for cite in card.cites:
            document.add_paragraph(cite, "Quiet")
    for head, lines in (
        ("A strong answer shows", card.shows),
        ("They may ask next", card.follow_ups),
        ("Stories of yours that would fit", card.stories),
    ):
        if lines:
            document.add_heading(head, 2)
            _bullets(document, lines)
    document.add_heading("Notes", 2)
    _ruled_lines(document)


def _bullets(document: Docx, lines: Iterable[str]) -> None:
    for line in lines:
        document.add_paragraph(line, "List Bullet")


def _ruled_lines(document: Docx) -> None:
    table = document.add_table(_RULED_LINES, 1)
    _draw_lines(table, ("bottom", "insideH"))
    for row in table.rows:
        row.height, row.height_rule = Cm(0.9), WD_ROW_HEIGHT_RULE.EXACTLY


def _draw_lines(table: Table, sides: Iterable[str]) -> None:
    """Grey borders; `sides` are named as in the file, in its order."""
    borders = OxmlElement("w:tblBorders")
    for side in sides:
        border = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "BEBEBE")):
            border.set(qn(f"w:{name}"), value)
        borders.append(border)
    # Word minds the order of what a table's properties hold: the layout and the look come after the borders.
    table._tbl.tblPr.xpath("w:tblLayout | w:tblLook")[0].addprevious(borders)


def _without_times(document: Docx) -> bytes:
    """The saved document with the time of writing taken out of the archive around it."""
    saved, content = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as written, zipfile.ZipFile(content, "w") as archive:
        for name in written.namelist():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_MOMENT), written.read(name), zipfile.ZIP_DEFLATED)
    return content.getvalue()
