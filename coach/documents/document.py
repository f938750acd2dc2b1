"""What reading a file gives: lines with their numbers, and what is too much to read."""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal["text", "markdown", "html", "pdf", "docx"]
# What a line looks like: a heading, an entry of a list, or prose.
Form = Literal["heading", "item", "text"]


class Limits(NamedTuple):
    """What a document may have at most; `memory` is what the parser's own process may take, in bytes."""

    bytes: int = 5_000_000
    pages: int = 30
    characters: int = 200_000
    seconds: float = 10.0
    memory: int = 1_000_000_000


LIMITS = Limits()


class Line(NamedTuple):
    """A line as its writer meant it: one that was only broken to fit a width is whole again.

    `number` counts from 1: in text and Markdown the line of the file that it starts on, elsewhere the place
    among the lines that hold something. `text` has no marks of lists or headings and is never empty.
    """

    number: int
    text: str
    form: Form = "text"


class Document(NamedTuple):
    """A file that was read. `name` is the one it was given under."""

    name: str
    kind: Kind
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """All lines, one under the other."""
        return "\n".join(line.text for line in self.lines)
