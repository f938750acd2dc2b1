"""A person's drafts, reports, question sets and mock interviews, kept in one SQLite file in the data folder.

Importing this package loads SQLAlchemy; callers import it inside the function that opens it.
"""

from coach.history.records import (
    Draft,
    Interview,
    InterviewAnswer,
    SavedReport,
    SavedSet,
    question_key,
)
from coach.history.store import History

__all__ = ["Draft", "History", "Interview", "InterviewAnswer", "SavedReport", "SavedSet", "question_key"]
