"""PDF to rows, by pypdf, which reads text and runs nothing: no scripts, actions, attachments or links."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING

from coach.documents.raw import Budget, Refusal, Row

if TYPE_CHECKING:
    from pypdf import PdfReader

_FEWEST_LETTERS = 20  # a scan may carry a page number or a stamp as text


def read_pdf(content: bytes, budget: Budget, most_pages: int) -> list[Row]:
    """The rows of all pages; raises Refusal for an encrypted, scanned, empty, long or damaged file."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        # Many files that print for everybody are encrypted with an empty password.
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refusal("document_encrypted")
        pages = len(reader.pages)
        if pages > most_pages:
            raise Refusal("document_pages", f"{pages}")
        texts = [budget.take(page.extract_text()) for page in reader.pages]
    except (Refusal, MemoryError):
        raise
    except (DependencyError, FileNotDecryptedError):
        raise Refusal("document_encrypted") from None
    except Exception:  # pypdf raises whatever a broken file makes of it
        raise Refusal("document_damaged") from None
    if sum(char.isalpha() for text in texts for char in text) < _FEWEST_LETTERS:
        raise Refusal("document_scanned" if _has_pictures(reader) else "document_no_text")
    return [Row(row, is_whole=False) for text in texts for row in [*text.splitlines(), ""]]


def _has_pictures(reader: PdfReader) -> bool:
    try:
        return any(str(name).startswith("/") for page in reader.pages for name in page.images.keys())  # noqa: SIM118
    except Exception:  # as above
        return False
