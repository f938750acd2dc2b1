"""What is done in a mock interview: begun, answered, gone on with, finished, summed up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from coach.coach import BUILT_IN
from coach.errors import AnswerError, CoachError, InputError
from coach.history import Interview, InterviewAnswer
from coach.interviews import InterviewFeedback, Told, sum_up
from coach.schema import AskedQuestion, Notice, QuestionSet, Report, Role, SetQuestion
from coach.ui import drafts
from coach.ui.bench import Bench
from coach.ui.desk import Desk
from coach.ui.notices import Problem, problem_of
from coach.ui.seat import Seat
from coach.ui.set_work import Show, title_of

_LONGEST = 24 * 3600.0  # seconds that a question can be in view


def begin(desk: Desk, seat: Seat, bench: Bench) -> bool:
    """Starts an interview with the set on the bench; whether that could be kept."""
    found = bench.question_set
    if found is None or not found.questions:
        bench.say(problem=Problem("This set has no questions.", "Add one, or build a set, then begin."))
        return False
    try:
        title = title_of(found, desk.coach.role(found.role))
        saved_id = bench.saved_id if bench.is_saved else None
        interview = desk.coach.history.interviews.start(found, title, saved_id)
        enter(desk, seat, interview.id)
    except CoachError as error:
        bench.say(problem=problem_of(error))
        return False
    return True


def enter(desk: Desk, seat: Seat, interview_id: int) -> None:
    """Sits down in an interview, at the question where it stands."""
    face_current(seat, desk.coach.history.interviews.get(interview_id))


def face_current(seat: Seat, interview: Interview) -> None:
    """Shows the question where an interview stands, with what was said to it."""
    questions = interview.question_set().questions
    asked = questions[min(interview.position, len(questions) - 1)].id
    said, here = interview.answers.get(asked), seat.interviewing
    here.face(interview.id, asked, said.text if said else "", said.seconds if said else 0.0)
    here.stored = int(datetime.fromisoformat(said.updated_at).timestamp() * 1000) if said else 0


def resume(desk: Desk, seat: Seat, interview_id: int) -> None:
    """As `enter`, in a new session: a page that outlived its server may hold newer text than the disk."""
    enter(desk, seat, interview_id)
    seat.interviewing.seen = 0


# ---- the answer as it is typed ------------------------------------------------------------------------


def catch_up(desk: Desk, seat: Seat, posted: Any) -> None:
    """Takes in what the box sent last, unless that was done before; see `coach.ui.drafts.catch_up`."""
    typed: Any = posted.get("typed") if isinstance(posted, Mapping) else None
    here = seat.interviewing
    try:
        text, number, slot = str(typed["text"]), int(typed["number"]), str(typed["slot"])
    except (KeyError, TypeError, ValueError):
        return
    if number <= here.taken:
        return
    here.taken = number
    # What is typed for a question that is left by now was kept when it was left.
    if slot == here.slot and number > here.seen:
        here.text, here.seen = text, number
        if typed.get("base") not in (None, here.mark):
            here.base = ""  # a browser's copy from before another tab wrote: nothing on the disk was seen
        keep_answer(desk, seat)


def catch_up_clock(desk: Desk, seat: Seat, posted: Any) -> None:
    """After a reload the browser knows better than the disk how long the question was in view."""
    kept: Any = posted.get("kept") if isinstance(posted, Mapping) else None
    here = seat.interviewing
    try:
        slot, seconds = str(kept["slot"]), float(kept["seconds"])
    except (KeyError, TypeError, ValueError):
        return
    if slot == here.slot and here.elapsed < seconds < _LONGEST:
        here.seconds += seconds - here.elapsed
        keep_answer(desk, seat)


def keep_answer(desk: Desk, seat: Seat) -> None:
    """Makes sure that the disk has what was typed and how long it took, but not over another tab's text."""
    here = seat.interviewing
    if here.interview_id is None:
        return
    with drafts.telling_history_problems(seat):
        try:
            here.other = desk.coach.history.interviews.save_answer(
                here.interview_id, here.question_id, here.text, round(here.elapsed, 1), here.base
            )
        except InputError as error:
            if error.code != "unknown_interview":
                raise
            here.is_gone = True
            return
        if here.other is not None and here.text == here.base:
            here.put(here.other)  # nothing was typed here, so the other tab's text is simply newer
        if here.other is None:
            here.base, here.stored = here.text, max(here.stored, here.seen)


def look_around(seat: Seat, interview: Interview) -> None:
    """Takes over what another tab wrote, unless something else was typed here."""
    here = seat.interviewing
    said = interview.answers.get(here.question_id)
    if said is not None and here.text == here.base != said.text:
        here.put(said.text)


def find(desk: Desk, seat: Seat) -> Interview | None:
    """The interview before the person, None when it was deleted in another window. Raises StoreError."""
    here = seat.interviewing
    if here.interview_id is not None and not here.is_gone:
        try:
            return desk.coach.history.interviews.get(here.interview_id)
        except InputError:
            here.is_gone = True
    return None


def use_other(seat: Seat) -> None:
    """The other tab's text takes the place of what was typed here."""
    here = seat.interviewing
    if here.other is not None:
        here.put(here.other)
        here.stored = here.seen


def use_own(desk: Desk, seat: Seat) -> None:
    """What was typed here takes the place of the other tab's text."""
    here = seat.interviewing
    if here.other is not None:
        here.base = here.other
        keep_answer(desk, seat)


def go_to(desk: Desk, seat: Seat, position: int) -> None:
    """Keeps the answer and turns to the question at this place; past the last one the interview is over."""
    here = seat.interviewing
    if here.interview_id is None:
        return
    here.stop_clock()
    keep_answer(desk, seat)
    if here.other is not None or here.is_gone:
        return
    try:
        interviews = desk.coach.history.interviews
        last = len(interviews.get(here.interview_id).question_set().questions)
        interviews.move_to(here.interview_id, min(position, last))
        if position >= last:
            interviews.finish(here.interview_id)
        enter(desk, seat, here.interview_id)
    except CoachError as error:
        here.problem = problem_of(error)


def leave(desk: Desk, seat: Seat) -> None:
    """Keeps the answer and goes back to the list."""
    if seat.interviewing.interview_id is not None:
        seat.interviewing.stop_clock()
        keep_answer(desk, seat)
    if seat.interviewing.other is None:
        seat.interviewing.leave()


def pause(desk: Desk, seat: Seat) -> None:
    """Stops the clock while another page is looked at."""
    if seat.interviewing.since is not None:
        seat.interviewing.stop_clock()
        keep_answer(desk, seat)


# ---- at the end ---------------------------------------------------------------------------------------


def feedback_on(desk: Desk, role: Role, interview: Interview, show: Show) -> InterviewFeedback:
    """Feedback over all answers by the built-in judge; reports that are made now are kept.

    Raises StoreError when something cannot be kept or read.
    """
    desk.wait(show)
    found = interview.question_set()
    told = []
    for place, question in enumerate(found.questions):
        show(f"Reading answer {place + 1} of {len(found.questions)}", place / len(found.questions))
        told.append(_told(desk, role, interview, question))
    embedder = desk.coach.engines.reader.embedder
    vectors = embedder.embed([item.answer for item in told])
    for place, item in enumerate(told):
        if not item.answer.strip():
            vectors[place] = 0.0
    return sum_up(role, told, vectors)


def _told(desk: Desk, role: Role, interview: Interview, question: SetQuestion) -> Told:
    said = interview.answers.get(question.id)
    if said is None or not said.text.strip():
        return Told(question, "", said.seconds if said else 0.0)
    try:
        report = _saved_report(desk, said) or _new_report(desk, role, interview, question, said)
    except AnswerError as error:
        problem = Notice(code=error.code, message=f"{error.message} {error.hint}".strip())
        return Told(question, said.text, said.seconds, problem=problem)
    return Told(question, said.text, said.seconds, report)


def _saved_report(desk: Desk, said: InterviewAnswer) -> Report | None:
    if said.report_id is None:
        return None
    try:
        return desk.coach.history.report(said.report_id).report()
    except CoachError:
        return None


def _new_report(
    desk: Desk, role: Role, interview: Interview, question: SetQuestion, said: InterviewAnswer
) -> Report:
    report = desk.coach.feedback(asked_of(role, question), said.text, role.id, BUILT_IN)
    saved = desk.coach.history.save_report(report, said.text)
    desk.coach.history.interviews.keep_report(interview.id, question.id, saved.id)
    return report


def asked_of(role: Role, question: SetQuestion) -> AskedQuestion:
    """A question of a set as the judge takes it; only those of the bank are known by their id."""
    in_bank = any(known.id == question.id and known.text == question.text for known in role.questions)
    return AskedQuestion(id=question.id if in_bank else None, text=question.text, kind=question.kind)


def standing(interview: Interview, question_set: QuestionSet) -> str:
    """How far an interview is, in words."""
    count = len(question_set.questions)
    given = sum(bool(answer.text.strip()) for answer in interview.answers.values())
    answered = f"{given} of {count} answered"
    if interview.finished_at is not None:
        return f"finished, {answered}"
    return f"at question {min(interview.position + 1, count)} of {count}, {answered}"
