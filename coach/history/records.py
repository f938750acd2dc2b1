"""What the history hands out: plain values that outlive the database session."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from coach.errors import InputError, StoreError
from coach.schema import AskedQuestion, QuestionSet, Report


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


@dataclass(frozen=True)
class SavedSet:
    """A question set that was kept. `created_at` is UTC, ISO 8601; `set_json` is the set as it was saved."""

    id: int
    created_at: str
    role_id: str
    title: str
    set_json: str

    def question_set(self) -> QuestionSet:
        """The set read back; raises StoreError `set_unreadable` when this version cannot read it."""
        return read_set(self.set_json, f"Question set {self.id}")


@dataclass(frozen=True)
class InterviewAnswer:
    """What was said to one question of an interview. `seconds` is the time it was before the person;
    `report_id` is the saved report on it, if there is one; `updated_at` is UTC, ISO 8601."""

    question_id: str
    text: str
    seconds: float
    report_id: int | None
    updated_at: str


@dataclass(frozen=True)
class Interview:
    """A mock interview. `position` is the place of the question it stands at, the number of questions when
    all were asked; times are UTC, ISO 8601; `answers` goes by question id."""

    id: int
    started_at: str
    finished_at: str | None
    set_id: int | None
    role_id: str
    title: str
    position: int
    set_json: str
    answers: Mapping[str, InterviewAnswer]

    def question_set(self) -> QuestionSet:
        """The questions; raises StoreError `set_unreadable` when this version cannot read them."""
        return read_set(self.set_json, f"Interview {self.id}")


def read_set(written: str, name: str) -> QuestionSet:
    """A set from its JSON; raises StoreError `set_unreadable`."""
    try:
        return QuestionSet.model_validate_json(written)
    except ValidationError as error:
        raise StoreError(
            "set_unreadable",
            f"{name} was saved by another version of the coach and cannot be shown here.",
            "`coach history export` still gives its questions and answers.",
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
