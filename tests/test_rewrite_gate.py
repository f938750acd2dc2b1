"""What a model makes of an answer gets through only as far as the answer says so itself."""

from __future__ import annotations

import random
import re
import time
from functools import cache
from pathlib import Path

import pytest

from coach.errors import ConfigError
from coach.rewrite_gate import RewriteGate, open_rewrite_gate
from coach.schema import Rewrite
from coach.signals.segments import count_words
from tests.conftest import REPO_ROOT
from tests.evals.variants import read_base_answers
from tests.rewrite_inventions import (
    SENTENCES,
    SWAPS,
    build_inventions,
    example_answers,
    faithful_rewrites,
    inventions,
    plain,
)

ANSWER = """I was the ecommerce manager at Sokoni, a phone shop in Nairobi. Returns had reached 14 percent of
orders in 2021 and my boss wanted them below 9 percent by June. We looked at 400 tickets and I called eighteen
customers. Our developer built a filter and the design office made the pictures. I wrote the rules and tested
them for three weeks on the charger page. Returns went from 14 to 8.2 percent and conversion rose from 1.9 to
2.6 percent. I did not change the price. In July we had 12 people in care. I would like to test the checkout
next. Some customers were complaining about the courier Zipline."""


@cache
def gate() -> RewriteGate:
    return open_rewrite_gate(REPO_ROOT / "knowledge")


def checked(rewrite: str, answer: str = ANSWER, **options: object) -> Rewrite:
    return gate().check(answer.replace("\n", " "), rewrite, **options)  # type: ignore[arg-type]


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+", text.strip())


# ---- inventions -------------------------------------------------------------------------------------


def test_no_planted_invention_survives() -> None:
    hostile = build_inventions()
    survived, seen = [], 0
    for one in hostile:
        let_through = gate().check(one.answer.text, one.text).text
        text = plain(let_through)
        left = [p for p in one.planted if re.search(rf"(?<!\w){re.escape(p)}", text)]
        survived += [
            (one.answer.id, one.kind, fault) for fault in left + inventions(one.answer.text, let_through)
        ]
        seen += bool(inventions(one.answer.text, one.text))
    assert survived == []
    assert len(hostile) >= 500
    assert {one.kind for one in hostile} == {kind for kind, *_ in (*SENTENCES, *SWAPS)} | {"computed share"}
    # The checker is no rubber stamp: it sees most of them before the gate has taken them out.
    assert seen > 0.7 * len(hostile)


def test_what_stands_beside_an_invention_stays() -> None:
    faithful = faithful_rewrites()
    all_beside = kept = 0
    for one in build_inventions()[::5]:
        own = set(sentences(faithful[one.answer.id])) & set(sentences(one.text))
        let_through = set(sentences(gate().check(one.answer.text, one.text).text))
        all_beside += len(own)
        kept += len(own & let_through)
    assert kept >= 0.95 * all_beside


@pytest.mark.parametrize(
    "invention",
    [
        "I was responsible for the whole company.",
        "I owned the returns.",
        "I was the first to test the charger page.",
        "I was the only one who tested the rules.",
        "I called all customers.",
        "The rules worked well.",
        "We reached the goal.",
        "I tested the rules on time.",
        "I wrote the rules without any problems.",
        "I handled the tickets from start to finish.",
        "I identified the main cause of the problem and determined the approach.",
        "I led the team.",
        "No customers were complaining.",
        "I changed the price.",
        "I tested the checkout.",
        "Returns went from 8.2 to 14 percent.",
        "Returns rose from 14 to 8.2 percent.",
        "Conversion went down.",
        "Orders went up.",
        "Orders rose.",
        "More customers came.",
        "I got returns below 9 percent.",
        "Conversion reached 8.2 percent.",
        "I called 400 customers.",
        "I called eighteen customers a day.",
        "I wrote 14 rules.",
        "I made the pictures.",
        "I built a filter for the charger page.",
        "I was the ecommerce manager at Zipline.",
        "In June we had 12 people in care.",
        "12% of people were in care.",
        "It cost 400 shillings.",
        "We saved 400 tickets.",
        "I convinced the boss.",
        "The boss promoted me.",
        "I, the head of care, wrote the rules.",
        "I wrote the rules with Courier Care.",
        "I called eighteen customers in the first week.",
        "I called XVIII customers.",
        "I called 1 8 customers.",
        "Returns more than halved.",
        "I wrote the rules at https://sokoni.example/rules.",
        "I got a raise.",
        "I wrote the rules, a first for the shop.",
        "I wrote the rules in a day.",
        "I wrote the rules in half the time.",
        "I wrote the rules all by myself.",
        "I wrote the rules within weeks.",
        "All customers came back.",
        "Nobody was complaining.",
        "Conversion tripled.",
        "Conversion went up by a factor of 3.",
        "It was the best result ever.",
        "I wrote the rules for millions of customers.",
        "I wrote the rules for a Fortune 500 courier.",
        "I tested the rules with the investors.",
        "The boss thanked me.",
    ],
)
def test_a_claim_made_of_the_answers_own_words_is_stopped(invention: str) -> None:
    claimed = invention.rstrip(".").lower()
    rewrite = checked(invention)
    assert claimed not in rewrite.text.lower()
    assert rewrite.slots or rewrite.dropped or rewrite.text.startswith("We")


@pytest.mark.parametrize(
    ("answer", "invention", "left"),
    [
        (
            "Orders rose from 100 to 150 in two months. Revenue stayed flat.",
            "Revenue rose from 100 to 150 in two months.",
            "",
        ),
        (
            "Orders grew by 30%, returns by 10%. I tested the checkout.",
            "Orders grew by 10%, returns by 30%.",
            "Orders grew by [what percentage], returns by [what percentage].",
        ),
        (
            "My target was to raise conversion to 3% by June. I tested the checkout.",
            "I raised conversion to 3% by June.",
            "I raised conversion to [your conversion after] by June.",
        ),
        (
            "Orders went from 20 to 30 a day after I tested the page.",
            "Orders went from 20 to 30 a day, a 50% increase.",
            "Orders went from 20 to 30 a day, a [what percentage] increase.",
        ),
        ("I would define the audience and set goals.", "I defined the audience and set goals.", ""),
        ("I used Google Trends and looked at the analytics.", "I used Google Analytics.", ""),
        ("I ran a shop for a year. My last was small.", "I ran a shop last year.", "I ran a shop [when]."),
        ("We met in spring 2021, now in 2023.", "We met in spring 2023.", "We met in spring [which year]."),
        ("We had 300 visits a month on the page.", "We had 300 visits a day on the page.", ""),
        ("I called 300 visitors.", "I called over 300 visitors.", "I called 300 visitors."),
        ("I called 300 visitors.", "I called 300+ visitors.", "I called 300 visitors."),
        ("The shop's budget was $48.", "The shop's budget was €48.", "The shop's budget was [your budget]."),
        ("Workshops were held and a roadmap was created.", "I held workshops and created a roadmap.", ""),
        ("I ran to the door. The change led to more orders.", "I led the change.", ""),
    ],
)  # fmt: skip
def test_what_is_moved_becomes_a_slot_or_goes(answer: str, invention: str, left: str) -> None:
    assert checked(invention, answer).text == left


# ---- what is faithful -------------------------------------------------------------------------------


def _share_unchanged(answers: dict[str, str], rewrites: dict[str, str]) -> tuple[float, int]:
    unchanged = total = dropped = 0
    for key, text in rewrites.items():
        rewrite = gate().check(answers[key], text)
        let_through = sentences(rewrite.text)
        unchanged += sum(sentence in let_through for sentence in sentences(text))
        total += len(sentences(text))
        dropped += len(rewrite.dropped)
    return unchanged / total, dropped


def test_faithful_rewrites_pass() -> None:
    answers = {answer.id: answer.text for answer in read_base_answers()}
    rewrites = faithful_rewrites()
    share, dropped = _share_unchanged(answers, rewrites)
    assert rewrites.keys() == answers.keys()
    assert share >= 0.95
    assert dropped <= 0.01 * sum(len(sentences(text)) for text in rewrites.values())


def test_faithful_rewrites_of_the_examples_pass() -> None:
    rewrites = faithful_rewrites("examples")
    share, dropped = _share_unchanged(example_answers(), rewrites)
    assert rewrites.keys() == example_answers().keys()
    assert share >= 0.95
    assert dropped <= 2


@pytest.mark.parametrize(
    "told",
    [
        "Returns went from 14% to 8.2% and conversion rose from 1.9% to 2.6%.",
        "I called 18 customers, and we looked at four hundred tickets.",
        "I tested the rules on the charger page for 3 weeks.",
        "Conversion rose from 1.9 to 2.6 per cent.",
        "In 2021 returns had reached 14% of orders, and my boss wanted them below 9% by June.",
        "As the ecommerce manager at Sokoni, I wrote the rules.",
        "I was the e-commerce manager at Sokoni, a phone shop in Nairobi.",
        "My goal was to bring returns below 9% by June.",
        "In July, we had twelve people in care.",
        "Returns fell from 14% to 8.2%.",
        "Our developer built a filter, and the design office made the pictures.",
    ],
)
def test_another_form_of_the_same_is_no_invention(told: str) -> None:
    rewrite = checked(told)
    assert rewrite == Rewrite(text=told)


def test_a_fact_that_was_added_may_be_told() -> None:
    told = "I wrote the rules with 7 colleagues at Jumia."
    assert "7" not in checked(told).text
    assert "Jumia" not in checked(told).text
    assert checked(told, facts=("I wrote the rules with 7 colleagues at Jumia",)).text == told


# ---- slots, doers, pieces ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ("I looked at 400 tickets.", "We looked at 400 tickets."),
        ("I was looking at 400 tickets.", "We were looking at 400 tickets."),
        ("I had 12 people in care in July.", "We had 12 people in care in July."),
        ("My developer built a filter.", "Our developer built a filter."),
    ],
)
def test_we_stays_we(told: str, left: str) -> None:
    assert checked(told).text == left


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ("I tested the rules on the charger page for 9 weeks.", "for [how long]."),
        ("I tested the rules on the charger page in Mombasa.", "in [which place]."),
        ("I wrote the rules for the charger page using Notion.", "using [which tool]."),
        ("We had 30 people in care in July.", "We had [how many people] in care in July."),
        ("As a senior ecommerce manager, I wrote the rules.", "As a [your job title], I wrote the rules."),
        ("In Q3, returns had reached 14% of orders.", "In [when], returns had reached 14% of orders."),
        ("Returns went from 20% to 8.2%.", "Returns went from [your returns before] to 8.2%."),
    ],
)
def test_a_slot_says_what_is_missing(told: str, left: str) -> None:
    rewrite = checked(told)
    assert rewrite.text.endswith(left)
    assert rewrite.slots == tuple(re.findall(r"\[.*?\]", left))
    assert rewrite.dropped == ()


def test_a_models_own_slot_stays_when_it_is_plain() -> None:
    assert checked("I called [how many] customers.").slots == ("[how many]",)
    assert checked("I called [How many] customers.").slots == ("[how many]",)
    for slot in (
        "[800 customers]",
        "[Zalando]",
        "[eight hundred]",
        "[award-winning]",
        "[]",
        "[" + "a " * 70 + "]",
    ):
        rewrite = checked(f"I wrote the rules and called {slot} customers.")
        assert rewrite.slots == ("[what]",)
        assert slot not in rewrite.text


@pytest.mark.parametrize(
    ("told", "left", "dropped"),
    [
        (
            "I wrote the rules, won an award, and tested them.",
            "I wrote the rules, and tested them.",
            "won an award",
        ),
        ("I won an award and wrote the rules.", "I wrote the rules.", "I won an award"),
        ("I wrote the rules, which won an award.", "I wrote the rules.", "which won an award."),
        ("The investors loved it, and I wrote the rules.", "I wrote the rules.", "The investors loved it"),
        ("I built a marvellous empire.", "", "I built a marvellous empire."),
        ("I successfully wrote the comprehensive rules.", "I wrote the rules.", None),
    ],
)
def test_only_the_part_with_the_invention_goes(told: str, left: str, dropped: str | None) -> None:
    rewrite = checked(told)
    assert (rewrite.text, rewrite.dropped) == (left, (dropped,) if dropped else ())


def test_paragraphs_stay_and_markup_goes() -> None:
    rewrite = checked(
        "**Situation:** In July we had 12 people in care.\n\n- I wrote the rules.\n- I called customers."
    )
    assert rewrite.text.split("\n\n") == [
        "Situation: In July we had 12 people in care.",
        "I wrote the rules.",
        "I called customers.",
    ]  # fmt: skip


def test_what_was_let_through_is_let_through_again() -> None:
    for one in build_inventions()[::23]:
        first = gate().check(one.answer.text, one.text)
        again = gate().check(one.answer.text, first.text)
        assert (again.text, again.dropped) == (first.text, ())


# ---- length, strange input, time --------------------------------------------------------------------


@pytest.mark.parametrize("wanted", [0, 1, 20, 50, 77, 100, 1000])
def test_a_rewrite_is_not_longer_than_wanted(wanted: int) -> None:
    answer = read_base_answers()[0]
    text = faithful_rewrites()[answer.id]
    rewrite = gate().check(answer.text, text, wanted_words=wanted)
    whole = gate().check(answer.text, text)
    assert count_words(rewrite.text) <= 1.1 * wanted
    assert sentences(whole.text)[: len(sentences(rewrite.text)) if rewrite.text else 0] == (
        sentences(rewrite.text) if rewrite.text else []
    )
    left_out = sentences(whole.text)[len(sentences(rewrite.text)) if rewrite.text else 0 :]
    assert list(rewrite.dropped) == left_out


@pytest.mark.parametrize(
    "text", ["", " \n\t", "\x00", "\ud800", "[", "]][[", "...", "🚀🚀", "1", "١", "a\u0301" * 99]
)
def test_nothing_to_let_through_is_an_empty_text(text: str) -> None:
    assert gate().check(ANSWER, text).text == ""
    assert gate().check(text, ANSWER).text == ""


def test_no_input_makes_it_raise() -> None:
    rng = random.Random(7)
    strange = "\u0300\u0336\u0660\u4e09\U0001d7d8\U0001f600\u2160\u200b\ud800\uff11\ufdfa"
    letters = "".join(map(chr, range(0x20, 0x250))) + strange
    words = " ".join(faithful_rewrites().values()).split()
    for _ in range(150):
        text = "".join(
            rng.choice(letters) if rng.random() < 0.2 else f"{rng.choice(words)} " for _ in range(60)
        )
        rewrite = gate().check(ANSWER, text, facts=(text[:40],), wanted_words=rng.choice((None, -1, 0, 30)))
        faults = inventions(f"{ANSWER} {text[:40]}", rewrite.text)
        assert [fault for fault in faults if not fault.startswith("name")] == []


@pytest.mark.parametrize(
    "unit",
    [
        "1 ",
        "$5 ",
        "1 to 2 ",
        "I led ",
        "Google ",
        "a.",
        ".",
        "[",
        '"',
        "-",
        ", ",
        "million ",
        "e\u0301\u0301",
        "w, and ",
    ],
)
def test_time_grows_with_the_length_only(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        started = time.process_time()
        gate().check(text, text)
        return time.process_time() - started

    def quickest(length: int) -> float:
        """Of three, since what else the process does at the moment only adds."""
        return min(seconds(length) for _ in range(3))

    # Four times the text would take sixteen times as long if time grew with its square.
    assert quickest(6_000) < 9 * max(quickest(1_500), 0.01)


def test_a_page_is_checked_in_a_moment() -> None:
    answers = " ".join(answer.text for answer in read_base_answers())[:20_000]
    text = " ".join(faithful_rewrites().values())[:20_000]
    started = time.process_time()
    gate().check(answers, text)
    assert time.process_time() - started < 2


# ---- the word lists ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", [b"", b"function = 3\n", b"[[[", b"\xff\xfe\x00"], ids=["empty", "wrong", "torn", "not text"]
)
def test_broken_word_lists_are_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "neutral").symlink_to(REPO_ROOT / "knowledge" / "neutral")
    (tmp_path / "rewriting.toml").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        open_rewrite_gate(tmp_path)
    assert str(tmp_path / "rewriting.toml") in caught.value.message


def test_missing_word_lists_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        open_rewrite_gate(tmp_path)
    assert str(tmp_path) in caught.value.message
