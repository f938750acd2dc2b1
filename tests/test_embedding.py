"""Vectors: repeatable to the bit, of a checked model only."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from coach.config import Settings
from coach.embedding import Embedder, load_embedder
from coach.errors import ConfigError

SENTENCES = [
    "I rewrote the product titles.",
    "so we, um, moved the delivery cost to the first step",
    "Conversion went from 1.7% to 2.6% in two weeks.",
    "Thanks.",
    "",
    "naïve café, 3 € — 😀",
    "word " * 400,
]


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    return Embedder.open(Settings(data_dir=tmp_path_factory.mktemp("unused")))


FOLDER = Settings(data_dir=Path("unused")).knowledge_dir / "minilm"
MODEL, TOKENIZER = FOLDER / "model.onnx", FOLDER / "tokenizer.json"


def test_vectors_are_unit_length_and_in_order(embedder: Embedder) -> None:
    vectors = embedder.embed(SENTENCES)
    assert vectors.shape == (len(SENTENCES), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-6)
    assert (embedder.embed(SENTENCES[::-1])[::-1] == vectors).all()


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, 384)


@pytest.mark.parametrize("text", SENTENCES)
def test_a_vector_does_not_depend_on_its_neighbours(embedder: Embedder, text: str) -> None:
    alone = embedder.embed([text])[0]
    repeated = embedder.embed([text] * 9)
    among_others = embedder.embed([*SENTENCES, *(f"{word} {text}" for word in "abc"), text])
    assert (repeated == alone).all()
    assert (among_others[-1] == alone).all()


def test_meaning_is_nearer_than_wording(embedder: Embedder) -> None:
    asked, same, other = embedder.embed(
        [
            "I answered customers who complained about late parcels.",
            "replied to buyers whose deliveries had not arrived in time",
            "I answered the exam questions about late Roman parcels of land.",
        ]
    )
    assert asked @ same > asked @ other


def test_only_the_first_256_tokens_count(embedder: Embedder) -> None:
    long, longer = embedder.embed(["word " * 300, "word " * 300 + "and then something else"])
    assert (long == longer).all()


def test_clauses_embedded_together_are_nearly_as_alone(embedder: Embedder) -> None:
    together, alone = embedder.embed_quickly(SENTENCES), embedder.embed(SENTENCES)
    assert ((together * alone).sum(axis=1) > 0.95).all()
    assert (embedder.embed_quickly(SENTENCES) == together).all()
    assert embedder.embed_quickly([]).shape == (0, 384)


def test_half_a_surrogate_pair_is_read_as_a_question_mark(embedder: Embedder) -> None:
    broken, question_mark = embedder.embed(["odd \ud83d text", "odd ? text"])
    assert (broken == question_mark).all()


def test_threads_share_an_embedder(embedder: Embedder) -> None:
    expected = embedder.embed(SENTENCES)
    with ThreadPoolExecutor(6) as pool:
        assert all((vectors == expected).all() for vectors in pool.map(embedder.embed, [SENTENCES] * 12))


def test_progress_rises_to_the_end(embedder: Embedder) -> None:
    shares: list[float] = []
    embedder.embed(SENTENCES, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_a_process_loads_the_model_once(embedder: Embedder, tmp_path: Path) -> None:
    assert Embedder.open(Settings(data_dir=tmp_path)) is embedder


def test_ref_names_model_and_sum(embedder: Embedder) -> None:
    assert embedder.ref == "all-MiniLM-L6-v2-int8@f3edc14b"


def test_an_altered_tokenizer_is_refused(tmp_path: Path) -> None:
    altered = tmp_path / "tokenizer.json"
    altered.write_bytes(TOKENIZER.read_bytes().replace(b'"the"', b'"eht"', 1))
    with pytest.raises(ConfigError) as caught:
        load_embedder(MODEL, altered)
    assert caught.value.code == "model_damaged"
    assert str(altered) in caught.value.message
    assert "knowledge/minilm" in caught.value.hint


def test_a_truncated_model_is_refused(tmp_path: Path) -> None:
    truncated = tmp_path / "model.onnx"
    truncated.write_bytes(MODEL.read_bytes()[:-1])
    with pytest.raises(ConfigError) as caught:
        load_embedder(truncated, TOKENIZER)
    assert caught.value.code == "model_damaged"
    assert str(truncated) in caught.value.message
    assert "knowledge/minilm" in caught.value.hint


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.json cannot be read") as caught:
        load_embedder(MODEL, tmp_path / "gone.json")
    assert caught.value.code == "model_damaged"


def test_importing_loads_nothing_heavy(repo_root: Path) -> None:
    heavy = "onnxruntime", "tokenizers", "numpy", "chromadb", "langchain_text_splitters"
    code = (
        "import sys, coach.embedding, coach.index; "
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=repo_root, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
