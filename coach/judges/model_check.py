"""Holds a model's reply against the answer: quotes are located or dropped, and nothing undefended counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from coach.judges.model_reply import CriterionReply, Reply
from coach.judges.model_request import JUDGED, RetrievedItem
from coach.judges.model_words import Sources
from coach.judges.types import Judgement
from coach.rubric import Rubric
from coach.schema import CriterionId, Evidence, Notice
from coach.signals.instructions import without
from coach.signals.quotes import FoldedText, evidence
from coach.signals.types import Span, Submission

_LONGEST_TEXT = 300  # characters of a reason
_LONGEST_QUOTE = 600
_SHOWN_OF_A_QUOTE = 120  # characters of a quote that a repair request repeats
_UNREADABLE = "The model's reply could not be read, so this was not judged."


class ShownActivity(NamedTuple):
    """An activity of the role that the model says the answer shows, with the words found in it."""

    id: str
    evidence: tuple[Evidence, ...]


class Checked(NamedTuple):
    """What a reply is worth: a judgement for each judged criterion, and what failed, a line each, by
    criterion ("" for the reply as a whole) in words that a model can act on."""

    judgements: tuple[Judgement, ...]
    activities: tuple[ShownActivity, ...]
    failures: Mapping[str, tuple[str, ...]]
    notices: tuple[Notice, ...]


class ReplyCheck:
    """Checks replies about one answer. `instructions` are the stretches that speak to a grader: they are no
    evidence."""

    def __init__(
        self,
        rubric: Rubric,
        submission: Submission,
        instructions: Sequence[Span],
        items: Sequence[RetrievedItem],
    ) -> None:
        self._rubric = rubric
        self._submission = submission
        self._folded = FoldedText(submission.answer)
        self._instructions = sorted(instructions)
        self._activity_ids = {item.id for item in items if item.kind == "activity"}
        self._sources = Sources(
            without(submission.answer, instructions),
            submission.question.text,
            *rubric.texts,
            refused=[submission.answer[span.start : span.end] for span in instructions],
        )

    def check(self, reply: Reply | None) -> Checked:
        """The judgements that the reply defends; None is a reply that could not be read."""
        return _Pass(self, reply).result()

    def locate(self, quote: str) -> Span | None:
        """Where the quote stands outside the instructions; None when it does not or says too little."""
        answer, hint = self._submission.answer, 0
        for _ in range(len(self._instructions) + 1):
            span = self._folded.find(quote, hint)
            if span is None or span.start < hint or not _worth_quoting(answer[span.start : span.end]):
                return None
            blocking = [s for s in self._instructions if s.start < span.end and span.start < s.end]
            if not blocking:
                return span
            hint = max(blocking).end
        return None


class _Pass:
    """One reply, once through."""

    def __init__(self, check: ReplyCheck, reply: Reply | None) -> None:
        self._check = check
        self._reply = reply
        self._failures: dict[str, list[str]] = {}
        self._quotes_dropped = 0
        self._sentences_dropped = 0

    def result(self) -> Checked:
        reply = self._reply
        if reply is None:
            self._fail("", "the reply held no JSON object of the shape asked for, or more than one")
            judgements = tuple(_unscored(c, _UNREADABLE, "reply_unreadable") for c in JUDGED)
            return Checked(judgements, (), self._told(), ())
        judgements = tuple(self._judgement(c, reply.criteria.get(c)) for c in JUDGED)
        activities = tuple(self._activities(reply))
        return Checked(judgements, activities, self._told(), tuple(self._notices()))

    def _told(self) -> Mapping[str, tuple[str, ...]]:
        return {criterion: tuple(lines) for criterion, lines in self._failures.items()}

    def _fail(self, criterion: str, line: str) -> None:
        self._failures.setdefault(criterion, []).append(line)

    def _activities(self, reply: Reply) -> Iterator[ShownActivity]:
        seen: set[str] = set()
        for claimed in reply.activities:
            if claimed.id in self._check._activity_ids and claimed.id not in seen:
                seen.add(claimed.id)
                found = self._locate("activities", claimed.quotes)
                if found:
                    yield ShownActivity(claimed.id, found)

    def _judgement(self, criterion: CriterionId, raw: CriterionReply | None) -> Judgement:
        if raw is None:
            self._fail(criterion, f"{criterion}: is missing")
            return _unscored(criterion, "The model's reply leaves this out.", "not_in_reply")
        if raw.level is None:
            self._fail(criterion, f"{criterion}: the level is not a whole number from 0 to 5")
            return _unscored(criterion, "The model gave no level from 0 to 5 for this.", "no_level")
        if raw.level == 0:
            return self._worded(criterion, raw, 0, ())
        found = self._locate(criterion, raw.quotes)
        # Fit can be a matter of the whole answer; the other criteria must be shown somewhere.
        if found or (criterion == "question_fit" and not raw.quotes):
            return self._worded(criterion, raw, raw.level, found)
        if raw.quotes:
            why = "The words the model quoted could not be found in your answer, so its level does not count."
            return _unscored(criterion, why, "quotes_not_found")
        self._fail(criterion, f"{criterion}: level {raw.level} without a quote")
        why = "The model quoted no words of your answer, so its level does not count."
        return _unscored(criterion, why, "no_quotes")

    def _worded(
        self, criterion: CriterionId, raw: CriterionReply, level: int, found: tuple[Evidence, ...]
    ) -> Judgement:
        anchors = self._check._rubric.criteria[criterion]
        cleaned = self._check._sources.clean(raw.why, _LONGEST_TEXT, anchors.anchors[level])
        self._sentences_dropped += cleaned.dropped
        return Judgement(
            criterion=criterion,
            level=level,
            basis="absence" if level == 0 else "span" if found else "whole",
            why=cleaned.text,
            evidence=found,
            next_step=anchors.next_steps[level] if level < 5 else "",
            reasons=("model",),
        )

    def _locate(self, criterion: str, quotes: Sequence[str]) -> tuple[Evidence, ...]:
        found = set()
        for quote in quotes:
            span = self._check.locate(quote)
            if span is None:
                self._quotes_dropped += 1
                self._fail(criterion, f'{criterion}: not in the answer: "{quote[:_SHOWN_OF_A_QUOTE]}"')
            else:
                found.add(span)
        return tuple(evidence(self._check._submission.answer, span) for span in sorted(found))

    def _notices(self) -> Iterator[Notice]:
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


def _worth_quoting(words: str) -> bool:
    """Two words or a figure at least, and not a page."""
    return len(words) <= _LONGEST_QUOTE and (len(words.split()) > 1 or any(map(str.isdigit, words)))


def _unscored(criterion: CriterionId, why: str, reason: str) -> Judgement:
    return Judgement(criterion, None, "unscored", why, reasons=(reason,))
