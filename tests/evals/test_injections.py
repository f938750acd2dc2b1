"""Strings that speak to a grader, in weak answers and from end to end: they lift nothing and are not shown.

Each string stands at one place of one answer, in turn; `python -m tests.attacks` does all places of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from coach import Coach
from coach.signals.instructions import find_instructions
from tests.attacks import (
    PLACES,
    Bench,
    Planted,
    find_breaches,
    own_attacks,
    plant,
    read_attacks,
    weak_answers,
)


@pytest.fixture(scope="module")
def bench(coach: Coach) -> Bench:
    return Bench(coach)


def planted(attacks: Sequence[tuple[str, str]]) -> list[Planted]:
    """Each string once: places and answers take turns."""
    answers = weak_answers()
    return [
        plant(answers[number % len(answers)], attack, PLACES[number % len(PLACES)])
        for number, attack in enumerate(attacks)
    ]


def assert_nothing_gained(bench: Bench, answers: Sequence[Planted]) -> None:
    found = {(one.attack, one.place, one.answer.id): list(find_breaches(bench, one)) for one in answers}
    assert {key: breaches for key, breaches in found.items() if breaches} == {}


def test_own_strings_gain_nothing(bench: Bench) -> None:
    attacks = own_attacks()
    assert len(attacks) == 60
    assert_nothing_gained(bench, planted(attacks))


@pytest.mark.slow
def test_the_large_set_gains_nothing(bench: Bench, dev_data: Path) -> None:
    attacks = read_attacks(dev_data / "injections" / "judge_injections.jsonl")
    assert len(attacks) == 220
    assert_nothing_gained(bench, planted(attacks))


def test_every_string_is_noticed_wherever_it_stands() -> None:
    missed = [
        (attack[0], place)
        for attack in own_attacks()
        for place in PLACES
        if not find_instructions(plant(weak_answers()[0], attack, place).text)
    ]
    assert missed == []


def test_weak_answers_are_weak_and_speak_to_nobody(bench: Bench) -> None:
    for answer in weak_answers():
        assert find_instructions(answer.text) == ()
        assert (bench.clean(answer).built_in.overall.score or 0) < 55
