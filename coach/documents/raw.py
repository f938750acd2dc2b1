"""What a parser hands on: rows of text as they stand in the file, before lines are made of them."""

from __future__ import annotations

from typing import NamedTuple

from coach.documents.document import Form


class Row(NamedTuple):
    """A row of a file. `form` is None where the file does not say what the row is; `is_whole` is False where
    the row may have been broken to fit a width."""

    text: str
    form: Form | None = None
    is_whole: bool = True


class Refusal(Exception):
    """A file cannot be read; `code` names the reason, `detail` a number or name that goes with it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


class Budget:
    """Counts characters as they are read, and refuses at the limit."""

    def __init__(self, characters: int) -> None:
        self._limit = characters
        self._left = characters

    def take(self, text: str) -> str:
        """The text itself; raises Refusal `document_too_long`."""
        self._left -= len(text)
        if self._left < 0:
            raise Refusal("document_too_long", f"{self._limit:,}")
        return text
