"""Relevance: what a cosine is turned into, and that it still means what it says."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from coach.config import Settings
from coach.embedding import Embedder
from coach.relevance import (
    CALIBRATIONS,
    LEAST_TOLD,
    PROBED_UNKNOWN,
    Part,
    affinities,
    affinity,
    answer_features,
    answer_relevances,
    baselines,
    relevances,
    shares,
)
from coach.role_files import load_role

ITEMS = ("a", "b", "c")
CENTRED = [0.3, 0.1, -0.1]


def part(weight: float, centred: list[float]) -> Part:
    return Part(weight, dict(zip(ITEMS, relevances("activity", centred), strict=True)))


def test_affinity_is_the_mean_of_the_five_nearest_or_of_half() -> None:
    assert affinity([0.1, 0.6, 0.5, -0.3, 0.4, 0.4], 90, -0.3) == pytest.approx(0.4)
    assert affinity([0.2, 0.4, 0.6], 3, 0.1) == pytest.approx(0.5)
    assert affinity([0.2], 1, 0.1) == pytest.approx(0.2)


def test_passages_that_a_search_did_not_reach_count_as_the_lowest_it_did() -> None:
    assert affinity([0.6, 0.4], 10, 0.1) == pytest.approx(0.26)
    assert affinity([], 2, 0.1) == pytest.approx(0.1)


def test_affinities_of_a_matrix_are_those_of_its_rows() -> None:
    similarities = np.array([[0.1, 0.2, 0.3, 0.9], [0.5, 0.3, 0.1, -0.1]])
    found = affinities(similarities, ["a", "a", "a", "b"])
    assert found["a"] == pytest.approx([0.25, 0.4])
    assert found["b"] == pytest.approx([0.9, -0.1])


def test_a_baseline_is_the_mean_affinity_to_the_passages_of_others() -> None:
    a, b = [[1.0, 0.0]] * 90, [[0.6, 0.8]] * 90
    found = baselines(np.array(a + b), ["a"] * 90 + ["b"] * 90)
    assert found == {"a": pytest.approx(0.6), "b": pytest.approx(0.6)}
    assert baselines(np.array([[0.0, 1.0], [1.0, 0.0]]), ["a", "a"]) == {"a": 0.0}
    assert baselines(np.zeros((0, 2)), []) == {}


def test_a_baseline_of_few_passages_is_drawn_to_the_mean_of_all() -> None:
    vectors = np.array([[1.0, 0.0], [0.0, 1.0], [0.6, 0.8], [0.6, 0.8]])
    found = baselines(vectors, ["a", "b", "c", "c"])
    foreign = {"a": [0.0, 0.6, 0.6], "b": [0.0, 0.8, 0.8], "c": [0.6, 0.8]}
    every = np.mean([value for values in foreign.values() for value in values])
    for item, values in foreign.items():
        assert found[item] == pytest.approx((sum(values) + 10 * every) / (len(values) + 10))


def test_shares_are_one_together_and_follow_the_lead() -> None:
    assert sum(shares(CENTRED)) == pytest.approx(1)
    assert shares([0.2, 0.1])[0] / shares([0.2, 0.1])[1] == pytest.approx(math.exp(1.4))
    assert shares([0.5, 0.5]) == [0.5, 0.5]
    assert shares([]) == []


def test_relevance_rises_with_affinity_and_with_share() -> None:
    for kind in CALIBRATIONS:
        weak, strong = relevances(kind, [0.0, -0.2])[0], relevances(kind, [0.3, 0.1])[0]
        clear, contested = relevances(kind, [0.2, -0.2])[0], relevances(kind, [0.2, 0.2])[0]
        assert 0 < weak < strong < 1
        assert contested < clear


def test_the_shares_of_an_answer_are_those_of_its_parts_by_weight() -> None:
    other = [-0.1, 0.2, 0.1]
    features = answer_features([part(1.0, CENTRED), part(0.5, other), Part(0.5, {})], ITEMS, (), {})
    expected = [(one + 0.5 * two) / 1.5 for one, two in zip(shares(CENTRED), shares(other), strict=True)]
    assert [math.exp(features[item][0]) for item in ITEMS] == pytest.approx(expected, abs=1e-3)
    assert [features[item][1:] for item in ITEMS] == [(math.log(2.0), PROBED_UNKNOWN, 0.0)] * 3


def test_an_answer_shows_more_of_what_it_tells_more_of() -> None:
    one = answer_relevances([part(1.0, CENTRED)], ITEMS, (), {})
    three = answer_relevances([part(1.0, CENTRED)] * 3, ITEMS, (), {})
    assert one["a"] > one["b"] > one["c"]
    assert one["a"] < three["a"] < 1


def test_what_the_question_probes_is_more_likely_shown() -> None:
    parts = [part(1.0, CENTRED)] * 3
    unknown, asked = (answer_relevances(parts, ITEMS, probed, {}) for probed in ((), ("b",)))
    assert asked["b"] > unknown["b"]
    assert asked["a"] < unknown["a"]


def test_what_the_network_sees_counts_only_for_activities_that_it_has_learnt() -> None:
    parts = [part(1.0, CENTRED)] * 3
    nothing, much, little = (
        answer_relevances(parts, ITEMS, (), seen) for seen in ({}, {"b": 0.9}, {"b": 0.1})
    )
    assert much["b"] > little["b"]
    assert (much["a"], much["c"]) == (nothing["a"], nothing["c"])


def test_an_answer_that_tells_nothing_shows_nothing() -> None:
    for parts in ([], [Part(0.0, {})], [Part(1.0, {})]):
        found = answer_features(parts, ITEMS, (), {})
        assert [math.exp(found[item][0]) for item in ITEMS] == pytest.approx([1 / 3] * 3)
    assert answer_features([], ITEMS, (), {})["a"][1] == pytest.approx(math.log(LEAST_TOLD))
    assert max(answer_relevances([], ITEMS, ("a",), {}).values()) < 0.1


@pytest.mark.slow
def test_stored_relevance_still_fits_the_marked_answers(repo_root: Path, tmp_path: Path) -> None:
    """When it fails, content or passages have moved: run `python -m benchmarks.relevance`, store its fit."""
    from benchmarks import relevance as benchmark

    embedder = Embedder.open(Settings(data_dir=tmp_path))
    role = load_role(repo_root / "knowledge" / "roles" / "e-commerce-manager.toml")
    found_at_3 = {"activity": 0.75, "kpi": 0.85, "question": 0.5}
    for pairs in benchmark.pairs_of_answers(embedder, role, benchmark.load_answers()):
        stored = benchmark.apply(CALIBRATIONS[pairs.kind], pairs.affinities)
        base = np.full(stored.shape, pairs.marked.mean())
        assert benchmark.log_loss(stored, pairs.marked) < 0.9 * benchmark.log_loss(base, pairs.marked)
        assert benchmark.calibration_error(stored, pairs.marked) < 0.03
        assert benchmark.recall(pairs.affinities, pairs.marked, 3) > found_at_3[pairs.kind]
