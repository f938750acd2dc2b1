"""Chooses a set of questions: what fits the wishes, then a cover of activities and KPIs, then the words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from coach.question_sets.cover import Task, pick, share
from coach.question_sets.dress import Wearer, dress
from coach.question_sets.grammar import StageStyle
from coach.question_sets.pool import SAME_QUESTION, Pool, open_pool
from coach.question_sets.shortfall import warn
from coach.question_sets.types import Candidate, Chosen, ChosenQuestion, Coverage, Lift, Wishes
from coach.question_sets.wanted import check_wishes, fold
from coach.schema_role import QuestionKind, Role

if TYPE_CHECKING:
    from coach.embedding import Embedder
    from coach.question_sets.pool import Truths
    from coach.signals.types import Matrix

# Shares of a set that questions of one sort may make when there are others.
_BANK = 0.4
_BANK_TAILORED = 0.25  # with a level or a stage asked for, of which the bank knows nothing
_FIGURES = 0.2
_CASES = 0.34
_REWORDINGS = 6
_PICKS = 4
# Parts by kind when no stage is named.
_KINDS: Mapping[QuestionKind, float] = {"behavioural": 4, "approach": 3, "experience": 1.5, "knowledge": 1.5}


class _Field(NamedTuple):
    """What may be picked, and which of it asks the same as which: booleans (n, n)."""

    candidates: list[Candidate]
    alike: Truths


def choose(
    role: Role,
    wishes: Wishes,
    extra: Sequence[Candidate],
    embedder: Embedder,
    cache_dir: Path,
    knowledge_dir: Path,
    lifts: Mapping[str, Lift] = MappingProxyType({}),
    aims: frozenset[str] = frozenset(),
) -> Chosen:
    """A set of questions from the role's bank, composed ones and `extra`, in the order in which to ask.

    It covers as many activities and KPIs as the wishes allow and holds no two questions that ask the same
    (cosine above 0.58). `lifts`, by the id of a candidate in the pool, says which are worth more; where no
    activities are asked for, those in `aims` are what to cover. Fewer questions than asked for come with a
    warning that says what to widen. The same arguments give the same set. Raises InputError for wishes that
    name what the role does not have, ConfigError for a broken knowledge file.
    """
    wishes = check_wishes(role, wishes)
    pool = open_pool(role, knowledge_dir, embedder, cache_dir)
    field = _field(pool, extra, wishes, lifts)
    fits = [place for place, candidate in enumerate(field.candidates) if is_wanted(candidate, wishes, pool)]
    questions = in_order(_picked(pool, field, fits, wishes, aims))
    coverage = cover_of(role, [item.question for item in questions], wishes)

    def matters(other: Wishes) -> int:
        return len({c.group or c.id for c in field.candidates if is_wanted(c, other, pool)})

    return Chosen(tuple(questions), coverage, warn(role, wishes, len(questions), coverage, matters))


def _picked(
    pool: Pool, field: _Field, fits: list[int], wishes: Wishes, aims: frozenset[str]
) -> list[ChosenQuestion]:
    """The set in words; what sounds like another in whatever words makes room for the next."""
    best: list[ChosenQuestion] = []
    for _ in range(_PICKS):
        picked = pick(_task(pool, field, fits, wishes, aims))
        worded, left_over = _worded([field.candidates[fits[place]] for place in picked], wishes, pool)
        best = max(best, worded, key=len)
        if not left_over:
            break
        fits = [place for place in fits if field.candidates[place] not in left_over]
    return best


def _worded(
    picked: Sequence[Candidate], wishes: Wishes, pool: Pool
) -> tuple[list[ChosenQuestion], list[Candidate]]:
    """In words, and what is left over; where two sound the same, though they mean different things, one gets
    other words."""
    wearers = [Wearer(candidate, pool.asks.get(candidate.id)) for candidate in picked]
    style, tried = pool.style(wishes.stage), set[str]()
    for _ in range(_REWORDINGS):
        worded = dress(wearers, pool.composer, wishes.asked_level, style, wishes.seed, tried)
        again = pool.sounding_alike([question for question, _ in worded])
        if not again:
            break
        tried |= again
    kept = [
        ChosenQuestion(question, wishes.stage or pool.composer.likely_stage(question), level)
        for question, level in worded
        if question.id not in again
    ]
    left_over = [plain for plain, (question, _) in zip(picked, worded, strict=True) if question.id in again]
    return kept, left_over


# ---- what fits -------------------------------------------------------------------------------------


def _field(pool: Pool, extra: Sequence[Candidate], wishes: Wishes, lifts: Mapping[str, Lift]) -> _Field:
    """Pool and extra candidates without those that an avoided question asks about."""
    import numpy as np

    lifted = [_lifted(candidate, lifts.get(candidate.id)) for candidate in pool.candidates]
    candidates, vectors, alike = [*lifted, *extra], pool.vectors, pool.alike
    if extra:
        vectors = np.concatenate([vectors, pool.vectors_of([candidate.text for candidate in extra])])
        alike = vectors @ vectors.T > SAME_QUESTION
    if not wishes.avoid:
        return _Field(candidates, alike)
    kept = _not_avoided(pool, candidates, vectors, wishes.avoid)
    return _Field([candidates[place] for place in kept], alike[np.ix_(kept, kept)])


def _lifted(candidate: Candidate, lift: Lift | None) -> Candidate:
    if lift is None:
        return candidate
    return replace(candidate, weight=candidate.weight + lift.weight, prompted=lift.prompted)


def _not_avoided(
    pool: Pool, candidates: Sequence[Candidate], vectors: Matrix, avoid: Sequence[str]
) -> list[int]:
    """Places of the candidates that are none of the avoided questions, by id, text, matter or meaning."""
    import numpy as np

    keys = {key for avoided in avoid for key in (avoided, fold(avoided))}
    groups = {pool.groups[key] for key in keys if key in pool.groups}
    banned = [c.id in keys or fold(c.text) in keys or (c.group or c.id) in groups for c in candidates]
    near = [vectors[place] for place, is_banned in enumerate(banned) if is_banned]
    strange = [text for text in avoid if not {text, fold(text)} & pool.groups.keys() and " " in text.strip()]
    near += list(pool.vectors_of(strange))
    alike = (vectors @ np.array(near).T).max(axis=1) > SAME_QUESTION if near else np.zeros(len(candidates))
    return [place for place, is_banned in enumerate(banned) if not is_banned and not alike[place]]


def is_wanted(candidate: Candidate, wishes: Wishes, pool: Pool) -> bool:
    """Whether the candidate is of the level, stage, kinds, topics, activities and KPIs asked for."""
    return (
        (not wishes.level or not candidate.levels or wishes.level in candidate.levels)
        and (not wishes.kinds or candidate.kind in wishes.kinds)
        and _shares(wishes.topics, candidate.topics)
        and _shares(wishes.activities, candidate.activities)
        and _shares(wishes.kpis, candidate.kpis)
        and _has_its_place(candidate, wishes, pool)
    )


def _shares(asked: tuple[str, ...], own: tuple[str, ...]) -> bool:
    return not asked or bool(set(asked) & set(own))


def _has_its_place(candidate: Candidate, wishes: Wishes, pool: Pool) -> bool:
    style, ask = pool.style(wishes.stage), pool.asks.get(candidate.id)
    if candidate.brief and (style is None or style.id != "case"):
        return False
    if ask is None:
        return style is None or not candidate.stages or wishes.stage in candidate.stages
    if style is not None and ask.kind not in style.kinds:
        return False
    return any(True for _ in pool.composer.frames(ask, wishes.asked_level, style))


# ---- the pick --------------------------------------------------------------------------------------


def _task(pool: Pool, field: _Field, fits: list[int], wishes: Wishes, aims: frozenset[str]) -> Task:
    role, style = pool.composer.role, pool.style(wishes.stage)
    candidates = [field.candidates[place] for place in fits]
    kinds = style.kinds if style else _KINDS
    parts = {kind: part for kind, part in kinds.items() if not wishes.kinds or kind in wishes.kinds}
    asks = [pool.asks.get(candidate.id) for candidate in candidates]
    return Task(
        candidates=candidates,
        clashes=_clashes(candidates, field.alike[fits][:, fits]),
        labels=[_label(candidate) for candidate in candidates],
        most=_most(wishes, style),
        wordings=[f"{ask.kind}/{ask.form}" if ask else "" for ask in asks],
        stock=pool.composer.stock(wishes.asked_level, style),
        kinds={kind: part / sum(parts.values()) for kind, part in parts.items()},
        activities=frozenset(wishes.activities or aims or (a.id for a in role.activities)),
        kpis=frozenset(wishes.kpis or (k.id for k in role.kpis)),
        count=wishes.count,
        seed=wishes.seed,
    )


def _clashes(candidates: Sequence[Candidate], alike: Truths) -> list[set[int]]:
    """For each candidate the places of others that ask the same: by matter, or by meaning."""
    groups: dict[str, set[int]] = {}
    for place, candidate in enumerate(candidates):
        groups.setdefault(candidate.group or candidate.id, set()).add(place)
    return [
        ({int(other) for other in alike[place].nonzero()[0]} | groups[candidate.group or candidate.id])
        - {place}
        for place, candidate in enumerate(candidates)
    ]


def _most(wishes: Wishes, style: StageStyle | None) -> dict[str, int]:
    parts = {"bank": _BANK_TAILORED if wishes.level or style else _BANK, "case": _CASES}
    if not (style and style.own_frames):
        parts["figure"] = _FIGURES
    return {label: share(wishes.count, part) for label, part in parts.items()}


def _label(candidate: Candidate) -> str:
    if candidate.brief:
        return "case"
    return "figure" if candidate.group.endswith(":figure") else candidate.source


def in_order(questions: Sequence[ChosenQuestion]) -> list[ChosenQuestion]:
    """As an interviewer would ask: what somebody has done first, cases last, kinds and matters mixed."""
    left = list(questions)
    ordered: list[ChosenQuestion] = []
    while left:
        last = ordered[-1].question if ordered else None
        best = min(left, key=lambda item: (_distance_from_start(item, last), left.index(item)))
        left.remove(best)
        ordered.append(best)
    return ordered


def _distance_from_start(item: ChosenQuestion, last: Candidate | None) -> tuple[bool, bool, bool]:
    question = item.question
    if last is None:
        late = bool(question.brief) or any(prompt.is_nice for prompt in question.prompted)
        return late, question.kind != "experience", False
    same_activity = question.activities[:1] == last.activities[:1]
    return bool(question.brief), question.kind == last.kind, same_activity


# ---- what came of it -------------------------------------------------------------------------------


def cover_of(role: Role, questions: Sequence[Candidate], wishes: Wishes) -> Coverage:
    """How much of the activities and KPIs asked for, or of all the role's, the questions touch."""
    activities = wishes.activities or tuple(activity.id for activity in role.activities)
    kpis = wishes.kpis or tuple(kpi.id for kpi in role.kpis)
    missing_activities = _missing(activities, [question.activities for question in questions])
    missing_kpis = _missing(kpis, [question.kpis for question in questions])
    return Coverage(
        1 - len(missing_activities) / len(activities),
        1 - len(missing_kpis) / len(kpis),
        missing_activities,
        missing_kpis,
    )


def _missing(asked: tuple[str, ...], touched: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(item for item in asked if not any(item in own for own in touched))
