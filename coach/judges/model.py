"""The model judge: asks a language model for levels and keeps only what the answer's own words bear out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from coach.config import Settings
from coach.judges.model_reply import CriterionReply, Reply, ReplyShape, read_reply
from coach.judges.model_request import JUDGED, RetrievedItem, write_request
from coach.judges.model_words import Sources
from coach.judges.types import Judgement
from coach.llm import Completer, LitellmCompleter, ModelChoice, check_model
from coach.prompts import Prompt, load_prompt
from coach.rubric import Rubric, load_rubric
from coach.schema import AnswerType, CriterionId, Evidence, Notice, Role, Usage
from coach.signals.instructions import find_instructions
from coach.signals.quotes import FoldedText, evidence
from coach.signals.types import Span, Submission

__all__ = ["ModelJudge", "ModelVerdict", "RetrievedItem", "ShownActivity", "open_model_judge"]

PROMPT_ID = "assess"
_LONGEST_TEXT = 300  # characters of a reason
_LONGEST_QUOTE = 600
_UNREADABLE = "The model's reply could not be read, so this was not judged."


class ShownActivity(NamedTuple):
    """An activity of the role that the model says the answer shows, with the words found in it."""

    id: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class ModelVerdict:
    """What a model's reply is worth after checking: one judgement for each of the six judged criteria."""

    judgements: tuple[Judgement, ...]
    answer_type: AnswerType | None
    activities: tuple[ShownActivity, ...]
    usage: Usage
    model: str
    prompt_ref: str
    notices: tuple[Notice, ...] = ()
    follow_ups: tuple[str, ...] = ()


class ModelJudge:
    """Judges answers with one model, one prompt and one rubric."""

    def __init__(self, completer: Completer, prompt: Prompt, rubric: Rubric) -> None:
        self._completer = completer
        self._prompt = prompt
        self._rubric = rubric

    @property
    def model(self) -> str:
        """The name reports give as judge."""
        return self._completer.model

    def judge(
        self,
        submission: Submission,
        role: Role,
        items: Sequence[RetrievedItem],
        instructions: Sequence[Span] | None = None,
    ) -> ModelVerdict:
        """Levels with located quotes; raises ModelError when the model gives no reply at all.

        `items` are the activities and KPIs near to the answer. `instructions` are the stretches of the
        answer that address a grader and prove nothing; None looks for them here.
        """
        messages = write_request(self._prompt, self._rubric, submission, role, items)
        completion = self._completer.complete(messages, ReplyShape)
        reply = read_reply(completion.text, submission.answer)
        if instructions is None:
            instructions = find_instructions(submission.answer)
        checked = _Check(self._rubric, submission, instructions, items)
        return ModelVerdict(
            judgements=checked.judgements(reply),
            answer_type=reply.answer_type if reply else None,
            activities=checked.activities(reply) if reply else (),
            usage=completion.usage,
            model=completion.model,
            prompt_ref=self._prompt.ref,
            notices=tuple(checked.notices(reply)),
        )


def open_model_judge(settings: Settings, choice: ModelChoice) -> ModelJudge:
    """The model judge with the project's prompt and rubric.

    Raises ConfigError for an unknown model, a missing key, a broken prompt or rubric. Asks nobody yet.
    """
    prompt = load_prompt(settings.prompts_dir, PROMPT_ID)
    rubric = load_rubric(settings.knowledge_dir / "rubric.toml")
    check_model(choice)
    return ModelJudge(LitellmCompleter(choice), prompt, rubric)


class _Check:
    """Holds one reply against one answer, and counts what had to be left out."""

    def __init__(
        self,
        rubric: Rubric,
        submission: Submission,
        instructions: Sequence[Span],
        items: Sequence[RetrievedItem],
    ) -> None:
        self._rubric = rubric
        self._answer = submission.answer
        self._folded = FoldedText(submission.answer)
        self._instructions = sorted(instructions)
        self._activity_ids = {item.id for item in items if item.kind == "activity"}
        self._sources = Sources(submission.answer, submission.question.text, *_rubric_texts(rubric))
        self._quotes_dropped = 0
        self._sentences_dropped = 0

    def judgements(self, reply: Reply | None) -> tuple[Judgement, ...]:
        """One for each judged criterion, in the rubric's order."""
        if reply is None:
            return tuple(_unscored(c, _UNREADABLE, "reply_unreadable") for c in JUDGED)
        return tuple(self._judgement(c, reply.criteria.get(c)) for c in JUDGED)

    def activities(self, reply: Reply) -> tuple[ShownActivity, ...]:
        """Those of the retrieved activities that come with words of the answer."""
        shown: dict[str, ShownActivity] = {}
        for claimed in reply.activities:
            if claimed.id in self._activity_ids and claimed.id not in shown:
                found = self._locate(claimed.quotes)
                if found:
                    shown[claimed.id] = ShownActivity(claimed.id, found)
        return tuple(shown.values())

    def notices(self, reply: Reply | None) -> Iterator[Notice]:
        """What the reader should know of the reply; to be asked last, when all has been counted."""
        if reply is None:
            yield Notice(code="reply_unreadable", message="The model's reply could not be read.")
        if self._quotes_dropped:
            yield Notice(
                code="quotes_dropped",
                message=f"The model's quotes that are not in your answer: {self._quotes_dropped}, left out.",
            )
        if self._sentences_dropped:
            yield Notice(
                code="claims_dropped",
                message=f"The model's sentences with claims of its own: {self._sentences_dropped}, left out.",
            )

    def _judgement(self, criterion: CriterionId, raw: CriterionReply | None) -> Judgement:
        if raw is None:
            return _unscored(criterion, "The model's reply leaves this out.", "not_in_reply")
        if raw.level is None:
            return _unscored(criterion, "The model gave no level from 0 to 5 for this.", "no_level")
        if raw.level == 0:
            return self._worded(criterion, raw, 0, ())
        found = self._locate(raw.quotes)
        # Fit can be a matter of the whole answer; the other criteria must be shown somewhere.
        if found or (criterion == "question_fit" and not raw.quotes):
            return self._worded(criterion, raw, raw.level, found)
        if raw.quotes:
            why = "The words the model quoted could not be found in your answer, so its level does not count."
            return _unscored(criterion, why, "quotes_not_found")
        why = "The model quoted no words of your answer, so its level does not count."
        return _unscored(criterion, why, "no_quotes")

    def _worded(
        self, criterion: CriterionId, raw: CriterionReply, level: int, found: tuple[Evidence, ...]
    ) -> Judgement:
        anchors = self._rubric.criteria[criterion]
        return Judgement(
            criterion=criterion,
            level=level,
            basis="absence" if level == 0 else "span" if found else "whole",
            why=self._clean(raw.why, anchors.anchors[level]),
            evidence=found,
            next_step=anchors.next_steps[level] if level < 5 else "",
            reasons=("model",),
        )

    def _clean(self, text: str, neutral: str) -> str:
        cleaned = self._sources.clean(text, _LONGEST_TEXT, neutral)
        self._sentences_dropped += cleaned.dropped
        return cleaned.text

    def _locate(self, quotes: Sequence[str]) -> tuple[Evidence, ...]:
        spans = [self._span(quote) for quote in quotes]
        self._quotes_dropped += spans.count(None)
        found = sorted({span for span in spans if span is not None})
        return tuple(evidence(self._answer, span) for span in found)

    def _span(self, quote: str) -> Span | None:
        """Where the quote stands outside the instructions; None when it does not or says too little."""
        hint = 0
        for _ in range(len(self._instructions) + 1):
            span = self._folded.find(quote, hint)
            if span is None or span.start < hint or not _worth_quoting(self._answer[span.start : span.end]):
                return None
            blocking = [s for s in self._instructions if s.start < span.end and span.start < s.end]
            if not blocking:
                return span
            hint = max(blocking).end
        return None


def _worth_quoting(words: str) -> bool:
    """Two words or a figure at least, and not a page."""
    return len(words) <= _LONGEST_QUOTE and (len(words.split()) > 1 or any(map(str.isdigit, words)))


def _unscored(criterion: CriterionId, why: str, reason: str) -> Judgement:
    return Judgement(criterion, None, "unscored", why, reasons=(reason,))


def _rubric_texts(rubric: Rubric) -> Iterator[str]:
    for criterion in rubric.criteria.values():
        yield from criterion.anchors
        yield from criterion.next_steps
