"""What a file is, by its content first and its name second; and bytes to text."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
from pathlib import PurePath

from coach.documents.document import Kind
from coach.documents.raw import Refusal

WORD_PART = "word/document.xml"
_PICTURES = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
}
# Old Word files, and new ones that are encrypted.
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PDF_WITHIN = 1024  # bytes; readers allow something in front of the header
_TAG = re.compile(
    r"</?(?:html|head|body|div|p|ul|ol|li|h[1-6]|br|span|table|section|article|strong|a)\b[^<>]{0,300}>",
    re.IGNORECASE,
)
_HTML_START = re.compile(r"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html|body|head)\b", re.IGNORECASE)
_ENOUGH_TAGS = 6
_MARKDOWN_NAMES = (".md", ".markdown", ".mdown", ".mkd")
_HTML_NAMES = (".html", ".htm", ".xhtml")
_MARKDOWN_HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)


def find_kind(content: bytes) -> Kind | None:
    """The kind that the bytes give away; None for what may be text. Raises Refusal for other files."""
    if content.lstrip()[:5] == b"%PDF-" or b"%PDF-" in content[:_PDF_WITHIN]:
        return "pdf"
    picture = next((kind for mark, kind in _PICTURES.items() if content.startswith(mark)), None)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        picture = "WebP"
    if content[4:12] in (b"ftypheic", b"ftypmif1", b"ftypavif"):
        picture = "HEIC"
    if picture and not (picture == "BMP" and b"\x00" not in content):
        raise Refusal("document_is_picture", picture)
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_archive(content)
    if content.startswith(_OLE):
        encrypted = _ENCRYPTED_PART in content
        raise Refusal("document_encrypted" if encrypted else "document_old_word")
    if content.startswith(b"{\\rtf"):
        raise Refusal("document_kind_unknown", "RTF")
    return None


def _kind_of_archive(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError):
        raise Refusal("document_damaged") from None
    if WORD_PART in names:
        return "docx"
    known = {"content.xml": "OpenDocument", "xl/workbook.xml": "Excel", "ppt/presentation.xml": "PowerPoint"}
    raise Refusal("document_kind_unknown", next((known[name] for name in known if name in names), "ZIP"))


def decode(content: bytes) -> str:
    """Text in UTF-8, UTF-16, UTF-32 or Windows-1252; raises Refusal `document_not_text` for anything else."""
    for encoding in _likely_encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _reads_as_text(text):
            return text.removeprefix("\ufeff")
    raise Refusal("document_not_text")


def _likely_encodings(content: bytes) -> list[str]:
    marked = next((encoding for bom, encoding in _BOMS if content.startswith(bom)), None)
    if marked:
        return [marked]
    start = content[:4000]
    # ASCII in two bytes a letter has a zero in every other place.
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(start) > 3 and start[first::2].count(0) > len(start) // 5 > start[1 - first :: 2].count(0):
            return [encoding]
    return ["utf-8", "cp1252"]


def _reads_as_text(text: str) -> bool:
    odd = sum(1 for char in text if (char < " " and char not in "\t\n\r\f\v") or char in "\x7f\ufffd")
    return "\x00" not in text and odd <= max(2, len(text) // 200)


def find_text_kind(text: str, name: str) -> Kind:
    """Whether text is HTML, Markdown or neither."""
    ending = PurePath(name).suffix.lower()
    start = text[:20_000]
    tags = sum(1 for _ in _TAG.finditer(start))
    if _HTML_START.match(start) or tags >= _ENOUGH_TAGS or (ending in _HTML_NAMES and tags):
        return "html"
    if ending in _MARKDOWN_NAMES or _MARKDOWN_HEADING.search(start):
        return "markdown"
    return "text"
