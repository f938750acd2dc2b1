"""From an accepted answer to signals: the steps of `coach.signals` in order, around the reader's look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from coach.embedding import DIMENSIONS
from coach.lexicons import Lexicon, load_lexicon
from coach.reader_model import ReaderModel
from coach.schema import ANSWER_TYPES, LABELS, AnswerType, CriterionId, Figure, Label, Role
from coach.signals.figures import find_figures
from coach.signals.habits import find_repeats, find_talk
from coach.signals.instructions import find_instructions
from coach.signals.mentions import find_kpi_mentions
from coach.signals.neutral import says_who
from coach.signals.order import share_backwards
from coach.signals.segments import find_clauses, find_sentences
from coach.signals.types import Clause, LabelledClause, Matrix, Outlook, Signals, Span, Submission
from coach.signals.view import hide, plain_view, unwrap
from coach.signals.voice import find_owner, find_phrases

if TYPE_CHECKING:
    from coach.config import Settings
    from coach.embedding import Embedder

READ_CRITERIA: tuple[CriterionId, ...] = ("situation", "task", "action", "result", "question_fit")
# A clause this surely "other" is left out before the answer is looked at as a whole.
SURE = 0.6
# The longer a text, the more of it is likely talk: beyond two minutes a clause less surely "other" goes, too.
LONG, SURE_IN_LONG = 300, 0.3
# From this mean probability the order is as it should be; below it a story of so many clauses is told
# backwards when the network is this much surer of the text from its end and this share of the parts then
# stands in reverse. Of base answers put in reverse it finds 84 in 100; it takes 1 real one in 100 for such.
SURE_ENOUGH, SURER, BACKWARDS, MIN_BACKWARDS = 0.93, 0.02, 2 / 3, 4
_OTHER = LABELS.index("other")
# Of an opinion nothing would be left without what is "other".
_TOLD: tuple[AnswerType, ...] = ("story", "pseudo_story")


@dataclass(frozen=True)
class Reader:
    """What reading needs, loaded once."""

    embedder: Embedder
    model: ReaderModel
    lexicon: Lexicon

    @classmethod
    def open(cls, settings: Settings, embedder: Embedder) -> Reader:
        """Loads lexicon and network; raises ConfigError when one is damaged."""
        lexicon = load_lexicon(settings.knowledge_dir / "lexicons.toml")
        return cls(embedder, ReaderModel.open(settings), lexicon)


@dataclass(frozen=True)
class Read:
    """An answer as read: its signals, the sentence vectors of its clauses (n, 384; zero for a clause that
    tells neither work nor outcome), and stretches that address a grader."""

    signals: Signals
    vectors: Matrix
    instructions: tuple[Span, ...]


def read_answer(
    submission: Submission, role: Role, reader: Reader, instructions: tuple[Span, ...] | None = None
) -> Read:
    """Reads an answer as if stretches that address a grader were not there. Sentences said before and clauses
    that only say who somebody is prove nothing: they are labelled "other", and their figures and KPI names
    left out. `instructions` are those stretches; None looks for them."""
    if instructions is None:
        instructions = find_instructions(submission.answer)
    said, lexicon = hide(submission.answer, instructions), reader.lexicon
    answer = plain_view(said)
    sentences = find_sentences(answer)
    clauses = find_clauses(answer, sentences) or (Clause(0, len(answer), answer, 0),)
    neutral = reader.model.neutral([clause.text for clause in clauses])
    repeats = find_repeats(answer, sentences)
    mute = (*instructions, *repeats)
    silent = (*mute, *find_talk(clauses, lexicon))
    told = [
        n
        for n, clause in enumerate(clauses)
        if not _within(_middle(clause), silent) and not says_who(neutral[n])
    ]
    outlook, kept = _look(submission.question.text, neutral, told, reader.model)
    spoken = tuple(sentence for sentence in sentences if sentence not in repeats)
    signals = Signals(
        submission=submission,
        clauses=_labelled(clauses, outlook, kept, lexicon),
        sentences=sentences,
        figures=_as_written(find_figures(answer, spoken), submission.answer, mute),
        kpi_mentions=tuple(m for m in find_kpi_mentions(unwrap(said), role) if not _within(m.start, mute)),
        fillers=find_phrases(answer, lexicon.fillers),
        hedges=find_phrases(answer, lexicon.hedges),
        answer_type=ANSWER_TYPES[int(outlook.kind.argmax())],
        repeated=repeats,
        muted=instructions,
        strengths=_strengths(outlook),
        shown=outlook.shown,
        words_read=sum(len(neutral[n].split()) for n in kept),
        type_chances=_type_chances(outlook),
    )
    return Read(signals, _vectors(signals, neutral, reader.embedder), instructions)


def _type_chances(outlook: Outlook) -> dict[AnswerType, float]:
    return {name: round(float(chance), 4) for name, chance in zip(ANSWER_TYPES, outlook.kind, strict=True)}


def _as_written(figures: Sequence[Figure], answer: str, mute: tuple[Span, ...]) -> tuple[Figure, ...]:
    """The figures that are told, quoted as they stand in the answer and not in its view."""
    return tuple(
        figure.model_copy(update={"quote": answer[figure.start : figure.end]})
        for figure in figures
        if not _within(figure.start, mute)
    )


def _look(
    question: str, neutral: Sequence[str], told: Sequence[int], model: ReaderModel
) -> tuple[Outlook, list[int]]:
    """The network's outlook on the clauses at these places, and the places it looked at in the end.

    What is surely no part of the story is found first and left out, so that talk around a story neither
    counts nor shifts how the rest is read.
    """
    places = list(told) or list(range(len(neutral)))
    outlook = model.read(question, [neutral[n] for n in places])
    if ANSWER_TYPES[int(outlook.kind.argmax())] not in _TOLD:
        return outlook, places
    words = sum(len(neutral[n].split()) for n in places)
    sure = SURE if words <= LONG else SURE_IN_LONG
    kept = [n for row, n in enumerate(places) if outlook.labels[row, _OTHER] < sure]
    if kept and len(kept) < len(places):
        # What is left out still says what kind of answer it is.
        again = model.read(question, [neutral[n] for n in kept])
        outlook, places = again._replace(kind=outlook.kind), kept
    return _in_order(question, [neutral[n] for n in places], outlook, model), places


def _in_order(question: str, told: Sequence[str], outlook: Outlook, model: ReaderModel) -> Outlook:
    """The outlook, or that on the text from its end where the network is surer of it and finds the parts in
    reverse: it expects the parts in their usual places, and a story told backwards holds the same ones."""
    if len(told) < MIN_BACKWARDS or sureness(outlook) >= SURE_ENOUGH:
        return outlook
    turned = model.read(question, told[::-1])
    labels: list[Label] = [LABELS[int(row.argmax())] for row in turned.labels[::-1]]
    # A story that merely lacks its outcome can look reversed, too, but it does not end with its setting.
    ends_with_setting = bool({"situation", "task"} & {*labels[-3:]})
    surer = sureness(turned) >= sureness(outlook) + SURER
    if not (surer and ends_with_setting and share_backwards(labels) >= BACKWARDS):
        return outlook
    return turned._replace(labels=turned.labels[::-1])


def sureness(outlook: Outlook) -> float:
    """Mean probability of the likeliest label over the clauses, 0.0 to 1.0."""
    return float(outlook.labels.max(axis=1).mean())


def _labelled(
    clauses: Sequence[Clause], outlook: Outlook, kept: Sequence[int], lexicon: Lexicon
) -> tuple[LabelledClause, ...]:
    found: dict[int, tuple[Label, float]] = {}
    for row, place in enumerate(kept):
        best = int(outlook.labels[row].argmax())
        found[place] = (LABELS[best], round(float(outlook.labels[row, best]), 3))
    silent: tuple[Label, float] = ("other", 1.0)
    return tuple(
        LabelledClause(clause, *found.get(number, silent), find_owner(clause.text, lexicon))
        for number, clause in enumerate(clauses)
    )


def _strengths(outlook: Outlook) -> dict[CriterionId, float]:
    """Expected level of each criterion that the network reads: the sum of the chances."""
    return {
        name: round(float(chances.sum()), 3)
        for name, chances in zip(READ_CRITERIA, outlook.levels, strict=True)
    }


def _vectors(signals: Signals, neutral: Sequence[str], embedder: Embedder) -> Matrix:
    """Sentence vectors of the clauses that can show work or a KPI: actions, and what holds a figure. Where
    there is none, of all: an opinion can still be near to the question. Neutral text is embedded, so that a
    name is near to nothing."""
    starts = [figure.start for figure in signals.figures]
    places = [
        n
        for n, labelled in enumerate(signals.clauses)
        if labelled.label == "action"
        or (
            labelled.label != "other"
            and any(labelled.clause.start <= s < labelled.clause.end for s in starts)
        )
    ] or list(range(len(signals.clauses)))
    vectors = np.zeros((len(signals.clauses), DIMENSIONS), dtype=np.float32)
    vectors[places] = embedder.embed_quickly([neutral[n] for n in places])
    return vectors


def _middle(clause: Clause) -> int:
    return (clause.start + clause.end) // 2


def _within(place: int, spans: tuple[Span, ...]) -> bool:
    return any(span.start <= place < span.end for span in spans)
