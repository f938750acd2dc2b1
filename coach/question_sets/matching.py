"""Which activities and KPIs of a role a line of a job description or a résumé is about.

An activity's score for a line adds three things up:

    likeness    mean cosine of the two nearest of the lines that job descriptions have for it (job-lines.toml)
    relevance   half of what the role's index gives the line, as it stands and told in the first person, since
                the index holds what people say of their work
    tool        0.2 when the line names a tool that only this activity uses

A KPI counts when it is named, or when the index is sure of it. The thresholds were chosen on the job
descriptions in tests/question_files.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from coach.errors import ConfigError
from coach.lexicons import phrase_pattern
from coach.signals.mentions import find_kpi_mentions
from coach.vector_cache import cached_vectors

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

    from coach.config import Settings
    from coach.embedding import Embedder
    from coach.index import ItemKind, RoleIndex
    from coach.question_sets.requirements import Requirement
    from coach.schema import Role

LEAST_SCORE = 0.55
LEAST_SECOND = 0.6  # a second activity has to be surer
LEAST_RELEVANCE = 0.24  # for a role whose job descriptions have no lines
LEAST_KPI_RELEVANCE = 0.5
MOST_ACTIVITIES = 2
_RELEVANCE_WEIGHT = 0.5
_TOOL_WEIGHT = 0.2
_NEAREST_LINES = 2


class Items(NamedTuple):
    """Ids of the role's items that a text is about, best first."""

    activities: tuple[str, ...] = ()
    kpis: tuple[str, ...] = ()


@dataclass(frozen=True)
class Matcher:
    """A role with what finds its items in a text. `lines` holds vectors (n, 384) by activity, or nothing."""

    role: Role
    embedder: Embedder
    index: RoleIndex
    lines: Mapping[str, np.ndarray]

    @classmethod
    def open(cls, role: Role, embedder: Embedder, index: RoleIndex, settings: Settings) -> Matcher:
        """Reads the role's lines; raises ConfigError `job_lines_broken` that names the file."""
        lines = _read_lines(settings.knowledge_dir / "job-lines.toml").get(role.id, {})
        flat = [text for texts in lines.values() for text in texts]
        if not flat or set(lines) != {activity.id for activity in role.activities}:
            return cls(role, embedder, index, {})
        vectors, rows, start = cached_vectors(settings.cache_dir, flat, embedder), {}, 0
        for activity, texts in lines.items():
            rows[activity] = vectors[start : start + len(texts)]
            start += len(texts)
        return cls(role, embedder, index, rows)

    def items(self, texts: Sequence[str]) -> list[Items]:
        """For each text the items that it is about; often none."""
        if not texts:
            return []
        vectors = self.embedder.embed_quickly(texts)
        told = self.embedder.embed_quickly([in_first_person(text) for text in texts])
        as_is, as_told = self._relevances(vectors, "activity"), self._relevances(told, "activity")
        kpis = self._relevances(vectors, "kpi")
        return [
            Items(self._activities(text, vectors[row], as_is[row], as_told[row]), self._kpis(text, kpis[row]))
            for row, text in enumerate(texts)
        ]

    def nearness(self, texts: Sequence[str], others: Sequence[str]) -> np.ndarray:
        """Cosine, -1.0 to 1.0, of each text with each of the others: shape (texts, others)."""
        product: np.ndarray = self.embedder.embed_quickly(texts) @ self.embedder.embed_quickly(others).T
        return product

    def _relevances(self, vectors: np.ndarray, kind: ItemKind) -> list[dict[str, float]]:
        found = self.index.search(vectors, self.role.id, kind, len(self.role.activities))
        return [{passage.item_id: passage.relevance for passage in row} for row in found]

    def _activities(
        self, text: str, vector: np.ndarray, as_is: Mapping[str, float], as_told: Mapping[str, float]
    ) -> tuple[str, ...]:
        tools = tools_of_one_activity(self.role)
        scores = {}
        for activity in (activity.id for activity in self.role.activities):
            relevance = (as_is.get(activity, 0.0) + as_told.get(activity, 0.0)) / 2
            named = _TOOL_WEIGHT if activity in tools and tools[activity].search(text) else 0.0
            scores[activity] = self._score(activity, vector, relevance) + named
        least, second = (LEAST_SCORE, LEAST_SECOND) if self.lines else (LEAST_RELEVANCE, LEAST_RELEVANCE)
        best = sorted(scores, key=lambda activity: -scores[activity])[:MOST_ACTIVITIES]
        return tuple(
            activity
            for place, activity in enumerate(best)
            if scores[activity] >= (second if place else least)
        )

    def _score(self, activity: str, vector: np.ndarray, relevance: float) -> float:
        if not self.lines:
            return relevance
        nearest = sorted((self.lines[activity] @ vector).tolist())[-_NEAREST_LINES:]
        return float(sum(nearest) / len(nearest)) + _RELEVANCE_WEIGHT * relevance

    def _kpis(self, text: str, near: Mapping[str, float]) -> tuple[str, ...]:
        named = [mention.kpi_id for mention in find_kpi_mentions(text, self.role)]
        meant = sorted((k for k in near if near[k] >= LEAST_KPI_RELEVANCE), key=lambda k: -near[k])
        return tuple(dict.fromkeys([*named, *meant[:1]]))


_LEAD = re.compile(
    r"^(?:as\s+(?:our|an?|the)\s+[^,]{1,60}?\s)?you(?:'ll|\s+will|r)?\s+(?:be\s+|have\s+)?"
    r"|^(?:(?:strong|deep|good|some|solid|proven|substantial)\s+)?(?:experience|knowledge|understanding|command"
    r"|confidence|track\s+record|record)(?:\s+(?:of|with|in|leading))?\s+",
    re.IGNORECASE,
)


def in_first_person(text: str) -> str:
    """ "You lead the migration" as the person would tell it: "I lead the migration"."""
    plain = _LEAD.sub("", text.replace("’", "'"), count=1) or text
    return f"I {plain[0].lower()}{plain[1:]}" if plain else text


@lru_cache(maxsize=16)
def tools_of_one_activity(role: Role) -> Mapping[str, re.Pattern[str]]:
    """For each activity the pattern of the tools that no other activity of the role uses."""
    owners: dict[str, list[str]] = {}
    for activity in role.activities:
        for tool in activity.tools:
            owners.setdefault(tool.casefold(), []).append(activity.id)
    own = {
        activity.id: [tool for tool in activity.tools if owners[tool.casefold()] == [activity.id]]
        for activity in role.activities
    }
    return {activity: phrase_pattern(tools) for activity, tools in own.items() if tools}


@lru_cache(maxsize=4)
def _read_lines(path: Path) -> dict[str, dict[str, list[str]]]:
    """Lines by activity by role."""
    try:
        found: dict[str, dict[str, list[str]]] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        hint = "Restore it from the project, or install again."
        raise ConfigError("job_lines_broken", f"{path} cannot be read: {error}.", hint) from error
    return found


# They name no work, so what they are near to is chance.
_WITHOUT_WORK = ("education", "language", "right to work", "condition", "company")
_YEARS = re.compile(r"\byears?\b", re.IGNORECASE)


def match_requirements(requirements: Sequence[Requirement], matcher: Matcher) -> tuple[Requirement, ...]:
    """The requirements with the ids of the role's items that each is about."""
    found = matcher.items([requirement.text for requirement in requirements])
    return tuple(
        requirement._replace(activities=items.activities, kpis=items.kpis)
        if _names_work(requirement)
        else requirement
        for requirement, items in zip(requirements, found, strict=True)
    )


def _names_work(requirement: Requirement) -> bool:
    is_time_served = requirement.kind == "experience" and _YEARS.search(requirement.text)
    return requirement.kind not in _WITHOUT_WORK and not is_time_served
