"""The report as markup: escaped, complete, and true to the answer."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from coach import Coach, Report
from coach.config import Settings
from coach.schema import Rewrite, Segment
from coach.ui.answer_html import marked_answer
from coach.ui.changes import compare_drafts
from coach.ui.markup import Html, tag, text, with_slots
from coach.ui.parts import find_parts, find_shares
from coach.ui.report_html import ReportView, render_report
from coach.ui.rewrite_html import rewrite_section
from tests.factories import ANSWER, make_criteria, make_report

VOID = {"img", "br", "input", "link", "meta"}


class Reader(HTMLParser):
    """Collects tags and the text inside elements of class "bit", and notices what is not closed."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.tags: set[str] = set()
        self.bits = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(name)
        self.open.append((name, dict(attributes).get("class") or ""))

    def handle_endtag(self, name: str) -> None:
        assert self.open.pop()[0] == name

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][1] == "bit":
            self.bits += data


def view(report: Report, answer: str = ANSWER) -> ReportView:
    rubric = Coach(Settings.from_env()).rubric
    return ReportView(report, answer, "Say <b>why</b> [reason].", rubric, "E-commerce Manager")


# ---- markup ----------------------------------------------------------------------------------------------


def test_text_is_escaped_and_markup_passes() -> None:
    assert tag("p", '<b> & "c"', tag("i", "x"), None, class_="a'b", data_n=3, hidden=True, title=None) == (
        '<p class="a&#x27;b" data-n="3" hidden>&lt;b&gt; &amp; &quot;c&quot;<i>x</i></p>'
    )


def test_joining_or_formatting_markup_makes_text_of_it_again() -> None:
    loose = tag("i", "x") + "<script>"
    assert not isinstance(loose, Html)
    assert text(loose) == "&lt;i&gt;x&lt;/i&gt;&lt;script&gt;"


def test_slots_stand_out() -> None:
    assert with_slots("from [before] & on") == 'from <span class="slot">[before]</span> &amp; on'


# ---- the whole report --------------------------------------------------------------------------------------


def test_a_report_full_of_markup_shows_it_as_text() -> None:
    evil = "</article><script>alert(1)</script><img src=x>"
    report = make_report()
    plain = report.to_json()
    poisoned = Report.model_validate_json(plain.replace("developer", evil.replace('"', "")))
    answer = ANSWER.replace("developer", evil)
    shown = Reader(render_report(view(poisoned, answer)))
    assert shown.open == []
    assert not shown.tags & {"script", "img"}


def test_the_marked_answer_is_the_answer_to_the_letter() -> None:
    answer = "\n  " + ANSWER.replace("developer", "developer 🙂 <&>") + "  \n"
    shift = answer.index("Last")
    segments = tuple(
        Segment(start=shift, end=shift + 40, label="situation", confidence=0.5) for _ in range(1)
    )
    assert Reader(marked_answer(make_report(segments=segments), answer)).bits == answer
    assert Reader(marked_answer(make_report(), ANSWER)).bits == ANSWER


def test_every_quote_starts_and_ends_at_the_edge_of_a_bit() -> None:
    report = make_report()
    markup = render_report(view(report))
    starts = {int(number) for number in re.findall(r'class="bit" data-start="(\d+)"', markup)}
    ends = {int(number) for number in re.findall(r'class="bit" data-start="\d+" data-end="(\d+)"', markup)}
    quotes = re.findall(r'class="quote"[^>]* data-start="(\d+)" data-end="(\d+)" data-text="([^"]*)"', markup)
    assert len(quotes) >= 8
    for start, end, quote in quotes:
        assert int(start) in starts and int(end) in ends
        assert ANSWER[int(start) : int(end)] == unescape(quote)


def test_a_criterion_that_is_not_judged_has_no_dots() -> None:
    markup = render_report(view(make_report()))
    row = markup[markup.index('data-remember="role_relevance"') :].split("</summary>")[0]
    assert "not judged" in row and "dot full" not in row


# ---- parts -------------------------------------------------------------------------------------------------


def test_neighbours_of_one_label_are_one_part_and_shares_add_up() -> None:
    answer = "One two three. Four five. Six."
    segments = [
        Segment(start=0, end=14, label="situation", confidence=0.8),
        Segment(start=15, end=25, label="situation", confidence=0.4),
        Segment(start=26, end=30, label="result", confidence=1.0),
    ]
    parts = find_parts(segments, answer)
    assert [(part.label, part.start, part.end) for part in parts] == [
        ("situation", 0, 25),
        ("result", 26, 30),
    ]
    assert 0.4 < parts[0].confidence < 0.8
    assert [(share.label, share.percent) for share in find_shares(parts, answer)] == [
        ("situation", 83),
        ("result", 17),
    ]


# ---- changes -----------------------------------------------------------------------------------------------


def test_levels_that_moved_are_named_and_unjudged_ones_are_not() -> None:
    before = make_report()
    moved = tuple(
        result.model_copy(update={"level": 5} if result.id == "action" else {}) for result in make_criteria()
    )
    after = make_report(criteria=moved)
    changes = compare_drafts(before, after)
    assert [(change.criterion, change.before, change.after) for change in changes.levels] == [
        ("action", 4, 5)
    ]
    assert changes.points is not None and changes.points > 0


def test_a_change_within_the_margin_is_no_change() -> None:
    before = make_report()
    overall = before.overall.model_copy(update={"score": (before.overall.score or 0) - 3, "margin": 4.0})
    assert compare_drafts(before, make_report(overall=overall)).points is None


# ---- the tighter version -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "rewritten", "expected"),
    [
        ("I did this. It went well.", "I did this. It went well.", []),
        ("I did this. It went well.", "I did this. At stake was [what].\n\nIt went well.", ["<ins"]),
        (
            "It went well. We were in a shop. I did this.",
            "We were in a shop. I did this. It went well.",
            ["moved"],
        ),
        ("So um I did this on that day.", "So I did this on that day.", ["<del>um</del>"]),
    ],
    ids=["unchanged", "slot", "moved", "shortened"],
)
def test_what_changed_in_the_tighter_version_can_be_seen(
    answer: str, rewritten: str, expected: list[str]
) -> None:
    shown = rewrite_section(Rewrite(text=rewritten), answer)
    assert shown is not None
    body = shown.split('class="rewrite"')[1]
    assert [mark for mark in ("<ins", "moved", "<del>um</del>") if mark in body] == expected


def test_what_was_left_out_is_listed_and_the_text_can_be_copied() -> None:
    shown = rewrite_section(
        Rewrite(text="I did it.", dropped=("We also <talked>.",)), "I did it. We also <talked>."
    )
    assert shown is not None
    assert "<del>We also &lt;talked&gt;.</del>" in shown
    assert 'data-copy="I did it."' in shown


def test_no_rewrite_makes_no_section() -> None:
    assert rewrite_section(None, ANSWER) is None
