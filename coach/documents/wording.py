"""What to say about a file that cannot be read. `{name}` is the file, `{detail}` what the refusal holds."""

from __future__ import annotations

from coach.documents.raw import Refusal
from coach.errors import InputError

_READABLE = "Text, Markdown, HTML, PDF and DOCX can be read."
_PASTE = "Paste the text instead."
_SAVE_AGAIN = f"Save it again as PDF or DOCX, or copy its text. {_READABLE}"
_SHORTER = "Keep the pages that matter, or paste the part that you want read."
# Code: (what is wrong, what to do).
_WORDS = {
    "document_missing": ("There is no file {name}.", "Check the path and the spelling."),
    "document_folder": ("{name} is a folder.", f"Name one file in it. {_READABLE}"),
    "document_no_file": ("{name} is no ordinary file.", f"Save it to a file first. {_READABLE}"),
    "document_unreadable": ("{name} cannot be opened: {detail}.", "Check who may read it."),
    "document_empty": ("{name} holds no text.", "Choose another file, or paste the text."),
    "document_too_large": (
        "{name} is larger than {detail} MB, the most that is read.",
        f"Pictures are often the reason. Save it without them, or paste the text. {_READABLE}",
    ),
    "document_too_long": ("{name} holds more than {detail} characters, the most that is read.", _SHORTER),
    "document_pages": ("{name} has {detail} pages, more than are read.", _SHORTER),
    "document_slow": (
        "{name} could not be read within {detail} seconds, so reading it was stopped.",
        _SAVE_AGAIN,
    ),
    "document_demanding": ("{name} takes more memory to read than a document should.", _SAVE_AGAIN),
    "document_bomb": ("{name} unpacks to far more than a document should hold.", _SAVE_AGAIN),
    "document_entities": ("{name} holds entities or a document type, which no Word file needs.", _SAVE_AGAIN),
    "document_nested": ("{name} is nested more deeply than any page should be.", _PASTE),
    "document_damaged": ("{name} is damaged, or is not the kind of file that it seems.", _SAVE_AGAIN),
    "document_encrypted": (
        "{name} is encrypted.",
        f"Open it with its password and save it without one. Or: {_PASTE.lower()}",
    ),
    "document_scanned": ("The PDF is a scan: it holds pictures and no text.", _PASTE),
    "document_no_text": ("The PDF holds no text.", _PASTE),
    "document_is_picture": ("{name} is a picture ({detail}), whatever its name says.", _PASTE),
    "document_old_word": (
        "{name} is a file of an older Office program, which cannot be read.",
        f"Save it as DOCX or PDF. {_READABLE}",
    ),
    "document_kind_unknown": ("{name} is a file of the kind {detail}, which cannot be read.", _SAVE_AGAIN),
    "document_not_text": ("{name} is not readable text; it looks like a binary file.", _SAVE_AGAIN),
}
_LONGEST_NAME = 80


def refusal_error(refusal: Refusal, name: str) -> InputError:
    """The error for the person who gave the file."""
    message, hint = _WORDS[refusal.code]
    shown = "".join(c if c.isprintable() else "?" for c in name[-_LONGEST_NAME:]) or "The file"
    return InputError(refusal.code, message.format(name=shown, detail=refusal.detail), hint)
