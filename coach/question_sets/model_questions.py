"""Questions that a language model writes for a job description and a résumé. Code keeps what stands up to
checks: ids and lines that exist, one question in plain English, lawful, and not asked already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from coach.config import Settings
from coach.errors import ModelError
from coach.llm import Completer, Limit, ModelChoice
from coach.llm_chain import open_completer
from coach.prompts import Prompt, load_prompt
from coach.question_sets.flaws import flaws
from coach.question_sets.job_questions import prompted_question
from coach.question_sets.model_reply import QuestionsShape, WrittenQuestion, read_questions
from coach.question_sets.model_request import Shown, write_questions_request
from coach.question_sets.pool import SAME_QUESTION, Pool
from coach.question_sets.types import Asker, Candidate, Prompted, Wishes
from coach.schema import QUESTION_KINDS, Notice, QuestionKind, Usage
from coach.signals.intake import is_english

if TYPE_CHECKING:
    from coach.question_sets.lawful import LawfulCheck

PROMPT_ID = "questions"
_FEWEST_WORDS = 4
_MOST_ITEMS = 2
_WORTH = 3.0  # so that most of a set are these, and what they leave out is covered by others


@dataclass(frozen=True)
class Written:
    """What is left of a model's questions."""

    questions: tuple[Candidate, ...]
    usage: Usage
    model: str
    prompt_ref: str
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class QuestionWriter:
    """Asks one model with one prompt; `seconds` is how long it may take."""

    completer: Completer
    prompt: Prompt
    seconds: float

    def write(
        self, wishes: Wishes, job: Shown, resume: Shown, known: Sequence[str], pool: Pool, check: LawfulCheck
    ) -> Written:
        """The questions that passed every check; `known` are questions that are asked anyway.

        Raises ModelError when the model gives no reply that can be read.
        """
        role = pool.composer.role
        messages, masked = write_questions_request(self.prompt, role, wishes, job, resume, known)
        completion = self.completer.complete(messages, QuestionsShape, limit=Limit(self.seconds))
        written = read_questions(masked.restore(completion.text))
        if written is None:
            completion.discard()
            message = f"What the model {completion.model} wrote is no list of questions."
            raise ModelError("questions_unreadable", message, "Try again, or choose a larger model.")
        checked = _Check(pool, {"job": job, "resume": resume}, check)
        kept = checked.kept(written)
        if not kept:
            completion.discard()
        notices = dropped_notice(checked.dropped)
        return Written(kept, completion.usage, completion.model, self.prompt.ref, notices)


class _Check:
    """Holds a model's questions against the papers, the role, the law and each other."""

    def __init__(self, pool: Pool, papers: dict[str, Shown], check: LawfulCheck) -> None:
        self._pool = pool
        self._papers = papers
        self._lawful = check
        self.dropped: Counter[str] = Counter()

    def kept(self, written: Sequence[WrittenQuestion]) -> tuple[Candidate, ...]:
        fit: list[Candidate] = []
        for one in written:
            reason = self._flaw(one)
            if reason:
                self.dropped[reason] += 1
            else:
                fit.append(self._candidate(one))
        return self._new(fit)

    def _flaw(self, one: WrittenQuestion) -> str:
        """Why the question may not be used; "" when it may."""
        role = self._pool.composer.role
        if self._lawful.check(one.text):
            return "not lawful to ask"
        if self._line(one) is None:
            return "citing a line that is not there"
        known = {a.id for a in role.activities}, {k.id for k in role.kpis}
        if not set(one.activities) <= known[0] or not set(one.kpis) <= known[1]:
            return "naming what the role does not have"
        if one.kind not in QUESTION_KINDS or flaws(one.text) or len(one.text.split()) < _FEWEST_WORDS:
            return "no single open question of at most 35 words"
        return "" if is_english(one.text) else "not in English"

    def _line(self, one: WrittenQuestion) -> str | None:
        return self._papers[one.of].numbers.get(one.line or 0) if one.of else None

    def _candidate(self, one: WrittenQuestion) -> Candidate:
        by: Asker = "job description" if one.of == "job" else "resume"
        prompted = Prompted(by, self._line(one) or "", one.line)
        items = (one.activities[:_MOST_ITEMS], one.kpis[:_MOST_ITEMS])
        shows, follow_ups = self._lawful_lines(one.shows), self._lawful_lines(one.follow_ups)
        kind = cast(QuestionKind, one.kind)
        made = prompted_question("m", kind, one.text, items, prompted, self._pool, shows, follow_ups)
        return replace(made, source="model", weight=_WORTH)

    def _lawful_lines(self, lines: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(line for line in lines if self._lawful.check(line) is None and is_english(line))

    def _new(self, fit: Sequence[Candidate]) -> tuple[Candidate, ...]:
        """Those that ask what neither the bank nor one before them asks."""
        if not fit:
            return ()
        bank = [place for place, c in enumerate(self._pool.candidates) if c.source == "bank"]
        vectors = self._pool.vectors_of([question.text for question in fit])
        near_bank = (vectors @ self._pool.vectors[bank].T).max(axis=1, initial=-1.0).tolist()
        near_each = (vectors @ vectors.T > SAME_QUESTION).tolist()
        kept: list[int] = []
        for place in range(len(fit)):
            if near_bank[place] > SAME_QUESTION or any(near_each[place][other] for other in kept):
                self.dropped["asking what is asked already"] += 1
            else:
                kept.append(place)
        return tuple(fit[place] for place in kept)


def dropped_notice(dropped: Counter[str]) -> tuple[Notice, ...]:
    """What to say about questions of a model that were left out; nothing for none."""
    if not dropped:
        return ()
    reasons = ", ".join(f"{reason}: {count}" for reason, count in sorted(dropped.items()))
    message = f"Questions of the model that were left out: {dropped.total()} ({reasons})."
    return (Notice(code="model_questions_dropped", message=message),)


def open_question_writer(settings: Settings, choice: ModelChoice) -> QuestionWriter:
    """The writer with the project's prompt; raises ConfigError for a model that cannot be asked."""
    prompt = load_prompt(settings.prompts_dir, PROMPT_ID)
    return QuestionWriter(open_completer(settings, choice), prompt, settings.report_timeout)
