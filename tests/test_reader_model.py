"""The reader network as it ships: parts, type and steadiness on plain cases."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coach import Coach
from coach.reader_model import MAX_TOKENS, ReaderModel, load_reader_model
from coach.schema import ANSWER_TYPES, LABELS, AnswerType, Label
from tests.stories import KNOWLEDGE

QUESTION = "Describe a time when you improved a shop."
STORY: tuple[tuple[Label, str], ...] = (
    ("situation", "Last spring I worked at a small tea brand and visitors left at the delivery step."),
    ("task", "My job was to bring the abandonment down before the summer season."),
    ("action", "I watched forty session recordings and moved the price to the product page."),
    ("action", "Then I tested two versions with our developer."),
    ("result", "As a result conversion went from 1.7 % to 2.6 % in six weeks."),
    ("learning", "I learned to watch people before I change anything."),
)  # fmt: skip
TYPES: dict[AnswerType, tuple[str, ...]] = {
    "pseudo_story": (
        "I usually check the analytics every Monday and I always talk to the team about it.",
        "When numbers are low, I test new pages and I keep what works best for the customers.",
    ),
    "hypothetical": (
        "If I had to improve the conversion rate, I would look at the data first",
        "and then I would test new pages, and I would ask the customers what they would want.",
    ),
    "opinion": (
        "I believe that conversion is the most important thing in a shop.",
        "Customers should always come first, and a good page is the key to success for everyone.",
    ),
    "self_description": (
        "I am a very organised and hard-working person with strong communication skills.",
        "I am passionate about shops and I am a team player who learns fast.",
    ),
    "non_answer": ("I do not know.", "I have never done that and I have no example for you, sorry."),
}


@pytest.fixture(scope="module")
def model() -> ReaderModel:
    return load_reader_model(KNOWLEDGE / "reader", KNOWLEDGE)


def test_the_parts_of_a_plain_story_are_told(model: ReaderModel) -> None:
    outlook = model.read(QUESTION, model.neutral([text for _, text in STORY]))
    assert outlook.labels.shape == (len(STORY), len(LABELS))
    np.testing.assert_allclose(outlook.labels.sum(axis=1), 1, atol=1e-4)
    found = [LABELS[int(row.argmax())] for row in outlook.labels]
    assert found == [label for label, _ in STORY]
    assert ANSWER_TYPES[int(outlook.kind.argmax())] == "story"
    assert (np.diff(outlook.levels, axis=1) <= 0.2).all()


@pytest.mark.parametrize("answer_type", TYPES)
def test_what_is_no_story_is_told_apart(model: ReaderModel, answer_type: AnswerType) -> None:
    kind = model.read(QUESTION, model.neutral(TYPES[answer_type])).kind
    assert ANSWER_TYPES[int(kind.argmax())] == answer_type


def test_the_same_text_gets_the_same_numbers(model: ReaderModel) -> None:
    neutral = model.neutral([text for _, text in STORY])
    first, again = model.read(QUESTION, neutral), model.read(QUESTION, neutral)
    for one, other in zip(first[:3], again[:3], strict=True):
        assert one.tobytes() == other.tobytes()
    assert first.shown == again.shown


def test_what_somebody_did_shows_the_activity_it_belongs_to(model: ReaderModel) -> None:
    reviews = [
        "I answered every one-star review within a day.",
        "Then I showed the packers what buyers said.",
    ]
    shown = model.read("", model.neutral(reviews)).shown
    assert max(shown, key=lambda activity: shown[activity]) == "managing-customer-reviews-feedback"
    assert all(0.0 <= chance <= 1.0 for chance in shown.values())


def test_a_text_beyond_the_window_is_read_in_stretches(model: ReaderModel) -> None:
    neutral = model.neutral([text for _, text in STORY] * 40)
    outlook = model.read(QUESTION, neutral)
    assert len(neutral) * 10 > MAX_TOKENS
    assert outlook.labels.shape == (len(neutral), len(LABELS))


def test_a_clause_longer_than_the_window_is_read_as_far_as_it_fits(model: ReaderModel) -> None:
    outlook = model.read(QUESTION, ["and then i moved the price " * 400, "it went up"])
    assert outlook.labels.shape == (2, len(LABELS))


def test_a_clause_without_a_word_is_no_trouble(model: ReaderModel) -> None:
    assert np.isfinite(model.read(QUESTION, ["", "i moved the price to the page"]).labels).all()


def test_levels_follow_what_is_told(coach: Coach) -> None:
    whole = " ".join(text for _, text in STORY)
    without = " ".join(text for label, text in STORY if label not in ("result", "learning"))
    assert coach.feedback(QUESTION, whole).criterion("result").level in (4, 5)
    assert coach.feedback(QUESTION, without).criterion("result").level == 0


def test_the_card_names_the_network(model: ReaderModel) -> None:
    card = (Path(KNOWLEDGE) / "reader" / "CARD.md").read_text(encoding="utf-8")
    assert model.ref.removeprefix("reader@") in card
