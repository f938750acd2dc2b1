"""The ladders of situation, task, action and result: what lifts a level and what takes it away."""

from __future__ import annotations

import pytest

from coach.judges.story import read_action, read_result, read_situation, read_task, word_share
from coach.schema import AnswerType
from tests.stories import Part, lexicon, make_signals

PLACE = Part("situation", "Last spring I ran the web shop of a tea brand.")
TROUBLE = Part(
    "situation", "Phone visitors kept leaving at the delivery step because the price came as a shock."
)
STAKES = Part("situation", "We were losing sales every week and risked missing the summer season.")
SCALE = Part("situation", "About 40,000 visits a week came to the shop.")
GOAL = Part("task", "My job was to get the checkout back on track before the summer.")
TARGET = Part("task", "I had to bring abandonment below 70 % by the end of June.")
LOOKED = Part(
    "action", "First I watched the session recordings in Hotjar and noted every place where people stopped."
)
MOVED = Part("action", "Then I moved the delivery price to the product page using a new template.")
TESTED = Part("action", "After that I tested two versions with our developer by splitting the traffic.")
CHOSE = Part("action", "I chose this instead of a discount because a discount would have cost us the margin.")
BEGAN = Part("action", "I started.")
WE = Part("action", "We rebuilt the whole checkout and we tested it together.")
VAGUE = Part("result", "It went well.")
SAID = Part("result", "The support room fell quiet and both of our temps could go home at last.")
KEPT = Part(
    "result", "Our biggest customer renewed the contract and the support desk stopped getting complaints."
)
FIGURE = Part("result", "Sales were 20 % higher.")
CHANGE = Part("result", "Abandonment fell from 78 % to 66 % in six weeks.")
LESSON = Part("learning", "I learned to watch people first, and since then I do that before every change.")
HOPE = Part("result", "This helps customers to be happy.")
OPINION = Part("other", "A good page is the key to success.")


def test_situation_climbs_from_nothing_to_place_trigger_stakes_and_scale() -> None:
    rest = (GOAL, LOOKED, MOVED, TESTED, CHOSE, CHANGE, LESSON, SAID, TARGET)
    steps = ((PLACE,), (PLACE, TROUBLE), (PLACE, TROUBLE, STAKES), (PLACE, TROUBLE, STAKES, SCALE))
    levels = [read_situation(make_signals(*setting, *rest), lexicon()).level for setting in steps]
    assert levels == sorted(levels)
    assert levels[0] <= 2 < levels[1] < levels[-1] == 5
    assert read_situation(make_signals(OPINION, answer_type="opinion"), lexicon()).level == 0


def test_a_setting_that_takes_half_the_answer_stays_at_three() -> None:
    long = make_signals(PLACE, TROUBLE, STAKES, SCALE, LOOKED)
    assert word_share(long, "situation") > 0.45
    reading = read_situation(long, lexicon())
    assert reading.level == 3
    assert reading.missing[0] == "too_long"


@pytest.mark.parametrize(
    ("parts", "level"),
    [
        ((PLACE, Part("action", "We fixed it."),), 2),
        ((PLACE, Part("task", "We had to finish it."), MOVED), 2),
        ((PLACE, Part("task", "I was responsible for it."), MOVED), 3),
        ((PLACE, GOAL, MOVED), 4),
        ((PLACE, GOAL, TARGET, MOVED), 5),
    ],
)  # fmt: skip
def test_task_asks_whose_it_was_then_what_exactly_then_by_what_measure(
    parts: tuple[Part, ...], level: int
) -> None:
    assert read_task(make_signals(*parts), lexicon()).level == level


@pytest.mark.parametrize(
    ("parts", "answer_type", "level"),
    [
        ((OPINION,), "opinion", 0),
        ((PLACE, VAGUE), "non_answer", 0),
        ((Part("action", "I would look at the data first."),), "hypothetical", 1),
        ((Part("action", "I always make a list and I talk to people."),), "self_description", 1),
        ((PLACE, WE), "story", 2),
        ((PLACE, LOOKED), "story", 2),
        ((PLACE, BEGAN, Part("action", "I changed it.")), "story", 3),
        ((PLACE, LOOKED, MOVED, TESTED), "story", 4),
        ((PLACE, LOOKED, MOVED, TESTED, CHOSE), "story", 5),
        ((LOOKED, MOVED, TESTED, CHOSE), "pseudo_story", 2),
        ((LOOKED, MOVED), "pseudo_story", 1),
    ],
)
def test_action_asks_for_own_steps_then_how_then_why(
    parts: tuple[Part, ...], answer_type: AnswerType, level: int
) -> None:
    assert read_action(make_signals(*parts, answer_type=answer_type), lexicon()).level == level


@pytest.mark.parametrize(
    ("parts", "answer_type", "level"),
    [
        ((LOOKED, MOVED), "story", 0),
        ((LOOKED, HOPE), "story", 1),
        ((LOOKED, VAGUE), "story", 2),
        ((LOOKED, SAID), "story", 3),
        ((LOOKED, KEPT), "story", 4),
        ((LOOKED, FIGURE), "story", 4),
        ((LOOKED, CHANGE), "story", 4),
        ((LOOKED, CHANGE, LESSON), "story", 5),
        ((LOOKED, FIGURE, LESSON), "story", 4),
        ((LOOKED, CHANGE, LESSON), "hypothetical", 1),
        ((LOOKED, VAGUE), "pseudo_story", 1),
    ],
)
def test_result_asks_what_changed_then_how_much_then_against_what(
    parts: tuple[Part, ...], answer_type: AnswerType, level: int
) -> None:
    assert read_result(make_signals(*parts, answer_type=answer_type), lexicon()).level == level


def test_a_level_rests_on_clauses_and_nought_rests_on_none() -> None:
    signals = make_signals(PLACE, TROUBLE, GOAL, LOOKED, MOVED, CHANGE)
    for read in (read_situation, read_task, read_action, read_result):
        reading = read(signals, lexicon())
        assert reading.level > 0
        assert set(reading.spans) <= set(signals.clauses)
        assert reading.spans
    assert read_result(make_signals(PLACE, LOOKED), lexicon()).spans == ()


def test_an_outcome_in_one_breath_with_the_last_step_counts() -> None:
    told = Part("action", "I asked both shops for help and finished the catalogue on time")
    untold = Part("action", "I asked both shops for help and read the catalogue")
    assert read_result(make_signals(told), lexicon()).level >= 3
    assert read_result(make_signals(untold), lexicon()).level == 0


def test_what_a_habit_usually_brings_is_only_a_benefit() -> None:
    habit = Part("result", "This routine contributed to a well-organised week for all of us")
    assert read_result(make_signals(habit, answer_type="pseudo_story"), lexicon()).level == 1
