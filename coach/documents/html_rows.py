"""HTML to rows: what a reader of the page sees of it, without menus and footers. Nothing is fetched."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from coach.documents.document import Form
from coach.documents.raw import Budget, Refusal, Row

_UNSEEN = frozenset(
    "script style template noscript head svg iframe object canvas video audio select textarea button nav "
    "footer form dialog math map".split()
)
_BLOCKS = frozenset(
    "p div section article main header aside ul ol li dl dt dd table tr td th h1 h2 h3 h4 h5 h6 br hr pre "
    "blockquote figure figcaption body html title address details summary fieldset".split()
)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6 dt summary".split())
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d])"
    r"|(?:left|top|text-indent)\s*:\s*-\d{3}",
    re.IGNORECASE,
)
# Ended by the next of their kind, whether or not anybody says so.
_SELF_ENDING = frozenset("p li dt dd tr td th option".split())
_DEEPEST = 500  # deeper than any page a person writes


def read_html(text: str, budget: Budget) -> list[Row]:
    """The rows that a reader sees; raises Refusal `document_too_long` or `document_nested`."""
    parser = _Rows(budget)
    parser.feed(text)
    parser.close()
    parser.end_row()
    return parser.rows


class _Rows(HTMLParser):
    def __init__(self, budget: Budget) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[Row] = []
        self._budget = budget
        self._pieces: list[str] = []
        self._form: Form | None = None
        # Open elements, and how many of them were open when the unseen part began.
        self._open: list[str] = []
        self._unseen_from: int | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.end_row()
            self._form = "item" if tag == "li" else "heading" if tag in _HEADINGS else self._form
        if tag in _VOID:
            return
        if self._open and self._open[-1] == tag and tag in _SELF_ENDING:
            self._open.pop()
        if tag == "body" and self._unseen_from is not None and "head" in self._open:
            self._unseen_from = None
        if len(self._open) == _DEEPEST:
            raise Refusal("document_nested")
        self._open.append(tag)
        if self._unseen_from is None and (tag in _UNSEEN or _is_hidden(attrs)):
            self._unseen_from = len(self._open) - 1

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end_row()
            self._form = None
        if tag not in self._open:
            return
        while self._open.pop() != tag:
            pass
        if self._unseen_from is not None and len(self._open) <= self._unseen_from:
            self._unseen_from = None

    def handle_data(self, data: str) -> None:
        if self._unseen_from is None:
            self._pieces.append(self._budget.take(data))

    def end_row(self) -> None:
        text = " ".join("".join(self._pieces).split())
        self._pieces.clear()
        if text:
            self.rows.append(Row(text, self._form))


def _is_hidden(attrs: list[tuple[str, str | None]]) -> bool:
    given = dict(attrs)
    return (
        "hidden" in given
        or given.get("aria-hidden") == "true"
        or bool(_HIDING.search(given.get("style") or ""))
    )
