"""What is done to the set on the bench: changed, kept, opened. What goes wrong is told."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from coach.question_sets import editing
from coach.schema import QuestionSet, Role, SetQuestion
from coach.ui import drafts
from coach.ui.bench import Bench, Papers
from coach.ui.desk import Desk
from coach.ui.notices import problem_of
from coach.ui.seat import Seat

Show = Callable[[str, float], None]
OWN_PLACE = "own"
SAVED_PLACE = "saved"
_LONGEST_NAME = 60


def in_row(question_id: str) -> str:
    """The place of what is told beside a question."""
    return f"row {question_id}"


def take_bench(desk: Desk, seat: Seat) -> Bench:
    """The session's bench; a new session finds what was on it last."""
    if seat.bench is None:
        seat.bench = _restored(desk, seat) or Bench(role_id=seat.role_id)
    return seat.bench


def _restored(desk: Desk, seat: Seat) -> Bench | None:
    with drafts.telling_history_problems(seat):
        written = desk.coach.history.sets.bench(drafts.SESSION_ID)
        bench = Bench.read(written) if written else None
        return bench if bench is not None and bench.role_id in desk.coach.roles.ids else None
    return None


def keep_bench(desk: Desk, seat: Seat, bench: Bench) -> None:
    """Writes the bench to the disk."""
    with drafts.telling_history_problems(seat):
        desk.coach.history.sets.save_bench(drafts.SESSION_ID, bench.model_dump_json())


# ---- changing -----------------------------------------------------------------------------------------


def change(
    desk: Desk,
    seat: Seat,
    bench: Bench,
    edit: Callable[[QuestionSet, Role], QuestionSet],
    place: str = "",
) -> None:
    """Changes the set by one of the functions of `coach.question_sets.editing`."""
    if bench.question_set is None:
        return
    with telling(desk, seat, bench, place):
        bench.change(edit(bench.question_set, desk.coach.role(bench.question_set.role)))


def drop(desk: Desk, seat: Seat, bench: Bench, question: SetQuestion) -> None:
    """Takes a question out."""
    change(desk, seat, bench, lambda found, role: editing.without(found, role, question.id))
    bench.passed.append(question.text)
    bench.say(f"Dropped: {question.text}")
    keep_bench(desk, seat, bench)


def pin(desk: Desk, seat: Seat, bench: Bench, question_id: str) -> None:
    """Pins a question, or lets go of it."""
    if question_id in bench.pinned:
        bench.pinned.remove(question_id)
    else:
        bench.pinned.append(question_id)
    bench.say()
    keep_bench(desk, seat, bench)


def add_own(desk: Desk, seat: Seat, bench: Bench) -> None:
    """Adds the question that was written; it stays in its box when it cannot be added."""
    before = bench.question_set
    change(desk, seat, bench, lambda found, role: editing.added(found, role, bench.own_question), OWN_PLACE)
    if bench.question_set is not before:
        bench.own_taken, bench.own_question = bench.own_question, ""
        bench.say("Added at the end.")
        keep_bench(desk, seat, bench)


# ---- keeping ------------------------------------------------------------------------------------------


def save(desk: Desk, seat: Seat, bench: Bench) -> None:
    """Keeps the set under the title that tells what it is, in the place it was opened from."""
    found = bench.question_set
    if found is None:
        return
    with telling(desk, seat, bench):
        title = name_of(bench, desk.coach.role(found.role))
        papers = bench.papers.model_dump_json()
        bench.saved_id = desk.coach.history.sets.save(found, title, bench.saved_id, papers)
        bench.is_saved = True
        bench.say("Saved. It is in your list of sets.")


def open_saved(desk: Desk, seat: Seat, bench: Bench, set_id: int) -> None:
    """Puts a saved set on the bench, with the wishes and papers it was made by."""
    with telling(desk, seat, bench, SAVED_PLACE):
        sets = desk.coach.history.sets
        found, papers = sets.get(set_id).question_set(), Papers.read(sets.papers(set_id))
        bench.take(found, papers, set_id)
        bench.pinned = []
        job, resume = papers.job if papers.job.text else bench.job, papers.resume
        bench.put_in_form(Papers(job=job, resume=resume if resume.text else bench.resume))
        _wish_as_for(desk, bench, found)
        bench.fresh = uuid.uuid4().hex


def _wish_as_for(desk: Desk, bench: Bench, found: QuestionSet) -> None:
    """Shows the wishes that a set was made by in the form."""
    if found.role in desk.coach.roles.ids:
        asked = found.tailoring
        bench.role_id, bench.level, bench.stage = found.role, asked.level, asked.stage
        bench.topics, bench.count = list(asked.topics), asked.count


def ask_to_delete(bench: Bench, set_id: int | None) -> None:
    """Asks once whether a saved set should go; None for that it should stay."""
    bench.say()
    bench.deleting = set_id


def delete_saved(desk: Desk, seat: Seat, bench: Bench, set_id: int) -> None:
    """Deletes a saved set; on the bench it stays, unsaved."""
    with telling(desk, seat, bench, SAVED_PLACE):
        desk.coach.history.sets.delete(set_id)
        bench.forget_saved(set_id)


def take_back(desk: Desk, seat: Seat, bench: Bench) -> None:
    """Puts the last set back in the place of this one."""
    with telling(desk, seat, bench):
        bench.take_back()
        if bench.question_set is not None:
            _wish_as_for(desk, bench, bench.question_set)
        bench.fresh = uuid.uuid4().hex


def name_of(bench: Bench, role: Role) -> str:
    """What tells the set on the bench from others: what the job description begins with, then what it is."""
    found = bench.question_set
    if found is None:
        return ""
    lines = (" ".join(line.strip(" #*_>-=•\t").split()) for line in bench.papers.job.text.splitlines())
    first = next((line for line in lines if any(sign.isalnum() for sign in line)), "")
    if len(first) > _LONGEST_NAME:
        first = f"{first[: _LONGEST_NAME - 1].rstrip()}…"
    return " · ".join(part for part in (first, title_of(found, role)) if part)


def title_of(question_set: QuestionSet, role: Role) -> str:
    """What a set is, in a line: "10 questions, senior, phone screen, for a job"."""
    asked, count = question_set.tailoring, len(question_set.questions)
    used = {cite.of for question in question_set.questions for cite in question.cites}
    stage = next((stage.name for stage in role.stages if stage.id == asked.stage), None)
    parts = [
        f"{count} question{'' if count == 1 else 's'}",
        asked.level,
        stage,
        *asked.topics,
        "for a job description" if asked.job and "job" in used else None,
        "with your résumé" if asked.resume and "resume" in used else None,
    ]
    return ", ".join(part for part in parts if part)


@contextmanager
def telling(desk: Desk, seat: Seat, bench: Bench, place: str = "") -> Iterator[None]:
    """Work whose failure is told at this place of the page; either way the bench is kept."""
    bench.say()
    try:
        yield
    except Exception as error:
        bench.say(problem=problem_of(error), place=place)
    keep_bench(desk, seat, bench)
