"""Loads `knowledge/situations/<role-id>.toml`: what interviewers ask a role about, and cases with figures."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import Field

from coach.errors import ConfigError
from coach.schema_base import Noun
from coach.schema_questions import Level
from coach.schema_role import QuestionKind, Role


class Situation(Noun):
    """Something of an activity to ask about. It has `do`, or `meets` with `met`, or `knows`."""

    id: str
    activity: str
    levels: tuple[Level, ...]
    kinds: tuple[QuestionKind, ...]
    topics: tuple[str, ...]
    kpis: tuple[str, ...]
    shows: tuple[str, ...]
    follow_ups: tuple[str, ...]
    do: str = ""
    meets: str = ""
    met: str = ""
    knows: str = ""
    sudden: bool = False
    alone: bool = False


class Case(Noun):
    """A task with figures, a line of `brief` each; `shows` is its rubric."""

    id: str
    levels: tuple[Level, ...]
    topics: tuple[str, ...]
    activities: tuple[str, ...]
    kpis: tuple[str, ...]
    text: str
    brief: tuple[str, ...]
    shows: tuple[str, ...]
    follow_ups: tuple[str, ...]


class Figure(Noun):
    """Whose figure a KPI is: the activity that moves it most, and the levels that are asked about it."""

    activity: str
    levels: tuple[Level, ...]


class RoleSituations(Noun):
    """What one role has, figures by the KPI's id; all empty for a role without a file."""

    situations: tuple[Situation, ...] = ()
    cases: tuple[Case, ...] = ()
    figures: Mapping[str, Figure] = Field(default_factory=dict)


def load_situations(folder: Path, role: Role) -> RoleSituations:
    """The role's situations; nothing when there is no file.

    Raises ConfigError "situations_broken" that names the file and what is wrong in it: not TOML, a missing
    key, an id used twice, an activity, KPI or topic that the role does not have.
    """
    path = folder / f"{role.id}.toml"
    found = _read(path) if path.is_file() else RoleSituations()
    for reason in _unknown_parts(found, role):
        raise _broken(path, reason)
    return found


@lru_cache(maxsize=8)
def _read(path: Path) -> RoleSituations:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        cases = tuple(Case.model_validate(case) for case in raw.pop("cases", ()))
        figures = {kpi: Figure.model_validate(one) for kpi, one in raw.pop("figures", {}).items()}
        return RoleSituations(situations=tuple(_situations(raw)), cases=cases, figures=figures)
    except (OSError, UnicodeDecodeError, ValueError, TypeError) as error:
        raise _broken(path, str(error)) from error


def _situations(raw: dict[str, Any]) -> Iterator[Situation]:
    for activity, items in raw.items():
        for item in items:
            yield Situation.model_validate({"activity": activity, **item})


def _unknown_parts(found: RoleSituations, role: Role) -> Iterator[str]:
    activities = {activity.id for activity in role.activities}
    kpis = {kpi.id for kpi in role.kpis}
    topics = {topic for question in role.questions for topic in question.topics}
    seen: set[str] = set()
    items: list[Situation | Case] = [*found.situations, *found.cases]
    for item in items:
        own = (item.activity,) if isinstance(item, Situation) else item.activities
        for named, known in ((own, activities), (item.kpis, kpis), (item.topics, topics)):
            if strange := set(named) - known:
                yield f"{item.id}: the role has no {min(strange)!r}"
        if item.id in seen:
            yield f"the id {item.id!r} is used twice"
        seen.add(item.id)
    for kpi, figure in found.figures.items():
        if strange := ({kpi} - kpis) | ({figure.activity} - activities):
            yield f"figures: the role has no {min(strange)!r}"


def _broken(path: Path, reason: str) -> ConfigError:
    return ConfigError("situations_broken", f"{path}: {reason}.", "Restore the file, or mend what is named.")
