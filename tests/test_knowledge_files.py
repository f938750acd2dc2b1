"""Rubric, lexicon, wording, background and weights: what ships is whole, what is broken is named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from coach.background import Background
from coach.embedding import Embedder
from coach.errors import ConfigError
from coach.judges.evidence import _PLACE
from coach.lexicons import load_lexicon, load_neutral_words, phrase_pattern
from coach.reader_model import load_reader_model
from coach.rubric import load_rubric
from coach.schema import CRITERIA
from coach.wording import load_wording
from tests.stories import KNOWLEDGE

Load = Callable[[Path], object]


def test_the_rubric_is_whole() -> None:
    rubric = load_rubric(KNOWLEDGE / "rubric.toml")
    assert tuple(rubric.criteria) == CRITERIA
    assert rubric.ref == "star@1"
    for criterion in rubric.criteria.values():
        assert len(set(criterion.anchors)) == 6
        assert len(set(criterion.next_steps)) == 5
    for weights in rubric.weights.values():
        assert sum(weights.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("situation = 0.10", "situation = 0.20", "sum to 1"),
        ("situation = 0.10\n", "", "every criterion"),
        ("limit = 10\n", "limit = 110\n", "caps.0.limit"),
        ('answer_types = ["non_answer"]', 'answer_types = ["nonsense"]', "answer_types"),
        ("at_least = 0\n", "at_least = 5\n", "start at 0"),
        ("[criteria.delivery]", "[criteria.diction]", "criteria"),
        ("version = 1", 'version = "one"', "version"),
        ("version = 1", "version = 1\nsurprise = 2", "surprise"),
        ("version = 1", "version = = 1", "line 5"),
    ],
)
def test_a_broken_rubric_is_named_with_key_and_reason(tmp_path: Path, old: str, new: str, named: str) -> None:
    path = tmp_path / "rubric.toml"
    text = (KNOWLEDGE / "rubric.toml").read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_rubric(path)
    assert str(path) in caught.value.message
    assert named in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("load", "name"),
    [
        (load_rubric, "rubric.toml"),
        (load_lexicon, "lexicons.toml"),
        (load_wording, "wording.toml"),
        (load_neutral_words, "neutral"),
    ],
)
def test_a_missing_file_is_named(tmp_path: Path, load: Load, name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / name)
    assert str(tmp_path / name) in caught.value.message


@pytest.mark.parametrize("load", [load_rubric, load_lexicon, load_wording])
@pytest.mark.parametrize(
    "content", [b"", b"fillers = 3\n", b"[[[", b"\xff\xfe\x00"], ids=["empty", "wrong", "torn", "not text"]
)
def test_a_broken_file_is_named(tmp_path: Path, load: Load, content: bytes) -> None:
    path = tmp_path / f"{len(content)}.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"\.toml"):
        load(path)


@pytest.mark.parametrize("content", [b"", b"questions = 3\n", b"[[["], ids=["empty", "wrong", "torn"])
def test_broken_background_questions_are_named(tmp_path: Path, shared_data_dir: Path, content: bytes) -> None:
    from coach.config import Settings

    path = tmp_path / "background.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"background\.toml"):
        Background.open(path, Embedder.open(Settings(data_dir=shared_data_dir)), tmp_path / "cache")


def test_the_wording_has_a_sentence_for_every_place_it_names() -> None:
    wording = load_wording(KNOWLEDGE / "wording.toml")
    assert tuple(wording) == CRITERIA
    for sentences in wording.values():
        for sentence in (*sentences.why.values(), *sentences.next.values()):
            rest = _PLACE.sub("", sentence)
            assert "{" not in rest and "}" not in rest
            assert sentence.strip()


@pytest.mark.parametrize("damage", ["cut short", "missing", "no digest"])
def test_a_damaged_reader_is_a_configuration_error(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / damage
    shutil.copytree(KNOWLEDGE / "reader", folder)
    if damage == "cut short":
        (folder / "reader.onnx").write_bytes((folder / "reader.onnx").read_bytes()[:2000])
    else:
        (folder / ("reader.onnx" if damage == "missing" else "reader.sha256")).unlink()
    with pytest.raises(ConfigError) as caught:
        load_reader_model(folder, KNOWLEDGE)
    assert caught.value.code == "model_damaged"
    assert str(folder) in caught.value.message


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("let's say so", True),
        ("Let’s  say so", True),
        ("let's\nsay", True),
        ("outlet's say", False),
        ("let's saying", False),
    ],
)
def test_a_phrase_is_found_on_word_boundaries(text: str, found: bool) -> None:
    assert bool(phrase_pattern(["let's say"]).search(text)) == found
