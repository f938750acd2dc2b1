"""From an accepted answer to signals: the steps of `coach.signals` in order, over one set of vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.lexicons import Lexicon, load_lexicon
from coach.schema import LABELS, Label, Role
from coach.signals.answer_type import find_answer_type
from coach.signals.figures import find_figures
from coach.signals.habits import find_repeats, find_talk
from coach.signals.instructions import find_instructions
from coach.signals.mentions import find_kpi_mentions
from coach.signals.segments import find_clauses, find_sentences
from coach.signals.star import Matrix, label_clauses
from coach.signals.types import Clause, LabelledClause, Signals, Span, Submission
from coach.signals.voice import find_owner, find_phrases
from coach.weights import StarModel, TypeModel, load_star_model, load_type_model

if TYPE_CHECKING:
    from coach.config import Settings
    from coach.embedding import Embedder


# A clause this surely "other" is left out before the rest is labelled.
SURE = 0.5


@dataclass(frozen=True)
class Reader:
    """What reading needs, loaded once."""

    embedder: Embedder
    lexicon: Lexicon
    star: StarModel
    types: TypeModel

    @classmethod
    def open(cls, settings: Settings, embedder: Embedder) -> Reader:
        """Loads lexicon and weights; raises ConfigError when one is damaged."""
        weights = settings.knowledge_dir / "star"
        lexicon = load_lexicon(settings.knowledge_dir / "lexicons.toml")
        return cls(embedder, lexicon, load_star_model(weights), load_type_model(weights))


@dataclass(frozen=True)
class Read:
    """An answer as read: its signals, the clause vectors (n, 384), and stretches that address a grader."""

    signals: Signals
    vectors: Matrix
    instructions: tuple[Span, ...]


def read_answer(submission: Submission, role: Role, reader: Reader) -> Read:
    """Reads an answer. Stretches that address a grader, and sentences said before, prove nothing: their
    clauses are labelled "other" and their figures and KPI names left out."""
    answer, lexicon = submission.answer, reader.lexicon
    sentences = find_sentences(answer)
    clauses = find_clauses(answer, sentences) or (Clause(0, len(answer), answer, 0),)
    vectors = reader.embedder.embed([clause.text for clause in clauses])
    instructions, repeats = find_instructions(answer), find_repeats(answer, sentences)
    talk = find_talk(clauses, lexicon)
    mute = (*instructions, *repeats)
    spoken = tuple(sentence for sentence in sentences if sentence not in repeats)
    heard = [n for n, clause in enumerate(clauses) if not _within(_middle(clause), mute)] or [0]
    signals = Signals(
        submission=submission,
        clauses=_labelled(clauses, vectors, (*mute, *talk), reader),
        sentences=sentences,
        figures=tuple(f for f in find_figures(answer, spoken) if not _within(f.start, mute)),
        kpi_mentions=tuple(m for m in find_kpi_mentions(answer, role) if not _within(m.start, mute)),
        fillers=find_phrases(answer, lexicon.fillers),
        hedges=find_phrases(answer, lexicon.hedges),
        answer_type=find_answer_type([clauses[n] for n in heard], vectors[heard], reader.types, lexicon),
        repeated=repeats,
        muted=instructions,
    )
    return Read(signals, vectors, instructions)


def _labelled(
    clauses: tuple[Clause, ...], vectors: Matrix, mute: tuple[Span, ...], reader: Reader
) -> tuple[LabelledClause, ...]:
    """Labels in two passes: what says nothing is found first and left out, so that the place of a clause in
    the story, which the labeller reads, does not depend on talk around it."""
    told = [n for n, clause in enumerate(clauses) if not _within(_middle(clause), mute)]
    first = _label(clauses, vectors, told, reader)
    kept = [place for place, (label, confidence) in first.items() if label != "other" or confidence < SURE]
    found = {**first, **_label(clauses, vectors, kept, reader)}
    silent: tuple[Label, float] = ("other", 1.0)
    return tuple(
        LabelledClause(clause, *found.get(number, silent), find_owner(clause.text, reader.lexicon))
        for number, clause in enumerate(clauses)
    )


def _label(
    clauses: tuple[Clause, ...], vectors: Matrix, places: list[int], reader: Reader
) -> dict[int, tuple[Label, float]]:
    """Label and its probability by place, for the clauses at these places read as one text."""
    if not places:
        return {}
    labelling = label_clauses([clauses[n] for n in places], vectors[places], reader.star, reader.lexicon)
    odds = labelling.probabilities
    return {
        place: (label, round(float(odds[row, LABELS.index(label)]), 3))
        for row, (place, label) in enumerate(zip(places, labelling.labels, strict=True))
    }


def _middle(clause: Clause) -> int:
    return (clause.start + clause.end) // 2


def _within(place: int, spans: tuple[Span, ...]) -> bool:
    return any(span.start <= place < span.end for span in spans)
