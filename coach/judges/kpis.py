"""KPIs of the role in an answer: proven with a figure, only named, or worth adding."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from coach.judges.outcomes import clause_span, outcome_figures
from coach.judges.role_work import NearItems, is_online
from coach.lexicons import Lexicon
from coach.schema import Evidence, Figure, Kpi, KpiFinding, Question, Role
from coach.signals.numbers import is_duration
from coach.signals.quotes import evidence
from coach.signals.types import LabelledClause, Signals

# Calibrated relevance (see coach.relevance) from which a clause is taken to speak of a KPI in other words,
# and from which a KPI is worth suggesting.
KPI_BY_MEANING = 0.8
SUGGESTED = 0.1
MOST_SUGGESTED = 3


def find_kpis(
    signals: Signals, near: NearItems, role: Role, question: Question | None, lexicon: Lexicon
) -> tuple[KpiFinding, ...]:
    """KPIs proven with a figure, then only named, then the two or three that would suit this story."""
    proven: dict[str, KpiFinding] = {}
    named: dict[str, KpiFinding] = {}
    for kpi in role.kpis:
        finding = _mentioned(kpi, signals, lexicon) or _meant(kpi, signals, near, lexicon)
        if finding:
            (proven if finding.status == "evidenced" else named)[kpi.id] = finding
    rest = [kpi for kpi in role.kpis if kpi.id not in proven and kpi.id not in named]
    return (*proven.values(), *named.values(), *_suggestions(signals, near, rest, question))


def _mentioned(kpi: Kpi, signals: Signals, lexicon: Lexicon) -> KpiFinding | None:
    mentions = [mention for mention in signals.kpi_mentions if mention.kpi_id == kpi.id]
    if not mentions:
        return None
    figures: list[Figure] = []
    quotes: list[Evidence] = []
    for mention in mentions:
        found = [f for f in _figures_near(mention.start, mention.end, signals, lexicon) if fits_unit(f, kpi)]
        figures += [figure for figure in found if figure not in figures]
        quotes.append(evidence(signals.answer, clause_span(_clause_at(signals, mention.start))))
    unique = tuple(dict.fromkeys(quotes))
    if figures:
        return KpiFinding(
            id=kpi.id,
            name=kpi.name,
            status="evidenced",
            evidence=unique,
            figures=tuple(figures),
            why=_proof(figures),
        )
    return KpiFinding(
        id=kpi.id,
        name=kpi.name,
        status="named",
        evidence=unique,
        why="You name it without a value, so a listener cannot tell how much it moved.",
        statement=kpi.statement,
        find_it=kpi.find_it,
    )


def _meant(kpi: Kpi, signals: Signals, near: NearItems, lexicon: Lexicon) -> KpiFinding | None:
    """A KPI told in other words, which counts only where a figure of its kind stands with it."""
    for clause, items in zip(signals.clauses, near, strict=True):
        if not any(item_id == kpi.id and relevance >= KPI_BY_MEANING for item_id, relevance in items):
            continue
        if any(clause.clause.start <= m.start < clause.clause.end for m in signals.kpi_mentions):
            continue
        figures = tuple(f for f in outcome_figures(signals, clause, lexicon) if _in_own_unit(f, kpi))
        if figures:
            quote = evidence(signals.answer, clause_span(clause))
            why = f"{_proof(figures)} You tell it in other words; name it."
            return KpiFinding(
                id=kpi.id, name=kpi.name, status="evidenced", evidence=(quote,), figures=figures, why=why
            )
    return None


def _in_own_unit(figure: Figure, kpi: Kpi) -> bool:
    return figure.unit in {"%": ("%", "pp"), "currency": ("$", "€", "£", "₹")}.get(kpi.unit, ())


def fits_unit(figure: Figure, kpi: Kpi) -> bool:
    """Whether a figure can be a value, or a relative change, of the KPI."""
    if figure.unit in ("%", "pp", "x", ""):
        return True
    unit = kpi.unit.lower()
    if is_duration(figure.unit):
        return "minute" in unit or "second" in unit
    if figure.unit in "$€£₹":
        return unit == "currency" or unit == "ratio"
    return unit not in ("%", "currency", "ratio", "minutes") and not re.match(
        r"people|team|colleague|skus?|products?|campaign|email|test", figure.unit
    )


def _figures_near(start: int, end: int, signals: Signals, lexicon: Lexicon) -> tuple[Figure, ...]:
    """Outcome figures of the clause that holds the mention; else of its sentence, when no other KPI is
    named between them."""
    clause = _clause_at(signals, start)
    here = [f for f in outcome_figures(signals, clause, lexicon) if _nearest_mention(f, signals) == start]
    if here:
        return tuple(here)
    siblings = [c for c in signals.clauses if c.clause.sentence == clause.clause.sentence and c is not clause]
    beside = [f for c in siblings for f in outcome_figures(signals, c, lexicon)]
    return tuple(f for f in beside if _nearest_mention(f, signals) == start and abs(f.start - end) <= 120)


def _nearest_mention(figure: Figure, signals: Signals) -> int:
    """Where the KPI mention that the figure belongs to starts: before it where one is close, else after."""

    def gap(start: int, end: int) -> int:
        return (
            figure.start - end
            if end <= figure.start
            else (start - figure.end) * 2
            if start >= figure.end
            else 0
        )

    return min(
        signals.kpi_mentions, key=lambda mention: (gap(mention.start, mention.end), mention.start)
    ).start


def _suggestions(
    signals: Signals, near: NearItems, rest: Sequence[Kpi], question: Question | None
) -> list[KpiFinding]:
    probed = question.kpis if question else ()
    best: Mapping[str, float] = {
        kpi.id: max((r for items in near for item_id, r in items if item_id == kpi.id), default=0.0)
        for kpi in rest
    }
    ranked = sorted(rest, key=lambda kpi: (-(best[kpi.id] + (0.3 if kpi.id in probed else 0.0)), kpi.id))
    return [
        _suggestion(kpi, kpi.id in probed)
        for kpi in ranked[:MOST_SUGGESTED]
        if kpi.id in probed or (best[kpi.id] >= SUGGESTED and is_online(signals.answer))
    ]


def _suggestion(kpi: Kpi, probed: bool) -> KpiFinding:
    reason = "The question is out for it." if probed else "Your story is close to it."
    why = f"{reason} {kpi.believable}".strip()
    return KpiFinding(
        id=kpi.id, name=kpi.name, status="suggested", why=why, statement=kpi.statement, find_it=kpi.find_it
    )


def _proof(figures: Sequence[Figure]) -> str:
    best = max(figures, key=lambda figure: (figure.from_ is not None) + (figure.period is not None))
    have = [
        name
        for name, there in (("start", best.from_ is not None), ("time span", best.period is not None))
        if there
    ]
    if len(have) == 2:
        return f"Proven with start, outcome and time span: “{best.quote}”, {best.period}."
    lack = (
        "how long it took"
        if have == ["start"]
        else "what it was before"
        if have
        else "what it was before and how long it took"
    )
    return f"Stated as “{best.quote}”. Still open: {lack}."


def _clause_at(signals: Signals, place: int) -> LabelledClause:
    return next((c for c in signals.clauses if c.clause.start <= place < c.clause.end), signals.clauses[-1])


def spoken_name(kpi: KpiFinding) -> str:
    """A KPI's name inside a sentence: small letters, without the abbreviation in brackets."""
    return re.sub(r"\s*\([^)]*\)", "", kpi.name).lower()
