"""A PDF of A4 pages in one font, and text laid out in rows before it is drawn, so that it can be fitted."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, cast

from fpdf import FPDF

FONTS = Path(__file__).parent / "fonts"
MARGIN, WIDTH, TOP, BOTTOM = 18.0, 174.0, 16.0, 280.0  # mm
INK, GREY, LINE, SHADE = 25, 105, 190, 244  # of 255, from black
_LEADING = 1.32  # of the size
_MM = 25.4 / 72  # a point
_MISSING = "\ufffd"
# What a reader of PDF files shows as their date; fixed, so that the same set gives the same file.
_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


class Block(NamedTuple):
    """A paragraph. Sizes are points, `before` (room above) and `indent` mm; `mark` hangs left of the text."""

    text: str
    size: float = 10
    bold: bool = False
    grey: int = INK
    before: float = 0
    indent: float = 0
    mark: str = ""


class Row(NamedTuple):
    """A line of a block, as it is drawn; `height` in mm includes the room above."""

    text: str
    block: Block
    height: float


class Pages(FPDF):
    """Pages with a footer that names the document and counts its pages, of which there must be `count`."""

    def __init__(self, title: str, count: int) -> None:
        super().__init__(format="A4")
        self._count = count
        self.set_auto_page_break(False)
        self.set_margins(MARGIN, TOP, MARGIN)
        self.alias_nb_pages("")  # else "{nb}" in a text would become the number of pages
        for style, name in (("", "DejaVuSansCondensed"), ("B", "DejaVuSansCondensed-Bold")):
            self.add_font("text", style, FONTS / f"{name}.ttf")
        self._known = [self.fonts[f"text{style}"].cmap for style in ("", "B")]  # type: ignore[union-attr]
        self._title = self.shown(title)
        self.set_title(self._title)
        self.set_lang("en")
        self.set_creation_date(_MOMENT)

    def footer(self) -> None:
        self.write_at(MARGIN, 284, self._title, 8, grey=GREY, width=WIDTH - 25)
        self.write_at(MARGIN, 284, f"{self.page_no()} / {self._count}", 8, grey=GREY, align="R")

    def shown(self, text: str) -> str:
        """The text with what the font has no letter for replaced: by its plain form if there is one, else by
        the sign for that."""
        strange = {character for character in set(text) if not self._has(character)}
        return text.translate({ord(character): self._close_to(character) for character in strange})

    def _has(self, character: str) -> bool:
        return all(ord(character) in known for known in self._known)

    def _close_to(self, character: str) -> str:
        plain = unicodedata.normalize("NFKD", character)
        return plain if plain.isprintable() and all(map(self._has, plain)) else _MISSING

    def write_at(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        bold: bool = False,
        grey: int = INK,
        align: str = "L",
        width: float = WIDTH,
    ) -> None:
        """One line at a place in mm, cut with "…" to `width`."""
        self._pen(size, bold, grey)
        height = size * _MM * _LEADING
        self.set_xy(x, y)
        self.cell(width, height, self._cut(text, width), align=align)

    def _pen(self, size: float, bold: bool, grey: int = INK) -> None:
        self.set_font("text", "B" if bold else "", size)
        self.set_text_color(grey)
        self.c_margin = 0

    def _cut(self, text: str, width: float) -> str:
        text = self.shown(text[:400])
        if self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(text + "…") > width:
            text = text[:-1]
        return text.rstrip() + "…"

    def rows_of(self, blocks: Iterable[Block], scale: float = 1.0, room: float = BOTTOM) -> list[Row]:
        """The blocks broken into lines, all sizes times `scale`, up to a block that exceeds `room` mm."""
        rows: list[Row] = []
        for block in blocks:
            rows += self._rows(block._replace(size=block.size * scale, before=block.before * scale))
            if sum(row.height for row in rows) > room:
                break
        return rows

    def _rows(self, block: Block) -> Iterator[Row]:
        self._pen(block.size, block.bold)
        height = block.size * _MM * _LEADING
        text, width = self.shown(block.text), WIDTH - block.indent
        lines = self.multi_cell(width, height, text, dry_run=True, output="LINES", align="L")
        for number, line in enumerate(cast(list[str], lines)):
            if number == 0:
                yield Row(line, block, height + block.before)
            else:
                yield Row(line, block._replace(mark="", before=0), height)

    def draw(self, rows: Iterable[Row], y: float) -> float:
        """Draws the rows from `y` mm down; where the next may begin."""
        for text, block, height in rows:
            size, text_y = block.size, y + block.before
            if block.mark:
                self.write_at(MARGIN, text_y, block.mark, size, grey=GREY, width=block.indent)
            self.write_at(MARGIN + block.indent, text_y, text, size, block.bold, block.grey)
            y += height
        return y
