"""Finds card and telephone numbers in a text."""

from __future__ import annotations

from collections.abc import Collection

from coach.masking.cards import card_at
from coach.masking.digits import runs
from coach.masking.phones import phone_at
from coach.masking.view import Found


def find_numbers(plain: str, told: Collection[str] = ()) -> list[Found]:
    """Card and telephone numbers in order, none overlapping.

    Numbers in `told` are telephone numbers, whether words tell it here or not.
    """
    found: list[Found] = []
    for run in runs(plain):
        first = 0
        while first < len(run):
            item = card_at(run, first) or phone_at(run, first, told, found[-1] if found else None)
            if item:
                found.append(item)
                first = run.after(item.end)
            else:
                first += 1
    return found
