"""Untrusted text as Markdown that shows it, character for character, and nothing else.

Text passed through `escape_line` or `escape_text` makes no heading, list, link, table, formula or HTML in
any common reader of Markdown. `<`, `>` and `&` become entities, since not every reader lets a backslash
stand before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# A slot such as "[your rate before]" stays readable in the raw file. In this document it can be no link:
# nothing that would complete one may follow, and no link is defined anywhere.
_SLOT = re.compile(r"(?<![^\s“\"(])\[[A-Za-z][A-Za-z0-9 ,.'’%/-]+\](?=[\s.,;?!\"”)]|$)")
_INLINE = re.compile(r"[\\`*_\[\]#$~|^]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_CONTROL = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
)  # but those that split() takes for white space
# What would start a list, an underlined heading or a definition.
_LINE_START = re.compile(r"^(?:([-+=:])|(\d+)([.)])(?=\s|$))")


def escape_line(text: str) -> str:
    """Untrusted text as one line of Markdown that shows it and nothing else; white space is folded."""
    folded = " ".join(_CONTROL.sub("", text).split())
    escaped, done = [], 0
    for slot in _SLOT.finditer(folded):
        escaped += [_escape(folded[done : slot.start()]), slot.group()]
        done = slot.end()
    escaped.append(_escape(folded[done:]))
    return _LINE_START.sub(lambda found: (found[2] or "") + "\\" + (found[1] or found[3]), "".join(escaped))


def escape_text(text: str) -> str:
    """Untrusted text as Markdown paragraphs; its line breaks stay line breaks."""
    paragraphs: list[list[str]] = [[]]
    for line in text.splitlines():
        shown = escape_line(line)
        if shown:
            paragraphs[-1].append(shown)
        elif paragraphs[-1]:
            paragraphs.append([])
    return "\n\n".join("  \n".join(lines) for lines in paragraphs if lines)


def _escape(text: str) -> str:
    entities = re.sub(r"[&<>]", lambda found: _ENTITIES[found.group()], text)
    # An entity of our own has none of these characters, so the order does no harm.
    return _INLINE.sub(r"\\\g<0>", entities)


def quoted(markdown: str) -> str:
    """Markdown set as a block quote."""
    return "\n".join(f"> {line}" if line else ">" for line in markdown.split("\n"))


def bullets(lines: Iterable[str]) -> str:
    """Markdown lines as a list."""
    return "\n".join(f"- {line}" for line in lines)
