"""Untrusted files to plain lines: text, Markdown, HTML, PDF and DOCX."""

from coach.documents.document import LIMITS, Document, Form, Kind, Limits, Line
from coach.documents.reader import read_document, read_file, read_text

__all__ = ["LIMITS", "Document", "Form", "Kind", "Limits", "Line", "read_document", "read_file", "read_text"]
