"""The history file as its stores share it: sessions that read, sessions that write, and wiping."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from coach.config import Settings
from coach.history import database

LARGEST_ID = 2**63 - 1


class HistoryFile:
    """One open file. Its sessions raise StoreError, which says what to do."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self.path = settings.history_path
        self._settings = settings
        self._engine = engine
        self._id = database.file_id(self.path)
        self._reopening = threading.Lock()

    @classmethod
    def open(cls, settings: Settings, busy_timeout: float) -> HistoryFile:
        """Opens `settings.history_path`, made and migrated as needed; waits so many seconds for others."""
        settings.ensure_data_dir()
        engine = database.make_engine(settings.history_path, busy_timeout)
        try:
            database.prepare(engine, settings.history_path)
        except BaseException:
            engine.dispose()
            raise
        return cls(settings, engine)

    def close(self) -> None:
        """Lets go of the file."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only reads."""
        self._follow()
        with database.explained(self.path), Session(self._engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that is committed at the end of the block, or not at all when the block raises."""
        self._follow()
        with (
            database.explained(self.path),
            Session(database.writing(self._engine)) as session,
            session.begin(),
        ):
            yield session

    def wipe_deleted(self) -> None:
        """Removes what deleted rows left on the disk; raises StoreError `history_in_use` as told there."""
        database.wipe_deleted(self._engine, self.path)

    def _follow(self) -> None:
        """Starts over when someone moved or deleted the file, where SQLite would write on unseen."""
        if database.file_id(self.path) == self._id:
            return
        with self._reopening:
            if database.file_id(self.path) == self._id:
                return
            self._engine.dispose()
            self._settings.ensure_data_dir()
            database.prepare(self._engine, self.path)
            self._id = database.file_id(self.path)


def now() -> str:
    """The moment in UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
