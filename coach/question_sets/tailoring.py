"""What a job description and a résumé make of a set: which questions of the pool are worth more, and which
come in beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from coach.question_sets.claims import read_resume
from coach.question_sets.gaps import missing
from coach.question_sets.job_questions import gap_questions, new_questions
from coach.question_sets.line_lifts import focus_lifts
from coach.question_sets.matching import Items, match_requirements
from coach.question_sets.requirements import find_requirements, requirement_warnings
from coach.question_sets.resume_questions import MOST, claim_questions
from coach.question_sets.types import Candidate, Lift
from coach.schema import Notice

if TYPE_CHECKING:
    from coach.documents import Document, Line
    from coach.question_sets.claims import Resume
    from coach.question_sets.matching import Matcher
    from coach.question_sets.pool import Pool
    from coach.question_sets.requirements import Requirement
    from coach.schema_questions import Level

_MOST_GAPS = 2
_FEWEST_AIMS = 4
_NOTHING = Items()


@dataclass(frozen=True)
class Papers:
    """A job description and a résumé that were read; None or empty for what was not given. `items` are
    those of the role that either is about."""

    job_lines: tuple[Line, ...] = ()
    resume_lines: tuple[Line, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    resume: Resume | None = None
    items: Items = _NOTHING
    warnings: tuple[Notice, ...] = ()

    @property
    def aims(self) -> frozenset[str]:
        """The activities that a set should cover: those of the job, where it names a few."""
        named = frozenset(self.items.activities) if self.requirements else frozenset()
        return named if len(named) >= _FEWEST_AIMS else frozenset()


def read_papers(job: Document | None, resume: Document | None, matcher: Matcher) -> Papers:
    """Requirements matched to the role, claims, and what is wrong with either."""
    requirements = match_requirements(find_requirements(job.lines), matcher) if job else ()
    warnings = requirement_warnings(job.lines, requirements) if job else ()
    read = read_resume(resume.lines) if resume else None
    lines = (job.lines if job else (), resume.lines if resume else ())
    duties = [r for r in requirements if r.kind in ("work", "skill") and r.weight != "nice"]
    about: Sequence[Requirement | Items] = duties or requirements
    if read and not requirements:
        about = matcher.items([claim.text for claim in read.claims])
    items = Items(
        tuple(a for one in about for a in one.activities), tuple(k for one in about for k in one.kpis)
    )
    told = (*warnings, *(read.warnings if read else ()))
    return Papers(*lines, requirements, read, items, told)


def lifts_of(papers: Papers, level: Level | None, pool: Pool) -> Iterator[dict[str, Lift]]:
    """What the papers are about makes of the pool, at a level."""
    if papers.requirements or papers.resume:
        yield focus_lifts(set(papers.items.activities), set(papers.items.kpis), level, pool)


def extra_questions(
    papers: Papers, lines: Mapping[str, Lift], count: int, pool: Pool, matcher: Matcher
) -> list[Candidate]:
    """Questions that the papers lead to, for at most half of a set of `count`: about lines of the job, vague
    claims and gaps in turn. `lines` are the lifts of questions of the pool that lines ask for."""
    most = (count + 1) // 2
    served = {prompt.quote for lift in lines.values() for prompt in lift.prompted}
    new, gaps, claims = new_questions(papers.requirements, most, served, pool), [], []
    if papers.resume:
        claims = [*claim_questions(papers.resume.claims, _how_many(count), pool, matcher)]
        lacking = missing(papers.requirements, papers.resume, matcher) if papers.requirements else ()
        gaps = [*gap_questions(lacking, pool)][:_MOST_GAPS]
    asked = {gap.prompted[0].quote for gap in gaps}
    new = [question for question in new if question.prompted[0].quote not in asked]
    turns = chain.from_iterable(zip_longest(claims, new, gaps))
    return [question for question in turns if question][:most]


def _how_many(count: int) -> int:
    """Questions about the résumé: one to three."""
    return min(MOST, max(1, count // 3))


def joined(lifts: Iterable[Mapping[str, Lift]]) -> dict[str, Lift]:
    """All lifts together: weights add up, reasons stand one after the other."""
    both: dict[str, Lift] = {}
    for one in lifts:
        for key, lift in one.items():
            before = both.get(key, Lift(0.0, ()))
            both[key] = Lift(before.weight + lift.weight, (*before.prompted, *lift.prompted))
    return both
