"""Keeps drafts and reports, and hands on sets and interviews; many threads and processes may use it."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from coach.config import Settings
from coach.errors import InputError
from coach.history.file import LARGEST_ID, HistoryFile
from coach.history.file import now as _now
from coach.history.interviews import Interviews
from coach.history.records import Draft, SavedReport, check_storable, question_key
from coach.history.sets import SavedSets
from coach.history.tables import ALL_TABLES, DraftRow, ReportRow
from coach.schema import AskedQuestion, Report

DEFAULT_SESSION = "default"
BUSY_TIMEOUT = 5.0


class History:
    """The history file, open. Every method may raise StoreError, which says what to do; none is retried
    beyond the busy timeout, and a method that raises has changed nothing unless it says otherwise."""

    def __init__(self, file: HistoryFile) -> None:
        self.path = file.path
        self.sets = SavedSets(file)
        self.interviews = Interviews(file)
        self._file = file

    @classmethod
    def open(cls, settings: Settings, *, busy_timeout: float = BUSY_TIMEOUT) -> History:
        """Opens `settings.history_path`, made and migrated as needed. `busy_timeout`: seconds to wait for
        another process that is writing."""
        return cls(HistoryFile.open(settings, busy_timeout))

    def close(self) -> None:
        """Lets go of the file."""
        self._file.close()

    def __enter__(self) -> History:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # ---- drafts -----------------------------------------------------------------------------------

    def save_draft(
        self, role_id: str, question: AskedQuestion, answer: str, session_id: str = DEFAULT_SESSION
    ) -> Draft:
        """Keeps `answer`, to the letter, as the current draft of this question in this session.

        Raises InputError for text that is not valid Unicode.
        """
        for name, text in (("answer", answer), ("session", session_id), ("role", role_id)):
            check_storable(name, text)
        draft = Draft(session_id, role_id, question, answer, _now())
        changing = {
            "question_id": question.id,
            "question_text": question.text,
            "question_kind": question.kind,
            "answer": answer,
            "turn": select(func.coalesce(func.max(DraftRow.turn), 0) + 1).scalar_subquery(),
            "updated_at": draft.updated_at,
        }
        naming = {"session_id": session_id, "role_id": role_id, "question_key": question_key(question)}
        with self._file.writing() as session:
            session.execute(
                insert(DraftRow)
                .values(**naming, **changing)
                .on_conflict_do_update(index_elements=list(naming), set_=changing)
            )
        return draft

    def latest_draft(self, session_id: str = DEFAULT_SESSION) -> Draft | None:
        """The draft saved last in this session."""
        newest = select(DraftRow).where(DraftRow.session_id == session_id).order_by(DraftRow.turn.desc())
        with self._file.reading() as session:
            row = session.scalars(newest.limit(1)).first()
            return None if row is None else row.as_draft()

    def draft_for(
        self, role_id: str, question: AskedQuestion, session_id: str = DEFAULT_SESSION
    ) -> Draft | None:
        """The current draft of this question in this session."""
        with self._file.reading() as session:
            row = session.scalars(
                select(DraftRow).where(
                    DraftRow.session_id == session_id,
                    DraftRow.role_id == role_id,
                    DraftRow.question_key == question_key(question),
                )
            ).first()
            return None if row is None else row.as_draft()

    # ---- reports ----------------------------------------------------------------------------------

    def save_report(self, report: Report, answer: str) -> SavedReport:
        """Keeps a report whole, with the answer as submitted; raises InputError for invalid Unicode."""
        check_storable("answer", answer)
        row = ReportRow(
            created_at=_now(),
            role_id=report.role,
            question_key=question_key(report.question),
            question_id=report.question.id,
            question_text=report.question.text,
            answer=answer,
            score=report.overall.score,
            band=report.overall.band,
            judge=report.engine.judge,
            report_json=report.to_json(),
        )
        with self._file.writing() as session:
            session.add(row)
            session.flush()
            return row.as_report()

    def reports(
        self, limit: int | None = 50, role_id: str | None = None, question: AskedQuestion | None = None
    ) -> list[SavedReport]:
        """Reports newest first, at most `limit` (None for all), of one role or one question if named."""
        wanted = select(ReportRow).order_by(ReportRow.id.desc()).limit(limit)
        if role_id is not None:
            wanted = wanted.where(ReportRow.role_id == role_id)
        if question is not None:
            wanted = wanted.where(ReportRow.question_key == question_key(question))
        with self._file.reading() as session:
            return [row.as_report() for row in session.scalars(wanted)]

    def report(self, report_id: int) -> SavedReport:
        """One report; raises InputError `unknown_report` that names the nearest ids."""
        with self._file.reading() as session:
            row = session.get(ReportRow, report_id) if 0 < report_id <= LARGEST_ID else None
            if row is None:
                raise _unknown_report(session, report_id)
            return row.as_report()

    def previous_report(
        self, role_id: str, question: AskedQuestion, before_id: int | None = None
    ) -> SavedReport | None:
        """The newest report on this question, or the newest before report `before_id`."""
        wanted = select(ReportRow).where(
            ReportRow.role_id == role_id, ReportRow.question_key == question_key(question)
        )
        if before_id is not None:
            wanted = wanted.where(ReportRow.id < before_id)
        with self._file.reading() as session:
            row = session.scalars(wanted.order_by(ReportRow.id.desc()).limit(1)).first()
            return None if row is None else row.as_report()

    # ---- taking out -------------------------------------------------------------------------------

    def delete_report(self, report_id: int) -> None:
        """Deletes a report and its answer from the disk; a draft of the same question stays.

        Raises InputError `unknown_report`, and StoreError `history_in_use` when the report is deleted but
        another program kept its bytes from being wiped.
        """
        with self._file.writing() as session:
            row = session.get(ReportRow, report_id) if 0 < report_id <= LARGEST_ID else None
            if row is None:
                raise _unknown_report(session, report_id)
            session.delete(row)
        self._file.wipe_deleted()

    def delete_draft(self, role_id: str, question: AskedQuestion, session_id: str = DEFAULT_SESSION) -> None:
        """Deletes the current draft of this question from the disk, if there is one."""
        with self._file.writing() as session:
            session.execute(
                delete(DraftRow).where(
                    DraftRow.session_id == session_id,
                    DraftRow.role_id == role_id,
                    DraftRow.question_key == question_key(question),
                )
            )
        self._file.wipe_deleted()

    def delete_all(self) -> None:
        """Deletes every draft, report, question set and interview from the disk.

        Raises StoreError `history_in_use` when all is deleted but another program kept bytes
        from being wiped.
        """
        with self._file.writing() as session:
            for table in ALL_TABLES:
                session.execute(delete(table))
        self._file.wipe_deleted()

    def export_all(self) -> list[dict[str, Any]]:
        """Drafts, reports, question sets, then interviews, oldest first, as values that JSON can hold; `kind`
        tells them apart."""
        with self._file.reading() as session:
            drafts = [row.as_entry() for row in session.scalars(select(DraftRow).order_by(DraftRow.turn))]
            reports = [row.as_entry() for row in session.scalars(select(ReportRow).order_by(ReportRow.id))]
        return drafts + reports + self.sets.export() + self.interviews.export()


def _unknown_report(session: Session, report_id: int) -> InputError:
    near = max(-LARGEST_ID, min(report_id, LARGEST_ID))
    known: Sequence[int] = session.scalars(
        select(ReportRow.id).order_by(func.abs(ReportRow.id - near), ReportRow.id).limit(5)
    ).all()
    listed = ", ".join(str(found) for found in sorted(known))
    hint = f"The nearest saved reports: {listed}." if known else "No report has been saved yet."
    return InputError("unknown_report", f"There is no saved report {report_id}.", hint)
