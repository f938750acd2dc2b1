"""What a job description does to a set: questions of the pool that a requirement asks for are worth more, and
requirements that the role does not know become questions of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from coach.question_sets.compose import MINUTES
from coach.question_sets.flaws import flaws
from coach.question_sets.phrases import Shape, phrase_of, quoted
from coach.question_sets.types import Candidate, Lift, Prompted
from coach.schema_role import QuestionKind

if TYPE_CHECKING:
    from coach.question_sets.pool import Pool
    from coach.question_sets.requirements import Requirement
    from coach.question_sets.weighing import Weight

MOST_NEW = 3
_ASKED_KINDS = ("work", "skill", "experience", "tool")
_WORTH: Mapping[Weight, float] = {"must": 1.1, "should": 0.7, "nice": 0.35}
_NEW_WORTH = 4.0
# A question is about a requirement when they share an item and their vectors are this near; chosen by reading
# what is cited for the job descriptions in tests/question_files.
_NEAR = 0.42
_LIFTED = 6  # questions that one requirement makes worth more
_FRAMES: Mapping[Shape, tuple[tuple[QuestionKind, str], ...]] = {
    "do": (
        ("behavioural", "Tell me about a time when you had to {x}."),
        ("approach", "How do you go about it when you have to {x}?"),
        ("behavioural", "Take me through the last time that it was up to you to {x}."),
    ),
    "knowledge": (
        ("experience", "How have you put your knowledge of {x} to use at work?"),
        ("behavioural", "Tell me about a decision that came out differently because you knew about {x}."),
    ),
    "experience": (
        ("experience", "Tell me about your experience {x} and the part of it that would help you here."),
        ("experience", "What has your experience {x} taught you that a beginner would not know?"),
    ),
    "years": (("experience", "Which of your years {x} prepared you best for this job, through what work?"),),
    "tool": (
        ("experience", "What is the most useful thing you have done with {x}?"),
        ("behavioural", "Tell me about a piece of work that you could not have done without {x}."),
    ),
    "quote": (
        ("experience", "The job description asks for {q}. What in your work comes nearest to that?"),
        ("behavioural", "The job description says {q}. Tell me about a time when you did just that."),
    ),
}
_GAP = (
    "The job description asks for {q}, and your résumé does not show it. What is the nearest you have come?"
)
_SHOWS = (
    "One real piece of work that answers this line of the job description",
    "What was yours in it, and what it led to",
)
_FOLLOW_UPS = ("What would you do differently today?", "How did you know that it had worked?")


def job_lifts(requirements: Sequence[Requirement], pool: Pool) -> dict[str, Lift]:
    """By id of a candidate of the pool, what the requirement that is nearest to it adds."""
    asked = [r for r in requirements if r.activities or r.kpis]
    if not asked:
        return {}
    best: dict[str, tuple[float, Requirement]] = {}
    nearness = pool.vectors_of([r.text for r in asked]) @ pool.vectors.T
    for requirement, row in zip(asked, nearness.tolist(), strict=True):
        near = [p for p, c in enumerate(pool.candidates) if row[p] >= _NEAR and _shares(requirement, c)]
        for place in sorted(near, key=lambda p: -row[p])[:_LIFTED]:
            key, found = pool.candidates[place].id, (row[place], requirement)
            best[key] = max(best.get(key, found), found, key=lambda one: one[0])
    return {key: _lift(near, requirement) for key, (near, requirement) in best.items()}


def _lift(near: float, requirement: Requirement) -> Lift:
    prompted = Prompted("job description", requirement.text, requirement.number)
    return Lift(_WORTH[requirement.weight] * (0.6 + near), (prompted,))


def _shares(requirement: Requirement, candidate: Candidate) -> bool:
    if set(requirement.kpis) & set(candidate.kpis):
        return True
    return bool(set(requirement.activities) & set(candidate.activities[:1]))


def new_questions(requirements: Sequence[Requirement], pool: Pool) -> list[Candidate]:
    """Questions about requirements that match nothing of the role, the heaviest first, at most three."""
    order = list(_WORTH)
    unknown = [r for r in requirements if not (r.activities or r.kpis) and r.kind in _ASKED_KINDS]
    made: list[Candidate] = []
    for requirement in sorted(unknown, key=lambda r: order.index(r.weight)):
        question = _question(requirement, len(made), pool)
        if question and len(made) < MOST_NEW:
            made.append(question)
    return made


def _question(requirement: Requirement, turn: int, pool: Pool) -> Candidate | None:
    phrase = phrase_of(requirement.text)
    if phrase is None:
        return None
    frames = _FRAMES[phrase.shape]
    for number in range(len(frames)):
        kind, frame = frames[(turn + number) % len(frames)]
        text = frame.format(x=phrase.text, q=quoted(phrase.text))
        if not flaws(text):
            return made_for(requirement, kind, text, pool)
    return None


def gap_questions(missing: Sequence[Requirement], pool: Pool) -> Iterator[Candidate]:
    """Questions about what the job asks for and the résumé does not show, in the order given."""
    for requirement in missing:
        text = _GAP.format(q=quoted(requirement.text))
        if len(requirement.text.split()) <= 2 * len(quoted(requirement.text).split()) and not flaws(text):
            yield made_for(requirement, "experience", text, pool)


def made_for(requirement: Requirement, kind: QuestionKind, text: str, pool: Pool) -> Candidate:
    """A candidate about the requirement, worth so much that it gets into the set."""
    prompted = Prompted("job description", requirement.text, requirement.number)
    return prompted_question(
        "j", kind, text, (requirement.activities, requirement.kpis), prompted, pool, _SHOWS, _FOLLOW_UPS
    )


def prompted_question(
    mark: str,
    kind: QuestionKind,
    text: str,
    items: tuple[tuple[str, ...], tuple[str, ...]],
    prompted: Prompted,
    pool: Pool,
    shows: tuple[str, ...],
    follow_ups: tuple[str, ...],
) -> Candidate:
    """A question that a line of a document leads to; `items` are activities and KPIs."""
    activities, kpis = items
    role = pool.composer.role
    digest = hashlib.sha256(f"{role.id}\0{text}".encode()).hexdigest()[:10]
    return Candidate(
        id=f"{mark}-{digest}",
        text=text,
        kind=kind,
        topics=topics_of(activities, pool),
        activities=activities,
        kpis=kpis,
        stages=pool.composer.stages_for(kind),
        strong_answer_shows=shows,
        follow_ups=follow_ups,
        minutes=MINUTES[kind],
        weight=_NEW_WORTH,
        prompted=(prompted,),
    )


def topics_of(activities: Sequence[str], pool: Pool) -> tuple[str, ...]:
    """The topics under which the pool asks about the first activity; empty without one."""
    return next(
        (c.topics for c in pool.candidates if activities and c.activities[:1] == (activities[0],)), ()
    )
