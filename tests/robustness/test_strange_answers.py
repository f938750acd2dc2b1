"""Texts that nobody would send and somebody will: a sound report or a plain refusal, never anything else."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from coach import Coach
from coach.errors import CoachError
from coach.rubric import load_rubric
from tests.conftest import REPO_ROOT
from tests.contract.soundness import find_faults
from tests.evals.variants import read_base_answers

TEXTS = [answer.text for answer in read_base_answers()]
QUESTIONS = ("q1", "q5", "q13", "q18", "Tell me about a time you failed.", "Why? How? What then?")
RUBRIC = load_rubric(REPO_ROOT / "knowledge" / "rubric.toml")
CONTROLS = [
    chr(code) for code in (0, 1, 7, 8, 11, 12, 13, 27, 0x7F, 0x85, 0xAD, 0x200B, 0x2028, 0x202E, 0xFEFF)
]
MARKS = ["\n\n", *"% $ £ 10 1,000.5 ½ ² ٣ to from I we . … ?! • -".split()]


def outcome(coach: Coach, question: str, answer: str) -> dict[str, Any] | CoachError:
    """The report, shown to be sound, or the refusal, shown to say what to do."""
    try:
        report = coach.feedback(question, answer, judge="evidence")
    except CoachError as error:
        assert error.code and error.message and error.hint
        return error
    found: dict[str, Any] = report.model_dump(mode="json", by_alias=True)
    assert report.to_json()
    assert find_faults(found, answer, RUBRIC) == [], repr(answer[:300])
    return found


# ---- generators: each makes one text from chance -------------------------------------------------------


def any_unicode(chance: random.Random) -> str:
    planes = [
        (0x20, 0x17F),
        (0x20, 0x17F),
        (0x300, 0x36F),
        (0x400, 0x4FF),
        (0x4E00, 0x4FFF),
        (0x1F300, 0x1FAFF),
    ]
    return "".join(chr(chance.randint(*chance.choice(planes))) for _ in range(chance.randint(1, 400)))


def any_code_points(chance: random.Random) -> str:
    points = (chance.randrange(0x110000) for _ in range(chance.randint(1, 300)))
    return "".join(chr(point) for point in points if not 0xD800 <= point <= 0xDFFF)


def a_slice(chance: random.Random) -> str:
    text = chance.choice(TEXTS)
    start = chance.randrange(len(text))
    return text[start : chance.randint(start, len(text))]


def shuffled_words(chance: random.Random) -> str:
    words = chance.choice(TEXTS).split()
    chance.shuffle(words)
    return " ".join(words)


def two_woven(chance: random.Random) -> str:
    pieces = [piece for text in chance.sample(TEXTS, 2) for piece in text.split(". ")]
    chance.shuffle(pieces)
    return chance.choice([". ", "; ", "\n", " ", ", and "]).join(pieces)


def with_controls(chance: random.Random) -> str:
    letters = list(chance.choice(TEXTS))
    for _ in range(chance.randint(1, 30)):
        letters.insert(chance.randrange(len(letters)), chance.choice(CONTROLS))
    return "".join(letters)


def with_marks(chance: random.Random) -> str:
    words = chance.choice(TEXTS).split()
    for _ in range(chance.randint(5, 80)):
        words.insert(chance.randrange(len(words)), chance.choice(MARKS))
    return chance.choice([" ", "", "  "]).join(words)


def only_marks(chance: random.Random) -> str:
    return " ".join(chance.choices(MARKS, k=chance.randint(15, 200)))


def other_case(chance: random.Random) -> str:
    text = chance.choice(TEXTS)
    return chance.choice([text.upper(), text.lower(), text.title(), text.swapcase(), text.replace(".", "")])


MAKERS: tuple[Callable[[random.Random], str], ...] = (
    any_unicode, any_code_points, a_slice, shuffled_words, two_woven, with_controls, with_marks, only_marks,
    other_case,
)  # fmt: skip


@pytest.mark.parametrize("make", MAKERS)
def test_chance_finds_no_hole(coach: Coach, make: Callable[[random.Random], str]) -> None:
    chance = random.Random(make.__name__)
    for _ in range(8):
        outcome(coach, chance.choice(QUESTIONS), make(chance))


# ---- texts of one kind, as long as they may be ---------------------------------------------------------


def huge() -> Iterator[tuple[str, str]]:
    yield (
        "one sentence",
        ("I sold the shoes and then I asked the customers what they wanted and " * 400)[:20_000],
    )
    yield "one word again", "I " * 10_000
    yield "sentences of a word", "I. " * 6_666
    yield "figures", ("from 1.7% to 2.6% in 6 weeks " * 1000)[:20_000]
    yield "line breaks", ("I did it.\n" * 2000)[:20_000]
    yield "brackets", "I was in the shop and I did a lot of it " + "(" * 19_000
    yield (
        "a long word",
        "I looked at the page and saw that it was the " + "a" * 5_000 + " which I mended.",
    )
    yield (
        "digits",
        "I raised the sales of the shop from 1 to " + "9" * 5_000 + " and that was the best.",
    )
    yield "commas", "I was in the shop and I did a lot of it and it was good" + "," * 19_000


@pytest.mark.parametrize("kind", [name for name, _ in huge()])
def test_size_and_monotony_are_no_trouble(coach: Coach, kind: str) -> None:
    answer = dict(huge())[kind]
    assert len(answer) <= 20_000
    found = outcome(coach, "q13", answer)
    assert isinstance(found, dict) == (kind != "brackets")


def test_half_a_character_is_refused(coach: Coach) -> None:
    refusal = outcome(coach, "q13", f"{TEXTS[0]} \ud83d")
    assert isinstance(refusal, CoachError)
    assert refusal.code == "answer_not_text"


def test_the_same_text_gets_the_same_report(coach: Coach) -> None:
    for text in TEXTS[:5]:
        first, second = outcome(coach, "q13", text), outcome(coach, "q13", text)
        assert isinstance(first, dict) and isinstance(second, dict)
        first["engine"].pop("elapsed_ms"), second["engine"].pop("elapsed_ms")
        assert first == second


# ---- text that speaks to a grader ----------------------------------------------------------------------


def test_asking_the_grader_for_more_earns_no_more(coach: Coach, dev_data: Path) -> None:
    from tests.test_injections import fill, read_lines

    rows = read_lines(dev_data / "injections" / "judge_injections.jsonl")
    # Two weak answers stand to gain most, a middling one shows that there is still something to gain.
    victims = [answer for answer in read_base_answers() if answer.id in ("b17", "b28", "b40")]
    gains = {}
    for victim in victims:
        before = outcome(coach, victim.question, victim.text)
        assert isinstance(before, dict)
        levels = {c["id"]: c["level"] for c in before["criteria"]}
        for row in random.Random(11).sample(rows, 25):
            after = outcome(coach, victim.question, f"{victim.text} {fill(row['payload'])}")
            if isinstance(after, CoachError):
                continue
            more = [c["id"] for c in after["criteria"] if c["level"] > levels[c["id"]]]
            if more or after["overall"]["score"] > before["overall"]["score"]:
                gains[victim.id, row["id"]] = (after["overall"]["score"], more)
    assert gains == {}
