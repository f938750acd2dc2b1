"""The two criteria that code alone judges, whichever judge reads the rest: metrics and delivery."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from coach.judges.outcomes import outcome_figures
from coach.judges.settle import LONGEST, PADDED, RAMBLE, story_words
from coach.judges.story import Reading
from coach.lexicons import Lexicon
from coach.schema import Figure, KpiFinding
from coach.signals.order import share_backwards
from coach.signals.segments import count_words
from coach.signals.types import LabelledClause, Signals
from coach.signals.units import is_duration, is_measure

SPOKEN_WORDS_PER_MINUTE = 150
SHORTEST = 120
FRAGMENT = 40
FEW = 10  # below it a number of things is no figure
ONE_BREATH = 40  # words in a sentence
_HEADCOUNT = re.compile(
    r"people|person|team|colleague|member|employee|staff|student|kid|child|friend|player|year|month|week|day|hour|"
    r"kpi|metric|figure|number|indicator|measure",
    re.IGNORECASE,
)
_TARGET = re.compile(r"\b(?:target|goal|budget|plan|forecast|quota|benchmark|kpi)\b", re.IGNORECASE)


class MetricFigure(NamedTuple):
    """An outcome figure and whether a metric one can recognise stands with it."""

    figure: Figure
    clause: LabelledClause
    metric: bool


def read_metrics(signals: Signals, kpis: Sequence[KpiFinding], lexicon: Lexicon) -> Reading:
    """Outcomes in the role's KPIs or metrics as good: figure, starting point, time span or target."""
    outcomes = _outcome_figures(signals, kpis, lexicon)
    tied = [outcome for outcome in outcomes if outcome.metric]
    based = [o for o in tied if o.figure.from_ is not None]
    timed = [o for o in tied if o.figure.period is not None or _has_target(o)]
    whole = [o for o in based if o in timed]
    named = any(kpi.status == "named" for kpi in kpis)
    effort = [f for f in signals.figures if not is_duration(f.unit) and not _only_counts(f, lexicon)]
    if whole:
        level, best = 5, whole
    elif based or timed:
        level, best = 4, based or timed
    elif tied:
        level, best = 3, tied
    elif outcomes or effort:
        level, best = 2, outcomes
    else:
        level, best = 1 if named or _in_story(signals) else 0, []
    hits = {"figure": outcomes, "metric": tied, "baseline": based, "period": timed, "named": named}
    found = tuple(name for name, hit in hits.items() if hit)
    missing = tuple(n for n in ("figure", "metric", "baseline", "period") if n not in found)
    clauses = tuple(dict.fromkeys(outcome.clause for outcome in best))
    if not clauses and level:
        clauses = _clauses_with_numbers(signals, kpis)
    return Reading(level, clauses if level else (), found, missing, tuple(o.figure.quote for o in best[:1]))


def _in_story(signals: Signals) -> bool:
    """Whether a figure stands in what is told; "one day" in the talk around it counts nothing."""
    told = [c.clause for c in signals.clauses if c.label != "other"]
    return any(clause.start <= figure.start < clause.end for clause in told for figure in signals.figures)


def _counts_people(figure: Figure) -> bool:
    return bool(_HEADCOUNT.fullmatch(figure.unit.rstrip("s") or "-"))


def _only_counts(figure: Figure, lexicon: Lexicon) -> bool:
    """Whether a figure says how many people, or how few things, there were: "two things", "three kids"."""
    if _counts_people(figure):
        return True
    thing = bool(figure.unit) and not is_measure(figure.unit)
    measured = figure.from_ is not None or lexicon.elements["metrics"].search(figure.unit)
    return thing and figure.value < FEW and not measured


def _outcome_figures(signals: Signals, kpis: Sequence[KpiFinding], lexicon: Lexicon) -> list[MetricFigure]:
    proven = {(f.start, f.end) for kpi in kpis if kpi.status == "evidenced" for f in kpi.figures}
    found = []
    for clause in signals.clauses:
        if clause.label in ("situation", "task", "other"):
            continue
        metric = bool(lexicon.elements["metrics"].search(clause.clause.text))
        for figure in outcome_figures(signals, clause, lexicon):
            if not _only_counts(figure, lexicon) or figure.from_ is not None:
                found.append(MetricFigure(figure, clause, metric or (figure.start, figure.end) in proven))
    return found


def _has_target(outcome: MetricFigure) -> bool:
    return bool(_TARGET.search(outcome.clause.clause.text))


def _clauses_with_numbers(signals: Signals, kpis: Sequence[KpiFinding]) -> tuple[LabelledClause, ...]:
    places = [f.start for f in signals.figures] + [q.start for kpi in kpis for q in kpi.evidence]
    return tuple(c for c in signals.clauses if any(c.clause.start <= p < c.clause.end for p in places))[:3]


def read_delivery(signals: Signals) -> Reading:
    """Length, order, fillers and hedges, sentence length, repetition."""
    words = _said_words(signals)
    off = _faults(signals)
    level = max(1, 5 - sum(fault.weight for fault in off))
    if words < FRAGMENT or words > RAMBLE:
        level = min(level, 1 if words > 2 * RAMBLE else 2)
    return Reading(level, (), (), tuple(fault.code for fault in off), tuple(fault.detail for fault in off))


def _said_words(signals: Signals) -> int:
    """Words without what speaks to a grader, which neither makes an answer longer nor dilutes its noise."""
    return signals.submission.words - sum(
        count_words(signals.answer[span.start : span.end]) for span in signals.muted
    )


class Fault(NamedTuple):
    """Something that makes the answer hard to speak or follow; weight 1 (a little off) or 2 (badly)."""

    code: str
    weight: int
    detail: str


def _faults(signals: Signals) -> list[Fault]:
    found = [_length(signals), _order(signals), _noise(signals), _breath(signals), _repetition(signals)]
    if signals.muted:
        found.append(Fault("unsaid", 2, "part of it is not for an interviewer's ears"))
    return [fault for fault in found if fault]


def _length(signals: Signals) -> Fault | None:
    """Counts the words that carry the story, so that padding does not mend a short answer."""
    words = _said_words(signals)
    story = story_words(signals)
    minutes = words / SPOKEN_WORDS_PER_MINUTE
    padded = Fault("padded", 1, f"{words - story} of {words} words tell nothing of the story")
    if story and words > LONGEST and words - story > words // 2:
        return padded._replace(weight=2)
    if story < SHORTEST:
        said = (
            f"{story} words tell the story, about {round(story / 2.5)} seconds"
            if story
            else "none of it tells a story"
        )
        return Fault("short", 1 + (story < SHORTEST // 2), said)
    if words > LONGEST:
        return Fault("long", 1 + (words > LONGEST * 4 // 3), f"{words} words, about {minutes:.1f} minutes")
    return padded if words - story > words * PADDED else None


def _order(signals: Signals) -> Fault | None:
    """Out of order when a third of the told parts stand before a part that should come first."""
    backwards = share_backwards([clause.label for clause in signals.clauses])
    if backwards <= 1 / 3:
        return None
    return Fault("order", 1 + (backwards > 2 / 3), "the parts come in an order a listener cannot follow")


def _noise(signals: Signals) -> Fault | None:
    noise = sorted({*signals.fillers, *signals.hedges})
    per_hundred = len(noise) / max(_said_words(signals), 1) * 100
    if len(noise) < 2 or per_hundred <= 1:
        return None
    said = list(dict.fromkeys(signals.answer[span.start : span.end].lower() for span in noise))[:3]
    names = ", ".join(f"“{word}”" for word in said)
    return Fault("fillers", 1 + (per_hundred > 5), f"{len(noise)} fillers and hedges, such as {names}")


def _breath(signals: Signals) -> Fault | None:
    longest = max((count_words(signals.answer[s.start : s.end]) for s in signals.sentences), default=0)
    if longest <= ONE_BREATH:
        return None
    return Fault("breath", 1 + (longest > 2 * ONE_BREATH), f"one sentence runs to {longest} words")


def _repetition(signals: Signals) -> Fault | None:
    if not signals.repeated:
        return None
    badly = len(signals.repeated) > max(1, len(signals.sentences) // 4)
    return Fault(
        "repeated",
        1 + badly,
        f"{len(signals.repeated)} sentences say again what was said before"
        if len(signals.repeated) > 1
        else "one sentence says again what was said before",
    )
