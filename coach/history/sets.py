"""Keeps question sets, and what is being built but not saved yet."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from coach.errors import InputError
from coach.history.file import LARGEST_ID, HistoryFile, now
from coach.history.records import SavedSet, check_storable
from coach.history.tables import BenchRow, SetRow
from coach.schema import QuestionSet


class SavedSets:
    """The question sets of a history. Every method may raise StoreError."""

    def __init__(self, file: HistoryFile) -> None:
        self._file = file

    def save(
        self, question_set: QuestionSet, title: str, set_id: int | None = None, papers_json: str = ""
    ) -> int:
        """Keeps a set, with the papers it was made for, and returns its id; `set_id` names a saved one to be
        replaced.

        Raises InputError for text that is not valid Unicode and `unknown_set` for an id that is not there.
        """
        check_storable("title", title)
        check_storable("text", papers_json)
        for question in question_set.questions:
            check_storable("question", question.text)
        written = question_set.to_json()
        with self._file.writing() as session:
            if set_id is None:
                row = SetRow(created_at=now(), role_id=question_set.role, title=title, set_json=written)
                session.add(row)
            else:
                row = _found(session, set_id)
                row.role_id, row.title, row.set_json = question_set.role, title, written
            session.flush()
            if papers_json:
                _put_bench(session, _papers_of(row.id), papers_json)
            return row.id

    def papers(self, set_id: int) -> str | None:
        """The papers that a saved set was made for, as they were kept."""
        return self.bench(_papers_of(set_id))

    def all(self, role_id: str | None = None) -> list[SavedSet]:
        """Saved sets newest first, of one role if it is named."""
        wanted = select(SetRow).order_by(SetRow.id.desc())
        if role_id is not None:
            wanted = wanted.where(SetRow.role_id == role_id)
        with self._file.reading() as session:
            return [row.as_set() for row in session.scalars(wanted)]

    def get(self, set_id: int) -> SavedSet:
        """One set; raises InputError `unknown_set` that names the nearest ids."""
        with self._file.reading() as session:
            return _found(session, set_id).as_set()

    def delete(self, set_id: int) -> None:
        """Deletes a set from the disk; interviews that were begun with it stay. Raises as `get` does."""
        with self._file.writing() as session:
            session.delete(_found(session, set_id))
            session.execute(delete(BenchRow).where(BenchRow.session_id == _papers_of(set_id)))
        self._file.wipe_deleted()

    # ---- the bench --------------------------------------------------------------------------------

    def save_bench(self, session_id: str, content_json: str) -> None:
        """Keeps what a session is building, in place of what it kept before."""
        check_storable("text", content_json)
        with self._file.writing() as session:
            _put_bench(session, session_id, content_json)

    def bench(self, session_id: str) -> str | None:
        """What a session was building, as it was kept."""
        with self._file.reading() as session:
            row = session.get(BenchRow, session_id)
            return None if row is None else row.content_json

    def clear_bench(self, session_id: str) -> None:
        """Deletes what a session was building from the disk, its papers included."""
        with self._file.writing() as session:
            session.execute(delete(BenchRow).where(BenchRow.session_id == session_id))
        self._file.wipe_deleted()

    def export(self) -> list[dict[str, Any]]:
        """All saved sets, oldest first, as values that JSON can hold."""
        with self._file.reading() as session:
            return [row.as_entry() for row in session.scalars(select(SetRow).order_by(SetRow.id))]


def _found(session: Session, set_id: int) -> SetRow:
    row = session.get(SetRow, set_id) if 0 < set_id <= LARGEST_ID else None
    if row is not None:
        return row
    near = max(-LARGEST_ID, min(set_id, LARGEST_ID))
    known = session.scalars(select(SetRow.id).order_by(func.abs(SetRow.id - near), SetRow.id).limit(5)).all()
    listed = ", ".join(str(found) for found in sorted(known))
    hint = f"The nearest saved sets: {listed}." if known else "No question set has been saved yet."
    raise InputError("unknown_set", f"There is no saved question set {set_id}.", hint)


def _papers_of(set_id: int) -> str:
    """Where the papers of a saved set lie among the benches."""
    return f"question set {set_id}"


def _put_bench(session: Session, session_id: str, content_json: str) -> None:
    changing = {"content_json": content_json, "updated_at": now()}
    session.execute(
        insert(BenchRow)
        .values(session_id=session_id, **changing)
        .on_conflict_do_update(index_elements=["session_id"], set_=changing)
    )
