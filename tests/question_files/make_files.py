"""Writes the DOCX and PDF files of this folder from the texts in sources/.

    python -m tests.question_files.make_files

In a source a line that begins with "# " is a heading, one with "- " an entry of a list; the rest is prose.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import docx
from fpdf import FPDF, XPos, YPos

FOLDER = Path(__file__).resolve().parent
DAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
SOURCES = {
    "head-marketplaces.docx": "head-marketplaces.txt",
    "director-charity.pdf": "director-charity.txt",
    "resume-mid.docx": "resume-mid.txt",
    "resume-director.pdf": "resume-director.txt",
}


def write_docx(lines: list[str], path: Path) -> None:
    document = docx.Document()
    document.core_properties.created = document.core_properties.modified = DAY.replace(tzinfo=None)
    for line in lines:
        if line.startswith("# "):
            document.add_heading(line[2:], 2)
        elif line.startswith("- "):
            document.add_paragraph(line[2:], style="List Bullet")
        elif line:
            document.add_paragraph(line)
    document.save(str(path))


def write_pdf(lines: list[str], path: Path) -> None:
    writer = FPDF()
    writer.set_creation_date(DAY)
    writer.set_margins(22, 20)
    writer.add_page()
    for line in lines:
        is_heading = line.startswith("# ")
        writer.set_font("helvetica", "B" if is_heading else "", 12 if is_heading else 10)
        # The standard fonts know Latin-1 only; \x95 is their bullet.
        text = line[2:] if is_heading else line.replace("- ", "\x95 ", 1) if line[:2] == "- " else line
        if text:
            writer.multi_cell(0, 5, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        else:
            writer.ln(3)
    path.write_bytes(bytes(writer.output()))


def main() -> None:
    for name, source in SOURCES.items():
        lines = (FOLDER / "sources" / source).read_text(encoding="utf-8").splitlines()
        (write_docx if name.endswith(".docx") else write_pdf)(lines, FOLDER / name)


if __name__ == "__main__":
    main()
