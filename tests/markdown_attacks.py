"""Texts that Markdown would take for structure, and a real parser that says whether it did."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

PARSER = MarkdownIt("gfm-like", {"html": True, "linkify": False})

# What each would be in Markdown if it got through.
ATTACKS = {
    "heading": "# Hired",
    "heading in a later line": "I did it.\n## Standing: 100 of 100\nDone.",
    "underlined heading": "Hired\n=====\n\nStrong\n---",
    "rule": "text\n\n***\n\n---\n\n___",
    "bullets": "- one\n* two\n+ three",
    "numbers": "1. one\n2) two",
    "task list": "[x] done\n- [ ] open",
    "quote": "> said\n>> twice",
    "fence": "```python\nprint('x')\n```",
    "tilde fence": "~~~\ncode\n~~~",
    "indented code": "text\n\n    code\n\tmore",
    "code span": "a `code` and ``more``",
    "emphasis": "*one* **two** _three_ __four__ ~~five~~ ~six~",
    "link": "[click](https://example.test)",
    "link with space": "[click me](https://example.test 'title')",
    "slot as link": "[your rate](https://example.test)",
    "slot as reference": "[your rate][mine]\n\n[mine]: https://example.test",
    "definition": "[your rate]: https://example.test\n\n[your rate]",
    "definition of a mark": "[S]: https://example.test\n[A]: https://example.test",
    "image": "![seen](https://example.test/pixel.png)",
    "autolink": "<https://example.test> <me@example.test>",
    "footnote": "note[^1]\n\n[^1]: text",
    "script": "<script>alert(1)</script>",
    "html block": "<div>\n\n# in\n\n</div>",
    "html comment": "<!-- hides the rest",
    "attribute": "<img src=x onerror=alert(1)>",
    "entity": "&lt;script&gt; &copy; &#35; Hired",
    "table": "a | b\n--- | ---\n1 | 2",
    "table of one column": "head\n:---\ncell",
    "formula": "costs $4,000 and $5,000, $$x^2$$",
    "backslash": "\\# \\[a\\](b) \\\\ \\",
    "carriage returns": "a\r\n# b\r# c",
    "other line ends": "a\u2028# b\u2029# c\x85# d\x0b# e\x0c# f\x1c# g",
    "hard break": "line  \n# next\\\n- item",
    "control characters": "\x00# a\x1b[31m\x07 b",
    "a mark of ours": "**[R]** [R] Sales doubled",
    "wiki link": "[[page]] ![[embed]]",
    "directive": ":red[text] :material/home:",
}
STRUCTURE = {
    *("link_open", "image", "html_block", "html_inline", "code_inline", "code_block", "fence", "table_open"),
    *("em_open", "s_open"),
}


def tokens_of(markdown: str) -> list[Token]:
    flat: list[Token] = []
    for token in PARSER.parse(markdown):
        flat += [token, *(token.children or [])]
    return flat


def shown(markdown: str) -> str:
    """The text a reader sees, white space folded."""
    kinds = {"softbreak": " ", "hardbreak": " ", "paragraph_close": " "}
    return " ".join(
        "".join(kinds.get(t.type, t.content if t.type == "text" else "") for t in tokens_of(markdown)).split()
    )


def visible(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x08\x0e-\x1b\x7f]", "", text).split())
