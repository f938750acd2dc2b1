"""The questions that are made from lines of a job description: one about what the line asks for, in plain
words and without what only this employer can know."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import TYPE_CHECKING

from coach.question_sets.compose import MINUTES
from coach.question_sets.flaws import flaws
from coach.question_sets.phrases import Phrase, Shape, doing, first_part, phrase_of, quoted
from coach.question_sets.types import Candidate, Prompted
from coach.schema_role import QuestionKind

if TYPE_CHECKING:
    from coach.question_sets.pool import Pool
    from coach.question_sets.requirements import Requirement
    from coach.question_sets.weighing import Weight

_ASKED_KINDS = ("work", "skill", "experience", "tool")
_WEIGHTS: tuple[Weight, ...] = ("must", "should", "nice")
_NICE_PER = 5  # new questions, of which one may be about what is nice to have
_NEW_WORTH = 4.0
_FRAMES: Mapping[Shape, tuple[tuple[QuestionKind, str], ...]] = {
    "do": (
        ("approach", "How would you {x}?"),
        ("experience", "What experience do you have {doing}?"),
        ("behavioural", "Tell me about a time you had to {x}."),
    ),
    "did": (("behavioural", "Tell me about a time you {x}."),),
    "knowledge": (
        ("experience", "How have you used your knowledge of {x} at work?"),
        ("behavioural", "Tell me about a time your knowledge of {x} made a difference."),
    ),
    "experience": (
        ("experience", "What experience do you have {x}?"),
        ("experience", "Tell me about your experience {x}."),
    ),
    "years": (("experience", "Tell me about your experience {x}."),),
    "tool": (
        ("experience", "What have you used {x} for?"),
        ("experience", "How do you use {x} in your work?"),
    ),
    "quote": (("experience", "The job description says {q}. What in your work comes nearest to that?"),),
}
# What stands in every job description and gives no question.
_SAYS_NOTHING = re.compile(r"\b(?:fast|quick)[- ](?:paced|moving)\b|\bdynamic\s+environment\b", re.IGNORECASE)
_LEADS_PEOPLE = re.compile(
    r"(?:lead|manage|coach|hire|supervise)\b.*\b(?:team|heads|people|staff|executives?)\b"
)
# What only some candidates can have had to do: it names somebody, or speaks of one company.
_IS_PARTICULAR = re.compile(
    r"[A-Z]|\ban? (?:\w+ )?(?:charity|company|brand|business|shop)\b|\bthe company\b|\bso that\b"
    r"|\b(?:check|sure) that\b|\bevery\b|\bkeep an eye\b|\breport\b"
)
_GAP = "The job description says {q}, and your résumé does not show it. What is the nearest you have come?"
_SHOWS = (
    "One real piece of work that answers this line of the job description",
    "What was yours in it, and what it led to",
)
_FOLLOW_UPS = ("What would you do differently today?", "How did you know that it had worked?")


def new_questions(
    requirements: Sequence[Requirement], most: int, served: Set[str], pool: Pool
) -> list[Candidate]:
    """At most `most` questions about requirements, the most important first. Texts in `served` are those that
    questions of the pool are about; they come last."""
    made: list[Candidate] = []
    nice_left = max(1, most // _NICE_PER)
    for requirement in ranked(requirements, served):
        is_nice = requirement.weight == "nice"
        question = _question(requirement, len(made), pool) if nice_left or not is_nice else None
        if question and len(made) < most:
            made.append(question)
            nice_left -= is_nice
    return made


def ranked(requirements: Sequence[Requirement], served: Set[str]) -> list[Requirement]:
    """Musts before what is nice to have; duties and what one must bring take turns, each in their order."""
    asked = [r for r in requirements if r.kind in _ASKED_KINDS and phrase_of(r.text)]
    asked = [r for r in asked if not _SAYS_NOTHING.search(r.text)]
    groups: dict[bool, list[Requirement]] = {True: [], False: []}
    for requirement in sorted(asked, key=lambda r: _rank(r, served)):
        groups[requirement.kind == "work"].append(requirement)
    turns = [
        (place * (1.0 if is_duty else 2.0) + (0.0 if is_duty else 0.5), is_duty, r)
        for is_duty, group in groups.items()
        for place, r in enumerate(group)
    ]
    turns.sort(key=lambda turn: (turn[2].weight == "nice", turn[0]))
    return [requirement for _, _, requirement in turns]


def _rank(requirement: Requirement, served: Set[str]) -> tuple[int, bool, bool]:
    phrase = phrase_of(requirement.text)
    is_quote = phrase is None or phrase.shape == "quote"
    return list(_WEIGHTS).index(requirement.weight), is_quote, requirement.text in served


def _question(requirement: Requirement, turn: int, pool: Pool) -> Candidate | None:
    phrase = phrase_of(requirement.text)
    if phrase is None:
        return None
    frames = [*_FRAMES[phrase.shape]]
    if phrase.shape == "do" and _LEADS_PEOPLE.match(phrase.text):
        frames = [frame for frame in frames if "{doing}" in frame[1]]
    slots = {"x": phrase.text, "q": quoted(phrase.text), "doing": _doing(phrase, pool)}
    for number in range(len(frames)):
        kind, frame = frames[(turn + number) % len(frames)]
        text = frame.format(**slots)
        if not flaws(text) and not ("had to" in frame and _IS_PARTICULAR.search(phrase.text)):
            return made_for(requirement, kind, text, pool)
    return None


def _doing(phrase: Phrase, pool: Pool) -> str:
    forms = pool.composer.grammar.forms_of
    return doing(first_part(phrase.text), lambda verb: forms(verb)["doing"]) if phrase.shape == "do" else ""


def gap_questions(missing: Sequence[Requirement], pool: Pool) -> Iterator[Candidate]:
    """Questions about what the job asks for and the résumé does not show, in the order given."""
    for requirement in missing:
        text = _GAP.format(q=quoted(requirement.text))
        if len(requirement.text.split()) <= 2 * len(quoted(requirement.text).split()) and not flaws(text):
            yield made_for(requirement, "experience", text, pool, "shown")


def made_for(
    requirement: Requirement, kind: QuestionKind, text: str, pool: Pool, lacks: str = ""
) -> Candidate:
    """A candidate about the requirement, worth so much that it gets into the set."""
    is_nice = requirement.weight == "nice"
    prompted = Prompted("job description", requirement.text, requirement.number, lacks, is_nice)
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
