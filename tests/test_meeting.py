"""Where two judges meet: what code cannot see is capped, and a wide gap counts as the lower middle."""

from __future__ import annotations

import pytest

from coach.judges.meeting import Ceiling, find_ceilings, meet
from coach.judges.types import Judgement
from coach.schema import CRITERIA, AnswerType, CriterionId
from coach.signals.types import Signals
from tests.factories import cite
from tests.stories import Part, make_signals

QUOTE = cite("I went through forty session recordings")
FIGURED = (Part("action", "I moved the price."), Part("result", "Orders rose by 12 % in a month."))
PLAIN = (Part("action", "I moved the price."), Part("result", "It went better after that."))


def judged(criterion: CriterionId, level: int | None, why: str = "Its own reason.") -> Judgement:
    """With a quote from level 1 on."""
    evidence = (QUOTE,) if level else ()
    basis = "unscored" if level is None else "span" if level else "absence"
    return Judgement(criterion, level, basis, why, evidence, f"Step from {level}.")  # type: ignore[arg-type]


def own(**levels: int | None) -> dict[CriterionId, Judgement]:
    """The built-in judge's: threes but for those named."""
    return {c: judged(c, levels.get(c, 3)) for c in CRITERIA}


def signals(figures: bool = True, answer_type: AnswerType = "story") -> Signals:
    return make_signals(*(FIGURED if figures else PLAIN), answer_type=answer_type)


# ---- ceilings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("criterion", "level"), [("situation", 2), ("task", 2), ("action", 1), ("result", 1)]
)
def test_what_is_nowhere_told_has_a_ceiling(criterion: CriterionId, level: int) -> None:
    ceilings = find_ceilings(own(**{criterion: 0}), signals(), False)
    assert {c: ceiling.level for c, ceiling in ceilings.items()} == {criterion: level}
    assert "anywhere in the text" in ceilings[criterion].why


def test_what_code_sees_has_none() -> None:
    assert find_ceilings(own(), signals(), False) == {}


@pytest.mark.parametrize("answer_type", ["hypothetical", "opinion", "self_description", "non_answer"])
def test_where_nothing_happened_there_is_neither_step_nor_outcome(answer_type: AnswerType) -> None:
    ceilings = find_ceilings(own(), signals(answer_type=answer_type), False)
    assert {c: ceiling.level for c, ceiling in ceilings.items()} == {"action": 1, "result": 1}


@pytest.mark.parametrize("answer_type", ["story", "pseudo_story"])
def test_a_top_result_needs_a_figure(answer_type: AnswerType) -> None:
    ceilings = find_ceilings(own(), signals(figures=False, answer_type=answer_type), False)
    assert {c: ceiling.level for c, ceiling in ceilings.items()} == {"result": 4}


def test_the_lowest_ceiling_counts() -> None:
    ceilings = find_ceilings(own(result=0, action=0), signals(False, "opinion"), True)
    assert ceilings["result"].level == ceilings["action"].level == 0
    assert ceilings["situation"].level == 3
    unjudged = find_ceilings(own(task=None), signals(), True)
    assert "task" not in unjudged and unjudged["action"].level == 3


# ---- meeting -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("theirs", "mine", "ceiling", "counts", "opinions"),
    [
        (3, 3, None, 3, ()),
        (4, 3, None, 4, ()),
        (2, 3, None, 2, ()),
        (5, 3, None, 4, (5, 3)),
        (1, 3, None, 2, (1, 3)),
        (0, 3, None, 1, (0, 3)),
        (3, 0, None, 1, (3, 0)),
        (0, 2, None, 1, (0, 2)),
        (0, 5, None, 2, (0, 5)),
        (5, 4, 4, 4, ()),
        (5, 3, 4, 4, (5, 3)),
        (5, 0, 1, 1, (5, 0)),
        (5, 0, 0, 0, (5, 0)),
        (1, 0, 0, 0, ()),
        (3, 3, 3, 3, ()),
        (0, 0, 0, 0, ()),
        (4, None, None, 4, ()),
        (None, 3, None, None, (3,)),
        (None, None, None, None, ()),
    ],
)
def test_two_levels_meet(
    theirs: int | None, mine: int | None, ceiling: int | None, counts: int | None, opinions: tuple[int, ...]
) -> None:
    limit = None if ceiling is None else Ceiling(ceiling, "none of it is told")
    meeting = meet(judged("result", theirs), judged("result", mine), limit, "openai/m")
    assert meeting.judgement.level == counts
    assert tuple(opinion.level for opinion in meeting.opinions) == opinions
    assert_sound(meeting.judgement)


def assert_sound(judgement: Judgement) -> None:
    """What a report asks of a judgement."""
    assert (judgement.level is None) == (judgement.basis == "unscored")
    assert not (judgement.basis == "absence" and judgement.evidence)
    assert (judgement.level == 0) == (judgement.basis == "absence")
    assert judgement.why


def test_a_capped_level_says_so_and_why() -> None:
    meeting = meet(judged("result", 5), judged("result", 0, "No outcome."), Ceiling(1, "none is told"), "m")
    assert meeting.judgement.why == "The model gave level 5, but none is told; so it counts as 1. No outcome."
    assert "capped" in meeting.judgement.reasons
    assert meeting.judgement.next_step == "Step from 0."
    assert meeting.judgement.evidence == (QUOTE,)


def test_a_wide_gap_is_uncertain_and_both_are_heard() -> None:
    meeting = meet(judged("task", 5, "All told."), judged("task", 2, "Only implied."), None, "openai/m")
    assert (
        meeting.judgement.why
        == "Uncertain: the model gives level 5, the built-in judge 2; 3 counts. Only implied."
    )
    assert [(o.judge, o.level, o.why) for o in meeting.opinions] == [
        ("openai/m", 5, "All told."),
        ("evidence", 2, "Only implied."),
    ]
    assert meeting.judgement.next_step == "Step from 2."


@pytest.mark.parametrize(("theirs", "mine"), [(t, m) for t in range(6) for m in range(6)])
def test_what_counts_lies_between_the_two(theirs: int, mine: int) -> None:
    meeting = meet(judged("action", theirs), judged("action", mine), None, "m")
    counts = meeting.judgement.level
    assert counts is not None and min(theirs, mine) <= counts <= max(theirs, mine)
    assert_sound(meeting.judgement)
    swapped = meet(judged("action", mine), judged("action", theirs), None, "m").judgement.level
    assert abs(theirs - mine) < 2 or counts == swapped
