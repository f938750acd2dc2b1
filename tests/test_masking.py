"""What could reach or charge a person is masked, figures never are, and what comes back is exact."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

import pytest

from coach.masking import Mask, mask
from tests.masking_cases import FIGURES, ITEMS, NAMES, PIECES, figure_sentence


def items(text: str) -> list[str]:
    """What is masked in the text, in the order of its first places."""
    masked = mask(text)
    return sorted(masked_items(masked), key=text.index)


def masked_items(masked: Mask) -> list[str]:
    names = [
        f"MASKED_{kind.upper()}_{n}" for kind, count in masked.counts.items() for n in range(1, count + 1)
    ]
    return [masked.restore(name) for name in names]


# ---- what is masked and what stays -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "item"), [(kind, item) for kind, listed in ITEMS.items() for item in listed]
)
def test_an_item_is_masked_wherever_it_stands(kind: str, item: str) -> None:
    for text in (item, f"Then I wrote this: {item}", f"({item})", f"I gave {item}, and he went.\nGood."):
        masked = mask(text)
        assert masked.counts == {kind: 1}, text
        assert masked.texts[0] == text.replace(item, f"MASKED_{kind.upper()}_1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("call me on 612 345 678 or 612 345 679, any day", ["612 345 678", "612 345 679"]),
        ("my number is 555-0199", ["555-0199"]),
        ("reach me at: 9123 4567.", ["9123 4567"]),
        ("WhatsApp me on 79 56 12 34", ["79 56 12 34"]),
        ("Tel.: 12 34 56 78", ["12 34 56 78"]),
        ("mobile number 71 123 456", ["71 123 456"]),
        ("my phone is +500 51234", ["+500 51234"]),
        ("visit example.com for more", ["example.com"]),
        ("My site is Annasmith.com", ["Annasmith.com"]),
        ("Portfolio: annasmith.me", ["annasmith.me"]),
        ("find me at annasmith.net!", ["annasmith.net"]),
        ("Ann | annasmith.com | 0151 2345678", ["annasmith.com", "0151 2345678"]),
        ("ann.smith @ example.com", ["ann.smith @ example.com"]),
        ("mailto:ann@example.com?subject=x", ["ann@example.com"]),
        ("ann@example.com.Then we sold more", ["ann@example.com"]),
        ("[my shop](https://shop.example/a_(b)).", ["https://shop.example/a_(b)"]),
        ("https://shop.example/a—then sales rose", ["https://shop.example/a"]),
        ("card 4111 1111 1111 1111 12/27, 300 orders", ["4111 1111 1111 1111"]),
        ("call me on 0151 23456789, 1250000 was our traffic", ["0151 23456789"]),
        ("I worked on shop.annasmith.com", ["shop.annasmith.com"]),
        ("Tel.030/1234567, Mob-9876543210", ["030/1234567", "9876543210"]),
        ("0151 2345678 5pm, 0151 2345679 08:30", ["0151 2345678", "0151 2345679"]),
        ("card number 378282246310005", ["378282246310005"]),
        ("In 2021 0151 23456789 rang 20 times", ["0151 23456789"]),
        ("030 1234567 20 orders a day came in", ["030 1234567"]),
    ],
)
def test_words_around_tell_what_an_item_is_and_where_it_ends(text: str, expected: list[str]) -> None:
    assert items(text) == expected


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_stays(figure: str) -> None:
    for text in (
        figure,
        f"We had {figure} in the end.",
        f"Result ({figure}), which was good",
        f"mobile: {figure}",
    ):
        assert mask(text).texts == (text,)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_an_abbreviation_or_a_file_stays(name: str) -> None:
    for text in (name, f"There was {name} too.", f"({name})"):
        assert mask(text).texts == (text,)


def test_generated_figures_in_all_their_spellings_stay() -> None:
    chance = random.Random(7)
    sentences = [figure_sentence(chance) for _ in range(3000)]
    assert [text for text in sentences if mask(text).counts] == []


def test_nothing_is_masked_in_answers_that_hold_no_address_or_number_to_call(repo_root: Path) -> None:
    """Read through by hand: none of the first 800 answers and their questions holds one."""
    lines = (repo_root / "training/answers/answers.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [row[key] for row in map(json.loads, lines) for key in ("answer", "question")]
    assert len(texts) >= 2600
    assert [item for text in texts for item in items(text)] == []


def test_nothing_is_masked_where_spaces_between_sentences_are_missing(repo_root: Path) -> None:
    lines = (repo_root / "training/answers/answers.jsonl").read_text(encoding="utf-8").splitlines()
    for answer in (json.loads(line)["answer"] for line in lines):
        glued = answer.replace(". ", ".").replace(", ", ",")
        assert (items(glued), items(glued.lower())) == ([], []), answer


# ---- placeholders ----------------------------------------------------------------------------------


def test_the_same_item_gets_the_same_placeholder_in_all_texts() -> None:
    masked = mask("ann@a.com or bob@b.com", "bob@b.com", "nothing", "Ann@a.com")
    assert masked.texts == ("MASKED_EMAIL_1 or MASKED_EMAIL_2", "MASKED_EMAIL_2", "nothing", "MASKED_EMAIL_3")
    assert masked.counts == {"email": 3}


def test_what_one_text_tells_to_be_a_number_is_masked_in_a_text_that_does_not() -> None:
    masked = mask("612 345 678 works", "Then I said: call me on 612 345 678.", "612 345 678 orders")
    assert masked.texts == (
        "MASKED_PHONE_1 works",
        "Then I said: call me on MASKED_PHONE_1.",
        "612 345 678 orders",
    )


def test_what_one_text_tells_to_be_a_link_is_masked_in_a_text_that_does_not() -> None:
    assert mask("I worked for annasmith.com", "See annasmith.com").texts == (
        "I worked for MASKED_LINK_1",
        "See MASKED_LINK_1",
    )


@pytest.mark.parametrize(
    "lookalike", ["MASKED_EMAIL_1", "masked e-mail 01", "[Masked Email #1]", "MASKED-EMAIL-1x"]
)
def test_a_text_may_hold_what_looks_like_a_placeholder(lookalike: str) -> None:
    masked = mask(f"{lookalike} and ann@example.com", lookalike)
    assert masked.texts == (f"{lookalike} and MASKED_EMAIL_2", lookalike)
    assert masked.restore(masked.texts[0]) == f"{lookalike} and ann@example.com"
    assert masked.restore(lookalike) == lookalike


def test_a_link_that_holds_a_placeholder_is_put_back_once() -> None:
    text = "ann@example.com https://a.example/MASKED_EMAIL_1"
    masked = mask(text)
    assert masked.texts == ("MASKED_EMAIL_2 MASKED_LINK_1",)
    assert masked.restore(masked.restore(masked.texts[0])) == text


def test_masking_the_same_texts_again_gives_the_same_texts() -> None:
    texts = ("ann@example.com, 0151 23456789", "www.example.com 4111 1111 1111 1111 ann@example.com")
    assert mask(*texts) == mask(*texts)


def test_masked_text_holds_nothing_more_to_mask() -> None:
    for listed in ITEMS.values():
        masked = mask(*listed)
        assert mask(*masked.texts).counts == {}


@pytest.mark.parametrize(
    ("written", "restored"),
    [
        ("masked_email_1", "ann@example.com"),
        ("Masked Email 1", "ann@example.com"),
        ("MASKED-E-MAIL-1", "ann@example.com"),
        (r"MASKED\_EMAIL\_1", "ann@example.com"),
        ("MASKED EMAIL #1", "ann@example.com"),
        ("MASKEDEMAIL1", "ann@example.com"),
        ("MASKED_EMAIL_01", "ann@example.com"),
        ("MASKED\u00a0EMAIL\u200b_1", "ann@example.com"),
        ("“MASKED_EMAIL_1”", "“ann@example.com”"),
        ("[MASKED_EMAIL_1]", "[ann@example.com]"),
        ("<masked email 1>", "<ann@example.com>"),
        ("**MASKED_EMAIL_1**'s", "**ann@example.com**'s"),
        ("MASKED_EMAIL_1MASKED_EMAIL_1", "ann@example.comann@example.com"),
        ("MASKED - E-MAIL - 000001", "ann@example.com"),
        ("MASKED_EMAIL_12", "MASKED_EMAIL_12"),
        ("MASKED_EMAIL_0000010", "MASKED_EMAIL_0000010"),
        ("MASKED_EMAIL_2", "MASKED_EMAIL_2"),
        ("MASKED_PHONE_1", "MASKED_PHONE_1"),
        ("email 1", "email 1"),
        ("", ""),
    ],
)
def test_a_placeholder_is_restored_however_a_model_writes_it(written: str, restored: str) -> None:
    masked = mask("ann@example.com")
    restorer = masked.restorer()
    streamed = "".join([*map(restorer.feed, written), restorer.finish()])
    assert (masked.restore(written), streamed) == (restored, restored)


def test_a_reply_in_json_is_still_json_when_restored() -> None:
    """Also with items that hold what JSON would have to escape, if anything did."""
    nasty = 'https://a.example/x"y\\z ann"@example.com 0151\t23456789 http://a.example/\x07 www.a.example/\n'
    masked = mask(nasty, *(item for listed in ITEMS.values() for item in listed))
    assert sum(masked.counts.values()) > 50
    for item in masked_items(masked):
        assert json.loads(f'{{"quote": "{item}"}}') == {"quote": item}


def test_a_mask_that_is_printed_shows_nothing() -> None:
    assert repr(mask("write to ann@example.com")) == "Mask()"


def test_no_texts_and_empty_texts_are_texts() -> None:
    assert mask().texts == ()
    assert mask("", "").texts == ("", "")


# ---- exact, in pieces, and in time -----------------------------------------------------------------


def pieces_of(text: str, chance: random.Random) -> list[str]:
    cuts = sorted(chance.randint(0, len(text)) for _ in range(chance.randint(0, 12)))
    return [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def any_text(chance: random.Random) -> str:
    parts = [chance.choice(PIECES) for _ in range(chance.randint(0, 14))]
    if chance.random() < 0.2:
        parts += [chr(chance.randrange(0x110000)) for _ in range(8)]
        chance.shuffle(parts)
    return "".join(parts)


def test_any_texts_come_back_exactly_whole_and_in_pieces() -> None:
    chance = random.Random(3)
    seen = 0
    for _ in range(3000):
        texts = [any_text(chance) for _ in range(chance.randint(1, 3))]
        masked = mask(*texts)
        seen += sum(masked.counts.values())
        for text, sent in zip(texts, masked.texts, strict=True):
            assert masked.restore(sent) == text
            restorer = masked.restorer()
            given = [restorer.feed(piece) for piece in pieces_of(sent, chance)]
            assert "".join([*given, restorer.finish()]) == text
    assert seen > 2000


def test_whatever_a_model_streams_is_restored_as_if_it_came_at_once() -> None:
    chance = random.Random(4)
    masked = mask("ann@example.com 0151 23456789 www.example.com")
    written = [
        *PIECES,
        "MASKED_EMAIL_1",
        "masked phone 1",
        "Masked-Link-1",
        "masked_email_12345678",
        "e-mail",
    ]
    for _ in range(3000):
        reply = "".join(chance.choice(written) for _ in range(10))
        restorer = masked.restorer()
        given = [restorer.feed(piece) for piece in pieces_of(reply, chance)]
        assert "".join([*given, restorer.finish()]) == masked.restore(reply)


def test_half_a_placeholder_is_never_given_out_and_nothing_else_is_held_back() -> None:
    restorer = mask("ann@example.com").restorer()
    given = [restorer.feed(character) for character in "Mail MASKED_EMAIL_1, am I"]
    shown = ["Mai", "l", " ", "ann@example.com,", " ", "a", "m ", "I"]
    assert ([piece for piece in given if piece], restorer.finish()) == (shown, "")


def test_a_placeholder_at_the_very_end_is_restored_when_the_text_is_over() -> None:
    restorer = mask("ann@example.com").restorer()
    assert (restorer.feed("MASKED_EMAIL_1"), restorer.finish(), restorer.finish()) == (
        "",
        "ann@example.com",
        "",
    )


HOSTILE = [
    *(
        "a",
        "1",
        "1 ",
        "01 ",
        "4111 ",
        "+1 ",
        "(1",
        "1,",
        "1.",
        "0900-",
        "()",
        ".",
        "a.",
        "a@",
        "@",
        "a@b.",
        "www.",
    ),
    *("http://", "http://)", "x.com/)", "[at]", "a [at] b [dot] ", "a" * 63 + "@", "m", "_", "masked email "),
    *(
        "MASKED_EMAIL_1 ",
        "ann@example.com ",
        "call me on 5551234 ",
        "visit a.com ",
        "9876543210 ",
        "order 1 ",
    ),
    *("\u200b", "\u0301", "٣", "＠", "\ud800"),
]


@pytest.mark.parametrize("piece", HOSTILE, ids=ascii)
def test_the_longest_answer_is_masked_in_time_whatever_is_in_it(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    begun = time.process_time()
    masked = mask(text)
    restored = masked.restore(masked.texts[0])
    restorer = masked.restorer()
    streamed = "".join([*map(restorer.feed, masked.texts[0]), restorer.finish()])
    assert time.process_time() - begun < 3  # seconds of this processor; a quadratic pattern takes minutes
    assert restored == streamed == text
