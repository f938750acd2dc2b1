"""Nothing hostile gets through the rewrite gate, told by an oracle that shares no code with it."""

from __future__ import annotations

import re
import statistics
import time
from functools import cache

import pytest

from coach.rewrite_gate import RewriteGate, open_rewrite_gate
from tests.conftest import REPO_ROOT
from tests.evals.variants import read_base_answers
from tests.rewrite_attacks import (
    TEMPLATES,
    TWISTS,
    Attack,
    build_attacks,
    faults,
    seen,
    slots_at_fault,
)
from tests.rewrite_inventions import example_answers, faithful_rewrites


@cache
def gate() -> RewriteGate:
    return open_rewrite_gate(REPO_ROOT / "knowledge")


@cache
def attacks() -> tuple[Attack, ...]:
    return tuple(build_attacks())


def leaks(attack: Attack, text: str) -> list[str]:
    """What of an attack is in a text: the planted phrases, and what the oracle finds besides the frame."""
    shown = seen(text)
    found = [p for p in attack.planted if re.search(rf"(?<!\w){re.escape(p)}(?!\w)", shown)]
    read = faithful_rewrites()[attack.answer.id]
    return [*found, *faults(f"{attack.answer.text} {attack.frame}", read, text), *slots_at_fault(text)]


def test_no_attack_gets_through() -> None:
    survived = []
    for attack in attacks():
        found = leaks(attack, gate().check(attack.answer.text, attack.text).text)
        survived += [(attack.answer.id, attack.kind, found)] if found else []
    assert survived == []


def test_there_are_attacks_of_every_kind() -> None:
    kinds = {attack.kind for attack in attacks()}
    assert len(attacks()) >= 500
    assert {kind for kind, *_ in TEMPLATES} <= kinds
    assert len(kinds & {kind for kind, *_ in TWISTS}) > 0.8 * len(TWISTS)


def test_the_oracle_sees_the_attacks() -> None:
    # Without the gate nearly every one is noticed, most of them by the oracle alone.
    assert sum(bool(leaks(attack, attack.text)) for attack in attacks()) > 0.97 * len(attacks())
    read = faithful_rewrites()
    alone = sum(bool(faults(a.answer.text, read[a.answer.id], a.text)) for a in attacks())
    assert alone > 0.8 * len(attacks())


def test_the_oracle_finds_nothing_in_faithful_rewrites() -> None:
    read = faithful_rewrites()
    for answer in read_base_answers():
        assert faults(answer.text, read[answer.id], gate().check(answer.text, read[answer.id]).text) == []


@pytest.mark.parametrize("set_of", ["answers", "examples", "styles"])
def test_faithful_rewrites_stay_whole(set_of: str) -> None:
    answers = {answer.id: answer.text for answer in read_base_answers()} | example_answers()
    kept = told = 0
    for key, text in faithful_rewrites(set_of).items():
        sentences = re.split(r"(?<=[.!?])\s+", re.sub(r"(?m)^- ", "", text))
        let_through = re.split(r"(?<=[.!?])\s+", gate().check(answers[key], text).text)
        kept += sum(sentence in let_through for sentence in sentences)
        told += len(sentences)
    assert kept >= (0.98 if told > 100 else 0.97) * told


def test_a_check_takes_a_moment() -> None:
    read = faithful_rewrites()
    taken = []
    for answer in read_base_answers()[:16]:
        started = time.process_time()
        gate().check(answer.text, read[answer.id])
        taken.append(time.process_time() - started)
    # About 10 ms; the margin is for a slow machine.
    assert statistics.median(taken) < 0.1
