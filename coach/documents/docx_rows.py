"""DOCX to rows: the paragraphs of the body, tables and text boxes.

Only the body's own XML is opened, piece by piece. Macros, links, pictures and every other part stay shut;
a document type, which entities need, is refused. python-docx would load all parts, and leaves out text boxes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from coach.documents.document import Form
from coach.documents.raw import Budget, Refusal, Row
from coach.documents.sniffing import WORD_PART

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Word's own compatibility copy of a text box would be read twice.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LARGEST_BODY = 40_000_000  # bytes of XML; 200,000 characters of text take about 5 MB
_MOST_PACKED = 200  # bytes out of one byte of the archive; a real body has 5 to 20
_BREAKS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def read_docx(content: bytes, budget: Budget) -> list[Row]:
    """The rows of the body; raises Refusal for a bomb, a damaged file or one with a document type in it."""
    from defusedxml.common import DefusedXmlException

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            info = archive.getinfo(WORD_PART)
            if info.flag_bits & 1:
                raise Refusal("document_encrypted")
            if info.file_size > min(_LARGEST_BODY, _MOST_PACKED * max(info.compress_size, 5000)):
                raise Refusal("document_bomb")
            with archive.open(info) as body:
                return list(_rows(body, budget))
    except DefusedXmlException:
        raise Refusal("document_entities") from None
    except (zipfile.BadZipFile, ParseError, KeyError, ValueError, NotImplementedError, EOFError, OSError):
        raise Refusal("document_damaged") from None


def _rows(body: IO[bytes], budget: Budget) -> Iterator[Row]:
    from defusedxml.ElementTree import iterparse

    # A paragraph may hold a text box with paragraphs of its own, so open ones lie on a stack.
    open_paragraphs: list[_Paragraph] = []
    skipped = 0
    for event, element in iterparse(body, events=("start", "end"), forbid_dtd=True):
        if element.tag == _FALLBACK:
            skipped += 1 if event == "start" else -1
        if skipped:
            continue
        if event == "start":
            if element.tag == f"{_W}p":
                open_paragraphs.append(_Paragraph())
            continue
        if element.tag == f"{_W}p":
            yield from open_paragraphs.pop().rows()
            element.clear()
        elif open_paragraphs:
            open_paragraphs[-1].add(element, budget)


class _Paragraph:
    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._form: Form | None = None
        self._is_bold = True
        self._is_hidden = False

    def add(self, element: Any, budget: Budget) -> None:
        if element.tag == f"{_W}t":
            self._pieces.append("" if self._is_hidden else budget.take(element.text or ""))
        elif element.tag == f"{_W}rPr":
            self._is_hidden = _is_on(element.find(f"{_W}vanish"))
        elif element.tag == f"{_W}pPr":
            self._is_hidden = False  # what its rPr says is about the paragraph mark
        elif element.tag in _BREAKS:
            self._pieces.append(_BREAKS[element.tag])
        elif element.tag == f"{_W}pStyle":
            style = element.get(f"{_W}val", "").lower()
            if style.startswith(("heading", "title", "subtitle")):
                self._form = "heading"
            elif style.startswith("list"):
                self._form = "item"
        elif element.tag == f"{_W}numPr" and self._form is None:
            self._form = "item"
        elif element.tag == f"{_W}r":
            self._is_hidden = False
            if "".join(element.itertext()).strip():
                self._is_bold &= _is_on(element.find(f"{_W}rPr/{_W}b"))

    def rows(self) -> Iterator[Row]:
        form = "heading" if self._is_bold and self._form is None else self._form
        for text in "".join(self._pieces).split("\n"):
            if text.strip():
                yield Row(text, form)


def _is_on(mark: Any) -> bool:
    return mark is not None and mark.get(f"{_W}val") not in ("0", "false", "off")
