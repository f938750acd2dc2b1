"""Outcomes: the clauses that tell what came of it, and whether they are specific, measured, compared."""

from __future__ import annotations

import re
from typing import NamedTuple

from coach.lexicons import Lexicon
from coach.schema import Figure
from coach.signals.numbers import is_duration
from coach.signals.segments import count_words
from coach.signals.types import LabelledClause, Signals, Span

_PRESENT = re.compile(
    r"\b(?:is|are|helps?|makes?|allows?|gives?|keeps?|leads?|brings?|ensures?|will|would|can|could)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|had|did|went|got|made|came|gave|told|said|felt|found|kept|left|grew|rose|fell|cut|won|lost|sold|led|became|brought|hit|\w{2,}ed)\b",
    re.IGNORECASE,
)
# What joins a clause to the one before it.
_LEAD = re.compile(
    r"^(?:(?:and|so|but|then|next|also|finally|after\s+that|in\s+the\s+end)\b,?\s+)+", re.IGNORECASE
)
# An outcome told in one breath with the last step.
_WITHIN_STEP = re.compile(
    r"\b(?:result(?:ing|ed)\s+in|which\s+(?:led|resulted|meant|made|helped)|(?:finish|complet|submitt|deliver|sold|done)\w*"
    r"\b.*\b(?:on\s+time|in\s+time|before\s+the\s+(?:due\s+date|deadline)|by\s+the\s+deadline))\b",
    re.IGNORECASE,
)


class Outcome(NamedTuple):
    """A clause that tells an outcome. `hoped`: only a wish or a general benefit; `specific`: says what
    was different; `measured`: with a figure or a fact one can check; `compared`: against a start, a target
    or a time span."""

    clause: LabelledClause
    hoped: bool
    specific: bool
    measured: bool
    compared: bool
    figures: tuple[Figure, ...]


def find_outcomes(signals: Signals, lexicon: Lexicon) -> tuple[Outcome, ...]:
    """Outcomes in order: clauses labelled result, and any that tells a change or what a step led to."""
    return tuple(
        _read(signals, clause, lexicon) for clause in signals.clauses if _is_outcome(signals, clause, lexicon)
    )


def outcome_figures(signals: Signals, clause: LabelledClause, lexicon: Lexicon) -> tuple[Figure, ...]:
    """The clause's figures that measure an outcome: a change, or a value in a clause of the result."""
    inside = [f for f in signals.figures if clause.clause.start <= f.start < clause.clause.end]
    finding = lexicon.elements["finding"].search(clause.clause.text)
    if finding and clause.label == "action":
        inside = [f for f in inside if f.start < clause.clause.start + finding.start()]
    if _is_step(clause, lexicon):
        inside = [f for f in inside if f.from_ is not None]
    return tuple(
        f for f in inside if f.from_ is not None or (_measures(f) and _tells_change(f, clause, lexicon))
    )


def clause_span(clause: LabelledClause) -> Span:
    """The clause's place in the answer."""
    return Span(clause.clause.start, clause.clause.end)


def _is_step(clause: LabelledClause, lexicon: Lexicon) -> bool:
    """A step of the speaker's that the labeller took for the outcome, as the last thing told often is."""
    return bool(lexicon.elements["agent"].match(_LEAD.sub("", clause.clause.text)))


def _measures(figure: Figure) -> bool:
    return not is_duration(figure.unit)


def _tells_change(figure: Figure, clause: LabelledClause, lexicon: Lexicon) -> bool:
    """Whether a figure without a start stands for an outcome: a clause of the result that says something
    moved, or one elsewhere that names both a metric and its movement."""
    text = clause.clause.text
    moved = bool(lexicon.elements["outcome_verb"].search(text))
    metric = bool(lexicon.elements["metrics"].search(text))
    if clause.label == "result":
        return moved or metric or figure.unit in ("%", "pp", "x")
    return clause.label in ("action", "learning") and moved and metric


def _is_outcome(signals: Signals, clause: LabelledClause, lexicon: Lexicon) -> bool:
    if clause.label == "result":
        return bool(outcome_figures(signals, clause, lexicon)) or not _is_step(clause, lexicon)
    if clause.label in ("situation", "task", "other"):
        return False
    if clause.label == "action" and _WITHIN_STEP.search(clause.clause.text):
        return True
    return any(f.from_ is not None for f in outcome_figures(signals, clause, lexicon))


def _read(signals: Signals, clause: LabelledClause, lexicon: Lexicon) -> Outcome:
    text = clause.clause.text
    figures = outcome_figures(signals, clause, lexicon)
    hoped = not figures and bool(_PRESENT.search(text)) and not _PAST.search(text)
    vague = lexicon.delivery["vague_result"].search(text)
    rest = lexicon.delivery["vague_result"].sub(" ", text)
    checkable = bool(lexicon.elements["checkable"].search(text)) and not hoped
    words_needed = 12 if vague else 5
    specific = not hoped and (bool(figures) or checkable or count_words(rest) >= words_needed)
    compared = any(f.from_ is not None or f.period is not None for f in figures) or (
        bool(figures)
        and bool(re.search(r"\b(?:target|goal|budget|than|compared|against|before)\b", text, re.IGNORECASE))
    )
    return Outcome(clause, hoped, specific, bool(figures) or checkable, compared, figures)
