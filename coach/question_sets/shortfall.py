"""Says why a set is short or leaves something out, and what could be widened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from coach.question_sets.types import Coverage, SetWarning, Wishes
from coach.schema_role import Role

_MOST_NAMED = 4


def warn(
    role: Role, wishes: Wishes, found: int, coverage: Coverage, matters: Callable[[Wishes], int]
) -> tuple[SetWarning, ...]:
    """Warnings about a set of `found` questions; `matters` counts what there is to ask under other wishes."""
    warnings: list[SetWarning] = []
    if found < wishes.count:
        warnings.append(_fewer(role, wishes, found, matters))
    if found and (left_out := _left_out(role, coverage)):
        why = _why_left_out(wishes, found, coverage, matters)
        message = f"Not covered: {', '.join(left_out[:_MOST_NAMED])}{_and_more(left_out)}. {why}"
        warnings.append(SetWarning("not_all_covered", message))
    return tuple(warnings)


def _fewer(role: Role, wishes: Wishes, found: int, matters: Callable[[Wishes], int]) -> SetWarning:
    now = matters(wishes)
    gains = sorted(
        ((matters(other), name) for name, other in _wider(role, wishes)), key=lambda gain: -gain[0]
    )
    ways = [f"without {name} there are {there} to choose from" for there, name in gains if there > now][:3]
    have = "No question fits" if not found else f"Only {found} question{'s' * (found > 1)} of its own fit"
    message = (
        f"{have.replace(' of its own fit', ' that differ fit' if found > 1 else ' fits')} all that you ask"
    )
    message += f" for; you wanted {wishes.count}."
    if now > found > 0:
        message += " The others would ask the same, or in the same words."
    if ways:
        return SetWarning("fewer_questions", f"{message} To widen: {'; '.join(ways)}.")
    hint = "Questions to avoid may take the rest." if wishes.avoid else "The role has no more to ask."
    return SetWarning("fewer_questions", f"{message} {hint}")


def _wider(role: Role, wishes: Wishes) -> Iterator[tuple[str, Wishes]]:
    """Each wish that narrows, named, with the wishes as they are without it."""
    stages = {stage.id: stage.name for stage in role.stages}
    names = _names(role)
    if wishes.kinds:
        yield f"the kind {_listed(wishes.kinds)}", replace(wishes, kinds=())
    if wishes.topics:
        yield f"the topic {_listed(wishes.topics)}", replace(wishes, topics=())
    if wishes.stage:
        yield f"the stage {stages[wishes.stage]}", replace(wishes, stage=None)
    if wishes.level:
        yield f"the level {wishes.level}", replace(wishes, level=None)
    if wishes.activities:
        yield f"the activity {_listed([names[a] for a in wishes.activities])}", replace(wishes, activities=())
    if wishes.kpis:
        yield f"the KPI {_listed([names[k] for k in wishes.kpis])}", replace(wishes, kpis=())


def _names(role: Role) -> dict[str, str]:
    return {a.id: a.name for a in role.activities} | {k.id: k.name for k in role.kpis}


def _listed(items: Sequence[str]) -> str:
    return " or ".join(items)


def _left_out(role: Role, coverage: Coverage) -> list[str]:
    names = _names(role)
    return [names[item] for item in (*coverage.missing_activities, *coverage.missing_kpis)]


def _and_more(items: Sequence[str]) -> str:
    return f" and {len(items) - _MOST_NAMED} more" if len(items) > _MOST_NAMED else ""


def _why_left_out(wishes: Wishes, found: int, coverage: Coverage, matters: Callable[[Wishes], int]) -> str:
    activities, kpis = coverage.missing_activities, coverage.missing_kpis
    within = {a for a in activities if matters(replace(wishes, activities=(a,)))}
    within |= {k for k in kpis if matters(replace(wishes, kpis=(k,)))}
    if found < wishes.count or len(within) < len(activities) + len(kpis):
        return "Too few of the questions that fit your wishes touch them."
    return f"{found} question{'s' * (found > 1)} cannot touch everything; ask for more."
