"""Relevance: what a cosine is turned into, and that it still means what it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coach.config import Settings
from coach.embedding import Embedder
from coach.relevance import CALIBRATIONS, affinity, answer_relevance, leads, relevances
from coach.role_files import load_role


def test_affinity_is_the_mean_of_the_three_nearest() -> None:
    assert affinity([0.1, 0.6, 0.5, -0.3, 0.4]) == pytest.approx(0.5)
    assert affinity([0.2, 0.4]) == pytest.approx(0.3)


def test_leads_are_over_the_best_other_item() -> None:
    assert leads([0.5, 0.2, 0.4]) == pytest.approx([0.1, -0.3, -0.1])
    assert leads([0.5, 0.5]) == [0.0, 0.0]
    assert leads([0.5]) == [0.0]
    assert leads([]) == []


def test_relevance_rises_with_affinity_and_with_lead() -> None:
    for kind in CALIBRATIONS:
        weak, strong = relevances(kind, [0.3, 0.1])[0], relevances(kind, [0.6, 0.4])[0]
        clear, contested = relevances(kind, [0.5, 0.1])[0], relevances(kind, [0.5, 0.5])[0]
        assert 0 < weak < strong < 1
        assert contested < clear


def test_an_answer_is_as_relevant_as_its_best_part_and_more_with_more() -> None:
    assert answer_relevance("activity", []) == 0.0
    assert answer_relevance("activity", [0.0, 0.0]) == 0.0
    one, two = answer_relevance("activity", [0.6]), answer_relevance("activity", [0.6, 0.6])
    assert 0.3 < one < two < 1
    assert answer_relevance("kpi", [1.0]) > 0.99


@pytest.mark.slow
def test_stored_relevance_still_fits_the_marked_answers(repo_root: Path, tmp_path: Path) -> None:
    """When it fails, content or passages have moved: run `python -m benchmarks.relevance`, store its fit."""
    from benchmarks import relevance as benchmark

    embedder = Embedder.open(Settings(data_dir=tmp_path))
    role = load_role(repo_root / "knowledge" / "roles" / "e-commerce-manager.toml")
    found_at_3 = {"activity": 0.6, "kpi": 0.85, "question": 0.5}
    for pairs in benchmark.pairs_of_answers(embedder, role, benchmark.load_answers()):
        stored = benchmark.apply(CALIBRATIONS[pairs.kind], pairs.affinities)
        base = np.full(stored.shape, pairs.marked.mean())
        assert benchmark.log_loss(stored, pairs.marked) < 0.9 * benchmark.log_loss(base, pairs.marked)
        assert benchmark.calibration_error(stored, pairs.marked) < 0.03
        assert benchmark.recall(pairs.affinities, pairs.marked, 3) > found_at_3[pairs.kind]
