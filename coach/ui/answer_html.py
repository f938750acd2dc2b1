"""The answer with its parts marked, and the quotes that lead back into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from coach.schema import Evidence, Report
from coach.ui.markup import Html, for_listeners, join, tag
from coach.ui.parts import LETTERS, NAMES, Part, Share, find_parts, find_shares


def marked_answer(report: Report, answer: str) -> Html:
    """The section "Your answer, read by a listener"."""
    parts = find_parts(report.segments, answer)
    shares = find_shares(parts, answer)
    return tag(
        "section",
        tag("h2", "Your answer, read by a listener"),
        _legend(shares),
        _bar(shares),
        tag("div", *_pieces(parts, answer, _cuts(report)), class_="answer"),
        class_="heard",
    )


def quote_link(evidence: Evidence) -> Html:
    """A quote that marks its place in the answer when it is clicked."""
    return tag(
        "button",
        f"“{evidence.quote}”",
        type="button",
        class_="quote",
        title="Show it in the answer",
        data_start=evidence.start,
        data_end=evidence.end,
        data_text=evidence.quote,
    )


def _legend(shares: Sequence[Share]) -> Html:
    items = [
        tag(
            "li",
            tag("span", LETTERS[share.label], class_=f"letter {share.label}", aria_hidden="true"),
            tag("span", NAMES[share.label], class_=f"sample {share.label}"),
            tag("span", f" {share.percent} %", class_="percent"),
        )
        for share in shares
    ]
    return tag("ul", *items, class_="legend", aria_label="Share of your words in each part")


def _bar(shares: Sequence[Share]) -> Html:
    strips = [
        tag("span", class_=f"strip {share.label}", style=f"flex-grow:{share.percent}") for share in shares
    ]
    return tag("div", *strips, class_="bar", aria_hidden="true")


def _pieces(parts: Sequence[Part], answer: str, cuts: set[int]) -> Iterator[Html]:
    done = 0
    for part in parts:
        yield from _bits(answer, done, part.start, cuts)
        sure = f"{NAMES[part.label]}, {round(100 * part.confidence)} % sure"
        yield tag(
            "span",
            for_listeners(f"{sure}: "),
            *_bits(answer, part.start, part.end, cuts),
            class_=f"part {part.label}",
            tabindex=0,
            data_letter=LETTERS[part.label],
            data_tip=sure,
        )
        done = part.end
    yield from _bits(answer, done, len(answer), cuts)


def _bits(answer: str, start: int, end: int, cuts: set[int]) -> Iterator[Html]:
    """The stretch in pieces that no quote starts or ends inside of, so that any quote can be marked."""
    edges = [start, *sorted(cut for cut in cuts if start < cut < end), end]
    for left, right in pairwise(edges):
        if left < right:
            yield tag("span", answer[left:right], class_="bit", data_start=left, data_end=right)


def _cuts(report: Report) -> set[int]:
    quotes = [quote for result in report.criteria for quote in result.evidence]
    quotes += [quote for activity in report.activities for quote in activity.evidence]
    quotes += [quote for kpi in report.kpis for quote in kpi.evidence]
    return {edge for quote in quotes for edge in (quote.start, quote.end)}


def quote_list(quotes: Sequence[Evidence]) -> Html | None:
    """Quotes, one below the other; None when there are none."""
    if not quotes:
        return None
    return tag("ul", join(tag("li", quote_link(quote)) for quote in quotes), class_="quotes")
