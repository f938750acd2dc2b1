"""Picks a set from candidates: a weighted cover, greedily, then swaps. Pure: same arguments, same set."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from coach.question_sets.types import Candidate

# Worth of what a question brings to a set.
_NEW_ACTIVITY = 1.0
_NEW_KPI = 0.7
_CHANCE = 0.6
# A question is most of all about the first item it names, and only touches the last.
_PLACES = (1.0, 0.5, 0.3)
# And what is taken off for more of the same.
_KIND_EXCESS = 0.8
_MORE_OF_ACTIVITY = 0.35
_MORE_OF_TOPIC = 0.15


@dataclass(frozen=True)
class Task:
    """What to pick from and for.

    `clashes[i]` holds the places of the candidates that ask the same as the i-th. `labels[i]` names the sort
    it is of, and `most` how many of a sort there should be; `wordings[i]` says which stock of sentence
    patterns it draws on ("" for none), and `stock` how many are in it. `kinds` are parts of the set by kind.
    """

    candidates: Sequence[Candidate]
    clashes: Sequence[Set[int]]
    labels: Sequence[str]
    most: Mapping[str, int]
    wordings: Sequence[str]
    stock: Mapping[str, int]
    kinds: Mapping[str, float]
    activities: frozenset[str]
    kpis: frozenset[str]
    count: int
    seed: int


@dataclass
class _Picking:
    task: Task
    places: list[int] = field(default_factory=list)

    def may_add(self, place: int, without: int | None = None, capped: bool = True) -> bool:
        task = self.task
        others = [p for p in self.places if p != without]
        if place in others or task.clashes[place] & set(others):
            return False
        wording = task.wordings[place]
        if wording and sum(task.wordings[p] == wording for p in others) >= task.stock.get(wording, 0):
            return False
        label = task.labels[place]
        return not capped or sum(task.labels[p] == label for p in others) < task.most.get(label, task.count)

    def covered(self, without: int | None = None) -> set[str]:
        return {item for p in self.places if p != without for item in self.items(p)}

    def items(self, place: int) -> set[str]:
        candidate = self.task.candidates[place]
        return {f"a:{a}" for a in candidate.activities if a in self.task.activities} | {
            f"k:{k}" for k in candidate.kpis if k in self.task.kpis
        }


def pick(task: Task) -> list[int]:
    """Places of the picked candidates, at most `count`, no two of which ask the same.

    When limits by sort keep the set short, it is filled up without them.
    """
    picking = _Picking(task)
    luck = [_luck(task.seed, candidate.id) for candidate in task.candidates]
    for capped in (True, False):
        _fill(picking, luck, capped)
        _swap(picking, luck)
    return picking.places


def _fill(picking: _Picking, luck: Sequence[float], capped: bool) -> None:
    task = picking.task
    while len(picking.places) < task.count:
        open_places = [p for p in range(len(task.candidates)) if picking.may_add(p, capped=capped)]
        if not open_places:
            return
        worth = _worth(picking)
        picking.places.append(max(open_places, key=lambda p: (worth(p) + _CHANCE * luck[p], -p)))


def _worth(picking: _Picking) -> Callable[[int], float]:
    """What a further candidate is worth to the questions picked so far."""
    task, covered = picking.task, picking.covered()
    picked = [task.candidates[p] for p in picking.places]
    kinds = Counter(candidate.kind for candidate in picked)
    leading = Counter(candidate.activities[0] for candidate in picked if candidate.activities)
    topics = Counter(topic for candidate in picked for topic in candidate.topics)

    def worth(place: int) -> float:
        candidate = task.candidates[place]
        new = picking.items(place) - covered
        gained = _NEW_ACTIVITY * _newness(candidate.activities, "a:", new)
        gained += _NEW_KPI * _newness(candidate.kpis, "k:", new)
        excess = max(0.0, kinds[candidate.kind] + 1 - task.count * task.kinds.get(candidate.kind, 0.0))
        again = sum(leading[activity] for activity in candidate.activities[:1])
        same_topics = sum(topics[topic] for topic in candidate.topics)
        lost = _KIND_EXCESS * excess + _MORE_OF_ACTIVITY * again + _MORE_OF_TOPIC * same_topics
        return gained + candidate.weight - lost

    return worth


def _newness(items: Sequence[str], mark: str, new: Set[str]) -> float:
    return sum(_PLACES[min(place, 2)] for place, item in enumerate(items) if mark + item in new)


def _swap(picking: _Picking, luck: Sequence[float]) -> None:
    """Exchanges single questions as long as that covers more; for a document only activities are sought.
    What is out of place, with a weight below 0, comes in for nothing."""
    task = picking.task
    goal = {f"a:{a}" for a in task.activities}
    if not any(rests_on_a_line(candidate) for candidate in task.candidates):
        goal |= {f"k:{k}" for k in task.kpis}
    better = True
    while better and not goal <= picking.covered():
        better = False
        missing = goal - picking.covered()
        bringing = [p for p, c in enumerate(task.candidates) if c.weight >= 0 and picking.items(p) & missing]
        bringing.sort(key=lambda p: (-task.candidates[p].weight, luck[p]))
        for new in bringing:
            old = _best_exchange(picking, new)
            if old is not None:
                picking.places[picking.places.index(old)] = new
                better = True
                break


def _best_exchange(picking: _Picking, new: int) -> int | None:
    """The picked place that is best given up for the new one; None when nothing is gained."""
    now = len(picking.covered())
    gains = {
        old: len(picking.covered(without=old) | picking.items(new)) - now
        for old in picking.places
        if picking.may_add(new, without=old) and not _stays(picking.task.candidates[old])
    }
    best = max(gains, key=lambda old: gains[old], default=None)
    return best if best is not None and gains[best] > 0 else None


def _stays(candidate: Candidate) -> bool:
    """Whether a question is worth more than what it covers."""
    return candidate.source == "model" or rests_on_a_line(candidate)


def rests_on_a_line(candidate: Candidate) -> bool:
    """Whether a line of a document led to the question."""
    return any(prompt.line is not None for prompt in candidate.prompted)


def _luck(seed: int, candidate_id: str) -> float:
    """0.0 to 1.0, the same in every process."""
    digest = hashlib.sha256(f"{seed}\0{candidate_id}".encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


def share(count: int, part: float) -> int:
    """That part of a set, rounded up."""
    return math.ceil(count * part)
