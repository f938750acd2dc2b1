"""The view that patterns read: same length, wrapped lines joined, capitals written as usual."""

from __future__ import annotations

import textwrap

import pytest

from coach.signals.segments import find_sentences
from coach.signals.view import plain_view, unwrap

STORY = (
    "Last spring I ran the web shop of a bicycle retailer and many people left at the delivery step. "
    "My job was to bring that down before June. I watched forty recordings and moved the price to the page. "
    "After six weeks far fewer people left."
)


@pytest.mark.parametrize("width", [50, 60, 72, 80, 100])
def test_lines_wrapped_by_a_program_are_one_line_again(width: int) -> None:
    wrapped = textwrap.fill(STORY, width)
    assert unwrap(wrapped) == STORY
    assert len(find_sentences(plain_view(wrapped))) == len(find_sentences(STORY))


@pytest.mark.parametrize(
    "text",
    [
        "- I called the supplier\n- I moved the stock\n- I told the team about it",
        "first i called the supplier\nthen i moved the stock to the shop\nin the end it worked",
        "Situation: the shop was slow.\n\nTask: I had to mend it.\n\nAction: I did.",
        "one line only",
    ],
)
def test_lines_that_a_person_broke_stay(text: str) -> None:
    assert unwrap(text) == text


def test_capitals_throughout_are_read_as_usual() -> None:
    view = plain_view(STORY.upper())
    assert len(view) == len(STORY)
    assert view.startswith("Last spring I ran")
    assert len(find_sentences(view)) == len(find_sentences(STORY))


@pytest.mark.parametrize(
    "text", ["ISTANBUL'DA İŞ BULDUM VE ÇALIŞTIM ORADA", "a\u00a0b", "„x“ ’y’", "\r\n\r\n", ""]
)
def test_the_length_never_changes(text: str) -> None:
    assert len(plain_view(text)) == len(text)
