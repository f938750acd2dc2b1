"""What of the role an answer shows: activities, KPIs proven, named or worth adding, and the level of
role_relevance that follows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from coach.judges.outcomes import clause_span, outcome_figures
from coach.judges.story import Reading
from coach.lexicons import Lexicon
from coach.relevance import answer_relevance
from coach.schema import Activity, ActivityFinding, Evidence, Figure, Kpi, KpiFinding, Question, Role
from coach.signals.numbers import is_duration
from coach.signals.quotes import evidence
from coach.signals.types import LabelledClause, Signals

# Calibrated chance (see coach.relevance) from which an activity counts as shown, and as close by. On the
# base answers about eight in ten activities found from .5 on are marked by their writer.
SHOWS = 0.45
NEAR = 0.12
# Relevance of one clause from which its words are quoted as proof.
QUOTABLE = 0.25
KPI_BY_MEANING = 0.8
MOST_RELATED = 3
MOST_SUGGESTED = 3
# Words of selling online, and words of selling anywhere: a waiter has customers and orders too.
_ONLINE = re.compile(
    r"\b(?:e-?commerce|online|web\s?(?:site|shop|store)|site|checkout|cart|product\s+pages?|listings?|landing\s+pages?|campaigns?|seo|sem|ppc|adwords|"
    r"google\s+(?:ads|shopping|analytics)|ads?|newsletters?|email\s+(?:campaign|flow|list|programme|program)s?|conversions?|traffic|marketplaces?|amazon|ebay|etsy|flipkart|"
    r"shopify|magento|woocommerce|skus?|aov|roas|clicks?|click\s+and\s+collect|product\s+feed|search\s+terms?|basket|abandonment|subscribers?)\b",
    re.IGNORECASE,
)


class Near(NamedTuple):
    """The relevance, 0.0 to 1.0, of one item of the role for one clause."""

    item_id: str
    relevance: float


# One list a clause, best first.
NearItems = Sequence[Sequence[Near]]


def find_activities(
    signals: Signals, near: NearItems, role: Role, lexicon: Lexicon
) -> tuple[ActivityFinding, ...]:
    """Activities the answer shows by specific work (all of them) or comes near to (three at most)."""
    found = [_activity(activity, signals, near, lexicon) for activity in role.activities]
    ranked = sorted(
        (f for f in found if f.relevance >= NEAR), key=lambda f: (f.status != "evidenced", -f.relevance, f.id)
    )
    shown = [finding for finding in ranked if finding.status == "evidenced"]
    return (*shown, *[finding for finding in ranked if finding.status == "related"][:MOST_RELATED])


def _activity(activity: Activity, signals: Signals, near: NearItems, lexicon: Lexicon) -> ActivityFinding:
    scored = sorted(
        (
            (relevance, place)
            for place, items in enumerate(near)
            for item_id, relevance in items
            if item_id == activity.id and signals.clauses[place].label == "action"
        ),
        key=lambda pair: (-pair[0], pair[1]),
    )
    chance = answer_relevance("activity", (relevance for relevance, _ in scored))
    proofs = [
        signals.clauses[place]
        for relevance, place in scored
        if relevance >= QUOTABLE and _is_work(signals.clauses[place], activity, lexicon)
    ]
    shown = chance >= SHOWS and bool(proofs) and signals.answer_type in ("story", "pseudo_story")
    return ActivityFinding(
        id=activity.id,
        name=activity.name,
        relevance=round(chance, 3),
        status="evidenced" if shown else "related",
        evidence=tuple(_quote(signals, clause) for clause in proofs[:3]) if shown else (),
    )


def _is_work(clause: LabelledClause, activity: Activity, lexicon: Lexicon) -> bool:
    """Work done, not a wish or a setting: an action or outcome that names how, what with or how much."""
    if clause.label not in ("action", "result", "task"):
        return False
    text = clause.clause.text
    named = any(tool.lower() in text.lower() for tool in activity.tools)
    return (
        named
        or bool(lexicon.elements["how"].search(text))
        or bool(re.search(r"\d", text))
        or clause.owner == "self"
    )


def read_role_relevance(signals: Signals, activities: Sequence[ActivityFinding], named_kpis: int) -> Reading:
    """The level of role_relevance with the clauses that show the role's work."""
    shown = [finding for finding in activities if finding.status == "evidenced"]
    starts = {quote.start for finding in shown for quote in finding.evidence}
    spans = tuple(clause for clause in signals.clauses if clause.clause.start in starts)
    level = _relevance_level(signals, activities, shown, named_kpis)
    missing = ("activity",) if not shown else ("depth",) if level < 5 else ()
    names = tuple(finding.name for finding in (shown or activities)[:2])
    return Reading(level, spans if level else (), ("activity",) if shown else (), missing, names)


def _relevance_level(
    signals: Signals, activities: Sequence[ActivityFinding], shown: Sequence[ActivityFinding], named_kpis: int
) -> int:
    online = len({match.group(0).lower() for match in _ONLINE.finditer(signals.answer)})
    steps = sum(1 for c in signals.clauses if c.label == "action" and c.owner in ("self", "group"))
    told = signals.answer_type == "story" and steps >= 2
    if not online and not named_kpis:
        return 1 if signals.answer_type in ("story", "pseudo_story") else 0
    if shown:
        whole = len(shown) >= 2 or len(shown[0].evidence) >= 3
        return 5 if told and whole and steps >= 4 else 4 if told else 3
    if activities and online >= 2:
        # Near one activity, with real steps and the tools of the trade, is that activity told specifically.
        return 4 if told and steps >= 3 and online >= 4 else 3
    return 2


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
        if best[kpi.id] >= 0.1 or kpi.id in probed
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


def _quote(signals: Signals, clause: LabelledClause) -> Evidence:
    return evidence(signals.answer, clause_span(clause))
