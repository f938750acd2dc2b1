"""KPIs of the role in an answer: proven with a figure, only named, or worth adding."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from coach.judges.kpi_figures import clause_at, own_step_before, standing_of
from coach.judges.kpi_links import Told, fits_unit, in_own_unit, link_figures, went_wrong
from coach.judges.outcomes import clause_span
from coach.judges.role_work import NearItems, is_online
from coach.lexicons import Lexicon
from coach.schema import Figure, Kpi, KpiFinding, Question, Role
from coach.signals.quotes import evidence
from coach.signals.types import Signals

__all__ = ["find_kpis", "fits_unit", "spoken_name"]

# Calibrated relevance (see coach.relevance) from which a clause is taken to speak of a KPI in other words,
# and from which a KPI is worth suggesting.
KPI_BY_MEANING = 0.8
SUGGESTED = 0.1
MOST_SUGGESTED = 3


def find_kpis(
    signals: Signals, near: NearItems, role: Role, question: Question | None, lexicon: Lexicon
) -> tuple[KpiFinding, ...]:
    """KPIs proven with a figure, then only named, then the two or three that would suit this story."""
    told = link_figures(signals, role, lexicon)
    proven: dict[str, KpiFinding] = {}
    named: dict[str, KpiFinding] = {}
    for kpi in role.kpis:
        finding = _told(kpi, told.get(kpi.id, ()), signals) or _meant(kpi, signals, near, told)
        if finding:
            (proven if finding.status == "evidenced" else named)[kpi.id] = finding
    rest = [kpi for kpi in role.kpis if kpi.id not in proven and kpi.id not in named]
    return (*proven.values(), *named.values(), *_suggestions(signals, near, rest, question))


def _told(kpi: Kpi, told: Sequence[Told], signals: Signals) -> KpiFinding | None:
    places = [mention.start for mention in signals.kpi_mentions if mention.kpi_id == kpi.id]
    reached = _with_start(told)
    # "Forty thousand visits a week" in passing names no KPI; what a customer costs does.
    if not places and not reached and kpi.unit not in ("%", "currency", "ratio"):
        return None
    if not places and not told:
        return None
    quotes = tuple(
        dict.fromkeys(
            evidence(signals.answer, clause_span(clause_at(signals, place)))
            for place in sorted(
                {*places, *(item.figure.start for item in told if item.reached or not places)}
            )
        )
    )
    if reached:
        why = _proof(reached) + _wrong_way(kpi, reached, signals)
        if not places:
            why += " You tell it in other words; name it."
        return KpiFinding(
            id=kpi.id, name=kpi.name, status="evidenced", evidence=quotes, figures=reached, why=why
        )
    return KpiFinding(
        id=kpi.id,
        name=kpi.name,
        status="named",
        evidence=quotes,
        why="You tell where it stood, but not what it came to."
        if told
        else "You name it without a value, so a listener cannot tell how much it moved.",
        statement=kpi.statement,
        find_it=kpi.find_it,
    )


def _with_start(told: Sequence[Told]) -> tuple[Figure, ...]:
    """The figures reached, each with the start that the answer tells elsewhere."""
    reached = []
    for number, item in enumerate(told):
        if not item.reached:
            continue
        figure = item.figure
        starts = [t.figure for t in told[:number] if t.start and t.figure.unit == figure.unit]
        if figure.from_ is None and starts and figure.unit not in ("x", "pp"):
            figure = figure.model_copy(update={"from_": starts[0].value})
        reached.append(figure)
    return tuple(reached)


def _wrong_way(kpi: Kpi, figures: Sequence[Figure], signals: Signals) -> str:
    wrong = [figure for figure in figures if went_wrong(figure, kpi, signals)]
    if not wrong or len(wrong) < len(figures):
        return ""
    better = "higher" if kpi.good_direction == "up" else "lower"
    return f" It went the wrong way, since {better} is better here: say why, and what you did about it."


def _meant(
    kpi: Kpi, signals: Signals, near: NearItems, told: Mapping[str, Sequence[Told]]
) -> KpiFinding | None:
    """A KPI told in words that only resemble it, which counts where a figure of its kind stands with it."""
    taken = {item.figure.start for items in told.values() for item in items}
    for clause, items in zip(signals.clauses, near, strict=True):
        if not any(item_id == kpi.id and relevance >= KPI_BY_MEANING for item_id, relevance in items):
            continue
        figures = tuple(
            f
            for f in signals.figures
            if clause.clause.start <= f.start < clause.clause.end
            and f.start not in taken
            and kpi.unit in ("%", "currency")
            and in_own_unit(f, kpi)
            and standing_of(f, signals) in ("reached", "later")
            and (own_step_before(signals, f.start) or not went_wrong(f, kpi, signals))
        )
        if figures:
            quote = evidence(signals.answer, clause_span(clause))
            why = f"{_proof(figures)}{_wrong_way(kpi, figures, signals)} You tell it in other words; name it."
            return KpiFinding(
                id=kpi.id, name=kpi.name, status="evidenced", evidence=(quote,), figures=figures, why=why
            )
    return None


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


def spoken_name(kpi: KpiFinding) -> str:
    """A KPI's name inside a sentence: small letters, without the abbreviation in brackets."""
    return re.sub(r"\s*\([^)]*\)", "", kpi.name).lower()
