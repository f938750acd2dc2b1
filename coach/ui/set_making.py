"""Sets that are made for the bench, and single questions that take the place of others."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from coach.coach import BUILT_IN
from coach.question_sets import editing
from coach.question_sets.types import MAX_COUNT
from coach.schema import QuestionSet, Role, SetQuestion
from coach.ui.asking import model_of
from coach.ui.bench import Bench, Papers
from coach.ui.desk import Desk
from coach.ui.model_settings import key_of
from coach.ui.notices import Problem
from coach.ui.seat import Seat
from coach.ui.set_work import Show, in_row, telling

COUNT_PLACE = "count"
_KEPT = "The set before is kept: “Back to the last set”."
_CHOICE = 8  # questions of which one takes the place of another


def build(desk: Desk, seat: Seat, bench: Bench, show: Show) -> None:
    """Makes a set by the wishes and puts it on the bench. What was pinned or written by its owner stays, and
    so does the whole set where there is nothing else to ask."""
    if not 1 <= bench.count <= MAX_COUNT:
        bench.say(problem=_odd_count(bench.count), place=COUNT_PLACE)
        return
    with telling(desk, seat, bench):
        old = bench.question_set
        stays = bench.staying if old is not None and old.role == bench.role_id else []
        made = _made(desk, seat, bench, show, stays, [])
        bench.take(made, _papers_of(bench))
        bench.fresh = uuid.uuid4().hex
        bench.say(_KEPT if old is not None and old.questions else "")


def build_another(desk: Desk, seat: Seat, bench: Bench, show: Show) -> None:
    """Makes a set that has none of this one's questions but those that stay; without any it is left alone."""
    old = bench.question_set
    if old is None:
        return
    if not 1 <= bench.count <= MAX_COUNT:
        bench.say(problem=_odd_count(bench.count), place=COUNT_PLACE)
        return
    with telling(desk, seat, bench):
        stays = bench.staying if old.role == bench.role_id else []
        passed = [*bench.passed, *(q.text for q in old.questions if q.id not in stays)]
        made = _made(desk, seat, bench, show, stays, [*bench.passed, *_names(old.questions)])
        if all(question.id in stays for question in made.questions):
            bench.say(problem=_no_other())
            return
        bench.take(made, _papers_of(bench))
        bench.passed, bench.fresh = passed, uuid.uuid4().hex
        bench.say(_KEPT)


def swap(desk: Desk, seat: Seat, bench: Bench, question_id: str) -> None:
    """Puts the next-best question in the place of one: for what it alone covered or is missing, if any is
    left for that. A pinned one is left alone."""
    old = bench.question_set
    question = next((q for q in old.questions if q.id == question_id), None) if old else None
    if old is None or question is None or question_id in bench.pinned:
        return
    with telling(desk, seat, bench, in_row(question_id)):
        role = desk.coach.role(old.role)
        rest = editing.without(old, role, question_id)
        found = _next_best(desk, bench, role, rest, question)
        if found is None:
            bench.say(problem=_no_other(), place=in_row(question_id))
            return
        bench.change(editing.swapped(old, role, question_id, found))
        bench.passed.append(question.text)
        bench.say(f"Swapped for: {found.text}")


def _next_best(
    desk: Desk, bench: Bench, role: Role, rest: QuestionSet, question: SetQuestion
) -> SetQuestion | None:
    """The best of several: what touches an activity that would be missing, then what rests on the papers."""
    desk.wait(lambda _doing, _done: None)
    avoid = [*bench.passed, *_names([*rest.questions, question])]
    missing = rest.coverage.missing_activities

    def rank(one: SetQuestion) -> tuple[bool, bool]:
        is_of_papers = any(cite.of in ("job", "resume") for cite in one.cites)
        return not set(missing).isdisjoint(one.activities), is_of_papers

    best = max(_candidates(desk, bench, role, avoid, _CHOICE), key=rank, default=None)
    if missing and (best is None or not rank(best)[0]):
        best = next(iter(_candidates(desk, bench, role, avoid, 1, missing)), best)
    return None if best is None else editing.explained(best, rest, role, bench.topics)


def _candidates(
    desk: Desk,
    bench: Bench,
    role: Role,
    avoid: Sequence[str],
    count: int,
    activities: Sequence[str] = (),
) -> Sequence[SetQuestion]:
    wishes = _wishes(bench, bench.papers, avoid)
    made = desk.coach.questions(role.id, count, **wishes, activities=tuple(activities), judge=BUILT_IN)
    return made.questions


def _wishes(bench: Bench, papers: Papers, avoid: Sequence[str]) -> dict[str, Any]:
    """What every set is asked for by, as `Coach.questions` takes it."""
    return {
        "level": bench.level,
        "stage": bench.stage,
        "topics": tuple(bench.topics),
        "job": papers.job.text or None,
        "job_name": papers.job.file_name,
        "resume": papers.resume.text or None,
        "resume_name": papers.resume.file_name,
        "avoid": tuple(avoid),
    }


def _made(
    desk: Desk, seat: Seat, bench: Bench, show: Show, stays: Sequence[str], avoid: Sequence[str]
) -> QuestionSet:
    """A set of as many questions as are wished for, with those of the old one that stay."""
    old, wanted = bench.question_set, bench.count - len(stays)
    if old is None or not stays:
        return _ask(desk, seat, bench, show, bench.count, avoid)
    there = [*avoid, *_names([question for question in old.questions if question.id in stays])]
    made = _ask(desk, seat, bench, show, max(1, wanted), there)
    cut = made.model_copy(
        update={
            "questions": made.questions[: max(0, wanted)],
            "tailoring": made.tailoring.model_copy(update={"count": bench.count}),
        }
    )
    return editing.joined(cut, desk.coach.role(old.role), old, stays)


def _papers_of(bench: Bench) -> Papers:
    return Papers(job=bench.job.model_copy(), resume=bench.resume.model_copy())


def _no_other() -> Problem:
    return Problem(
        "There is no other question for these wishes.",
        "Your set stays as it is. Take fewer topics, or any level or stage, and build anew.",
    )


def _odd_count(count: int) -> Problem:
    return Problem(f"A set has 1 to {MAX_COUNT} questions, not {count}.", "Write another number.")


def _names(questions: Sequence[SetQuestion]) -> list[str]:
    return [name for question in questions for name in (question.id, question.text)]


def _ask(
    desk: Desk,
    seat: Seat,
    bench: Bench,
    show: Show,
    count: int,
    avoid: Sequence[str] = (),
) -> QuestionSet:
    desk.wait(show)
    # An address that is typed on the page is not one that sets are asked of.
    judge = seat.judge if seat.api_base in (None, "") else BUILT_IN
    model = model_of(desk, seat) if judge != BUILT_IN else None
    show(f"{model} writes questions, which can take a minute" if model else "Choosing questions", 0.5)
    wishes = _wishes(bench, _papers_of(bench), avoid)
    return desk.coach.questions(bench.role_id, count, **wishes, judge=judge, api_key=key_of(desk, seat))
