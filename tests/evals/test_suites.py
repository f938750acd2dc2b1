"""The fault and no-change suites themselves: what they do to an answer, and how they count. No real judge."""

from __future__ import annotations

import re

import pytest

from coach.schema import CRITERIA, CriterionId, CriterionResult, Overall, Report
from evaluation import people
from evaluation.faults import FAULTS, Fault, levels, texts
from evaluation.language import british_and_american, contracted, with_sentence, written_out
from evaluation.retelling import group_for_self, hedged, joined, sentences, would_do
from evaluation.suites import mean_caught, missed_bars, run_faults, run_unchanged, share_moved
from evaluation.unchanged import CHANGES, PAIRS, Change, Swap
from tests.evals.variants import BaseAnswer, read_base_answers
from tests.factories import make_report

ANSWERS = read_base_answers()
FAULT = {fault.name: fault for fault in FAULTS}
WORDS = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def planted(name: str) -> list[tuple[BaseAnswer, str, str]]:
    """(answer, question, text) wherever the fault can be planted."""
    found = [(answer, FAULT[name].plant(answer)) for answer in ANSWERS]
    return [(answer, *pair) for answer, pair in found if pair is not None]


def report_of(value: int, score: float = 50.0, **different: int) -> Report:
    criteria = tuple(
        CriterionResult(id=id, level=different.get(id, value), weight=0.1, basis="whole", why="")
        for id in CRITERIA
    )
    return make_report(criteria=criteria, overall=Overall(score=score, band="middling"), kpis=())


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_planted_often_and_always_the_same(fault: Fault) -> None:
    pairs = [(answer, fault.plant(answer)) for answer in ANSWERS]
    assert sum(pair is not None for _, pair in pairs) >= 30
    assert all(pair != (answer.question, answer.text) for answer, pair in pairs)
    assert [pair for _, pair in pairs] == [fault.plant(answer) for answer in ANSWERS]


@pytest.mark.parametrize("label", ["situation", "task", "action", "result"])
def test_a_dropped_part_is_gone_and_the_others_stay(label: str) -> None:
    for answer, question, text in planted(f"no {label}"):
        assert question == answer.question
        said = [word.lower() for word in WORDS.findall(text)]
        kept = [p["text"] for p in answer.parts if p["label"] != label]
        assert said == [word.lower() for part in kept for word in WORDS.findall(part)]


def test_a_figure_that_measures_something_is_gone() -> None:
    for _, _, text in planted("no figures"):
        assert not re.search(r"\d", re.sub(r"\b(?:D2C|3D|3-D|A4)\b", "", text)), text


def test_told_as_we_nobody_says_i() -> None:
    assert all(not re.search(r"\b(?:I|[Mm]y|me|myself)\b", text) for *_, text in planted("we for I"))
    assert group_for_self("I'm sure I wrote my list myself") == "we’re sure we wrote our list ourselves"


def test_past_actions_become_what_one_would_do() -> None:
    assert would_do("So I sat and watched sixty recordings,") == "So I would sit and watch sixty recordings,"
    assert would_do("First I have called them, because I didn't want to guess,") == (
        "First I would call them, because I would not want to guess,"
    )
    for answer, _, text in planted("hypothetical mood"):
        assert len(re.findall(r"\bI would\b", text, re.IGNORECASE)) >= 2, answer.id
        assert not re.search(r"\bI (?:also |then )?(?:wrote|made|sent|tested|asked|took)\b", text)
        assert all(p["text"].strip(" ,") not in text for p in answer.parts if p["label"] == "result")


def test_seams_are_mended_where_a_part_is_gone() -> None:
    assert joined(["It broke,", "We argued.", "so I left,"]) == "It broke. We argued. So I left."


def test_another_question_is_another_and_the_text_stays() -> None:
    assert all(
        q == a.unrelated_question != a.question and t == a.text for a, q, t in planted("wrong question")
    )


def test_stories_of_other_work_are_of_an_answers_length() -> None:
    stories = texts()["other_work"]
    assert len({who for who, _ in stories}) >= 8
    assert all(90 <= len(text.split()) <= 160 for _, text in stories)
    assert {text for *_, text in planted("another line of work")} == {text for _, text in stories}


def test_kpi_soups_hold_names_and_no_figures() -> None:
    soups = {text for *_, text in planted("KPI soup")}
    assert len(soups) == len(texts()["kpi_soup"]) >= 5
    assert not any(re.search(r"\d", soup) for soup in soups)


def test_rambling_makes_it_three_times_as_long_and_keeps_every_sentence() -> None:
    assert len(set(texts()["rambling"])) >= 12
    used = set()
    for answer, _, text in planted("rambling"):
        assert 3 <= len(text.split()) / len(answer.text.split()) <= 3.7
        assert all(sentence.strip() in text for sentence in sentences(answer.text))
        used |= {block for block in texts()["rambling"] if block in text}
        assert all(text.count(block) <= 1 for block in texts()["rambling"])
    assert used == set(texts()["rambling"])


def test_most_sentences_are_hedged_and_none_is_lost() -> None:
    for answer, _, text in planted("hedging"):
        told = sentences(answer.text)
        assert "".join(told) == answer.text.strip()
        assert len(text.split()) >= len(answer.text.split()) + 2 * len(told)
    assert hedged("The page broke.") == "I guess the page broke, or something like that."


def test_in_reverse_the_last_part_comes_first() -> None:
    for answer, _, text in planted("parts in reverse"):
        marked = [re.sub(r"^\W+|[,.;:\s]+$", "", part["text"]).lower() for part in reversed(answer.parts)]
        places = [text.lower().find(part) for part in marked]
        assert -1 not in places and places[0] < places[-1] and text != answer.text


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_a_change_changes_the_text_and_always_in_the_same_way(change: Change | Swap) -> None:
    pairs = [change.pairs(answer.text) for answer in ANSWERS]
    assert sum(bool(found) for found in pairs) >= 15
    assert all(first != second for found in pairs for first, second in found)
    assert pairs == [change.pairs(answer.text) for answer in ANSWERS]


@pytest.mark.parametrize("name", ["bullets", "curly quotes", "upper case", "line breaks", "paragraphs"])
def test_a_form_changes_no_word(name: str) -> None:
    def words(text: str) -> list[str]:
        straight = text.lower().replace("’", "'").replace("‘", "'")
        return re.sub(r"(?m)^- ", "", straight.replace("“", '"').replace("”", '"')).split()

    [change] = [change for change in CHANGES if change.name == name]
    for answer in ANSWERS:
        for first, second in change.pairs(answer.text):
            assert words(first) == words(second)


@pytest.mark.parametrize(
    "change", [c for c in CHANGES if isinstance(c, Swap)], ids=lambda change: change.name
)
def test_the_two_of_a_pair_have_the_same_number_of_words(change: Swap) -> None:
    for answer in ANSWERS:
        pairs = change.pairs(answer.text)
        assert len(pairs) == PAIRS
        assert all(len(first.split()) == len(second.split()) for first, second in pairs)


def test_many_kinds_of_people_are_named() -> None:
    for swap in (people.other_name, people.other_nationality, people.other_school, people.other_age):
        added = {text for a in ANSWERS for number in range(PAIRS) for text in swap(a.text, number)}
        assert len(added) >= 200, swap.__name__


def test_spelling_contractions_and_genders_are_turned_as_they_are_said() -> None:
    first, second = british_and_american("We like the programme. It is catalogued.", 0)
    assert ("programme" in first, "program." in second) == (True, True)
    assert contracted("It is late and I did not go.") == "It's late and I didn't go."
    assert (
        written_out("I'd told them, I'd go, it can't wait") == "I had told them, I would go, it cannot wait"
    )
    assert (
        people.with_genders_turned("She gave her phone to him, not her.")
        == "He gave his phone to her, not him."
    )
    assert with_sentence("One. Two.", "And a half.") == "One. And a half. Two."


def fake_judge(question: str, text: str) -> Report:
    """Takes a level of action for "we" and one of delivery for length, and gives one of task for capitals."""
    return report_of(
        4,
        action=4 if re.search(r"\bi\b", text, re.IGNORECASE) else 3,
        delivery=4 - (len(text.split()) > 350),
        task=5 if text.isupper() else 4,
    )


def test_faults_are_counted() -> None:
    faults = [FAULT["we for I"], FAULT["no result"], FAULT["rambling"]]
    we, no_result, long = run_faults(fake_judge, ANSWERS, faults)
    assert (we.caught, we.of, we.misses) == (31, 31, ())
    assert (no_result.caught, no_result.of, len(no_result.misses)) == (0, 32, 32)
    assert no_result.misses[0].startswith("b01 4 4 4 4 4 4 4 4 (50.0) -> 4 4 4 4")
    assert long.caught == long.of > 30
    assert mean_caught([we, no_result]) == 0.5


def test_moved_levels_are_counted() -> None:
    changes = [change for change in CHANGES if change.name in ("upper case", "bullets", "another name")]
    bullets, upper, name = run_unchanged(fake_judge, ANSWERS, changes)
    assert (bullets.moved, bullets.of, bullets.share) == (0, 39 * 8, 0.0)
    assert (upper.moved, upper.of, upper.share) == (40, 40 * 8, 0.125)
    assert upper.moves[0] == "b01 task 4 -> 5"
    assert (name.moved, name.of, name.exact) == (0, 40 * 8 * PAIRS, True)
    assert share_moved([bullets, upper]) == 40 / (79 * 8)


def test_the_bars_are_named_that_are_missed() -> None:
    faults = run_faults(fake_judge, ANSWERS, [FAULT["we for I"], FAULT["no result"]])
    changes = run_unchanged(fake_judge, ANSWERS, [c for c in CHANGES if c.name == "upper case"])
    assert missed_bars(faults[:1], []) == []
    assert [bar.partition(":")[0] for bar in missed_bars(faults, changes)] == [
        "faults caught on average",
        "no result",
        "levels moved",
    ]


@pytest.mark.parametrize(
    ("name", "before", "after", "caught"),
    [
        ("no task", report_of(4), report_of(4, task=3), True),
        ("no task", report_of(4), report_of(3, task=4), False),
        ("hedging", report_of(4), report_of(4, result=3), True),
        ("said twice", report_of(4), report_of(4, delivery=3), True),
        ("said twice", report_of(4), report_of(4, delivery=3, task=5), False),
        ("rambling", report_of(4), report_of(4, score=50.5, delivery=3), False),
        ("another line of work", report_of(1), report_of(5, role_relevance=2), True),
        ("another line of work", report_of(4), report_of(0, role_relevance=3), False),
        ("KPI soup", report_of(0), report_of(1), True),
        ("KPI soup", report_of(4), report_of(2), False),
    ],
)
def test_a_fault_is_caught_by_its_own_criterion(
    name: str, before: Report, after: Report, caught: bool
) -> None:
    assert FAULT[name].caught(before, after) is caught


def test_a_soup_with_a_proven_kpi_is_not_caught() -> None:
    proven = make_report(criteria=report_of(1).criteria)
    assert any(kpi.status == "evidenced" for kpi in proven.kpis)
    assert not FAULT["KPI soup"].caught(report_of(1), proven)


def test_an_unjudged_level_is_0() -> None:
    unjudged: CriterionId = "role_relevance"
    assert levels(make_report())[unjudged] == 0
