"""Which item of the role a question is about: the one that it can cite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from coach.question_sets.types import Candidate
from coach.schema_role import Activity, Role

if TYPE_CHECKING:
    from coach.signals.types import Matrix

# A question of the bank names several activities. Its first is cited, unless another is nearer by so much and
# near at all; one with none as near as the least is loose. Chosen on the 20 questions of the role.
_BETTER_BY = 0.1
_SURELY_NEAR = 0.45
_LEAST_NEAR = 0.4


def item_of(question: Candidate, cited: Mapping[str, str]) -> str | None:
    """The id of the item to cite; None where there is none. A question about a figure is about its KPI."""
    if question.source == "bank":
        return cited.get(question.id)
    items = (*question.activities, *question.kpis)
    if question.group.endswith(":figure") and question.kpis:
        return question.kpis[0]
    return items[0] if items else None


def item_texts(role: Role) -> list[str]:
    """What is known of each activity, two texts and more for each."""
    return list(dict.fromkeys(text for activity in role.activities for text in _texts(activity)))


class CitedItems(NamedTuple):
    """The item to cite by id of a question of the bank, and the ids of those that are near to none."""

    by_id: Mapping[str, str] = MappingProxyType({})
    loose: frozenset[str] = frozenset()


def cited_items(role: Role, bank: Sequence[Candidate], vectors: Matrix, items: Matrix) -> CitedItems:
    """What each question of the bank can cite. `vectors` are those of the questions, `items` those of
    `item_texts`."""
    places = {text: place for place, text in enumerate(item_texts(role))}
    rows = {a.id: [places[text] for text in _texts(a)] for a in role.activities}
    cited, loose = {}, set()
    for question, vector in zip(bank, vectors, strict=True):
        near = {a: _near((items[rows[a]] @ vector).tolist()) for a in question.activities if a in rows}
        nearest = _nearest(near)
        if nearest is None:
            loose.add(question.id)
        if item := nearest or next(iter((*question.activities, *question.kpis)), None):
            cited[question.id] = item
    return CitedItems(cited, frozenset(loose))


def _near(cosines: list[float]) -> float:
    """Half by the name of an activity, half by what it is or the two things done in it that are nearest."""
    name, about, *work = cosines
    nearest = sorted(work)[-2:]
    return (name + max(about, sum(nearest) / len(nearest) if nearest else 0.0)) / 2


def _nearest(near: Mapping[str, float]) -> str | None:
    """The activity to cite, of several with the first in its place."""
    if not near:
        return None
    first, best = next(iter(near)), max(near, key=lambda activity: near[activity])
    if near[best] >= max(_SURELY_NEAR, near[first] + _BETTER_BY):
        return best
    return first if near[first] >= _LEAST_NEAR else None


def _texts(activity: Activity) -> list[str]:
    name = activity.name.replace("&", "and")
    return [name, f"{name}. {activity.description}", *activity.work]
