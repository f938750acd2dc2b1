"""The saved reports that a set is tailored to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from coach.errors import StoreError
from coach.question_sets.stories import MOST_READ, Told
from coach.schema import Notice

if TYPE_CHECKING:
    from coach.history import History


def read_past(
    open_history: Callable[[], History] | None, role_id: str
) -> tuple[tuple[Told, ...], tuple[Notice, ...]]:
    """The newest reports on this role; a history that cannot be read leaves none and a warning."""
    if open_history is None:
        return (), ()
    try:
        saved = open_history().reports(MOST_READ, role_id)
    except StoreError as error:
        message = f"The set was made without your saved reports: {error.message}"
        return (), (Notice(code="history_unread", message=message),)
    told = []
    for one in saved:
        try:
            told.append(Told(one.id, one.answer, one.report()))
        except StoreError:  # saved by another version; the others still help
            continue
    return tuple(told), ()
