"""What of the role an answer shows: activities, KPIs proven, named or worth adding, and the level of
role_relevance that follows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from coach.judges.outcomes import clause_span
from coach.judges.story import Reading
from coach.lexicons import Lexicon
from coach.relevance import PART_WEIGHTS, Part, answer_relevances
from coach.schema import Activity, ActivityFinding, Evidence, Role
from coach.signals.instructions import without
from coach.signals.quotes import evidence
from coach.signals.types import LabelledClause, Signals

# Calibrated chance (see coach.relevance) from which an activity counts as shown, and as close by. Half of the
# people in the marked answers would have the first at 0.3 for the best F1 on the other half
# (benchmarks.relevance); a little above it fewer activities are named that are not there.
SHOWS = 0.4
NEAR = 0.05
# Relevance of one clause from which its words are quoted as proof.
QUOTABLE = 0.12
MOST_RELATED = 3
# Words of selling online. One is enough.
_ONLINE = re.compile(
    r"\b(?:e-?commerce|web\s?(?:shop|store)s?|online\s+(?:shop|store|sales|selling|retail\w*|orders?)|"
    r"product\s+(?:pages?|photos?|pictures?|titles?|descriptions?|feeds?|data)|listings?|category\s+pages?|"
    r"adwords|google\s+(?:ads|shopping|analytics|trends)|keyword\s+planner|ads?|seo|sem|ppc|conversions?|marketplaces?|"
    r"email\s+(?:campaign|flow|list|programme|program)s?|amazon|ebay|etsy|flipkart|allegro|jumia|shopee|lazada|"
    r"zalando|mercado\s+li[bv]re|tiktok\s+shop|shopify|magento|woocommerce|prestashop|skus?|aov|roas|"
    r"click\s+and\s+collect|search\s+terms?|abandonment|payment\s+gateway|chargebacks?|"
    r"loyalty\s+(?:programmes?|programs?|cards?|points?|schemes?)|landing\s+pages?|"
    r"reviews?\s+on\s+(?:our|the)\s+(?:shop|site)|product\s+reviews?|(?:one|five|[1-5])[\s-]stars?|repeat\s+(?:purchases?|orders?|buyers?))\b",
    re.IGNORECASE,
)
# Words of trade and of screens: a waiter has orders too, and a builder a site, so it takes several.
_TRADE = re.compile(
    r"\b(?:orders?|stock|inventory|warehouse|couriers?|parcels?|suppliers?|wholesalers?|competitors?|forecasts?|"
    r"discounts?|vouchers?|channels?|platforms?|marketing|margins?|promotions?|break[\s-]even|retail(?:er)?|prices?|"
    r"deliver(?:y|ies)|products?|reviews?|brands?|logistics|sales|shops?|categor(?:y|ies)|catalog(?:ue)?|gateway|"
    r"online|(?:web)?sites?|checkout|carts?|basket|traffic|clicks?|clicked|campaigns?|newsletters?|banners?|"
    r"subscribers?|sellers?|buyers?|shoppers?|payments?|pages?|adverts?|boost(?:s|ed|ing)?|facebook|instagram|tiktok|"
    r"whatsapp|analytics|pop-?ups?|vendors?|shipping|barcodes?|photos?|pictures?)\b",
    re.IGNORECASE,
)
ENOUGH_TRADE = 3
# The ladder of role_relevance. Chosen on half of the speakers in training/answers/, such bounds agree with
# the readers of the other half at a quadratic weighted kappa of 0.79, the mean of ten ways to halve them.
# How much is told, as the sum of the weights of the clauses: from here a whole piece of work, or some of it.
# The highest level that an answer keeps in which part speaks to a grader; above it one level is in doubt.
CAUTIOUS = 2
TOLD = 2.7
MENTIONED = 2.2
# Detail is figures, and different words of the trade up to this many.
TRADE_DETAIL = 4
SPECIFIC = 2
RICH = 6
DEEP = 8


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

    `probed` are the activities that the question probes: an answer more often shows those than others.
    """
    in_field = bool(signals.kpi_mentions) or is_online(without(signals.answer, signals.muted))
    ids = [activity.id for activity in role.activities]
    chances = answer_relevances(parts_of(signals, near), ids, probed, signals.shown)
    found = [
        _activity(activity, chances[activity.id], signals, near, lexicon, in_field)
        for activity in role.activities
    ]
    ranked = sorted((f for f in found if f.relevance >= NEAR), key=lambda f: (-f.relevance, f.id))
    shown = [finding for finding in ranked if finding.status == "evidenced"]
    return (*shown, *[finding for finding in ranked if finding.status == "related"][:MOST_RELATED])


def parts_of(signals: Signals, near: NearItems) -> list[Part]:
    """The clauses with what each may say about the work shown."""
    return [
        Part(PART_WEIGHTS[clause.label], dict(items))
        for clause, items in zip(signals.clauses, near, strict=True)
    ]


def _activity(
    activity: Activity, chance: float, signals: Signals, near: NearItems, lexicon: Lexicon, in_field: bool
) -> ActivityFinding:
    scored = sorted(
        (
            (relevance, place)
            for place, items in enumerate(near)
            for item_id, relevance in items
            if item_id == activity.id and relevance >= QUOTABLE
        ),
        key=lambda pair: (-pair[0], pair[1]),
    )
    proofs = [
        signals.clauses[place] for _, place in scored if _is_work(signals.clauses[place], activity, lexicon)
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
    if clause.label not in ("action", "result"):
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
    level = _relevance_level(signals, bool(shown), named_kpis)
    if signals.muted and level > CAUTIOUS:  # what stands beside planted text reads otherwise than alone
        level -= 1
    missing = ("activity",) if not shown else ("depth",) if level < 5 else ()
    names = tuple(finding.name for finding in (shown or activities)[:2])
    return Reading(level, spans if level else (), ("activity",) if shown else (), missing, names)


def _relevance_level(signals: Signals, shown: bool, named_kpis: int) -> int:
    own = signals.answer_type in ("story", "pseudo_story")
    if not is_online(without(signals.answer, signals.muted)) and not named_kpis:
        return 1 if own else 0
    told = sum(PART_WEIGHTS[clause.label] for clause in signals.clauses)
    detail = len(signals.figures) + min(TRADE_DETAIL, len(_trade_words(signals)))
    if shown and own and told >= TOLD:
        return 5 if detail >= DEEP else 4 if detail >= SPECIFIC else 3
    return 3 if told >= MENTIONED or detail >= RICH else 2


def _trade_words(signals: Signals) -> set[str]:
    """In what is told; talk around it adds no detail."""
    told = " ".join(c.clause.text for c in signals.clauses if c.label != "other")
    return _words(_ONLINE, told) | _words(_TRADE, told)


def _words(pattern: re.Pattern[str], answer: str) -> set[str]:
    """The different words found, in small letters and without a plural s."""
    return {match.group(0).lower().removesuffix("s") for match in pattern.finditer(answer)}


def is_online(answer: str) -> bool:
    """Whether the answer speaks of selling online at all, or of trade in several ways."""
    return bool(_ONLINE.search(answer)) or len(_words(_TRADE, answer)) >= ENOUGH_TRADE


def _quote(signals: Signals, clause: LabelledClause) -> Evidence:
    return evidence(signals.answer, clause_span(clause))
