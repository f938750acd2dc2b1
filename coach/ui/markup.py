"""HTML in which every text is escaped unless it was built here."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

_SLOT = re.compile(r"\[[^\[\]\n]{1,80}\]")


class Html(str):
    """Markup that is safe to show: what a person or a model wrote in it was escaped on the way in."""

    __slots__ = ()


EMPTY = Html("")


def tag(name: str, *children: str | None, **attributes: str | int | bool | None) -> Html:
    """An element. Children that are not Html are escaped, None and attributes of None or False are left
    out; `class_` means `class`, an underscore inside a name a hyphen."""
    written = []
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        label = key.rstrip("_").replace("_", "-")
        written.append(f" {label}" if value is True else f' {label}="{html.escape(str(value))}"')
    inner = "".join(text(child) for child in children if child is not None)
    return Html(f"<{name}{''.join(written)}>{inner}</{name}>")


def text(content: str) -> Html:
    """Text as it stands; Html passes through."""
    return content if isinstance(content, Html) else Html(html.escape(content))


def join(parts: Iterable[str | None], separator: str = "") -> Html:
    """One piece of markup after the other."""
    return Html(text(separator).join(text(part) for part in parts if part is not None))


def with_slots(content: str) -> Html:
    """Text whose [slots] stand out as places to fill in."""
    pieces: list[str] = []
    done = 0
    for slot in _SLOT.finditer(content):
        pieces += [content[done : slot.start()], tag("span", slot.group(), class_="slot")]
        done = slot.end()
    return join([*pieces, content[done:]])


def for_listeners(content: str) -> Html:
    """Text for a screen reader only."""
    return tag("span", content, class_="unseen")
