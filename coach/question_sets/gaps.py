"""What a job description asks for and a résumé does not show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from coach.lexicons import phrase_pattern
from coach.question_sets.weighing import TOOLS, Weight

if TYPE_CHECKING:
    from coach.question_sets.claims import Resume
    from coach.question_sets.matching import Matcher
    from coach.question_sets.requirements import Requirement

# From here on a line of the résumé is taken to answer a requirement; chosen by hand on the files of
# tests/question_files.
LEAST_NEARNESS = 0.45
_ASKED_KINDS = ("work", "skill", "experience", "tool")
_ORDER: tuple[Weight, ...] = ("must", "should", "nice")
_YEARS = re.compile(
    r"\b(?P<digits>\d{1,2})\s?\+?\s*(?:or\s+more\s+)?years?\b"
    r"|\b(?P<word>two|three|four|five|six|seven|eight|nine|ten)(?:\s+or\s+more)?\s+years?\b",
    re.IGNORECASE,
)
_NUMBERS = dict(zip("two three four five six seven eight nine ten".split(), range(2, 11), strict=True))


def missing(
    requirements: Sequence[Requirement], resume: Resume, matcher: Matcher, year: int | None = None
) -> tuple[Requirement, ...]:
    """The requirements that nothing in the résumé answers, heaviest first.

    A requirement is answered by a claim about one of its activities or KPIs, by a tool that both name, by
    enough years in posts (`year` is the present one), or by a line that says nearly the same. Education,
    languages, conditions and papers are not looked at: what lacks there is no matter for a question.
    """
    asked = [requirement for requirement in requirements if requirement.kind in _ASKED_KINDS]
    worked = [claim.text for claim in resume.claims if claim.what != "role"]
    texts = [text for text in resume.texts if len(text.split()) > 1]
    if not asked or not texts:
        return tuple(_by_weight(asked))
    nearest = matcher.nearness([requirement.text for requirement in asked], texts).max(axis=1)
    shown = {item for items in matcher.items(worked) for item in (*items.activities, *items.kpis)}
    whole = "\n".join(resume.texts)
    years = _years_worked(resume, year or datetime.now(UTC).year)
    return tuple(
        _by_weight(
            [
                requirement
                for requirement, near in zip(asked, nearest.tolist(), strict=True)
                if not _is_answered(requirement, near, shown, whole, years)
            ]
        )
    )


def _is_answered(requirement: Requirement, near: float, shown: set[str], whole: str, years: int) -> bool:
    tools = {found[0] for found in TOOLS.finditer(requirement.text)}
    if tools and phrase_pattern(sorted(tools)).search(whole):
        return True
    wanted = _years_wanted(requirement.text)
    if wanted is not None:
        return years >= wanted
    if requirement.kind == "tool":
        return False
    return near >= LEAST_NEARNESS or not shown.isdisjoint((*requirement.activities, *requirement.kpis))


def _years_wanted(text: str) -> int | None:
    found = _YEARS.search(text)
    if not found:
        return None
    return int(found["digits"]) if found["digits"] else _NUMBERS[found["word"].lower()]


def _years_worked(resume: Resume, present: int) -> int:
    """Years in which there was a post."""
    return len({year for post in resume.posts for year in range(post.first, (post.last or present))})


def _by_weight(requirements: Sequence[Requirement]) -> list[Requirement]:
    return sorted(requirements, key=lambda requirement: _ORDER.index(requirement.weight))
