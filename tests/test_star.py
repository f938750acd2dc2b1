"""The labeller and the answer type, with the shipped weights on text that they were not fitted to by hand."""

from __future__ import annotations

import numpy as np
import pytest

from coach import Coach
from coach.schema import LABELS, AnswerType, Label
from coach.signals.answer_type import find_answer_type
from coach.signals.segments import find_clauses, find_sentences
from coach.signals.star import clause_features, label_clauses
from coach.weights import StarModel
from tests.stories import lexicon

STORY = (
    "Last spring I was working at a small tea brand and phone visitors kept leaving at the delivery step. "
    "My job was to bring the abandonment down before the summer season. "
    "I watched forty session recordings and moved the price to the product page. "
    "Then I tested two versions with our developer. "
    "As a result conversion went from 1.7 % to 2.6 % in six weeks. "
    "I learned to watch people before I change anything."
)
TYPES: dict[AnswerType, str] = {
    "story": STORY,
    "pseudo_story": (
        "I usually check the analytics every Monday and I always talk to the team about it. When numbers are "
        "low, I test new pages and I keep what works best for the customers. I often ask them as well."
    ),
    "hypothetical": (
        "If I were to improve the conversion rate, I would look at the data first and then I would test new "
        "pages, and I would ask the customers what they would want."
    ),
    "opinion": (
        "I believe that conversion is the most important thing in a shop. Customers should always come "
        "first, and a good page is the key to success for everyone."
    ),
    "self_description": (
        "I am a very organised and hard-working person with strong communication skills. I am passionate "
        "about shops and I am a team player who learns fast."
    ),
    "non_answer": (
        "I do not know. I have never done that and I have no example for you, sorry, maybe we could go to "
        "the next question now."
    ),
}


def labels_of(coach: Coach, answer: str) -> dict[str, Label]:
    reader = coach.engines.reader
    clauses = find_clauses(answer, find_sentences(answer))
    vectors = reader.embedder.embed([clause.text for clause in clauses])
    labelling = label_clauses(clauses, vectors, reader.star, reader.lexicon)
    np.testing.assert_allclose(labelling.probabilities.sum(axis=1), 1, atol=1e-4)
    assert labelling.probabilities.shape == (len(clauses), len(LABELS))
    return {clause.text: label for clause, label in zip(clauses, labelling.labels, strict=True)}


def test_the_parts_of_a_plain_story_are_told_apart(coach: Coach) -> None:
    labels = labels_of(coach, STORY)
    found = {text.split()[0]: label for text, label in labels.items()}
    assert found["Last"] == "situation"
    assert found["My"] == "task"
    assert found["Then"] == "action"
    assert found["As"] == "result"
    assert list(labels.values())[-1] == "learning"


@pytest.mark.parametrize(("answer_type", "answer"), TYPES.items(), ids=TYPES)
def test_the_type_of_a_plain_answer_is_found(coach: Coach, answer_type: AnswerType, answer: str) -> None:
    reader = coach.engines.reader
    clauses = find_clauses(answer, find_sentences(answer))
    vectors = reader.embedder.embed([clause.text for clause in clauses])
    assert find_answer_type(clauses, vectors, reader.types, reader.lexicon) == answer_type


def test_features_have_one_row_a_clause_and_read_what_they_say(coach: Coach) -> None:
    clauses = find_clauses(STORY, find_sentences(STORY))
    features = clause_features(clauses, lexicon())
    assert features.shape == (len(clauses), coach.engines.reader.star.mean.shape[0])
    assert np.isfinite(features).all()
    # The last clause, and only it, is the last.
    assert features[:, -3].tolist() == [0.0] * (len(clauses) - 1) + [1.0]


def test_no_clauses_get_no_labels(coach: Coach) -> None:
    reader = coach.engines.reader
    empty = np.zeros((0, 384), dtype=np.float32)
    assert label_clauses([], empty, reader.star, reader.lexicon).labels == ()


def test_the_likeliest_sequence_wins_over_the_likeliest_labels() -> None:
    """A weak first label gives way when what follows hardly ever follows it."""
    answer = "I checked the page. I moved the price."
    clauses = find_clauses(answer, find_sentences(answer))
    width = 3 * 4 + clause_features(clauses, lexicon()).shape[1]
    weights = np.zeros((6, width), dtype=np.float32)
    bias = np.log(np.array([0.4, 0.3, 0.3, 1e-6, 1e-6, 1e-6], dtype=np.float32))
    transition = np.full((6, 6), -1.0, dtype=np.float32)
    transition[0, :] = -9.0
    flat = np.zeros(width - 12, dtype=np.float32)
    model = StarModel(weights, bias, transition, np.zeros(6, dtype=np.float32), flat, flat + 1)
    vectors = np.zeros((2, 4), dtype=np.float32)
    assert label_clauses(clauses, vectors, model, lexicon()).labels == ("task", "situation")
    free = StarModel(weights, bias, np.zeros((6, 6), dtype=np.float32), model.initial, flat, flat + 1)
    assert label_clauses(clauses, vectors, free, lexicon()).labels == ("situation", "situation")
