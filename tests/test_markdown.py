"""Escaped text, read back by a real Markdown parser."""

from __future__ import annotations

import re

import pytest

from coach.markdown import escape_line, escape_text
from tests.factories import ANSWER
from tests.markdown_attacks import ATTACKS, PARSER, shown, visible


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_escaped_text_renders_as_itself(attack: str) -> None:
    for escaped in (escape_line(attack), escape_text(attack)):
        assert shown(escaped) == visible(attack)
        assert set(re.findall(r"<(/?\w+)", PARSER.render(escaped))) <= {"p", "/p", "br"}
    assert "\n" not in escape_line(attack)


def test_ordinary_text_needs_no_escapes() -> None:
    text = (
        "I raised it from 1.7 % to 2.6 % (six weeks): “good”, they said. 3.5 years & it's [your rate before]!"
    )
    assert escape_line(text) == text.replace("&", "&amp;")
    assert escape_text(ANSWER) == ANSWER


@pytest.mark.parametrize(
    ("typed", "escaped"),
    [
        (": a definition", "\\: a definition"),
        ("x^up^ and x~down~", "x\\^up\\^ and x\\~down\\~"),
        ("| a line block", "\\| a line block"),
        ("a #tag", "a \\#tag"),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_what_only_other_readers_of_markdown_take_for_structure(typed: str, escaped: str) -> None:
    assert escape_line(typed) == escaped


def test_line_breaks_of_the_answer_are_kept() -> None:
    rendered = PARSER.render(escape_text("one\r\ntwo\n\n\nthree"))
    assert rendered == "<p>one<br />\ntwo</p>\n<p>three</p>\n"
