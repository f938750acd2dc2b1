"""What the page "Questions" works on: wishes, papers, and the set as it stands, saved or not."""

from __future__ import annotations

from pydantic import BaseModel, Field, ValidationError

from coach.schema import Level, QuestionSet
from coach.ui.notices import Problem

USUAL_COUNT = 10


class Paper(BaseModel):
    """A job description or a résumé: what was typed or pasted, and a file that goes before it."""

    typed: str = ""
    file_name: str = ""
    file_text: str = ""
    drops: int = 0  # how many files were taken; names the next place to drop one

    @property
    def text(self) -> str:
        """What is read, without the white space around it; "" for nothing."""
        return (self.file_text if self.file_name else self.typed).strip("\n ")


class Bench(BaseModel):
    """One person's bench. `pinned` holds ids of questions; `passed` the texts of those that were swapped out
    or dropped, which should not come again."""

    role_id: str
    level: Level | None = None
    stage: str | None = None
    topics: list[str] = Field(default_factory=list)
    count: int = USUAL_COUNT
    job: Paper = Field(default_factory=Paper)
    resume: Paper = Field(default_factory=Paper)
    question_set: QuestionSet | None = None
    pinned: list[str] = Field(default_factory=list)
    passed: list[str] = Field(default_factory=list)
    saved_id: int | None = None
    is_saved: bool = False
    own_question: str = ""
    own_taken: str = ""  # the one that was added last
    problem: Problem | None = Field(default=None, exclude=True)
    said: str = Field(default="", exclude=True)  # one calm line about what was just done
    fresh: str | None = Field(default=None, exclude=True)  # names a set that was just made

    def take(self, question_set: QuestionSet, saved_id: int | None = None) -> None:
        """Puts another set on the bench."""
        self.question_set, self.saved_id, self.is_saved = question_set, saved_id, saved_id is not None
        self.pinned, self.passed = [], []

    def change(self, question_set: QuestionSet) -> None:
        """The set on the bench, changed by its owner."""
        self.question_set, self.is_saved = question_set, False
        ids = {question.id for question in question_set.questions}
        self.pinned = [question_id for question_id in self.pinned if question_id in ids]

    def say(self, said: str = "", problem: Problem | None = None) -> None:
        """What the page tells next; nothing to clear it."""
        self.said, self.problem = said, problem

    @classmethod
    def read(cls, written: str) -> Bench | None:
        """A bench as `model_dump_json` wrote it; None when this version cannot read it."""
        try:
            return cls.model_validate_json(written)
        except ValidationError:
            return None
