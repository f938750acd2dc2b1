"""Placeholders: `mask` puts them in, `Mask.restore` and `Restorer` put back what they stand for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from coach.masking.links import find_links
from coach.masking.numbers import find_numbers
from coach.masking.view import Found, Kind, PlainView

_GAP = r"[\W_]{0,3}"
_PLACEHOLDER = re.compile(
    rf"masked{_GAP}(e-?mail|phone|link|card){_GAP}([0-9]{{1,6}})(?![0-9])", re.IGNORECASE
)
_KINDS: tuple[Kind, ...] = ("email", "phone", "link", "card")
_LONGEST = 24  # characters of a placeholder as a model may write it


def _beginning_of(word: str, then: str = "") -> str:
    """A pattern for every beginning of `word`, the whole of which `then` may follow."""
    pattern = then
    for letter in reversed(word):
        pattern = f"(?:{letter}{pattern})?"
    return pattern


_NUMBER_BEGUN = rf"(?:{_GAP}[0-9]{{0,6}})"
_KINDS_BEGUN = "|".join(
    _beginning_of(kind, _NUMBER_BEGUN) for kind in ("email", "e-mail", "phone", "link", "card")
)
_BEGUN = re.compile(rf"m{_beginning_of('asked', f'(?:{_GAP}(?:{_KINDS_BEGUN}))')}\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Mask:
    """Masked texts, in the order given, and the way back. Neither is shown when this object is printed."""

    texts: tuple[str, ...] = field(repr=False)
    _items: Mapping[str, str] = field(repr=False)

    @property
    def counts(self) -> dict[Kind, int]:
        """How many different items of each kind were masked; kinds without any are left out."""
        found = Counter(key.partition(" ")[0] for key in self._items)
        return {kind: found[kind] for kind in _KINDS if found[kind]}

    def restore(self, text: str) -> str:
        """The text with the items in place of their placeholders; what is no placeholder of this mask stays.

        An item holds no quotation mark, backslash or control character, so JSON stays JSON.
        """
        return _PLACEHOLDER.sub(lambda found: self._items.get(_key(found), found.group()), text)

    def restorer(self) -> Restorer:
        """For a text that comes in pieces; each text needs one of its own."""
        return Restorer(self)


class Restorer:
    """Restores one text that comes in pieces; what it gives out, joined, is `mask.restore` of the whole."""

    def __init__(self, mask: Mask) -> None:
        self._mask = mask
        self._held = ""

    def feed(self, piece: str) -> str:
        """What can be given out now; at most 24 characters, which may begin a placeholder, are held back."""
        text = self._held + piece
        begun = _BEGUN.search(text, max(0, len(text) - _LONGEST))
        end = begun.start() if begun else len(text)
        self._held = text[end:]
        return self._mask.restore(text[:end])

    def finish(self) -> str:
        """What was held back; the text is over."""
        held, self._held = self._held, ""
        return self._mask.restore(held)


def mask(*texts: str) -> Mask:
    """Masks the texts of one request together: the same item gets the same placeholder in all of them.

    Items are numbered in the order of the texts, so the same texts are masked alike. A number that any of
    the texts already uses is passed over. Takes time in proportion to the texts' length.
    """
    views = [PlainView(text) for text in texts]
    found = [_find(view, {}) for view in views]
    if any(found):
        # What one text tells to be a number to call, another may quote without saying so.
        told = {
            kind: {item.plain for items in found for item in items if item.kind == kind} for kind in _KINDS
        }
        found = [_find(view, told) for view in views]
    names = _Placeholders(texts)
    masked = tuple(names.put(text, items) for text, items in zip(texts, found, strict=True))
    return Mask(masked, names.items)


def _find(view: PlainView, told: Mapping[Kind, Collection[str]]) -> list[Found]:
    """What is to be masked, in order, none overlapping; offsets are those of the view's source."""
    links = find_links(view.plain, told.get("link", ()))
    # A digit of a link belongs to the link.
    numbers = find_numbers(_blank(view.plain, links), told.get("phone", ()))
    return sorted((view.in_source(item) for item in [*links, *numbers]), key=lambda item: item.start)


def _blank(plain: str, items: Sequence[Found]) -> str:
    pieces, done = [], 0
    for item in items:
        pieces += [plain[done : item.start], "\0" * (item.end - item.start)]
        done = item.end
    return "".join(pieces) + plain[done:]


class _Placeholders:
    """Gives each item its placeholder and remembers which stands for what."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.items: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._taken = {_key(found) for text in texts for found in _PLACEHOLDER.finditer(text)}
        self._last: Counter[Kind] = Counter()

    def put(self, text: str, items: Sequence[Found]) -> str:
        """The text with its items replaced."""
        pieces, done = [], 0
        for item in items:
            pieces += [text[done : item.start], self._name(item.kind, text[item.start : item.end])]
            done = item.end
        return "".join(pieces) + text[done:]

    def _name(self, kind: Kind, item: str) -> str:
        if item not in self._names:
            self._last[kind] += 1
            while f"{kind} {self._last[kind]}" in self._taken:
                self._last[kind] += 1
            self.items[f"{kind} {self._last[kind]}"] = item
            self._names[item] = f"MASKED_{kind.upper()}_{self._last[kind]}"
        return self._names[item]


def _key(found: re.Match[str]) -> str:
    """ "email 1", however the placeholder is written."""
    return f"{found[1].lower().replace('-', '')} {found[2].lstrip('0')}"
