"""What a lawful interview does not ask is noticed, and what only looks like it is left alone."""

from __future__ import annotations

import shutil
import time
import tomllib
from pathlib import Path

import pytest

from benchmarks.lawful import figures, read_cases
from coach.errors import ConfigError
from coach.question_sets.lawful import LawfulCheck
from tests.stories import KNOWLEDGE

RECALL, PRECISION = 0.98, 0.95
CASES = read_cases()
# `fresh` holds allusions too, some of which no rule over words finds; it counts among all.
PARTS = ("dev", "held", "attack")


@pytest.fixture(scope="module")
def check() -> LawfulCheck:
    return LawfulCheck.open(KNOWLEDGE)


@pytest.mark.parametrize("part", [*PARTS, None])
def test_unlawful_questions_are_noticed_and_lawful_ones_left_alone(
    check: LawfulCheck, part: str | None
) -> None:
    verdicts = [(case, check.check(case.question)) for case in CASES if part in (None, case.part)]
    counts = figures(verdicts)
    wrong = [(case, found) for case, found in verdicts if case.lawful == (found is not None)]
    assert counts.recall >= RECALL, wrong
    assert counts.precision >= PRECISION, wrong


def test_the_cases_are_many_and_half_of_them_lawful() -> None:
    assert len(CASES) >= 480
    assert len({case.question for case in CASES}) == len(CASES)
    assert 0.45 <= sum(case.lawful for case in CASES) / len(CASES) <= 0.55
    assert sum(case.kind == "ordinary" for case in CASES) >= 120


def test_the_bank_and_common_questions_are_lawful(check: LawfulCheck) -> None:
    role = tomllib.loads((KNOWLEDGE / "roles" / "e-commerce-manager.toml").read_text(encoding="utf-8"))
    common = tomllib.loads((KNOWLEDGE / "background-questions.toml").read_text(encoding="utf-8"))
    bank = [text for question in role["questions"] for text in (question["text"], *question["probes"])]
    assert [text for text in (*bank, *common["questions"]) if check.check(text)] == []


@pytest.mark.parametrize(
    ("question", "topic", "quote"),
    [
        ("How old are you?", "age", "How old are you"),
        ("Nice shop! Are you  m\u200barried, by the way?", "marital", "Are you  m\u200barried"),
        ("Do you have kids?", "family", "you have kids"),
        ("ＡＲＥ ＹＯＵ ＰＲＥＧＮＡＮＴ？", "pregnancy", "ＡＲＥ ＹＯＵ ＰＲＥＧＮＡＮＴ"),
        ("Ask the candidate whether she is married.", "marital", "she is married"),
    ],
)
def test_the_quote_is_the_questions_own_words(
    check: LawfulCheck, question: str, topic: str, quote: str
) -> None:
    found = check.check(question)
    assert found
    assert (found.topic, found.quote) == (topic, quote)
    assert question[found.start : found.end] == found.quote
    assert found.why.endswith(".")


@pytest.mark.parametrize(
    "question",
    [
        "Are you pregnnt?",
        "Are you prengant?",
        "Are you p.r.e.g.n.a.n.t?",
        "Are you preg-nant?",
        "Are you pr3gnant?",
        "are u pregnant",
        "Аre уоu рrеgnаnt?",
        "Are you pregn\u0301ant?",
        "Are\u00a0you\u2003pregnant?",
        "Are you\npregnant?",
        "You’re not pregnant, are you?",
    ],
)
def test_strange_spelling_hides_nothing(check: LawfulCheck, question: str) -> None:
    found = check.check(question)
    assert found
    assert found.topic == "pregnancy"


@pytest.mark.parametrize("topic", tomllib.loads((KNOWLEDGE / "lawful.toml").read_text(encoding="utf-8")))
def test_every_topic_has_cases(topic: str) -> None:
    assert topic == "classes" or any(case.kind == topic and not case.lawful for case in CASES)


@pytest.mark.parametrize(
    "text", ["", "?", "...", "'s", "1234", "日本語の質問", "\u200b" * 50, "be you be have you"]
)
def test_any_text_can_be_checked(check: LawfulCheck, text: str) -> None:
    assert check.check(text) is None


def test_time_grows_with_the_text_and_no_faster(check: LawfulCheck) -> None:
    for phrase in ("are you do you have ", "your own own own ", "ask whether the candidate ", "a b c d "):
        started = time.process_time()
        check.check(phrase * 2_000)
        assert time.process_time() - started < 5


def test_a_question_takes_less_than_a_millisecond(check: LawfulCheck) -> None:
    started = time.process_time()
    for case in CASES:
        check.check(case.question)
    assert (time.process_time() - started) / len(CASES) < 0.001


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("[age]\n", "[age\n", "lawful.toml"),
        ('why = "It asks for age."', "", "why"),
        ('"{kin}"', '"{kinn}"', "kinn"),
        ("\nown = [", "\nowns = [", "owns"),
        ("soft = [", "softly = [", "soft"),
        ('"how old be you"', '"… old be you"', "starts with no word"),
        ('"birthday"', "7", "own"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    shutil.copytree(KNOWLEDGE / "neutral", tmp_path / "neutral")
    text = (KNOWLEDGE / "lawful.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "lawful.toml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        LawfulCheck.open(tmp_path)
    assert str(tmp_path / "lawful.toml") in caught.value.message
    assert named in caught.value.message
