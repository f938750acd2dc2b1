"""What the history hands out: plain values that outlive the database session."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from pydantic import ValidationError

from coach.errors import InputError, StoreError
from coach.schema import AskedQuestion, Report


@dataclass(frozen=True)
class Draft:
    """The text last typed for a question. `updated_at` is UTC, ISO 8601."""

    session_id: str
    role_id: str
    question: AskedQuestion
    answer: str
    updated_at: str


@dataclass(frozen=True)
class SavedReport:
    """A report with the answer it was given for.

    `created_at` is UTC, ISO 8601; `score` is 0 to 100 or None when nothing was judged. `report_json`
    is the report whole, as it was saved, whatever version of the program saved it.
    """

    id: int
    created_at: str
    role_id: str
    question_id: str | None
    question_text: str
    answer: str
    score: float | None
    band: str
    judge: str
    report_json: str

    def report(self) -> Report:
        """The report read back; raises StoreError when it follows a contract this version cannot read."""
        try:
            return Report.model_validate_json(self.report_json)
        except ValidationError as error:
            raise StoreError(
                "report_unreadable",
                f"Report {self.id} was saved by another version of the coach and cannot be shown here.",
                "Its answer is still there: ask again for a fresh report, or export the history as JSON.",
            ) from error


def question_key(question: AskedQuestion) -> str:
    """What makes two questions the same: the id of the bank, or else the text without case, white
    space and closing punctuation."""
    if question.id is not None:
        return f"id:{question.id}"
    folded = " ".join(unicodedata.normalize("NFKC", question.text).casefold().split())
    return f"text:{folded.rstrip(' .?!')}"


def check_storable(name: str, text: str) -> None:
    """Raises InputError for half a surrogate pair, which no UTF-8 file can hold."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(
            "text_not_unicode",
            f"The {name} has half a character at position {error.start}, so it cannot be saved as it is.",
            "Delete that character, or copy the text again from where it came from.",
        ) from error
