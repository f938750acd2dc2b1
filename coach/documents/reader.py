"""From a file nobody vouches for to a document, or to an InputError that says what is wrong with it."""

from __future__ import annotations

import stat
from pathlib import Path, PurePath

from coach.documents.document import LIMITS, Document, Limits
from coach.documents.lines import lines_of_rows, lines_of_text
from coach.documents.process import parse_apart
from coach.documents.raw import Refusal
from coach.documents.sniffing import decode, find_kind, find_text_kind
from coach.documents.wording import refusal_error


def read_document(source: Path | bytes, name: str = "", limits: Limits = LIMITS) -> Document:
    """Reads text, Markdown, HTML, PDF or DOCX, told apart by content first and by `name` second.

    A path without a `name` goes by its own. Parsers of HTML, PDF and DOCX run in a process of their own
    within `limits`; nothing is executed, fetched or written. Raises InputError, its code beginning with
    `document_`, that says what is wrong with the file and what to do.
    """
    name = name or (source.name if isinstance(source, Path) else "")
    try:
        content = _content(source, limits.bytes) if isinstance(source, Path) else source
        if len(content) > limits.bytes:
            raise Refusal("document_too_large", f"{limits.bytes / 1e6:g}")
        if not content.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
            raise Refusal("document_empty")
        return _document(content, name, limits)
    except Refusal as refusal:
        raise refusal_error(refusal, name) from None


def read_text(text: str, name: str = "The pasted text", limits: Limits = LIMITS) -> Document:
    """A document from pasted text, which may be Markdown or HTML; raises InputError as `read_document`."""
    return read_document(text.encode("utf-8", "replace"), name, limits)


def read_file(path: Path, most: int) -> bytes:
    """The bytes of an ordinary file that has at most `most`; raises InputError as `read_document` does."""
    try:
        content = _content(path, most)
        if len(content) > most:
            raise Refusal("document_too_large", f"{most / 1e6:g}")
    except Refusal as refusal:
        raise refusal_error(refusal, str(path)) from None
    return content


def _document(content: bytes, name: str, limits: Limits) -> Document:
    kind = find_kind(content)
    if kind is None:
        text = decode(content)
        kind = find_text_kind(text, name)
        if len(text) > limits.characters and kind != "html":
            raise Refusal("document_too_long", f"{limits.characters:,}")
        content = text.encode("utf-8")
    if kind in ("text", "markdown"):
        lines = lines_of_text(text, kind == "markdown")
    else:
        lines = lines_of_rows(parse_apart(kind, content, limits))
    if not any(char.isalnum() for line in lines for char in line.text):
        raise Refusal("document_empty")
    return Document(PurePath(name).name or "document", kind, lines)


def _content(path: Path, most: int) -> bytes:
    """At most one byte more than may be read; raises Refusal for what is no readable file."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise Refusal("document_folder")
        if not stat.S_ISREG(mode):
            raise Refusal("document_no_file")
        with path.open("rb") as file:
            return file.read(most + 1)
    except FileNotFoundError:
        raise Refusal("document_missing") from None
    except (OSError, ValueError) as error:
        raise Refusal("document_unreadable", getattr(error, "strerror", "") or str(error)) from None
