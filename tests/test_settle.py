"""The level that stands: mostly the network's, within what code can defend."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.judges.reasons import find_reason
from coach.judges.settle import settle
from coach.judges.story import Reading
from coach.schema import AnswerType, CriterionId
from tests.stories import Part, make_signals

WORK = (
    Part("situation", "Visitors left at the delivery step."),
    Part("action", "I watched the recordings and moved the price to the page."),
    Part("result", "After that more of them stayed."),
)


def settled(
    criterion: CriterionId,
    ladder: int,
    strength: float | None,
    found: tuple[str, ...] = ("own",),
    answer_type: AnswerType = "story",
) -> Reading:
    signals = make_signals(*WORK, answer_type=answer_type)
    if strength is not None:
        signals = replace(signals, strengths={criterion: strength})
    return settle(criterion, Reading(ladder, signals.clauses, found, ()), signals)


@pytest.mark.parametrize(
    ("ladder", "strength", "level"),
    [(3, None, 3), (3, 3.1, 3), (4, 4.9, 5), (5, 1.2, 2), (0, 0.3, 0), (5, 5.0, 5)],
)
def test_the_network_leads_and_the_ladder_tips(ladder: int, strength: float | None, level: int) -> None:
    assert settled("situation", ladder, strength).level == level


def test_in_a_few_words_a_setting_tells_its_stakes_only_where_the_ladder_finds_them() -> None:
    assert settled("situation", 3, 4.9).level == 3
    assert settled("situation", 4, 4.9).level == 5


def test_what_only_the_group_did_stays_at_two() -> None:
    assert settled("action", 4, 4.6, ("group",)).level == 2
    assert settled("action", 4, 4.6, ("group", "own")).level >= 4


@pytest.mark.parametrize(("criterion", "most"), [("situation", 2), ("task", 3), ("result", 2)])
def test_a_part_that_is_not_told_keeps_the_level_low(criterion: CriterionId, most: int) -> None:
    signals = replace(make_signals(WORK[1]), strengths={criterion: 4.9})
    assert settle(criterion, Reading(5, (), (), ()), signals).level == most


@pytest.mark.parametrize("criterion", ["action", "result"])
def test_what_would_be_done_is_an_intention(criterion: CriterionId) -> None:
    assert settled(criterion, 3, 3.6, answer_type="hypothetical").level == 1


@pytest.mark.parametrize(("told", "talk", "level"), [(330, 50, 5), (200, 200, 4), (150, 100, 5), (500, 1, 4)])
def test_in_a_long_answer_full_of_talk_or_a_very_long_one_only_a_level_reached_in_full_stands(
    told: int, talk: int, level: int
) -> None:
    signals = make_signals(*WORK, Part("action", "so " * told), Part("other", "well " * talk))
    signals = replace(signals, strengths={"action": 4.7})
    assert settle("action", Reading(5, signals.clauses, ("own",), ()), signals).level == level


def test_an_absence_rests_on_no_words() -> None:
    assert settled("result", 0, 0.1).spans == ()
    assert settled("result", 2, 2.0).spans


@pytest.mark.parametrize(
    ("criterion", "level", "spans", "code"),
    [
        ("result", 1, False, "nothing"),
        ("result", 1, True, "hoped"),
        ("result", 2, False, "nothing"),
        ("action", 1, True, "attitude"),
        ("task", 3, False, "own_goal"),
    ],
)
def test_a_reason_never_quotes_what_is_not_there(
    criterion: CriterionId, level: int, spans: bool, code: str
) -> None:
    signals = make_signals(*WORK)
    reading = Reading(level, signals.clauses if spans else (), (), ())
    assert find_reason(criterion, reading, signals).why == code
