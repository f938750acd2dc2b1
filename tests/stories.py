"""Answers with their parts given by hand, so that a ladder can be tested without the labeller before it."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from coach.lexicons import Lexicon, load_lexicon
from coach.role_files import load_role
from coach.schema import AnswerType, AskedQuestion, Label, Role
from coach.signals.figures import find_figures
from coach.signals.habits import find_repeats
from coach.signals.mentions import find_kpi_mentions
from coach.signals.segments import count_words, find_sentences
from coach.signals.types import Clause, LabelledClause, Signals, Span, Submission
from coach.signals.voice import find_owner, find_phrases
from tests.conftest import REPO_ROOT

KNOWLEDGE = REPO_ROOT / "knowledge"
QUESTION = AskedQuestion(
    id="q13",
    text="Describe a time when you improved the conversion rate of an online store.",
    kind="behavioural",
)


class Part(NamedTuple):
    """A clause of an answer and what it does there."""

    label: Label
    text: str


@cache
def lexicon() -> Lexicon:
    """The project's own lexicon."""
    return load_lexicon(KNOWLEDGE / "lexicons.toml")


@cache
def shop_role() -> Role:
    """The E-commerce Manager."""
    return load_role(KNOWLEDGE / "roles" / "e-commerce-manager.toml")


def make_signals(*parts: Part, answer_type: AnswerType = "story") -> Signals:
    """Signals of the parts joined by spaces; all but labels and answer type is read from the text."""
    answer = " ".join(part.text for part in parts)
    sentences = find_sentences(answer)
    return Signals(
        submission=Submission(answer, QUESTION, count_words(answer)),
        clauses=_clauses(parts, sentences),
        sentences=sentences,
        figures=find_figures(answer, sentences),
        kpi_mentions=find_kpi_mentions(answer, shop_role()),
        fillers=find_phrases(answer, lexicon().fillers),
        hedges=find_phrases(answer, lexicon().hedges),
        answer_type=answer_type,
        repeated=find_repeats(answer, sentences),
    )


def _clauses(parts: tuple[Part, ...], sentences: tuple[Span, ...]) -> tuple[LabelledClause, ...]:
    found = []
    start = 0
    for part in parts:
        end = start + len(part.text)
        home = next(n for n, sentence in enumerate(sentences) if start < sentence.end)
        clause = Clause(start, end, part.text, home)
        found.append(LabelledClause(clause, part.label, 0.9, find_owner(part.text, lexicon())))
        start = end + 1
    return tuple(found)
