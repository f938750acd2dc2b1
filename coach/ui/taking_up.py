"""Taking an earlier answer to the page "Practise", without losing the draft that is there."""

from __future__ import annotations

from coach.coach import BUILT_IN
from coach.errors import AnswerError, CoachError
from coach.history import InterviewAnswer
from coach.history.file import now
from coach.schema import Role, SetQuestion
from coach.ui import drafts
from coach.ui.chooser import turn_to
from coach.ui.desk import Desk
from coach.ui.seat import Feedback, Seat, Slot

_MOST_SHOWN = 300


def take_up(desk: Desk, seat: Seat, role: Role, question: SetQuestion, said: InterviewAnswer | None) -> None:
    """Chooses the question on "Practise" with the answer that was given to it, and the report on that."""
    seat.of_sets[question.text] = question
    seat.kinds[question.text] = question.kind
    slot = Slot(role.id, question.text, False)
    text = said.text if said else ""
    if said is None or not text.strip() or not make_room(desk, seat, slot, text):
        turn_to(desk, seat, role.id, question.text)
        return
    seat.begin(role.id, question.text, text)
    drafts.save_current(desk, seat)
    seat.is_new = False
    seat.show(_report_on(desk, said))


def make_room(desk: Desk, seat: Seat, slot: Slot, text: str) -> bool:
    """Keeps another draft of the question where it can be found again; False when that did not work."""
    drafts.leave_example(seat)
    drafts.save_current(desk, seat)
    seat.put_away = None
    with drafts.telling_history_problems(seat):
        draft = desk.coach.history.draft_for(
            slot.role_id, drafts.filed_under(desk, seat, slot), drafts.SESSION_ID
        )
        earlier = draft.answer if draft else ""
        if earlier.strip() and earlier.strip() != text.strip():
            seat.put_away = (slot, _put_away(desk, seat, slot, earlier))
        return True
    return False


def _put_away(desk: Desk, seat: Seat, slot: Slot, earlier: str) -> str:
    """Keeps a draft in the history; where, in words."""
    question, history = drafts.filed_under(desk, seat, slot), desk.coach.history
    reports = history.reports(limit=None, role_id=slot.role_id, question=question)
    if all(report.answer != earlier for report in reports):
        try:
            history.save_report(desk.coach.feedback(question, earlier, slot.role_id, BUILT_IN), earlier)
        except AnswerError:
            history.save_draft(slot.role_id, question, earlier, f"earlier {now()}")
            shown = earlier if len(earlier) <= _MOST_SHOWN else f"{earlier[:_MOST_SHOWN]}…"
            return f"Your earlier draft of this question stays in the export of your history: “{shown}”"
    return "Your earlier draft of this question is kept: open it on the page “History”."


def _report_on(desk: Desk, said: InterviewAnswer) -> Feedback | None:
    if said.report_id is None:
        return None
    try:
        saved = desk.coach.history.report(said.report_id)
        return Feedback(saved.report(), saved.answer, None, saved.id)
    except CoachError:
        return None
