"""The order of the parts, and stories told from their end."""

from __future__ import annotations

import pytest

from coach import Coach
from coach.schema import Label
from coach.signals.order import share_backwards

STORY = (
    "Last spring I ran the online shop of a small tea brand and visitors kept leaving at the delivery step.",
    "It was my job to bring that down before the summer season.",
    "I watched forty session recordings and saw that the price came too late.",
    "So I moved the delivery price to the product page and tested two versions with our developer.",
    "After six weeks far fewer people left, and the conversion rate went from 1.7 % to 2.6 %.",
)


@pytest.mark.parametrize(
    ("labels", "share"),
    [
        (("situation", "action", "result"), 0.0),
        (("result", "action", "situation"), 1.0),
        (("situation", "result", "action"), 1 / 3),
        (("other", "action", "action", "other"), 0.0),
        (("result", "situation"), 0.0),
    ],
)
def test_the_share_of_parts_in_reverse(labels: tuple[Label, ...], share: float) -> None:
    assert share_backwards(labels) == pytest.approx(share)


def test_a_story_told_backwards_is_told_so_and_still_read(coach: Coach) -> None:
    told = coach.feedback("q16", " ".join(STORY))
    turned = coach.feedback("q16", " ".join(STORY[::-1]))
    assert turned.segments[0].label == "result"
    assert (turned.criterion("delivery").level or 0) < (told.criterion("delivery").level or 0)
    assert "order" in turned.criterion("delivery").why
