"""The tables as the newest migration leaves them; a test holds the two together."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from coach.history.records import Draft, InterviewAnswer, SavedReport, SavedSet
from coach.schema import AskedQuestion


class Table(DeclarativeBase):
    """Base of the mapped classes."""


class DraftRow(Table):
    """The current draft of one question in one session."""

    __tablename__ = "drafts"
    __table_args__ = (
        UniqueConstraint("session_id", "role_id", "question_key", name="uq_drafts_question"),
        Index("ix_drafts_session_turn", "session_id", "turn"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[str]
    role_id: Mapped[str]
    question_key: Mapped[str]
    question_id: Mapped[str | None]
    question_text: Mapped[str]
    question_kind: Mapped[str]
    answer: Mapped[str]
    # Rises with every save: a clock can stand still or step back, and the latest draft must not.
    turn: Mapped[int]
    updated_at: Mapped[str]

    def as_draft(self) -> Draft:
        """The row as a value that outlives its session."""
        question = AskedQuestion.model_validate(self._question())
        return Draft(self.session_id, self.role_id, question, self.answer, self.updated_at)

    def as_entry(self) -> dict[str, Any]:
        """The row as an entry of the export."""
        return {
            "kind": "draft",
            "session": self.session_id,
            "role": self.role_id,
            "question": self._question(),
            "answer": self.answer,
            "updated_at": self.updated_at,
        }

    def _question(self) -> dict[str, Any]:
        return {"id": self.question_id, "text": self.question_text, "kind": self.question_kind}


class ReportRow(Table):
    """A report and its answer. Ids are never given twice, even after a deletion."""

    __tablename__ = "reports"
    __table_args__ = (
        Index("ix_reports_question", "role_id", "question_key", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[str]
    role_id: Mapped[str]
    question_key: Mapped[str]
    question_id: Mapped[str | None]
    question_text: Mapped[str]
    answer: Mapped[str]
    score: Mapped[float | None] = mapped_column(Float)
    band: Mapped[str]
    judge: Mapped[str]
    report_json: Mapped[str]

    def as_report(self) -> SavedReport:
        """The row as a value that outlives its session."""
        return SavedReport(
            id=self.id,
            created_at=self.created_at,
            role_id=self.role_id,
            question_id=self.question_id,
            question_text=self.question_text,
            answer=self.answer,
            score=self.score,
            band=self.band,
            judge=self.judge,
            report_json=self.report_json,
        )

    def as_entry(self) -> dict[str, Any]:
        """The row as an entry of the export; the report as it was saved, unread."""
        return {
            "kind": "report",
            "id": self.id,
            "created_at": self.created_at,
            "answer": self.answer,
            "report": json.loads(self.report_json),
        }


class SetRow(Table):
    """A question set that was kept. Ids are never given twice."""

    __tablename__ = "question_sets"
    __table_args__ = (Index("ix_question_sets_role", "role_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[str]
    role_id: Mapped[str]
    title: Mapped[str]
    set_json: Mapped[str]

    def as_set(self) -> SavedSet:
        """The row as a value that outlives its session."""
        return SavedSet(self.id, self.created_at, self.role_id, self.title, self.set_json)

    def as_entry(self) -> dict[str, Any]:
        """The row as an entry of the export."""
        return {
            "kind": "question_set",
            "id": self.id,
            "created_at": self.created_at,
            "title": self.title,
            "set": json.loads(self.set_json),
        }


class BenchRow(Table):
    """What a session is building: the wishes, the papers it read, and the set that is not saved yet. Saved
    sets have their papers here too, under names of their own."""

    __tablename__ = "set_benches"

    session_id: Mapped[str] = mapped_column(primary_key=True)
    content_json: Mapped[str]
    updated_at: Mapped[str]


class InterviewRow(Table):
    """A mock interview with the questions as they were when it began; its set may change or go."""

    __tablename__ = "interviews"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[str]
    finished_at: Mapped[str | None]
    set_id: Mapped[int | None] = mapped_column(ForeignKey("question_sets.id", ondelete="SET NULL"))
    role_id: Mapped[str]
    title: Mapped[str]
    position: Mapped[int]
    set_json: Mapped[str]


class AnswerRow(Table):
    """The answer to one question of an interview, as it stands."""

    __tablename__ = "interview_answers"

    interview_id: Mapped[int] = mapped_column(
        ForeignKey("interviews.id", ondelete="CASCADE"), primary_key=True
    )
    question_id: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str]
    seconds: Mapped[float] = mapped_column(Float)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("reports.id", ondelete="SET NULL"))
    updated_at: Mapped[str]

    def as_answer(self) -> InterviewAnswer:
        """The row as a value that outlives its session."""
        return InterviewAnswer(self.question_id, self.answer, self.seconds, self.report_id, self.updated_at)


# In an order in which all of it can be deleted.
ALL_TABLES: tuple[type[Table], ...] = (AnswerRow, InterviewRow, BenchRow, SetRow, DraftRow, ReportRow)
