"""Questions that dig into what a résumé claims and leaves open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from coach.question_sets.flaws import flaws
from coach.question_sets.job_questions import prompted_question
from coach.question_sets.phrases import quoted
from coach.question_sets.types import Candidate, Prompted
from coach.schema_role import QuestionKind

if TYPE_CHECKING:
    from coach.question_sets.claims import Claim, Missing
    from coach.question_sets.matching import Matcher
    from coach.question_sets.pool import Pool

MOST = 3
# The hole that matters most first; an interviewer asks about that one.
_ORDER: tuple[Missing, ...] = ("figure", "baseline", "own part", "size", "result", "period", "example")
_FRAMES: Mapping[Missing, tuple[str, ...]] = {
    "figure": (
        "You write {q}. From what to what, and over what time?",
        "Your résumé says {q}. Put it in figures for me: from what to what?",
    ),
    "baseline": (
        "You write {q}. Where did the figure stand before you began?",
        "Your résumé says {q}. What was that measured against?",
    ),
    "own part": (
        "Your résumé says {q}. Which part of that was yours and nobody else's?",
        "You write {q}. Tell me what would have been missing without you.",
    ),
    "size": ("You write {q}. How large was that, in people, money or months?",),
    "result": (
        "Your résumé says {q}. What was better at the end than when you took it on?",
        "You write {q}. Tell me what came of it, in figures where you have them.",
    ),
    "period": ("Your résumé says {q}. How long did that take?",),
    "example": ("Your résumé lists {q}. Pick one and tell me the most useful thing you did with it.",),
}
_SHOWS: Mapping[Missing, tuple[str, ...]] = {
    "figure": ("The figure before and after, with the time between", "How it was measured"),
    "baseline": ("The figure before, and where it came from", "What else could have moved it"),
    "own part": ("What was decided and done by you", "What others did, named fairly"),
    "size": ("People, money or months in round figures", "What made it hard at that size"),
    "result": ("What changed because of the work", "How anybody could tell"),
    "period": ("Start and end", "What took longest"),
    "example": ("One real piece of work with the tool", "What it saved or showed"),
}
_FOLLOW_UPS = ("How do you know?", "Who could confirm it?")


def claim_questions(
    claims: Sequence[Claim], count: int, pool: Pool, matcher: Matcher
) -> tuple[Candidate, ...]:
    """At most `count` questions about vague claims, about different holes where there are several."""
    picked = _picked(claims, count)
    found = matcher.items([claim.text for claim, _ in picked])
    made = []
    for turn, ((claim, hole), items) in enumerate(zip(picked, found, strict=True)):
        frames = _FRAMES[hole]
        text = frames[turn % len(frames)].format(q=quoted(claim.text))
        if not flaws(text):
            prompted = Prompted("resume", claim.text, claim.number, hole)
            kind: QuestionKind = "experience" if hole == "example" else "behavioural"
            both = (items.activities, items.kpis)
            made.append(prompted_question("r", kind, text, both, prompted, pool, _SHOWS[hole], _FOLLOW_UPS))
    return tuple(made)


def _picked(claims: Sequence[Claim], count: int) -> list[tuple[Claim, Missing]]:
    vague = sorted(_vague(claims), key=lambda pair: _ORDER.index(pair[1]))
    first = list({hole: (claim, hole) for claim, hole in reversed(vague)}.values())[::-1]
    return [*first, *(pair for pair in vague if pair not in first)][:count]


def _vague(claims: Sequence[Claim]) -> Iterator[tuple[Claim, Missing]]:
    for claim in claims:
        if claim.vague:
            yield claim, min(claim.vague, key=_ORDER.index)
