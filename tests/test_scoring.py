"""Levels and rubric to score: pure arithmetic, checked against sums done by hand."""

from __future__ import annotations

import random
from typing import cast, get_args

import pytest

from coach import Coach
from coach.rubric import load_rubric
from coach.schema import ANSWER_TYPES, CRITERIA, QUESTION_KINDS, CriterionId
from coach.scoring import active_caps, band_of, gain_of, score_levels, weighted_score
from tests.evals.variants import read_base_answers
from tests.stories import KNOWLEDGE

RUBRIC = load_rubric(KNOWLEDGE / "rubric.toml")
Levels = dict[CriterionId, int | None]


def all_at(level: int, **others: int | None) -> Levels:
    return cast(Levels, {**dict.fromkeys(CRITERIA, level), **others})


def random_levels(chance: random.Random) -> Levels:
    return {criterion: chance.choice((None, 0, 1, 2, 3, 4, 5)) for criterion in CRITERIA}


def test_the_score_is_the_weighted_mean_of_the_levels() -> None:
    weights = RUBRIC.weights["behavioural"]
    assert weighted_score(all_at(5), weights) == pytest.approx(100)
    assert weighted_score(all_at(0), weights) == 0
    assert weighted_score(all_at(5, action=1), weights) == pytest.approx(100 - 25 * 4 / 5)
    assert weighted_score(all_at(3, result=5, delivery=0), weights) == pytest.approx(60 + 8 - 3)


def test_what_is_not_judged_is_left_out_and_never_a_zero() -> None:
    weights = RUBRIC.weights["behavioural"]
    assert weighted_score(all_at(4, action=None, metrics=None), weights) == pytest.approx(80)
    assert weighted_score({}, weights) is None
    nothing = score_levels(dict.fromkeys(CRITERIA), "story", "behavioural", RUBRIC)
    assert (nothing.score, nothing.band, nothing.caps) == (None, "not judged", ())


@pytest.mark.parametrize(
    ("levels", "answer_type", "kind", "score", "cap"),
    [
        (all_at(5), "story", "behavioural", 100, None),
        (all_at(5), "non_answer", "knowledge", 10, "non_answer"),
        (all_at(5), "hypothetical", "behavioural", 45, "no_episode"),
        (all_at(5), "hypothetical", "approach", 100, None),
        (all_at(5), "pseudo_story", "behavioural", 60, "habit_only"),
        (all_at(5), "pseudo_story", "experience", 100, None),
        (all_at(5, question_fit=1), "story", "knowledge", 35, "question_not_answered"),
        (all_at(5, action=1), "story", "behavioural", 45, "no_own_action"),
        (all_at(5, action=2), "story", "behavioural", 85, None),
        (all_at(5, action=None, question_fit=None), "story", "behavioural", 100, None),
        # A cap above the sum holds nothing down and is not named.
        (all_at(1), "pseudo_story", "behavioural", 20, None),
    ],
)
def test_caps_hold_the_score_down_and_only_then_are_named(
    levels: Levels, answer_type: str, kind: str, score: float, cap: str | None
) -> None:
    overall = score_levels(levels, answer_type, kind, RUBRIC)  # type: ignore[arg-type]
    assert overall.score == score
    assert [text.split(":")[0] for text in overall.caps] == ([cap] if cap else [])


def test_the_lowest_cap_wins_and_all_that_bind_are_named() -> None:
    levels = all_at(5, question_fit=0, action=0)
    overall = score_levels(levels, "hypothetical", "behavioural", RUBRIC)
    assert overall.score == 35
    assert overall.uncapped == pytest.approx(63)
    assert [text.split(":")[0] for text in overall.caps] == [
        "question_not_answered",
        "no_episode",
        "no_own_action",
    ]
    assert all("because" in text for text in overall.caps)
    limits = [cap.limit for cap in active_caps(levels, "hypothetical", "behavioural", RUBRIC)]
    assert limits == sorted(limits)


@pytest.mark.parametrize(
    ("score", "band"),
    [
        (0, "early"),
        (34.9, "early"),
        (35, "partial"),
        (55, "developing"),
        (75, "solid"),
        (87.9, "solid"),
        (88, "strong"),
        (100, "strong"),
    ],
)
def test_a_band_begins_at_its_own_score(score: float, band: str) -> None:
    assert band_of(score, RUBRIC) == band


def test_gain_is_the_score_with_that_level_raised_less_the_score() -> None:
    levels = all_at(3)
    assert gain_of("action", levels, "story", "behavioural", RUBRIC) == pytest.approx(5.0)
    assert gain_of("delivery", levels, "story", "behavioural", RUBRIC) == pytest.approx(1.0)
    assert gain_of("action", all_at(5), "story", "behavioural", RUBRIC) == 0
    assert gain_of("action", all_at(3, action=None), "story", "behavioural", RUBRIC) == 0
    # Under a cap nothing is won but by what lifts it.
    capped = all_at(5, action=1)
    assert gain_of("action", capped, "story", "behavioural", RUBRIC) == pytest.approx(40.0)
    assert gain_of("situation", {**capped, "situation": 4}, "story", "behavioural", RUBRIC) == 0


def test_raising_a_level_never_lowers_the_score() -> None:
    chance = random.Random(11)
    for _ in range(400):
        levels, kind, answer_type = (
            random_levels(chance),
            chance.choice(QUESTION_KINDS),
            chance.choice(ANSWER_TYPES),
        )
        before = score_levels(levels, answer_type, kind, RUBRIC).score
        assert before is None or 0 <= before <= 100
        for criterion in CRITERIA:
            level = levels[criterion]
            if level is not None and level < 5:
                raised = score_levels({**levels, criterion: level + 1}, answer_type, kind, RUBRIC).score
                assert raised is not None and before is not None and raised >= before
                gain = gain_of(criterion, levels, answer_type, kind, RUBRIC)
                assert gain == pytest.approx(raised - before, abs=0.051)


def test_every_kind_and_answer_type_has_weights_and_a_score() -> None:
    assert set(RUBRIC.weights) == set(QUESTION_KINDS)
    for kind in QUESTION_KINDS:
        for answer_type in ANSWER_TYPES:
            assert score_levels(all_at(5), answer_type, kind, RUBRIC).score is not None
    assert {cap.criterion for cap in RUBRIC.caps} - {None} <= set(get_args(CriterionId))


def test_a_report_recomputes_from_its_own_fields(coach: Coach) -> None:
    for answer in read_base_answers()[::8]:
        report = coach.feedback(answer.question, answer.text)
        judged = [result for result in report.criteria if result.level is not None]
        total = sum(result.weight for result in judged)
        mean = 100 * sum(result.weight * (result.level or 0) / 5 for result in judged) / total
        limits = [float(cap.split("at most ")[1].split(" ")[0]) for cap in report.overall.caps]
        assert report.overall.score == pytest.approx(min([mean, *limits]), abs=0.051)
        assert report.overall.uncapped == pytest.approx(mean, abs=0.051)
        for result in judged:
            levels: Levels = {other.id: other.level for other in report.criteria}
            again = gain_of(result.id, levels, report.answer_type, report.question.kind, coach.rubric)
            assert result.gain == again
