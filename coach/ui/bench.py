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


class Papers(BaseModel):
    """What a set was made for."""

    job: Paper = Field(default_factory=Paper)
    resume: Paper = Field(default_factory=Paper)

    @classmethod
    def read(cls, written: str | None) -> Papers:
        """Papers as `model_dump_json` wrote them; none for what this version cannot read."""
        try:
            return cls.model_validate_json(written) if written else cls()
        except ValidationError:
            return cls()


class LastSet(BaseModel):
    """A set that another one took the place of, with all that was on the bench for it."""

    question_set: QuestionSet
    papers: Papers
    form: Papers  # those that stood in the form
    pinned: list[str]
    passed: list[str]
    saved_id: int | None
    is_saved: bool


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
    papers: Papers = Field(default_factory=Papers)  # those that the set was made for
    last: LastSet | None = None
    pinned: list[str] = Field(default_factory=list)
    passed: list[str] = Field(default_factory=list)
    saved_id: int | None = None
    is_saved: bool = False
    own_question: str = ""
    own_taken: str = ""  # the one that was added last
    problem: Problem | None = Field(default=None, exclude=True)
    place: str = Field(default="", exclude=True)  # what the problem is about; "" for the whole page
    said: str = Field(default="", exclude=True)  # one calm line about what was just done
    deleting: int | None = Field(default=None, exclude=True)  # the saved set that may go for good
    fresh: str | None = Field(default=None, exclude=True)  # names a set that was just made

    def take(self, question_set: QuestionSet, papers: Papers, saved_id: int | None = None) -> None:
        """Puts another set on the bench; the one that was there can be had back."""
        self._lay_by()
        self.question_set, self.saved_id, self.is_saved = question_set, saved_id, saved_id is not None
        self.papers = papers
        ids = {question.id for question in question_set.questions}
        self.pinned, self.passed = [one for one in self.pinned if one in ids], []

    def take_back(self) -> None:
        """Puts the last set in the place of this one, which is then the last."""
        last = self.last
        if last is None:
            return
        self._lay_by()
        self.question_set, self.papers = last.question_set, last.papers
        self.pinned, self.passed = last.pinned, last.passed
        self.saved_id, self.is_saved = last.saved_id, last.is_saved
        self.put_in_form(last.form)

    def put_in_form(self, papers: Papers) -> None:
        """Shows papers in the form, each with a new place to drop a file."""
        self.job = papers.job.model_copy(update={"drops": self.job.drops + 1})
        self.resume = papers.resume.model_copy(update={"drops": self.resume.drops + 1})

    def forget_saved(self, set_id: int) -> None:
        """A saved set is gone from the disk; on the bench it stays, unsaved."""
        if self.saved_id == set_id:
            self.saved_id, self.is_saved = None, False
        if self.last is not None and self.last.saved_id == set_id:
            self.last.saved_id, self.last.is_saved = None, False

    def _lay_by(self) -> None:
        found = self.question_set
        if found is not None and found.questions:
            self.last = LastSet(
                question_set=found,
                papers=self.papers,
                form=Papers(job=self.job, resume=self.resume),
                pinned=self.pinned,
                passed=self.passed,
                saved_id=self.saved_id,
                is_saved=self.is_saved,
            )

    @property
    def staying(self) -> list[str]:
        """Ids of the questions that a new set keeps: those that are pinned, and those of one's own."""
        questions = self.question_set.questions if self.question_set else ()
        return [one.id for one in questions if one.id in self.pinned or one.source == "own"]

    def change(self, question_set: QuestionSet) -> None:
        """The set on the bench, changed by its owner."""
        self.question_set, self.is_saved = question_set, False
        ids = {question.id for question in question_set.questions}
        self.pinned = [question_id for question_id in self.pinned if question_id in ids]

    def say(self, said: str = "", problem: Problem | None = None, place: str = "") -> None:
        """What the page tells next, and where; nothing to clear it."""
        self.said, self.problem, self.place, self.deleting = said, problem, place, None

    @classmethod
    def read(cls, written: str) -> Bench | None:
        """A bench as `model_dump_json` wrote it; None when this version cannot read it."""
        try:
            return cls.model_validate_json(written)
        except ValidationError:
            return None
