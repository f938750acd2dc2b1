"""A question set as a PDF: a page that shows what is covered, then a page a question with room for notes.

The font has the letters of most alphabets, but no Chinese, Japanese or Korean ones and few emoji; "\ufffd"
stands for each that is missing.
"""

from __future__ import annotations

from collections.abc import Sequence

from coach.question_sets.pdf_page import BOTTOM, GREY, LINE, MARGIN, SHADE, TOP, WIDTH, Block, Pages, Row
from coach.question_sets.sheet import Card, Sheet
from coach.question_sets.sheet import Row as Covered

# The largest at which a page fits is taken.
_SCALES = (1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64)
_ROOM_FOR_NOTES, _LEAST_ROOM = 62.0, 30.0  # mm
_RULE = 8.5  # mm between the ruled lines
_MAX_CHARS = 3000  # of one paragraph
_NAMES = 70.0  # mm for the names beside the matrix
_GOES_ON = Block("… It goes on; the whole text is in the set's other formats.", 8, grey=GREY, before=1)


def to_pdf(sheet: Sheet) -> bytes:
    """The content of a PDF file of 1 + number of questions pages."""
    pages = Pages(sheet.title, 1 + len(sheet.cards))
    _overview(pages, sheet)
    for card in sheet.cards:
        _question(pages, card, len(sheet.cards))
    return bytes(pages.output())


# ---- a question -------------------------------------------------------------------------------------


def _question(pages: Pages, card: Card, count: int) -> None:
    pages.add_page()
    pages.start_section(pages.shown(f"{card.number}. {card.text[:90]}"))
    pages.write_at(MARGIN, TOP, f"Question {card.number} of {count}", 9, bold=True, grey=GREY)
    y = pages.draw(_fitted(pages, _blocks(card)), TOP + 6)
    _notes(pages, y + 5)


def _blocks(card: Card) -> list[Block]:
    facts = " · ".join(f"{label}: {value}" for label, value in card.facts)
    size = 15.0 if len(card.text) <= 200 else 12.5 if len(card.text) <= 450 else 11.0
    blocks = [_clipped(card.text, size, bold=True), _clipped(facts, 8.5, grey=GREY, before=2)]
    if card.brief:
        blocks += [_head("The case"), *(_clipped(line, 10, before=0.6) for line in card.brief)]
    blocks += [_head("Why it is in your set")] if card.why or card.cites else []
    blocks += [_clipped(card.why, 10)] if card.why else []
    blocks += [_clipped(cite, 9, grey=GREY, before=0.8) for cite in card.cites]
    for head, lines in (
        ("A strong answer shows", card.shows),
        ("They may ask next", card.follow_ups),
        ("Stories of yours that would fit", card.stories),
    ):
        blocks += [_head(head), *map(_bullet, lines)] if lines else []
    return blocks


def _head(text: str) -> Block:
    return Block(text, 10, bold=True, before=4)


def _bullet(text: str) -> Block:
    return _clipped(text, 10, before=0.6, indent=4, mark="•")


def _clipped(text: str, size: float, **looks: float | str | bool) -> Block:
    return Block(_cut(text, _MAX_CHARS), size, **looks)  # type: ignore[arg-type]


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length].rstrip() + " …"


def _fitted(pages: Pages, blocks: Sequence[Block]) -> list[Row]:
    """Rows that leave room for notes below them: smaller when there is much to say, cut as a last resort."""
    rows: list[Row] = []
    page = BOTTOM - TOP - 11
    for scale in _SCALES:
        rows = pages.rows_of(blocks, scale, page)
        if _height(rows) <= page - _ROOM_FOR_NOTES:
            return rows
    if _height(rows) <= page - _LEAST_ROOM:
        return rows
    cut = pages.rows_of([_GOES_ON])
    return [*_those_within(rows, page - _LEAST_ROOM - _height(cut)), *cut]


def _those_within(rows: Sequence[Row], room: float) -> list[Row]:
    kept = list(rows)
    while kept and _height(kept) > room:
        kept.pop()
    return kept


def _height(rows: Sequence[Row]) -> float:
    return sum(row.height for row in rows)


def _notes(pages: Pages, y: float) -> None:
    pages.write_at(MARGIN, y, "Notes", 10, bold=True)
    pages.set_draw_color(LINE)
    pages.set_line_width(0.2)
    y += 5 + _RULE
    while y <= BOTTOM:
        pages.line(MARGIN, y, MARGIN + WIDTH, y)
        y += _RULE


# ---- the overview -----------------------------------------------------------------------------------


def _overview(pages: Pages, sheet: Sheet) -> None:
    pages.add_page()
    pages.start_section("Overview")
    head = [
        Block(_cut(sheet.title, 300), 20, bold=True),
        Block(sheet.facts, 10.5, grey=GREY, before=1),
        *(Block(_cut(sentence, 900), 10, before=1) for sentence in sheet.covered),
    ]
    y = pages.draw(_those_within(pages.rows_of(head), 70), TOP)
    warnings = [Block(_cut(warning, 600), 8.5, grey=GREY, before=1) for warning in sheet.warnings]
    warning_rows = _those_within(pages.rows_of(warnings), 45)
    closing = pages.rows_of([Block(sheet.closing, 8, grey=GREY, before=3)])[:1]
    y = _matrix(pages, sheet, y + 5, BOTTOM - _height(warning_rows) - _height(closing))
    y = pages.draw(warning_rows, y + 1)
    y = _list(pages, sheet.cards, y + 5, BOTTOM - _height(closing))
    pages.draw(closing, y)


def _matrix(pages: Pages, sheet: Sheet, y: float, bottom: float) -> float:
    """Activities and KPIs down, questions across, a dot where they meet."""
    groups = [("Activities", sheet.activities), ("KPIs", sheet.kpis)]
    rows: list[Covered | str] = []
    for head, items in groups:
        rows += [head, *items] if items else []
    row_height = max(3.0, min(5.4, (bottom - y) / (len(rows) + 1)))
    fitting = int((bottom - y) / row_height) - 1
    if len(rows) > fitting:
        rows = [*rows[: fitting - 1], f"and {len(rows) - fitting + 1} more rows in the set's other formats"]
    cell = min(8.0, (WIDTH - _NAMES) / max(1, len(sheet.cards)))
    size = min(8.5, row_height * 1.75)
    number_size = min(size, cell * 1.9)
    pages.set_fill_color(SHADE)
    for card in sheet.cards:
        x = MARGIN + _NAMES + (card.number - 1) * cell
        if card.number % 2 == 0:
            pages.rect(x, y, cell, (len(rows) + 1) * row_height, style="F")
        pages.write_at(x, y + 0.5, str(card.number), number_size, grey=GREY, align="C", width=cell)
    for place, row in enumerate(rows, 1):
        _matrix_row(pages, row, (y + place * row_height, row_height), cell, size)
    return y + (len(rows) + 1) * row_height


def _matrix_row(pages: Pages, row: Covered | str, at: tuple[float, float], cell: float, size: float) -> None:
    (y, height), text_y = at, at[0] + (at[1] - size * 0.465) / 2
    if isinstance(row, str):
        pages.write_at(MARGIN, text_y, row, size, bold=True)
        return
    pages.set_draw_color(LINE)
    pages.set_line_width(0.1)
    pages.line(MARGIN, y + height, MARGIN + WIDTH, y + height)
    pages.write_at(MARGIN, text_y, row.name, size, width=_NAMES - 3)
    for number in row.numbers:
        x = MARGIN + _NAMES + (number - 1) * cell
        pages.write_at(x, text_y, "●", size, align="C", width=cell)


def _list(pages: Pages, cards: Sequence[Card], y: float, bottom: float) -> float:
    """The questions, a line each, in one column or two, when all of them have room."""
    for columns in (1, 2):
        lines = -(-len(cards) // columns)
        height = min(5.0, (bottom - y) / (lines + 1))
        if height >= 3.8:
            break
    else:
        return y
    size, width = min(9.0, height * 1.9), WIDTH / columns - (columns - 1) * 3
    pages.write_at(MARGIN, y, "Questions", size, bold=True)
    for place, card in enumerate(cards):
        column, line = divmod(place, lines)
        x, line_y = MARGIN + column * (width + 6), y + (line + 1) * height
        pages.write_at(x, line_y, f"{card.number}", size, grey=GREY, width=6)
        pages.write_at(x + 7, line_y, card.text, size, width=width - 7 - 14)
        minutes = f"{card.question.minutes} min"
        pages.write_at(x, line_y, minutes, size, grey=GREY, align="R", width=width)
    return y + (lines + 1) * height
