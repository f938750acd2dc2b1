"""Checks what is asked for against what the role has, and names what is nearest to what it has not."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import replace

from coach.errors import InputError
from coach.question_sets.types import LEVELS, MAX_COUNT, Wishes
from coach.role_files import printable
from coach.schema_role import QUESTION_KINDS, Role

# What people call a level, for the hint only: whose level it is, they should say themselves.
_LEVEL_WORDS = {
    **dict.fromkeys(("junior", "graduate", "intern", "trainee", "beginner", "associate"), "entry"),
    **dict.fromkeys(("intermediate", "middle", "medior", "specialist"), "mid"),
    **dict.fromkeys(("head", "director", "executive", "principal", "chief", "vp"), "lead"),
}

_BRITISH = {"behavioral": "behavioural"}
_SHORTEST_WORD = 3  # letters; shorter ones begin too many words


def check_wishes(role: Role, wishes: Wishes) -> Wishes:
    """The wishes with ids in place of names, each once.

    Raises InputError "unknown_topic", "unknown_stage", "unknown_kind", "unknown_level", "unknown_activity"
    or "unknown_kpi", whose hint names the nearest that there are, and "count_out_of_range" for a count that
    is not 1 to 50.
    """
    if not 1 <= wishes.count <= MAX_COUNT:
        message = f"A set of {wishes.count} questions cannot be made; 1 to {MAX_COUNT} can."
        raise InputError("count_out_of_range", message, f"Ask for 1 to {MAX_COUNT} questions.")
    topics = {topic: topic for question in role.questions for topic in question.topics}
    return replace(
        wishes,
        kinds=_all(
            "kind",
            (_BRITISH.get(fold(kind), kind) for kind in wishes.kinds),
            {kind: kind for kind in QUESTION_KINDS},
        ),
        topics=_all("topic", wishes.topics, topics),
        stage=_one("stage", wishes.stage, {stage.id: stage.name for stage in role.stages}),
        level=_one("level", wishes.level, {level: level for level in LEVELS}),
        activities=_all("activity", wishes.activities, {a.id: a.name for a in role.activities}),
        kpis=_all("kpi", wishes.kpis, {kpi.id: kpi.name for kpi in role.kpis}),
    )


def _all(what: str, asked: Iterable[str], known: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_find(what, name, known) for name in asked))


def _one(what: str, asked: str | None, known: Mapping[str, str]) -> str | None:
    return None if asked is None else _find(what, asked, known)


def _find(what: str, asked: str, known: Mapping[str, str]) -> str:
    """`known` holds names by id; either may be asked for, in any case, or shortened where only one fits."""
    ids = {fold(name): key for key, name in known.items()} | {fold(key): key for key in known}
    found = ids.get(fold(asked)) or _shortened(fold(asked), ids)
    if found is not None:
        return found
    named = {"kpi": "KPI"}.get(what, what)
    level = _LEVEL_WORDS.get(fold(asked)) if what == "level" else None
    near = (level,) if level else _nearest(fold(asked), ids)
    hint = f"Nearest: {', '.join(near)}. " if near else ""
    every = ", ".join(known)
    raise InputError(
        f"unknown_{what}", f"There is no {named} {printable(asked)!r}.", f"{hint}There are: {every}."
    )


def _shortened(asked: str, ids: Mapping[str, str]) -> str | None:
    """The only one that has each word, or a word that begins with it: "phone screen" is "Phone screening"."""
    words = asked.split()
    if not words or min(map(len, words)) < _SHORTEST_WORD:
        return None
    meant = {
        key
        for name, key in ids.items()
        if all(any(w.startswith(word) for w in name.split()) for word in words)
    }
    return meant.pop() if len(meant) == 1 else None


def _nearest(asked: str, ids: Mapping[str, str]) -> tuple[str, ...]:
    """Up to three that are spelled alike, or that share a word or its beginning."""
    spelled = [ids[key] for key in difflib.get_close_matches(asked, ids, n=6, cutoff=0.55)]
    words = {word for word in asked.split() if len(word) > 2}
    sharing = [key for name, key in ids.items() if any(w in words or _begins(w, words) for w in name.split())]
    return tuple(dict.fromkeys((*spelled, *sharing)))[:3]


def _begins(word: str, words: Iterable[str]) -> bool:
    return any(
        len(other) > 3 and (word.startswith(other) or other.startswith(word)) for other in words if word[3:]
    )


def fold(text: str) -> str:
    """The text as it is compared: no case, no punctuation, single spaces."""
    kept = "".join(c if c.isalnum() else " " for c in text.casefold())
    return " ".join(kept.split())
