"""What of the role an answer shows: activities, KPIs proven, named or worth adding, and the level of
role_relevance that follows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from coach.judges.outcomes import clause_span
from coach.judges.story import Reading
from coach.lexicons import Lexicon
from coach.relevance import answer_relevance
from coach.schema import Activity, ActivityFinding, Evidence, Role
from coach.signals.quotes import evidence
from coach.signals.types import LabelledClause, Signals

# Calibrated chance (see coach.relevance) from which an activity counts as shown, and as close by. On the
# base answers 22 of 30 activities called shown are marked by their writer (benchmarks.activities).
SHOWS = 0.45
NEAR = 0.12
# Relevance of one clause from which its words are quoted as proof.
QUOTABLE = 0.25
MOST_RELATED = 3
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
    signals: Signals, near: NearItems, role: Role, lexicon: Lexicon, probed: Sequence[str] = ()
) -> tuple[ActivityFinding, ...]:
    """Activities the answer shows by specific work (all of them) or comes near to (three at most).

    Among those close by, the ones that the question probes go first; what is shown does not depend on it.
    """
    in_field = bool(signals.kpi_mentions) or is_online(signals.answer)
    found = [_activity(activity, signals, near, lexicon, in_field) for activity in role.activities]
    ranked = sorted(
        (f for f in found if f.relevance >= NEAR),
        key=lambda f: (
            f.status != "evidenced",
            f.status == "related" and f.id not in probed,
            -f.relevance,
            f.id,
        ),
    )
    shown = [finding for finding in ranked if finding.status == "evidenced"]
    return (*shown, *[finding for finding in ranked if finding.status == "related"][:MOST_RELATED])


def _activity(
    activity: Activity, signals: Signals, near: NearItems, lexicon: Lexicon, in_field: bool
) -> ActivityFinding:
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
    # Leading a college project is like leading a launch team, but it does not show this job.
    shown = in_field and chance >= SHOWS and bool(proofs) and signals.answer_type in ("story", "pseudo_story")
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


def is_online(answer: str) -> bool:
    """Whether the answer speaks of selling online at all."""
    return bool(_ONLINE.search(answer))


def _quote(signals: Signals, clause: LabelledClause) -> Evidence:
    return evidence(signals.answer, clause_span(clause))
