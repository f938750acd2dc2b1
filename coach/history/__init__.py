"""A person's drafts and reports, kept in one SQLite file in the data folder.

Importing this package loads SQLAlchemy; callers import it inside the function that opens it.
"""

from coach.history.records import Draft, SavedReport, question_key
from coach.history.store import History

__all__ = ["Draft", "History", "SavedReport", "question_key"]
