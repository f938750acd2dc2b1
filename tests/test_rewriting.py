"""The rewrite: the candidate's own sentences in order, nothing added but slots."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from coach import Coach
from coach.rewriting import write_rewrite
from coach.schema import CRITERIA, CriterionResult, KpiFinding, Rewrite
from coach.signals.segments import WORD
from tests.evals.variants import read_base_answers
from tests.stories import Part, make_signals

PARTS = (
    Part("result", "Sales rose after that."),
    Part("action", "Um, then I moved the price to the page."),
    Part("other", "That is a great question."),
    Part("task", "It was my job to mend the checkout."),
    Part("situation", "i ran a web shop for tea"),
)
SLOT = re.compile(r"\[[^\]]+\]")


def results(level: int | None) -> list[CriterionResult]:
    basis = "unscored" if level is None else "whole"
    return [CriterionResult(id=c, level=level, weight=0.1, basis=basis, why="") for c in CRITERIA]


def rewrite_of(*parts: Part, level: int | None = 5, kpis: tuple[KpiFinding, ...] = ()) -> Rewrite:
    rewrite = write_rewrite(make_signals(*parts), results(level), kpis)
    assert rewrite is not None
    return rewrite


def own_words(text: str) -> list[str]:
    """The words of the sentences without a slot."""
    sentences = re.split(r"(?<=[.!?])\s+", text)
    return [
        word.lower() for sentence in sentences if not SLOT.search(sentence) for word in WORD.findall(sentence)
    ]


def test_the_parts_come_in_order_and_talk_is_dropped() -> None:
    rewrite = rewrite_of(*PARTS)
    assert rewrite.text.split("\n\n") == [
        "I ran a web shop for tea.",
        "It was my job to mend the checkout.",
        "Then I moved the price to the page.",
        "Sales rose after that.",
    ]
    assert rewrite.slots == ()
    assert rewrite.dropped == ("That is a great question.",)


def test_a_sentence_said_twice_is_told_once() -> None:
    twice = Part("action", "Then I moved the price to the product page.")
    rewrite = rewrite_of(PARTS[0], twice, PARTS[3], twice)
    assert rewrite.text.count("moved the price") == 1
    assert rewrite.dropped == (twice.text,)


@pytest.mark.parametrize(
    ("level", "slots"),
    [
        (5, ()),
        (
            0,
            (
                "[company or place]",
                "[month or year]",
                "[what was going wrong]",
                "[your goal]",
                "[deadline or target]",
                "[your first step]",
                "[your next step]",
                "[your figure it moved]",
                "[before]",
                "[after]",
                "[how long]",
            ),
        ),
        (4, ("[your reason]", "[what you do differently]")),
        # What was not judged is not held to be missing.
        (None, ()),
    ],
)
def test_slots_stand_for_what_the_levels_lack(level: int | None, slots: tuple[str, ...]) -> None:
    assert rewrite_of(*PARTS, level=level).slots == slots


def test_a_kpi_that_is_only_named_gets_its_own_slot() -> None:
    kpi = KpiFinding(id="bounce-rate", name="Bounce Rate", status="named")
    assert "[your bounce rate] went from [before] to [after]" in rewrite_of(*PARTS, level=1, kpis=(kpi,)).text


def test_there_is_nothing_to_rewrite_in_a_non_answer() -> None:
    assert write_rewrite(make_signals(*PARTS, answer_type="non_answer"), results(0), ()) is None


def test_nothing_is_added_to_the_base_answers_but_slots(coach: Coach) -> None:
    for answer in read_base_answers():
        rewrite = coach.feedback(answer.question, answer.text).rewrite
        if answer.answer_type == "non_answer" and rewrite is None:
            continue
        assert rewrite is not None
        assert set(SLOT.findall(rewrite.text)) == set(rewrite.slots)
        said = Counter(word.lower() for word in WORD.findall(answer.text))
        assert not Counter(own_words(rewrite.text)) - said, answer.id
        for dropped in rewrite.dropped:
            assert dropped in answer.text
