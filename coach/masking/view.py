"""A text as patterns want to read it: Unicode's digits, spaces and dashes as plain ones, invisible characters
and combining marks left out, with the way back to the text's own offsets."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

Kind = Literal["email", "phone", "link", "card"]
# An em dash parts sentences; it never joins what stands beside it.
_PARTING_DASHES = "—―⸺⸻"


class Found(NamedTuple):
    """A stretch to be masked, and how it reads in the view."""

    kind: Kind
    start: int
    end: int
    plain: str


class PlainView:
    """`plain` holds at most one character for each of the source's."""

    def __init__(self, source: str) -> None:
        self.plain = source
        self._places: list[int] | None = None
        if not source.isascii():
            read = [(_plain(character), place) for place, character in enumerate(source)]
            self.plain = "".join(character for character, _ in read)
            self._places = [place for character, place in read if character]

    def in_source(self, found: Found) -> Found:
        """The same stretch with the offsets of the source, first and last visible character included."""
        if self._places is None:
            return found
        return found._replace(start=self._places[found.start], end=self._places[found.end - 1] + 1)


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me"):
        return ""
    if category == "Zs":
        return " "
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd" and character not in _PARTING_DASHES:
        return "-"
    if "\ufe50" <= character <= "\ufe6b" or "\uff01" <= character <= "\uff5e":
        compatible = unicodedata.normalize("NFKC", character)
        return compatible if len(compatible) == 1 else character
    return character
