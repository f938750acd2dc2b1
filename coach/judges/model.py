"""The model judge: asks a language model for levels and keeps only what the answer's own words bear out."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from statistics import median_low

from coach.config import Settings
from coach.errors import ModelError
from coach.judges.model_check import Checked, ReplyCheck, ShownActivity
from coach.judges.model_reply import Reply, ReplyShape, read_reply
from coach.judges.model_request import (
    JUDGED,
    RetrievedItem,
    told_as,
    write_repair_request,
    write_request,
)
from coach.judges.types import Judgement
from coach.llm import Completer, Completion, Limit, Message, ModelChoice
from coach.llm_chain import cost_of, open_completer
from coach.masking import mask
from coach.prompts import Prompt, load_prompt
from coach.rubric import Rubric, load_rubric
from coach.schema import AnswerType, Notice, Role, Usage
from coach.signals.instructions import find_instructions, without
from coach.signals.types import Span, Submission
from coach.threads import start

__all__ = ["ModelJudge", "ModelVerdict", "RetrievedItem", "ShownActivity", "open_model_judge"]

PROMPT_ID = "assess"
REPAIR_ID = "repair"
_MOST_FAILURES = 12
_TIME_FOR_A_REPAIR = 1.0  # seconds that must be left


@dataclass(frozen=True)
class Sample:
    """What one reading of the model is worth: a judgement for each of the six judged criteria."""

    judgements: tuple[Judgement, ...]
    answer_type: AnswerType | None
    activities: tuple[ShownActivity, ...]
    usage: Usage
    model: str
    is_reused: bool
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class ModelVerdict:
    """The medians of one or more samples. `samples` holds the judgements of each."""

    judgements: tuple[Judgement, ...]
    answer_type: AnswerType | None
    activities: tuple[ShownActivity, ...]
    usage: Usage
    model: str
    prompt_ref: str
    samples: tuple[tuple[Judgement, ...], ...]
    is_reused: bool = False
    notices: tuple[Notice, ...] = ()


class ModelJudge:
    """Judges answers with one model, one prompt and one rubric, `samples` times each."""

    def __init__(
        self, completer: Completer, prompt: Prompt, repair: Prompt, rubric: Rubric, samples: int = 1
    ) -> None:
        self._completer = completer
        self._prompt = prompt
        self._repair = repair
        self._rubric = rubric
        self._samples = samples

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
        limit: Limit | None = None,
    ) -> ModelVerdict:
        """Levels with located quotes; raises ModelError when the model gives no reply that can be read.

        `items` are the activities and KPIs near to the answer. `instructions` are the stretches of the
        answer that address a grader, which the model is not shown; None looks for them here.
        """
        if instructions is None:
            instructions = find_instructions(submission.answer)
        asking = _Asking(self, submission, role, items, instructions, limit)
        runs: list[Future[Sample]] = [start(asking.sample, number) for number in range(self._samples)]
        samples, errors = [], []
        for run in runs:
            try:
                samples.append(run.result())
            except ModelError as error:
                errors.append(error)
        if not samples:
            raise errors[0]
        return _verdict(samples, self._prompt.ref)


class _Asking:
    """One answer before one model: what is sent, and how a reply is read."""

    def __init__(
        self,
        judge: ModelJudge,
        submission: Submission,
        role: Role,
        items: Sequence[RetrievedItem],
        instructions: Sequence[Span],
        limit: Limit | None,
    ) -> None:
        self._judge = judge
        self._answer = submission.answer
        self._limit = limit
        self._check = ReplyCheck(judge._rubric, submission, instructions, items)
        self._mask = mask(without(submission.answer, instructions), submission.question.text)
        answer, question = self._mask.texts
        shown = told_as(submission, answer, question)
        self._messages = write_request(judge._prompt, judge._rubric, shown, role, items)

    def sample(self, number: int) -> Sample:
        """One reading, mended once; raises ModelError when even the mended one cannot be read."""
        first = self._ask(self._messages, number)
        reply = self._read(first)
        checked = self._check.check(reply)
        asked = [first]
        if checked.failures and self._has_time():
            second = self._ask_to_mend(checked, number)
            if second is not None:
                asked.append(second)
                reply = _mended(reply, self._read(second), checked)
                checked = self._check.check(reply)
        if reply is None or all(judgement.level is None for judgement in checked.judgements):
            for completion in asked:
                completion.discard()
            raise _unreadable(first)
        return Sample(
            judgements=checked.judgements,
            answer_type=reply.answer_type,
            activities=checked.activities,
            usage=cost_of([completion.usage for completion in asked]),
            model=first.model,
            is_reused=all(completion.is_reused for completion in asked),
            notices=checked.notices,
        )

    def _ask(
        self, messages: Sequence[Message], number: int, schema: type[ReplyShape] | None = ReplyShape
    ) -> Completion:
        return self._judge._completer.complete(messages, schema, seed=number, limit=self._limit)

    def _read(self, completion: Completion) -> Reply | None:
        return read_reply(self._mask.restore(completion.text), self._answer)

    def _has_time(self) -> bool:
        return self._limit is None or self._limit.remaining() > _TIME_FOR_A_REPAIR

    def _ask_to_mend(self, checked: Checked, number: int) -> Completion | None:
        """The second and last reply; None when the model does not give one."""
        lines = [line for lines in checked.failures.values() for line in lines][:_MOST_FAILURES]
        # What failed repeats the model's words, which can repeat what stands behind a mask.
        problems = mask(*lines).texts
        messages = write_repair_request(self._judge._repair, self._messages, problems)
        try:
            return self._ask(messages, number, None)
        except ModelError:
            return None


def open_model_judge(settings: Settings, choice: ModelChoice) -> ModelJudge:
    """The model judge with the project's prompt and rubric.

    Raises ConfigError for an unknown model, a missing key, a broken prompt or rubric. Asks nobody yet.
    """
    prompt = load_prompt(settings.prompts_dir, PROMPT_ID)
    repair = load_prompt(settings.prompts_dir, REPAIR_ID)
    rubric = load_rubric(settings.knowledge_dir / "rubric.toml")
    return ModelJudge(open_completer(settings, choice), prompt, repair, rubric, settings.samples)


def _mended(reply: Reply | None, second: Reply | None, checked: Checked) -> Reply | None:
    """The first reply with what failed in it taken from the second."""
    if reply is None or second is None:
        return reply or second
    mended = {c: raw for c, raw in second.criteria.items() if c in checked.failures}
    activities = second.activities if "activities" in checked.failures else reply.activities
    return replace(reply, criteria={**reply.criteria, **mended}, activities=activities)


def _verdict(samples: Sequence[Sample], prompt_ref: str) -> ModelVerdict:
    """The medians; of two in the middle the lower. Words and quotes are those of the first sample with it."""
    judgements = []
    for place in range(len(JUDGED)):
        given = [sample.judgements[place] for sample in samples]
        levels = [judgement.level for judgement in given if judgement.level is not None]
        wanted = median_low(levels) if levels else None
        judgements.append(next(judgement for judgement in given if judgement.level == wanted))
    first = samples[0]
    return ModelVerdict(
        judgements=tuple(judgements),
        answer_type=first.answer_type,
        activities=first.activities,
        usage=cost_of([sample.usage for sample in samples]),
        model=first.model,
        prompt_ref=prompt_ref,
        samples=tuple(sample.judgements for sample in samples),
        is_reused=all(sample.is_reused for sample in samples),
        notices=first.notices,
    )


def _unreadable(completion: Completion) -> ModelError:
    if completion.finish_reason == "length":
        return ModelError(
            "reply_unreadable",
            f"The model {completion.model} used up its allowance before it came to an end.",
            "Choose a model that thinks less before it answers, or use the built-in judge.",
        )
    return ModelError(
        "reply_unreadable",
        f"What the model {completion.model} replied could not be read or rests on no words of your answer.",
        "Try again, or choose a larger model.",
    )
