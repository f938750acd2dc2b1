"""Quotes are found as a reader would find them, and given back as the answer has them."""

from __future__ import annotations

import random
import unicodedata

import pytest

from coach.signals.quotes import FoldedText, evidence, locate
from coach.signals.types import Span

ANSWER = (
    "Last spring\u00a0our web shop\r\nlost phone visitors \u2013 they \u201cleft\u201d at shipping\u2026 "
    "I didn\u2019t wait: I built a re\u00adport, cafe\u0301 style. "
    "Conversion went from 1.7\u202f% to 2.6\u202f% \U0001f44d\U0001f3fd in six\u200b weeks. "
    "I built a report again. That\u00b4s all, half is \u00bd."
)


def found(quote: str, answer: str = ANSWER, hint: int = 0) -> str | None:
    span = locate(quote, answer, hint)
    return None if span is None else answer[span.start : span.end]


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        (
            "Last spring our web shop lost phone visitors",
            "Last spring\u00a0our web shop\r\nlost phone visitors",
        ),
        ("lost   phone\n visitors", "lost phone visitors"),
        ("phone visitors - they", "phone visitors \u2013 they"),
        ("phone visitors \u2014 they", "phone visitors \u2013 they"),
        ("phone visitors -- they", "phone visitors \u2013 they"),
        ('they "left" at shipping', "they \u201cleft\u201d at shipping"),
        ("they 'left' at shipping...", "they \u201cleft\u201d at shipping\u2026"),
        ("...at shipping", "at shipping"),
        ("\u2026 at shipping \u2026", "at shipping"),
        ("[...] I didn't wait [...]", "I didn\u2019t wait"),
        ("\u201cI didn't wait\u201d", "I didn\u2019t wait"),
        ("a report, caf\u00e9 style", "a re\u00adport, cafe\u0301 style"),
        ("1.7 % to 2.6 %", "1.7\u202f% to 2.6\u202f%"),
        ("\U0001f44d\U0001f3fd in six weeks", "\U0001f44d\U0001f3fd in six\u200b weeks"),
        ("That's all", "That\u00b4s all"),
        ("  I didn't wait  ", "I didn\u2019t wait"),
    ],
)
def test_what_only_looks_different_is_the_same(quote: str, words: str) -> None:
    assert found(quote) == words


@pytest.mark.parametrize(
    "quote",
    [
        "",
        "   ",
        "...",
        "\u200b\u00ad",
        "\u201c\u201d - .",
        "last spring our web shop",  # case counts
        "our web shop lost visitors",  # a word left out
        "I did not wait",
        "I built a report ... in six weeks",  # two places joined
        "isitor",  # not whole words
        "onversion went",
        "1",  # only a part of one character
        "Conversion went from 1",  # a number cut in two
        "7 % to 2.6 %",
        "from 17 % to 26 %",
        ANSWER + " and more",
    ],
)
def test_what_is_not_there_is_not_found(quote: str) -> None:
    assert found(quote) is None


def test_the_hint_chooses_among_places() -> None:
    answer = "I tested it. We waited. I tested it. Then I tested it."
    assert locate("I tested it", answer) == Span(0, 11)
    assert locate("I tested it", answer, 1) == Span(24, 35)
    assert locate("I tested it", answer, 24) == Span(24, 35)
    assert locate("I tested it", answer, 30) == Span(42, 53)
    assert locate("I tested it", answer, 50) == Span(0, 11)


def test_evidence_is_the_answers_own_words() -> None:
    span = locate("they 'left' at shipping", ANSWER)
    assert span is not None
    cited = evidence(ANSWER, span)
    assert cited.quote == ANSWER[cited.start : cited.end] == "they \u201cleft\u201d at shipping"


def test_a_folded_text_serves_many_quotes() -> None:
    folded = FoldedText(ANSWER)
    for quote in ("web shop", "I didn't wait", "six weeks"):
        assert folded.find(quote) == locate(quote, ANSWER)


PIECES = (
    *(
        "sold",
        "caf\u00e9",
        "cafe\u0301",
        "na\u00efve",
        "o\u0302\u0323",
        "\u1e69",
        "fi\ufb01x",
        "x\u00b2",
        "\u00bd",
        "\u2460",
        "\ufdfa",
    ),
    *(
        "\u1112\u1161\u11ab",
        "\ud55c",
        "\u0e19\u0e49\u0e33",
        "\u0928\u093f",
        "\u0645\u064e",
        "\U0001f469\u200d\U0001f4bb",
        "\u2764\ufe0f",
    ),
    *(
        "\U0001f1f3\U0001f1f1",
        "a\u200db",
        "so\u00adft",
        "zero\u200bwidth",
        "\u202eright\u202c",
        "I\u2019m",
        "\u201ehi\u201c",
    ),
    *(
        "--",
        "\u2014",
        "\u2212",
        "\u2026",
        "...",
        "\uff21\uff22",
        "\uff1cb\uff1e",
        "\U0001d400",
        "\u00df",
        "\u0130",
        "1\u202f000",
        "50%",
    ),
)
GAPS = (" ", "  ", "\n", "\r\n", "\u00a0", "\t", "\u2003", " \u200b ", "\u2028", "\r\n\r\n")


def random_text(rng: random.Random, length: int) -> str:
    return "".join(rng.choice(PIECES) + rng.choice(GAPS) for _ in range(length)).strip()


def same(text: str) -> str:
    return FoldedText(text).folded.replace("\n", " ").strip()


@pytest.mark.parametrize("seed", range(40))
def test_any_run_of_words_is_found_however_it_is_encoded(seed: int) -> None:
    rng = random.Random(seed)
    parts = [rng.choice(PIECES) for _ in range(30)]
    answer = "".join(part + rng.choice(GAPS) for part in parts)
    for _ in range(20):
        first = rng.randrange(30)
        quote = rng.choice(GAPS).join(parts[first : first + rng.randint(1, 8)])
        quote = unicodedata.normalize(rng.choice(("NFC", "NFD", "NFKC", "NFKD")), quote)
        span = locate(quote, answer)
        if any(character.isalnum() for character in same(quote)):
            assert span is not None, ascii(quote)
            # The words at the span say what the quote says, and end where words end.
            assert same(answer[span.start : span.end]).strip(" '-.") == same(quote).strip(" '-.")
        else:
            assert span is None


@pytest.mark.parametrize("seed", range(40))
def test_folding_never_loses_its_way(seed: int) -> None:
    rng = random.Random(seed)
    text = "".join(
        chr(rng.choice((rng.randrange(0x250), rng.randrange(0x300, 0x3000), rng.randrange(0x110000))))
        for _ in range(200)
    )
    folded = FoldedText(text)
    spans = [folded.span(place, place + 1) for place in range(len(folded.folded))]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert spans == sorted(spans)
    if spans:
        assert folded.span(0, len(spans)) == Span(spans[0].start, spans[-1].end)


def test_a_pile_of_marks_and_a_hopeless_search_come_to_an_end() -> None:
    assert locate("a b", "a" + "\u0301\u0323" * 20_000) is None
    assert locate("a" * 500, "a" * 20_000) is None
    assert locate("ab " * 2_000 + "c", "ab " * 7_000) is None
