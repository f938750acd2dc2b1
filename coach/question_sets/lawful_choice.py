"""Keeps what may not be asked out of a set, whoever wrote it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from coach.schema import Notice

if TYPE_CHECKING:
    from coach.question_sets.lawful import LawfulCheck
    from coach.question_sets.types import Candidate, Chosen

_MOST_ROUNDS = 6


def lawful_only(candidates: Sequence[Candidate], check: LawfulCheck) -> tuple[list[Candidate], int]:
    """Those whose question may be asked, without follow-ups that may not; and how many were left out."""
    kept = [c for c in candidates if check.check(c.text) is None]
    return [_with_lawful_follow_ups(c, check) for c in kept], len(candidates) - len(kept)


def choose_lawful(choose: Callable[[tuple[str, ...]], Chosen], check: LawfulCheck) -> tuple[Chosen, int]:
    """A set by `choose`, which hears the ids to leave out, until all of it may be asked; and how many
    questions were left out on the way."""
    banned: tuple[str, ...] = ()
    for _ in range(_MOST_ROUNDS):
        chosen = choose(banned)
        found = tuple(item.question.id for item in chosen.questions if check.check(item.question.text))
        if not found:
            break
        banned += found
    kept = tuple(
        item._replace(question=_with_lawful_follow_ups(item.question, check))
        for item in chosen.questions
        if item.question.id not in banned
    )
    return chosen._replace(questions=kept), len(banned)


def _with_lawful_follow_ups(candidate: Candidate, check: LawfulCheck) -> Candidate:
    follow_ups = tuple(text for text in candidate.follow_ups if check.check(text) is None)
    return candidate if follow_ups == candidate.follow_ups else replace(candidate, follow_ups=follow_ups)


def unlawful_notice(count: int) -> tuple[Notice, ...]:
    """What to say about questions that were left out; nothing for none."""
    if not count:
        return ()
    are = "question was" if count == 1 else "questions were"
    message = f"{count} {are} left out: not lawful to ask in an interview, whoever wants to know."
    return (Notice(code="unlawful_left_out", message=message),)
