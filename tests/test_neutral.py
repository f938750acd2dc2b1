"""What must not count is not read: spelling, form, currency, and who somebody is."""

from __future__ import annotations

import itertools

import pytest

from coach.lexicons import load_neutral_words
from coach.signals.neutral import neutral_text, says_who
from tests.stories import KNOWLEDGE

WORDS = load_neutral_words(KNOWLEDGE / "neutral")
ALIKE = {
    "name": ("My manager Priya helped me.", "My manager John helped me.", "My manager Oluwaseun helped me."),
    "name first": ("Maria told us to wait.", "Kwame told us to wait.", "Daisuke told us to wait."),
    "full name": ("I asked Ana Lopez twice.", "I asked Thabo twice.", "I asked Mr. Patel twice."),
    "gender": ("He said his team was late.", "She said her team was late."),
    "family": ("I asked my brother.", "I asked my sister."),
    "nationality": ("a German client called", "a Nigerian client called", "a South African client called"),
    "age": ("I was a 24-year-old trainee", "I was a 61-year-old trainee"),
    "school": (
        "I had studied at Harvard before.",
        "I had studied at the University of Cape Town before.",
        "I had studied at evening school in Dortmund before.",
        "I had studied at Ateneo de Manila before.",
        "I had studied at the Sorbonne in Paris before.",
        "I had studied at ETH Zürich before.",
    ),
    "company": ("at Hollin & Wray, sales fell", "at Northbridge Outdoor Equipment Holdings, sales fell"),
    "currency": ("it cost £5,000", "it cost $5,000", "it cost € 5,000"),
    "quotes": ("I didn’t say “no”", "I didn't say \"no\""),
    "contractions": ("I didn't know and I'm sure we've won", "I did not know and I am sure we have won"),
    "spelling": ("I organised our colour catalogue", "I organized our color catalog"),
    "case": ("WE MOVED THE PRICE TO THE PRODUCT PAGE", "we moved the price to the product page"),
    "bullet": ("- I called them", "I called them"),
    "percent": ("up 12 per cent", "up 12%", "up 12 percent"),
}  # fmt: skip


@pytest.mark.parametrize("texts", ALIKE.values(), ids=ALIKE)
def test_texts_that_differ_in_what_must_not_count_read_alike(texts: tuple[str, ...]) -> None:
    assert len({neutral_text(text, WORDS) for text in texts}) == 1, [neutral_text(t, WORDS) for t in texts]


def test_names_and_origins_of_many_countries_read_alike() -> None:
    names = (
        "Fatima",
        "Dmitri",
        "Chidi",
        "Siobhan",
        "Jesus",
        "Yuki",
        "Thanh",
        "Lars",
        "Aisha",
        "Mohammed",
        "Jo",
    )
    origins = ("Polish", "Kenyan", "Chinese", "Turkish", "Black", "Mexican", "Thai", "Costa Rican")
    texts = {
        neutral_text(f"My colleague {name}, a {origin} designer, sent it.", WORDS)
        for name, origin in itertools.product(names, origins)
    }
    assert len(texts) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Black Friday orders came in late.",
        "We ran Google Ads and Facebook campaigns in Excel on Monday.",
        "I will mark the grace period in May with hope and joy.",
        "Sales rose from 12 to 30 in six weeks.",
        "I was 15 minutes late for the exercise we promised.",
    ],
)
def test_words_that_tell_the_work_stay(text: str) -> None:
    assert neutral_text(text, WORDS) == text.lower()


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("My name is Maria and I'm 45 years old, from Spain.", True),
        ("I am Kofi, a 28-year-old Ghanaian man.", True),
        ("I studied at Harvard.", True),
        ("I am the manager of the shop.", False),
        ("I was late.", False),
    ],
)
def test_a_clause_that_only_says_who_somebody_is_is_found(text: str, who: bool) -> None:
    assert says_who(neutral_text(text, WORDS)) is who


def test_an_introduction_before_the_work_is_left_out() -> None:
    told = neutral_text("As a 45-year-old Nigerian woman, I managed the shop.", WORDS)
    assert (
        told
        == neutral_text("As a 19-year-old Danish man, I managed the shop.", WORDS)
        == "i managed the shop."
    )


def test_a_long_line_of_names_takes_no_time() -> None:
    assert len(neutral_text("Alpha Beta " * 2000, WORDS)) < 40_000
