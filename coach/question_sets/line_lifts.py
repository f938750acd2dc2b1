"""Which questions of the pool a line of a job description asks for.

A line asks for a question when they are much nearer than either is to others, and share an item of the role.
How near is 0 where the cosine is what line and question have on average with the pool, and it counts for more
when both use the same uncommon word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from typing import TYPE_CHECKING

from coach.question_sets.phrases import phrase_of
from coach.question_sets.trimming import trimmed
from coach.question_sets.types import Candidate, Lift, Prompted

if TYPE_CHECKING:
    from coach.question_sets.pool import Pool
    from coach.question_sets.requirements import Requirement
    from coach.question_sets.weighing import Weight
    from coach.schema_questions import Level

# A tool alone says too little of what it is used for.
_ASKED_KINDS = ("work", "skill", "experience")
_WORTH: Mapping[Weight, float] = {"must": 1.6, "should": 0.9, "nice": 0.0}
# Both were chosen by reading what is cited for the job descriptions in tests/question_files.
LEAST_NEAR = 0.31
_WORD_WORTH = 0.06
_MOST_WORDS = 2
# Of several that a line asks for, one about an area of work at large is the surest.
_AT_LARGE = 0.1
# A question about what a job description works with is worth more than one about what it does not name.
_FOCUS_WORTH = 0.8
_STRANGE_FIGURE = -0.7
_BANK_BESIDE_LEVEL = -4.0
_ENDINGS = (
    "ations",
    "ation",
    "ments",
    "ment",
    "ings",
    "ing",
    "ers",
    "ies",
    "ied",
    "ed",
    "es",
    "s",
    "er",
    "y",
    "e",
)
_SHORTEST_STEM = 4
_COMMON = frozenset(
    (
        "about after again another before between business commerce company customer customers during "
        "experience first from give good have help into know make more most must need online other "
        "people product products question sale sales share shop shops site something store take team "
        "tell that their them there they thing things this through time used uses using want website "
        "week weekly what when where which while with work would year years your trade trading manage "
        "managing managed marketing market"
    ).split()
)


def line_lifts(requirements: Sequence[Requirement], pool: Pool) -> dict[str, Lift]:
    """By id of a candidate of the pool, what the line that asks for it adds."""
    asked = [
        r for r in requirements if r.kind in _ASKED_KINDS and _WORTH[r.weight] and (r.activities or r.kpis)
    ]
    if not asked:
        return {}
    best: dict[str, tuple[float, Requirement]] = {}
    for requirement, row in zip(asked, _nearness([_gist(r.text) for r in asked], pool), strict=True):
        for key, near in _asked_by(requirement, row, pool).items():
            best[key] = max(best.get(key, (near, requirement)), (near, requirement), key=lambda one: one[0])
    return {key: _lift(near, requirement) for key, (near, requirement) in best.items()}


def _asked_by(requirement: Requirement, row: Sequence[float], pool: Pool) -> dict[str, float]:
    """The ids of the one matter that the line asks for, of all its kinds, with how near each is."""
    words = stems(_gist(requirement.text))
    scored = [(_score(requirement, words, c, row[place]), c) for place, c in enumerate(pool.candidates)]
    near = [(score, c) for score, c in scored if score >= LEAST_NEAR]
    if not near:
        return {}
    first = max(near, key=lambda one: one[0] + _AT_LARGE * _is_at_large(one[1], pool))[1]
    return {c.id: score for score, c in near if c.group == first.group}


def _is_at_large(candidate: Candidate, pool: Pool) -> bool:
    ask = pool.asks.get(candidate.id)
    return ask is not None and ask.steady


def focus_lifts(activities: Set[str], kpis: Set[str], level: Level | None, pool: Pool) -> dict[str, Lift]:
    """By id of a candidate, what it is worth that the papers are about its activity, or not about its figure.

    The bank suits people in the middle: it knows no levels, and its questions rest on nothing where none of
    the role's items is near them.
    """
    lifts = {}
    for candidate in pool.candidates:
        weight = _FOCUS_WORTH if set(candidate.activities[:1]) & activities else 0.0
        if candidate.group.endswith(":figure") and not set(candidate.kpis) & kpis:
            weight = _STRANGE_FIGURE
        if candidate.source == "bank" and (level in ("entry", "lead") or candidate.id in pool.cited.loose):
            weight += _BANK_BESIDE_LEVEL
        lifts[candidate.id] = Lift(weight, ())
    return lifts


def _nearness(texts: Sequence[str], pool: Pool) -> list[list[float]]:
    """For each text how much nearer it is to each candidate than the pool is on average to either."""
    vectors = pool.vectors_of(texts)
    cosines = vectors @ pool.vectors.T
    usual = pool.vectors @ pool.vectors.mean(axis=0)
    near: list[list[float]] = (cosines - cosines.mean(axis=1, keepdims=True) - usual + usual.mean()).tolist()
    return near


def _gist(text: str) -> str:
    """What a line is mainly about: without figures and the parts that only add to it."""
    phrase = phrase_of(text)
    gist = phrase.text if phrase and phrase.shape != "quote" else trimmed(text) or text
    return re.sub(r"\s+across\s+several\s+[\w-]+", "", gist)


def _score(requirement: Requirement, words: Set[str], candidate: Candidate, near: float) -> float:
    if candidate.brief or not _shares(requirement, candidate):
        return 0.0
    return near + _WORD_WORTH * min(len(words & stems(candidate.text)), _MOST_WORDS)


def _shares(requirement: Requirement, candidate: Candidate) -> bool:
    if set(requirement.kpis) & set(candidate.kpis[:1]):
        return True
    return bool(set(requirement.activities) & set(candidate.activities[:1]))


def stems(text: str) -> set[str]:
    """The uncommon words of a text without their endings."""
    words = re.findall(r"a/b|[a-z]{4,}", text.casefold())
    return {_stem(word) for word in words if word not in _COMMON}


def _stem(word: str) -> str:
    ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= _SHORTEST_STEM), "")
    return word.removesuffix(ending) if ending else word


def _lift(near: float, requirement: Requirement) -> Lift:
    prompted = Prompted("job description", requirement.text, requirement.number)
    return Lift(_WORTH[requirement.weight] * (0.6 + near), (prompted,))
