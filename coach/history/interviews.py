"""Keeps mock interviews: where one stands, and what was answered so far."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from coach.errors import InputError
from coach.history.file import LARGEST_ID, HistoryFile, now
from coach.history.records import Interview, InterviewAnswer, check_storable
from coach.history.tables import AnswerRow, InterviewRow
from coach.schema import QuestionSet


class Interviews:
    """The mock interviews of a history. Every method may raise StoreError; those that name an interview
    raise InputError `unknown_interview` when it is not there."""

    def __init__(self, file: HistoryFile) -> None:
        self._file = file

    def start(self, question_set: QuestionSet, title: str, set_id: int | None = None) -> Interview:
        """Begins one at the first question of a set, saved or not; it keeps the questions as they are now."""
        check_storable("title", title)
        row = InterviewRow(
            started_at=now(),
            finished_at=None,
            set_id=set_id,
            role_id=question_set.role,
            title=title,
            position=0,
            set_json=question_set.to_json(),
        )
        with self._file.writing() as session:
            session.add(row)
            session.flush()
            return _as_interview(session, row)

    def get(self, interview_id: int) -> Interview:
        """One interview with its answers."""
        with self._file.reading() as session:
            return _as_interview(session, _found(session, interview_id))

    def all(self) -> list[Interview]:
        """Every interview, newest first."""
        with self._file.reading() as session:
            rows = session.scalars(select(InterviewRow).order_by(InterviewRow.id.desc())).all()
            return [_as_interview(session, row) for row in rows]

    def save_answer(
        self, interview_id: int, question_id: str, text: str, seconds: float, instead_of: str | None = None
    ) -> str | None:
        """Keeps `text`, to the letter, as the answer to one question, with the seconds it took up to now.
        A text other than before has no report any more. Raises InputError for invalid Unicode.

        With `instead_of`, the text that `text` grew from, an answer that somebody else changed meanwhile is
        not overwritten: it is returned and nothing is kept. None means that `text` is kept."""
        check_storable("answer", text)
        naming = {"interview_id": interview_id, "question_id": question_id}
        with self._file.writing() as session:
            _found(session, interview_id)
            row = session.get(AnswerRow, (interview_id, question_id))
            if row is not None and instead_of is not None and _would_lose(row.answer, instead_of, text):
                return row.answer
            report_id = row.report_id if row is not None and row.answer == text else None
            changing = {"answer": text, "seconds": seconds, "report_id": report_id, "updated_at": now()}
            session.execute(
                insert(AnswerRow)
                .values(**naming, **changing)
                .on_conflict_do_update(index_elements=list(naming), set_=changing)
            )
        return None

    def move_to(self, interview_id: int, position: int) -> None:
        """Goes to the question at this place, 0 for the first."""
        with self._file.writing() as session:
            _found(session, interview_id).position = position

    def finish(self, interview_id: int) -> None:
        """Marks it as finished, now or, if it was before, as it was."""
        with self._file.writing() as session:
            row = _found(session, interview_id)
            row.finished_at = row.finished_at or now()

    def reopen(self, interview_id: int, position: int) -> None:
        """Goes on with a finished one at the question at this place."""
        with self._file.writing() as session:
            row = _found(session, interview_id)
            row.finished_at, row.position = None, position

    def keep_report(self, interview_id: int, question_id: str, report_id: int) -> None:
        """Notes which saved report is the one on an answer."""
        with self._file.writing() as session:
            row = session.get(AnswerRow, (interview_id, question_id))
            if row is not None:
                row.report_id = report_id

    def delete(self, interview_id: int) -> None:
        """Deletes an interview and its answers from the disk; reports on them stay in the history."""
        with self._file.writing() as session:
            session.delete(_found(session, interview_id))
        self._file.wipe_deleted()

    def export(self) -> list[dict[str, Any]]:
        """All interviews, oldest first, as values that JSON can hold."""
        return [_as_entry(interview) for interview in reversed(self.all())]


def _would_lose(stored: str, instead_of: str, text: str) -> bool:
    """Whether `text`, grown from `instead_of`, would overwrite words that its writer never saw."""
    return stored != instead_of and not text.startswith(stored)


def _as_interview(session: Session, row: InterviewRow) -> Interview:
    wanted = select(AnswerRow).where(AnswerRow.interview_id == row.id)
    answers = [answer.as_answer() for answer in session.scalars(wanted)]
    return Interview(
        id=row.id,
        started_at=row.started_at,
        finished_at=row.finished_at,
        set_id=row.set_id,
        role_id=row.role_id,
        title=row.title,
        position=row.position,
        set_json=row.set_json,
        answers={answer.question_id: answer for answer in answers},
    )


def _as_entry(interview: Interview) -> dict[str, Any]:
    return {
        "kind": "interview",
        "id": interview.id,
        "started_at": interview.started_at,
        "finished_at": interview.finished_at,
        "title": interview.title,
        "position": interview.position,
        "set": json.loads(interview.set_json),
        "answers": [_answer_entry(answer) for answer in interview.answers.values()],
    }


def _answer_entry(answer: InterviewAnswer) -> dict[str, Any]:
    return {
        "question": answer.question_id,
        "answer": answer.text,
        "seconds": answer.seconds,
        "report": answer.report_id,
        "updated_at": answer.updated_at,
    }


def _found(session: Session, interview_id: int) -> InterviewRow:
    row = session.get(InterviewRow, interview_id) if 0 < interview_id <= LARGEST_ID else None
    if row is not None:
        return row
    near = max(-LARGEST_ID, min(interview_id, LARGEST_ID))
    known: Sequence[int] = session.scalars(
        select(InterviewRow.id).order_by(func.abs(InterviewRow.id - near), InterviewRow.id).limit(5)
    ).all()
    listed = ", ".join(str(found) for found in sorted(known))
    hint = f"The nearest interviews: {listed}." if known else "No mock interview has been started yet."
    raise InputError("unknown_interview", f"There is no mock interview {interview_id}.", hint)
