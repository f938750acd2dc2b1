"""Which figures of an answer belong to which KPI, and which of them are what came of the work."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from coach.judges.kpi_figures import clause_at, own_step_before, standing_of
from coach.lexicons import Lexicon
from coach.schema import Figure, Kpi, Role
from coach.signals.mentions import find_kpi_paraphrases
from coach.signals.types import Signals, Span
from coach.signals.units import is_currency, is_duration, is_share

# Two values of one KPI differ by no more than this factor.
MOST_APART = 6.0
# Letters within which a figure's words are looked for; a spoken sentence can run on for the whole answer.
FARTHEST = 400
_BREAK = re.compile(r"[,;:()–—]|\b(?:and|but|while|whereas|though|because|so)\b", re.IGNORECASE)
_IN_PHRASE = re.compile(
    r"\b(?:for|of|on|in|from|among|to|with|by|at|than|without|per|our|more)\s+"
    r"(?:(?:the|our|my|their|its|all|those|these)\s+)?(?:(?!the\b|our\b|my\b)\w+\s+)?\Z",
    re.IGNORECASE,
)
_A_PRICED = re.compile(r"\b(?:an?|the|our|every|each|this|that|one)\s\Z", re.IGNORECASE)
_THING = re.compile(r"\s+(?!(?:per|an?|each|every|in|for|by|from|on|and|or|to|of|after)\b)[a-z]")
_POINTS_BACK = re.compile(
    r"\b(?:it|that|this|which|the\s+(?:rate|figure|number|value|share))\b", re.IGNORECASE
)
_OF = re.compile(r"\s+of\b", re.IGNORECASE)
_UPWARD = re.compile(
    r"\b(?:rose|risen|grew|grown|climbed|increased|lifted|raised|jumped|up|higher|more(?!\s+than)|doubled|tripled|gained|improved)\b",
    re.IGNORECASE,
)
_DOWNWARD = re.compile(
    r"\b(?:fell|fallen|dropped|decreased|reduced|declined|slid|shrank|cut|down|lower|less(?!\s+than)|fewer(?!\s+than)|halved|lost)\b",
    re.IGNORECASE,
)


class Told(NamedTuple):
    """A figure told of a KPI. `reached`: it came of the work; `start`: it stood so before."""

    figure: Figure
    reached: bool
    start: bool


class _Term(NamedTuple):
    """Words that a figure can belong to: a KPI, or with an empty id another metric."""

    kpi_id: str
    start: int
    end: int
    loose: bool


def link_figures(signals: Signals, role: Role, lexicon: Lexicon) -> Mapping[str, tuple[Told, ...]]:
    """Figures by KPI in the order of the answer, each given to one KPI at most."""
    kpis = {kpi.id: kpi for kpi in role.kpis}
    terms = _terms(signals, role, lexicon)
    told: dict[str, list[Told]] = {}
    for figure in signals.figures:
        if _prices_a_thing(figure, terms, signals.answer):
            continue
        term = _owner(figure, terms, signals, kpis) or _spoken_of(figure, terms, told, signals, kpis)
        if term and term.kpi_id:
            before = told.setdefault(term.kpi_id, [])
            reached = _is_reached(figure, kpis[term.kpi_id], before, signals, lexicon)
            start = not reached and standing_of(figure, signals) in ("start", "value", "later")
            before.append(Told(figure, reached, start))
    return {kpi_id: tuple(figures) for kpi_id, figures in told.items()}


def fits_unit(figure: Figure, kpi: Kpi) -> bool:
    """Whether a figure can be a value, or a relative change, of the KPI."""
    if is_share(figure.unit) or figure.unit in ("x", ""):
        return True
    unit = kpi.unit.lower()
    if is_duration(figure.unit):
        return "minute" in unit or "second" in unit
    if is_currency(figure.unit):
        return unit == "currency" or unit == "ratio"
    counted = figure.unit.lower().rstrip("s")
    return unit not in ("%", "currency", "ratio", "minutes") and any(
        counted == word.rstrip("s") for name in (kpi.unit, *kpi.aliases) for word in name.lower().split()
    )


def in_own_unit(figure: Figure, kpi: Kpi) -> bool:
    """Whether a figure is told in the KPI's own unit, so that it can be its value."""
    if kpi.unit == "%":
        return is_share(figure.unit)
    return (
        is_currency(figure.unit)
        if kpi.unit == "currency"
        else fits_unit(figure, kpi) and not is_share(figure.unit)
    )


def went_wrong(figure: Figure, kpi: Kpi, signals: Signals) -> bool:
    """Whether the change went against the KPI's good direction; False where no direction is told."""
    if figure.from_ is not None:
        rise = figure.value - figure.from_
        return rise < 0 if kpi.good_direction == "up" else rise > 0
    if figure.unit == "x":
        return (figure.value < 1) == (kpi.good_direction == "up")
    clause = clause_at(signals, figure.start).clause
    lead = signals.answer[clause.start : figure.start]
    last = max(
        ((m.start(), up) for up, cue in ((True, _UPWARD), (False, _DOWNWARD)) for m in cue.finditer(lead)),
        default=None,
    )
    return last is not None and last[1] != (kpi.good_direction == "up")


def _terms(signals: Signals, role: Role, lexicon: Lexicon) -> tuple[_Term, ...]:
    silent = (*signals.muted, *signals.repeated)
    loose = [m for m in find_kpi_paraphrases(signals.answer, role) if not _within(m.start, silent)]
    kpis = [_Term(*m, loose=False) for m in signals.kpi_mentions] + [_Term(*m, loose=True) for m in loose]
    others = [
        _Term("", *match.span(), loose=False)
        for match in lexicon.elements["other_metrics"].finditer(signals.answer)
        if not any(_overlap(match.span(), (t.start, t.end)) for t in kpis)
        and not _IN_PHRASE.search(signals.answer, max(0, match.start() - 30), match.start())
    ]
    return tuple(sorted([*kpis, *others], key=lambda term: (term.start, term.end)))


def _owner(figure: Figure, terms: Sequence[_Term], signals: Signals, kpis: Mapping[str, Kpi]) -> _Term | None:
    """The nearest KPI or metric in the figure's own sentence that it can be a figure of."""
    home = next((s for s in signals.sentences if s.start <= figure.start < s.end), None)
    near = [
        term
        for term in terms
        if home
        and max(home.start, figure.start - FARTHEST) <= term.start < min(home.end, figure.end + FARTHEST)
        and (not term.kpi_id or fits_unit(figure, kpis[term.kpi_id]))
        and _can_own(figure, term, signals.answer)
    ]
    return min(near, key=lambda term: (_distance(figure, term, signals.answer), term.start), default=None)


def _is_part(figure: Figure, kpi: Kpi, answer: str) -> bool:
    """ "half of the visitors" is a part of them, not how many there are."""
    return is_share(figure.unit) and kpi.unit != "%" and bool(_OF.match(answer, figure.end))


def _can_own(figure: Figure, term: _Term, answer: str) -> bool:
    """Words two borders behind a figure tell of something else."""
    after = answer[figure.end : max(figure.end, term.start)]
    return term.start < figure.end or len(_BREAK.findall(after)) <= 1


def _prices_a_thing(figure: Figure, terms: Sequence[_Term], answer: str) -> bool:
    """ "a ₹299 lip balm", but not "a £64 average order"."""
    if not is_currency(figure.unit) or figure.from_ is not None:
        return False
    named = any(figure.end <= term.start <= figure.end + 25 for term in terms if term.kpi_id)
    return bool(
        not named
        and _A_PRICED.search(answer, max(0, figure.start - 8), figure.start)
        and _THING.match(answer, figure.end)
    )


def _distance(figure: Figure, term: _Term, answer: str) -> int:
    """Letters between figure and words; a clause's border counts for more, and most for words that follow."""
    far = 12 if term.loose else 0
    if term.end <= figure.start:
        between = answer[term.end : figure.start]
        return far + len(between) + 25 * len(_BREAK.findall(between))
    if term.start >= figure.end:
        between = answer[figure.end : term.start]
        return far + 10 + 2 * len(between) + 60 * len(_BREAK.findall(between))
    return far


def _spoken_of(
    figure: Figure,
    terms: Sequence[_Term],
    told: Mapping[str, Sequence[Told]],
    signals: Signals,
    kpis: Mapping[str, Kpi],
) -> _Term | None:
    """The KPI that a sentence without any metric goes on about: "by week 13 we were at 4.4"."""
    before = [t for t in terms if t.end <= figure.start and t.kpi_id and fits_unit(figure, kpis[t.kpi_id])]
    for term in reversed(before):
        known = [
            item.figure
            for item in told.get(term.kpi_id, ())
            if not _is_part(item.figure, kpis[term.kpi_id], signals.answer)
        ]
        if known:
            if any(_alike(figure, other) for other in known):
                return term
        elif not term.loose and in_own_unit(figure, kpis[term.kpi_id]) and _follows(figure, term, signals):
            return term
    return None


def _alike(figure: Figure, other: Figure) -> bool:
    """Whether two figures can be values of one KPI at different times."""
    same = figure.unit == other.unit or "" in (figure.unit, other.unit)
    values = sorted((abs(figure.value), abs(other.value)))
    return same and values[0] > 0 and values[1] / values[0] <= MOST_APART


def _follows(figure: Figure, term: _Term, signals: Signals) -> bool:
    """Whether the figure's sentence comes right after the KPI's and points back to it."""
    places = [
        n
        for n, s in enumerate(signals.sentences)
        for at in (term.start, figure.start)
        if s.start <= at < s.end
    ]
    if len(places) != 2 or abs(places[1] - places[0]) != 1:
        return False
    home = signals.sentences[max(places)]
    return bool(_POINTS_BACK.search(signals.answer, home.start, figure.start))


def _is_reached(figure: Figure, kpi: Kpi, before: Sequence[Told], signals: Signals, lexicon: Lexicon) -> bool:
    """Whether the figure is what came of the work."""
    standing = standing_of(figure, signals)
    clause = clause_at(signals, figure.start)
    stepped = own_step_before(signals, figure.start)
    if standing in ("value", "later"):
        again = standing == "later" or any(item.figure.value != figure.value for item in before)
        standing = "reached" if (stepped and again) or clause.label == "result" else "start"
    if standing != "reached":
        return False
    found = lexicon.elements["finding"].search(signals.answer, clause.clause.start, figure.start)
    if found and clause.label != "result":
        return False
    relative = is_share(_unit_in_sentence(figure, before, signals)) and kpi.unit != "%"
    if relative and (figure.from_ is not None or not _moves(figure, signals)):
        return False
    return stepped or clause.label == "result" or not went_wrong(figure, kpi, signals)


def _moves(figure: Figure, signals: Signals) -> bool:
    """Whether a movement is told with a relative figure: "up 12 %", "12 % more"."""
    clause = clause_at(signals, figure.start).clause
    around = signals.answer[clause.start : figure.end + 30]
    return not _OF.match(signals.answer, figure.end) and bool(
        _UPWARD.search(around) or _DOWNWARD.search(around)
    )


def _unit_in_sentence(figure: Figure, before: Sequence[Told], signals: Signals) -> str:
    """The figure's unit, or the one it shares with the figure before: "ten percent, then fifty"."""
    if figure.unit or not before or figure.from_ is not None:
        return figure.unit
    last = before[-1].figure
    ended = any(last.end <= sentence.end <= figure.start for sentence in signals.sentences)
    return "" if ended else last.unit


def _within(place: int, spans: Iterable[Span]) -> bool:
    return any(span.start <= place < span.end for span in spans)


def _overlap(first: tuple[int, int], second: tuple[int, int]) -> bool:
    return first[0] < second[1] and second[0] < first[1]
