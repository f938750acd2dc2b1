"""Sentences and clauses: exact offsets, no word lost, cut where a second part of the story begins."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from coach.signals.segments import WORD, count_words, find_clauses, find_sentences
from tests.evals.variants import read_base_answers

ODD_TEXTS = {
    "plain": "I checked the data. Then I rebuilt the page.",
    "windows line ends": "I checked the data.\r\nThen I rebuilt the page\r\n\r\nSales rose.",
    "old mac line ends": "I checked the data\rThen I rebuilt the page",
    "bullets": "- Rebuilt the checkout\n* Cut the fields\n• Sales rose\n1. Told the team\n2) Wrote it down",
    "bullets in one line": "• checked • rebuilt • tested it twice",
    "no punctuation": "i checked the data and then i rebuilt the page and we got more orders so it was good",
    "one giant sentence": "I checked the data and I told the team that it was slow, " * 300 + "and it was.",
    "no space after stops": "I checked the data.Then I rebuilt the page.Sales rose.",
    "dots only between": "well ... I checked ... the data ... and ... left",
    "emoji": "🎉 I checked 👩‍💻 the data 🎉🎉 and I rebuilt the page 🚀. Sales rose 📈!",
    "combining marks": "Cafe\u0301 sales rose. I re\u0301did the page and it was good.",
    "zero width": "I\u200b checked\u200b the data\ufeff. Then\u2060 I rebuilt the page.",
    "right to left": "I asked \u202bדנה\u202c about the page. She said שלום and we agreed on it.",
    "unicode line ends": "I checked the data\u2028Then I rebuilt the page\u2029Sales rose\x85It was good",
    "full width": "Ｉ ｃｈｅｃｋｅｄ the data。Then I rebuilt the page！Sales rose？",
    "no-break spaces": "I\u00a0checked\u00a0the\u202fdata. Then\u00a0I rebuilt it.",
    "tabs and form feeds": "\tI checked\fthe data.\v\tThen I rebuilt the page.  \t ",
    "quotes": "“Fix it,” she said. ‘I will,’ I said – and I did.",
    "abbreviations": "Mr. Lee of Acme Inc. asked me at 9 a.m. to fix it, e.g. the cart. I did.",
    "decimals": "It rose from 1.7 % to 2.6 % in 1.5 years. Cost fell to $3.20.",
    "other planes": "𝐈 checked the data 𝟑 times, and 𠜎 was there. I rebuilt it.",
    "only marks": "... — !!! ???",
    "one word": "Yes",
    "leading dash": "— I checked the data; — then I rebuilt — the page —",
}


def assert_exact(answer: str) -> None:
    sentences = find_sentences(answer)
    clauses = find_clauses(answer, sentences)
    for before, after in pairwise(sentences):
        assert before.end <= after.start
    for before, after in pairwise(clauses):
        assert before.end <= after.start
        assert before.sentence <= after.sentence
    for clause in clauses:
        home = sentences[clause.sentence]
        assert clause.text == answer[clause.start : clause.end] != ""
        assert home.start <= clause.start < clause.end <= home.end
    for word in WORD.finditer(answer):
        # The number of a list item belongs to no sentence.
        if not word[0].isdigit():
            assert any(c.start <= word.start() and word.end() <= c.end for c in clauses), word[0]


@pytest.mark.parametrize("answer", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_offsets_are_exact_and_no_word_is_lost(answer: str) -> None:
    assert_exact(answer)


def test_offsets_are_exact_in_every_base_answer() -> None:
    for answer in read_base_answers():
        assert_exact(answer.text)


def test_offsets_are_exact_in_random_text() -> None:
    chance = random.Random(7)
    pieces = [
        *"I we checked the data and but so which led to 1.7 % 3x £5 . . , ; ! ? – — - •".split(),
        *("\n", "\r\n", "\t", "\u2028", "  ", "😀", "é", "e\u0301", "\u200b", "“", "”", "…", "- ", "2. "),
        "when it broke, I fixed it",
    ]
    for _ in range(150):
        words = chance.choices(pieces, k=chance.randrange(1, 60))
        assert_exact(chance.choice((" ", "", " ")).join(words))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (
            "I checked the data and I rebuilt the page, which led to more sales.",
            ["I checked the data", "and I rebuilt the page", "which led to more sales."],
        ),
        (
            "When the sale began, I checked the page with our developer twice.",
            ["When the sale began", ", I checked the page with our developer twice."],
        ),
        (
            "We had a problem with returns but I found the cause in the size chart.",
            ["We had a problem with returns", "but I found the cause in the size chart."],
        ),
        (
            "I cut the fields; the rate rose by ten per cent.",
            ["I cut the fields", "the rate rose by ten per cent."],
        ),
        (
            "I tested it, resulting in fewer returns and happier customers.",
            ["I tested it", "resulting in fewer returns and happier customers."],
        ),
        (
            "I rewrote the copy, cutting the bounce rate by a third.",
            ["I rewrote the copy", "cutting the bounce rate by a third."],
        ),
        (
            "I planned the launch - the site went live on Monday.",
            ["I planned the launch", "the site went live on Monday."],
        ),
        (
            "A time I had to choose was when I ran the summer sale.",
            ["A time I had to choose was", "when I ran the summer sale."],
        ),
        ("I like apples, pears and plums.", ["I like apples, pears and plums."]),
        ("It broke and I ran.", ["It broke and I ran."]),
    ],
)
def test_a_sentence_with_two_parts_is_cut_at_the_clause(answer: str, expected: list[str]) -> None:
    clauses = find_clauses(answer, find_sentences(answer))
    assert [clause.text for clause in clauses] == [text.removeprefix(", ") for text in expected]
    assert {clause.sentence for clause in clauses} == {0}


def test_a_line_break_or_bullet_ends_a_sentence_and_belongs_to_none() -> None:
    answer = "- Rebuilt the checkout page\n- Cut the form fields\r\n• Sales rose by ten per cent"
    texts = [answer[s.start : s.end] for s in find_sentences(answer)]
    assert texts == ["Rebuilt the checkout page", "Cut the form fields", "Sales rose by ten per cent"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("— … !", 0),
        ("It rose 2.4 % — don't ask", 5),
        ("a follow-up e-mail", 3),
        ("1,200 orders", 2),
        ("naïve café", 2),
        ("snake_case", 2),
        ("日本", 1),
    ],
)
def test_words_are_counted_as_a_reader_would(text: str, words: int) -> None:
    assert count_words(text) == words
