"""The threshold above which two questions ask the same, on the pairs that it was set on."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from coach.config import Settings
from coach.embedding import Embedder
from coach.question_sets.pool import SAME_QUESTION

PAIRS = Path(__file__).with_name("question_pairs.toml")


@pytest.mark.slow
def test_the_threshold_does_what_is_said_of_it(data_dir: Path) -> None:
    pairs = tomllib.loads(PAIRS.read_text(encoding="utf-8"))
    assert (len(pairs["same"]), len(pairs["different"])) == (40, 80)
    embedder = Embedder.open(Settings(data_dir=data_dir))
    above = {}
    for name in ("same", "different"):
        vectors = embedder.embed_quickly([text for pair in pairs[name] for text in pair])
        cosines = (vectors[0::2] * vectors[1::2]).sum(axis=1)
        above[name] = float((cosines > SAME_QUESTION).mean())
    assert above["same"] >= 0.60
    assert above["different"] <= 0.20
