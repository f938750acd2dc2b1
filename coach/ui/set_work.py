"""What is done to the set on the bench: made, changed, kept, opened. What goes wrong is told."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from coach.coach import BUILT_IN
from coach.question_sets import editing
from coach.schema import QuestionSet, Role, SetQuestion
from coach.ui import drafts
from coach.ui.asking import model_of
from coach.ui.bench import Bench
from coach.ui.desk import Desk
from coach.ui.model_settings import key_of
from coach.ui.notices import Problem, problem_of
from coach.ui.seat import Seat

Show = Callable[[str, float], None]


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


# ---- making -------------------------------------------------------------------------------------------


def build(desk: Desk, seat: Seat, bench: Bench, show: Show) -> None:
    """Makes a set by the wishes and puts it on the bench."""
    with _telling(desk, seat, bench):
        bench.take(_ask(desk, seat, bench, show, bench.count))
        bench.fresh = uuid.uuid4().hex


def build_another(desk: Desk, seat: Seat, bench: Bench, show: Show) -> None:
    """Makes a set that has none of this one's questions but those that are pinned."""
    old = bench.question_set
    if old is None:
        return
    with _telling(desk, seat, bench):
        role, pinned = desk.coach.role(old.role), [q for q in old.questions if q.id in bench.pinned]
        wanted = max(1, len(old.questions) - len(pinned))
        passed = [*bench.passed, *(q.text for q in old.questions if q.id not in bench.pinned)]
        new = _ask(desk, seat, bench, show, wanted, avoid=[*bench.passed, *_names(old.questions)])
        bench.change(editing.joined(new, role, old, bench.pinned))
        bench.passed, bench.saved_id, bench.fresh = passed, None, uuid.uuid4().hex


def swap(desk: Desk, seat: Seat, bench: Bench, question_id: str) -> None:
    """Puts the next-best question in the place of one: for what it alone covered or is missing, if any is
    left for that."""
    old = bench.question_set
    question = next((q for q in old.questions if q.id == question_id), None) if old else None
    if old is None or question is None:
        return
    with _telling(desk, seat, bench):
        role = desk.coach.role(old.role)
        rest = editing.without(old, role, question_id)
        found = _next_best(desk, bench, rest, question)
        if found is None:
            bench.say(problem=_no_other())
            return
        bench.change(editing.swapped(old, role, question_id, found))
        bench.passed.append(question.text)
        bench.say(f"Swapped for: {found.text}")


def _next_best(desk: Desk, bench: Bench, rest: QuestionSet, question: SetQuestion) -> SetQuestion | None:
    desk.wait(lambda _doing, _done: None)
    avoid = [*bench.passed, *_names([*rest.questions, question])]
    wanted = rest.coverage.missing_activities
    for activities in [wanted, ()] if wanted else [()]:
        made = desk.coach.questions(
            bench.role_id,
            1,
            level=bench.level,
            stage=bench.stage,
            topics=tuple(bench.topics),
            activities=tuple(activities),
            avoid=tuple(avoid),
            judge=BUILT_IN,
        )
        if made.questions:
            return made.questions[0]
    return None


def _no_other() -> Problem:
    return Problem(
        "There is no other question for these wishes.",
        "Take fewer topics, or any level or stage, and build anew.",
    )


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
    return desk.coach.questions(
        bench.role_id,
        count,
        level=bench.level,
        stage=bench.stage,
        topics=tuple(bench.topics),
        job=bench.job.text or None,
        job_name=bench.job.file_name,
        resume=bench.resume.text or None,
        resume_name=bench.resume.file_name,
        avoid=tuple(avoid),
        judge=judge,
        api_key=key_of(desk, seat),
    )


# ---- changing -----------------------------------------------------------------------------------------


def change(desk: Desk, seat: Seat, bench: Bench, edit: Callable[[QuestionSet, Role], QuestionSet]) -> None:
    """Changes the set by one of the functions of `coach.question_sets.editing`."""
    if bench.question_set is None:
        return
    with _telling(desk, seat, bench):
        bench.change(edit(bench.question_set, desk.coach.role(bench.question_set.role)))


def drop(desk: Desk, seat: Seat, bench: Bench, question: SetQuestion) -> None:
    """Takes a question out."""
    change(desk, seat, bench, lambda found, role: editing.without(found, role, question.id))
    bench.passed.append(question.text)
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
    change(desk, seat, bench, lambda found, role: editing.added(found, role, bench.own_question))
    if bench.question_set is not before:
        bench.own_taken, bench.own_question = bench.own_question, ""
        keep_bench(desk, seat, bench)


# ---- keeping ------------------------------------------------------------------------------------------


def save(desk: Desk, seat: Seat, bench: Bench) -> None:
    """Keeps the set under the title that tells what it is, in the place it was opened from."""
    found = bench.question_set
    if found is None:
        return
    with _telling(desk, seat, bench):
        title = title_of(found, desk.coach.role(found.role))
        bench.saved_id = desk.coach.history.sets.save(found, title, bench.saved_id)
        bench.is_saved = True
        bench.say("Saved. It is in your list of sets.")


def open_saved(desk: Desk, seat: Seat, bench: Bench, set_id: int) -> None:
    """Puts a saved set on the bench, with the wishes it was made by; papers stay as they are."""
    with _telling(desk, seat, bench):
        found = desk.coach.history.sets.get(set_id).question_set()
        bench.take(found, set_id)
        if found.role in desk.coach.roles.ids:
            asked = found.tailoring
            bench.role_id, bench.level, bench.stage = found.role, asked.level, asked.stage
            bench.topics, bench.count = list(asked.topics), asked.count
        bench.fresh = uuid.uuid4().hex


def delete_saved(desk: Desk, seat: Seat, bench: Bench, set_id: int) -> None:
    """Deletes a saved set; on the bench it stays, unsaved."""
    with _telling(desk, seat, bench):
        desk.coach.history.sets.delete(set_id)
        if bench.saved_id == set_id:
            bench.saved_id, bench.is_saved = None, False


def title_of(question_set: QuestionSet, role: Role) -> str:
    """What a set is, in a line: "10 questions, senior, phone screen, for a job"."""
    asked, count = question_set.tailoring, len(question_set.questions)
    stage = next((stage.name for stage in role.stages if stage.id == asked.stage), None)
    parts = [
        f"{count} question{'' if count == 1 else 's'}",
        asked.level,
        stage,
        *asked.topics,
        "for a job description" if asked.job else None,
        "with your résumé" if asked.resume else None,
    ]
    return ", ".join(part for part in parts if part)


@contextmanager
def _telling(desk: Desk, seat: Seat, bench: Bench) -> Iterator[None]:
    """Work whose failure is told on the page; either way the bench is kept."""
    bench.say()
    try:
        yield
    except Exception as error:
        bench.say(problem=problem_of(error))
    keep_bench(desk, seat, bench)
