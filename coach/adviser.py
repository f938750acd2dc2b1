"""The adviser: a language model words the advice, the questions to come and a tighter version, and code lets
through only what claims nothing that the answer does not say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coach.advice_reply import AdviceReply, read_advice
from coach.config import Settings
from coach.errors import ModelError
from coach.judges.model_request import RetrievedItem, told_as, write_coaching_request
from coach.judges.model_words import Sources
from coach.llm import Completer, Completion, Limit, Listener, ModelChoice
from coach.llm_chain import open_completer
from coach.masking import Mask, mask
from coach.prompts import Prompt, load_prompt
from coach.rewrite_gate import RewriteGate, open_rewrite_gate
from coach.rubric import Rubric, load_rubric
from coach.schema import CriterionId, Notice, Rewrite, Role, Usage
from coach.signals.instructions import without
from coach.signals.quotes import FoldedText
from coach.signals.segments import count_words
from coach.signals.types import Span, Submission

PROMPT_ID = "coaching"
LONGEST_WANTED = 280  # words; two minutes
SHORTEST_WANTED = 40
_LONGEST_STEP = 400  # characters
_FEWEST_OWN = 3  # words that an advice has beside those of the answer and the findings
_WORD = re.compile(r"[^\W\d_]+")
_MOST_QUESTIONS = 3
_LONGEST_QUESTION = 200
_QUOTED = re.compile(r"[\"“«]([^\"”»]{1,300})[\"”»]")


@dataclass(frozen=True)
class Matter:
    """What there is to advise on. `found` holds lines about what the built-in judge found, `facts` what the
    candidate adds to the answer, `words` how long the tighter version should be."""

    submission: Submission
    role: Role
    items: Sequence[RetrievedItem]
    instructions: Sequence[Span]
    found: str
    facts: Sequence[str] = ()
    words: int | None = None

    @property
    def told(self) -> str:
        """The answer without what speaks to a grader."""
        return without(self.submission.answer, self.instructions)

    @property
    def orders(self) -> list[str]:
        """What speaks to a grader."""
        return [self.submission.answer[span.start : span.end] for span in self.instructions]

    @property
    def wanted_words(self) -> int:
        """The length asked for, else the answer's own, within what can be said in two minutes."""
        return self.words or min(max(count_words(self.told), SHORTEST_WANTED), LONGEST_WANTED)


@dataclass(frozen=True)
class Advice:
    """What is left of a model's coaching. A criterion without a next step keeps the built-in judge's."""

    next_steps: Mapping[CriterionId, str]
    follow_ups: tuple[str, ...]
    rewrite: Rewrite | None
    usage: Usage
    model: str
    prompt_ref: str
    is_reused: bool = False
    notices: tuple[Notice, ...] = ()


class ModelAdviser:
    """Advises with one model and one prompt."""

    def __init__(self, completer: Completer, prompt: Prompt, rubric: Rubric, gate: RewriteGate) -> None:
        self._completer = completer
        self._prompt = prompt
        self._rubric = rubric
        self._gate = gate

    @property
    def model(self) -> str:
        """The name reports give as adviser."""
        return self._completer.model

    def advise(self, matter: Matter, limit: Limit | None = None, listener: Listener | None = None) -> Advice:
        """The advice; `listener` hears the reply as it comes, unchecked, with nothing masked in it.

        Raises ModelError when the model gives none, or none of what it gives can be kept.
        """
        masked = mask(
            matter.told,
            matter.submission.question.text,
            matter.found,
            *matter.facts,
        )
        answer, question, found, *facts = masked.texts
        shown = told_as(matter.submission, answer, question)
        messages = write_coaching_request(
            self._prompt, shown, matter.role, matter.items, found, matter.wanted_words, facts
        )
        heard = _Restoring(listener, masked) if listener is not None else None
        completion = self._completer.complete(messages, limit=limit, listener=heard)
        if heard is not None:
            heard.finish()
        reply = read_advice(masked.restore(completion.text), completion.is_whole)
        advice = self._checked(matter, reply, completion)
        if not (advice.next_steps or advice.follow_ups or advice.rewrite):
            completion.discard()
            raise ModelError(
                "advice_unreadable",
                f"What the model {completion.model} advised could not be read or claims what you never said.",
                "Try again, or choose a larger model.",
            )
        return advice

    def _checked(self, matter: Matter, reply: AdviceReply, completion: Completion) -> Advice:
        words = _Words(matter, self._rubric, self._prompt)
        steps = {
            criterion: step
            for criterion, text in reply.next_steps.items()
            if (step := words.advice(text)) is not None
        }
        dropped = len(reply.next_steps) - len(steps)
        notices = [_dropped_notice(dropped)] if dropped else []
        return Advice(
            next_steps=steps,
            follow_ups=words.questions(reply.questions),
            rewrite=self._rewrite(matter, reply.rewrite, completion.model),
            usage=completion.usage,
            model=completion.model,
            prompt_ref=self._prompt.ref,
            is_reused=completion.is_reused,
            notices=tuple(notices),
        )

    def _rewrite(self, matter: Matter, text: str, model: str) -> Rewrite | None:
        """What the gate lets through; None when that is less than half of what there was to say."""
        text = Sources(refused=matter.orders).without_orders(text)
        if not text:
            return None
        checked = self._gate.check(matter.told, text, matter.facts, matter.wanted_words)
        enough = min(matter.wanted_words, count_words(matter.told)) / 2
        if count_words(checked.text) < enough:
            return None
        return checked.model_copy(update={"by": model})


class _Words:
    """Checks sentences about one answer."""

    def __init__(self, matter: Matter, rubric: Rubric, prompt: Prompt) -> None:
        answers = (matter.told, matter.submission.question.text, *matter.facts)
        self._texts = [FoldedText(text) for text in answers]
        self._known = frozenset(_WORD.findall(f"{matter.told} {matter.found}".casefold()))
        self._sources = Sources(
            matter.told,
            matter.submission.question.text,
            *matter.facts,
            *rubric.texts,
            # Small models hand on the example of the prompt as if it were about this answer.
            refused=[*matter.orders, prompt.system.partition("Example.")[2]],
        )

    def advice(self, text: str) -> str | None:
        """The sentences that may be shown; None when one that matters may not, or none of it is advice."""
        if self._only_repeats(text) or not all(self._is_told(quote) for quote in _QUOTED.findall(text)):
            return None
        cleaned = self._sources.clean(text, _LONGEST_STEP, "")
        return cleaned.text if cleaned.text and not cleaned.dropped else None

    def _only_repeats(self, text: str) -> bool:
        """Whether it says the answer or the findings back without a slot, a question or words of its own."""
        own = [word for word in _WORD.findall(text.casefold()) if word not in self._known]
        return not set("[?") & set(text) and len(own) < _FEWEST_OWN

    def questions(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        """At most three that may be shown."""
        told = tuple(text for text in texts if all(self._is_told(q) for q in _QUOTED.findall(text)))
        return self._sources.clean_questions(told, _MOST_QUESTIONS, _LONGEST_QUESTION)

    def _is_told(self, quote: str) -> bool:
        """Whether quoted words are the answer's, the question's or a fact's, or a pattern to fill in."""
        words = quote.strip(" .,;:!?…")
        return "[" in words or not words or any(text.find(words) is not None for text in self._texts)


class _Restoring:
    """Hands on what is heard with the masked items put back."""

    def __init__(self, listener: Listener, masked: Mask) -> None:
        self._listener = listener
        self._mask = masked
        self._restorer = masked.restorer()

    def begin(self) -> None:
        self._restorer = self._mask.restorer()
        self._listener.begin()

    def hear(self, piece: str) -> None:
        self._pass_on(self._restorer.feed(piece))

    def finish(self) -> None:
        """Hands on what was held back."""
        self._pass_on(self._restorer.finish())

    def _pass_on(self, text: str) -> None:
        if text:
            self._listener.hear(text)


def open_adviser(settings: Settings, choice: ModelChoice) -> ModelAdviser:
    """The adviser with the project's prompt and gate; raises ConfigError as `open_model_judge` does."""
    prompt = load_prompt(settings.prompts_dir, PROMPT_ID)
    rubric = load_rubric(settings.knowledge_dir / "rubric.toml")
    gate = open_rewrite_gate(settings.knowledge_dir)
    return ModelAdviser(open_completer(settings, choice), prompt, rubric, gate)


def _dropped_notice(count: int) -> Notice:
    return Notice(
        code="advice_dropped",
        message=f"Pieces of the model's advice that claim what you never said: {count}, left out.",
    )
