"""KPIs of a role in an answer: by name, alias and abbreviation, and in other words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from coach.lexicons import phrase_pattern
from coach.schema import Kpi, Role
from coach.signals.types import KpiMention

# Words of KPI names that mean too many things to stand for one KPI.
_COMMON_WORDS = frozenset(
    ("average", "customer", "website", "session", "duration", "lifetime", "acquisition")
)


@lru_cache(maxsize=32)
def kpi_patterns(role: Role) -> Mapping[str, tuple[re.Pattern[str], ...]]:
    """For each KPI id the patterns of its names: abbreviations by exact case, the rest ignoring case."""
    return {kpi.id: _patterns(kpi) for kpi in role.kpis}


def find_kpi_mentions(answer: str, role: Role) -> tuple[KpiMention, ...]:
    """Mentions in order; where two names overlap ("cart conversion rate") the longer one stands."""
    found = [
        KpiMention(kpi_id, *match.span())
        for kpi_id, patterns in kpi_patterns(role).items()
        for pattern in patterns
        for match in pattern.finditer(answer)
    ]
    found += _repeated_heads(answer, role, found)
    found.sort(key=lambda mention: (mention.start, -mention.end))
    kept: list[KpiMention] = []
    for mention in found:
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
        elif mention.end - mention.start > kept[-1].end - kept[-1].start:
            kept[-1] = mention
    return tuple(kept)


@lru_cache(maxsize=32)
def _other_words(role: Role) -> Mapping[str, tuple[re.Pattern[str], ...]]:
    return {kpi.id: tuple(_loose_pattern(phrase) for phrase in kpi.in_other_words) for kpi in role.kpis}


def find_kpi_paraphrases(answer: str, role: Role) -> tuple[KpiMention, ...]:
    """Where a KPI may be told in other words ("people spent more an order"), outside of its names. Such
    words stand for the KPI only beside a figure of its kind."""
    named = find_kpi_mentions(answer, role)
    found = {
        KpiMention(kpi_id, *match.span())
        for kpi_id, patterns in _other_words(role).items()
        for pattern in patterns
        for match in pattern.finditer(answer)
    }
    free = (m for m in found if not any(m.start < other.end and other.start < m.end for other in named))
    return tuple(sorted(free, key=lambda mention: (mention.start, -mention.end, mention.kpi_id)))


def _loose_pattern(phrase: str) -> re.Pattern[str]:
    """ "left/leave * basket/cart": a slash between words that may stand there, a star for up to six words of
    the same sentence."""
    parts = []
    for word in phrase.split():
        if word == "*":
            parts.append(r"(?:\s+(?:[^\s.!?;]|\.(?=\w))+){0,6}?")
        else:
            choices = "|".join(re.escape(choice).replace("_", r"\s+") for choice in word.split("/"))
            parts.append((r"[\s,]+" if parts else "") + rf"(?:{choices})(?![\w'’])")
    # Whoever is measured here is a customer: "the group we left without a message" is not.
    return re.compile(r"(?<![\w'’])(?<!\bI )(?<!\bwe )" + "".join(parts), re.IGNORECASE)


def _repeated_heads(answer: str, role: Role, found: list[KpiMention]) -> list[KpiMention]:
    """After "basket abandonment" a bare "abandonment" means the same KPI."""
    first: dict[str, int] = {}
    for mention in found:
        first[mention.kpi_id] = min(first.get(mention.kpi_id, mention.end), mention.end)
    heads = []
    for kpi in role.kpis:
        if kpi.id in first:
            pattern = phrase_pattern(
                [word for word in re.findall(r"[a-z]{7,}", kpi.name.lower()) if word not in _COMMON_WORDS]
                or ["\0"]
            )
            heads += [KpiMention(kpi.id, *m.span()) for m in pattern.finditer(answer, first[kpi.id])]
    return heads


def _patterns(kpi: Kpi) -> tuple[re.Pattern[str], ...]:
    names = [re.sub(r"\s*\([^)]*\)", "", kpi.name), *kpi.aliases]
    exact = [name for name in names if name.isupper()]
    loose = [name for name in names if not name.isupper()]
    loose += [name.replace("-", " ") for name in loose if "-" in name]
    # "bounce rate's gone up" names it too.
    patterns = [phrase_pattern([*loose, *(f"{name}'s" for name in loose)])] if loose else []
    if exact:
        patterns.append(re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, exact))})s?(?!\w)"))
    return tuple(patterns)
