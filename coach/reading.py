"""From an accepted answer to signals: the steps of `coach.signals` in order, over one set of vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.lexicons import Lexicon, load_lexicon
from coach.schema import LABELS, Role
from coach.signals.answer_type import find_answer_type
from coach.signals.figures import find_figures
from coach.signals.habits import find_repeats
from coach.signals.instructions import find_instructions
from coach.signals.mentions import find_kpi_mentions
from coach.signals.segments import find_clauses, find_sentences
from coach.signals.star import Labelling, Matrix, label_clauses
from coach.signals.types import Clause, LabelledClause, Signals, Span, Submission
from coach.signals.voice import find_owner, find_phrases
from coach.weights import StarModel, TypeModel, load_star_model, load_type_model

if TYPE_CHECKING:
    from coach.config import Settings
    from coach.embedding import Embedder


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
    mute = (*instructions, *repeats)
    signals = Signals(
        submission=submission,
        clauses=_labelled(clauses, label_clauses(clauses, vectors, reader.star, lexicon), mute, lexicon),
        sentences=sentences,
        figures=tuple(f for f in find_figures(answer, sentences) if not _within(f.start, mute)),
        kpi_mentions=tuple(m for m in find_kpi_mentions(answer, role) if not _within(m.start, mute)),
        fillers=find_phrases(answer, lexicon.fillers),
        hedges=find_phrases(answer, lexicon.hedges),
        answer_type=find_answer_type(clauses, vectors, reader.types, lexicon),
        repeated=repeats,
    )
    return Read(signals, vectors, instructions)


def _labelled(
    clauses: tuple[Clause, ...], labelling: Labelling, mute: tuple[Span, ...], lexicon: Lexicon
) -> tuple[LabelledClause, ...]:
    found = []
    for clause, label, odds in zip(clauses, labelling.labels, labelling.probabilities, strict=True):
        silent = _within((clause.start + clause.end) // 2, mute)
        confidence = 1.0 if silent else round(float(odds[LABELS.index(label)]), 3)
        owner = find_owner(clause.text, lexicon)
        found.append(LabelledClause(clause, "other" if silent else label, confidence, owner))
    return tuple(found)


def _within(place: int, spans: tuple[Span, ...]) -> bool:
    return any(span.start <= place < span.end for span in spans)
