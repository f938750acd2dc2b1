"""Which activities of the role an answer shows, and the level of role_relevance that follows."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from coach.judges.role_work import (
    MOST_RELATED,
    NEAR,
    SHOWS,
    Near,
    NearItems,
    find_activities,
    is_online,
    parts_of,
    read_role_relevance,
)
from coach.lexicons import Lexicon, load_lexicon
from coach.relevance import PART_WEIGHTS
from coach.schema import Activity, AnswerType, AskedQuestion, Label
from coach.signals.figures import find_figures
from coach.signals.segments import find_sentences
from coach.signals.types import Clause, LabelledClause, Signals, Submission
from tests.index_process import small_role

ROLE = small_role(
    activities=tuple(
        Activity(id=item, name=item.title(), description="Does it.") for item in ("ads", "site", "reviews")
    )
)
FAR: Sequence[Near] = (Near("ads", 0.02), Near("site", 0.02), Near("reviews", 0.02))
ADS: Sequence[Near] = (Near("ads", 0.7), Near("site", 0.02), Near("reviews", 0.02))
STORY: tuple[tuple[str, Label], ...] = (
    ("Our online shop lost money on advertising.", "situation"),
    ("I paused the worst campaigns with Google Ads,", "action"),
    ("I moved 40% of the budget to shopping ads,", "action"),
    ("I wrote three new ads for each product,", "action"),
    ("and return on ad spend rose from 2.1 to 3.4 in 6 weeks.", "result"),
)


@pytest.fixture(scope="module")
def lexicon(repo_root: object) -> Lexicon:
    from pathlib import Path

    return load_lexicon(Path(str(repo_root)) / "knowledge" / "lexicons.toml")


def signals_of(told: Sequence[tuple[str, Label]], answer_type: AnswerType = "story") -> Signals:
    answer, clauses = " ".join(text for text, _ in told), []
    for text, label in told:
        start = answer.index(text)
        clauses.append(LabelledClause(Clause(start, start + len(text), text, 0), label, 0.9, "self"))
    sentences = find_sentences(answer)
    return Signals(
        submission=Submission(answer, AskedQuestion(id=None, text="Tell me.", kind="behavioural"), 40),
        clauses=tuple(clauses),
        sentences=sentences,
        figures=find_figures(answer, sentences),
        kpi_mentions=(),
        fillers=(),
        hedges=(),
        answer_type=answer_type,
    )


def near_ads(told: Sequence[tuple[str, Label]]) -> NearItems:
    return [ADS if label in ("action", "result") else FAR for _, label in told]


def test_an_activity_is_shown_with_words_of_the_clauses_that_tell_it(lexicon: Lexicon) -> None:
    signals = signals_of(STORY)
    shown = find_activities(signals, near_ads(STORY), ROLE, lexicon, ("ads",))[0]
    assert (shown.id, shown.status) == ("ads", "evidenced")
    assert shown.relevance >= SHOWS
    assert 1 <= len(shown.evidence) <= 3
    for quote in shown.evidence:
        assert signals.answer[quote.start : quote.end] == quote.quote
        assert any(quote.quote in text for text, label in STORY if label in ("action", "result"))


def test_words_of_a_setting_or_a_task_are_no_evidence(lexicon: Lexicon) -> None:
    told = [(text, "task" if label == "action" else "situation") for text, label in STORY]
    found = find_activities(signals_of(told), [ADS] * len(told), ROLE, lexicon, ("ads",))  # type: ignore[arg-type]
    assert [finding.status for finding in found if finding.id == "ads"] == ["related"]


def test_another_line_of_work_shows_no_activity(lexicon: Lexicon) -> None:
    told: tuple[tuple[str, Label], ...] = (
        ("The ward was short of two nurses that night.", "situation"),
        ("I split the rooms by how ill people were,", "action"),
        ("I called the doctor with the chart in my hand,", "action"),
        ("and all 14 patients slept.", "result"),
    )
    signals = signals_of(told)
    found = find_activities(signals, near_ads(told), ROLE, lexicon, ("ads",))
    assert {finding.status for finding in found} <= {"related"}
    assert read_role_relevance(signals, found, 0).level == 1


def test_the_probed_activity_goes_first_among_equals(lexicon: Lexicon) -> None:
    even = [[Near("ads", 0.3), Near("site", 0.3), Near("reviews", 0.3)]] * len(STORY)
    found = find_activities(signals_of(STORY), even, ROLE, lexicon, ("site",))
    assert found[0].id == "site"
    assert found[0].relevance > found[1].relevance >= NEAR
    assert len([finding for finding in found if finding.status == "related"]) <= MOST_RELATED


def test_clauses_weigh_as_their_labels_say(lexicon: Lexicon) -> None:
    parts = parts_of(signals_of(STORY), near_ads(STORY))
    assert [part.weight for part in parts] == [PART_WEIGHTS[label] for _, label in STORY]
    assert parts[1].relevances == {"ads": 0.7, "site": 0.02, "reviews": 0.02}


def test_the_ladder_rises_with_what_is_shown_told_and_detailed(lexicon: Lexicon) -> None:
    def level(told: Sequence[tuple[str, Label]], answer_type: AnswerType = "story") -> int:
        signals = signals_of(told, answer_type)
        found = find_activities(signals, near_ads(told), ROLE, lexicon, ("ads",))
        return read_role_relevance(signals, found, 0).level

    bare: tuple[tuple[str, Label], ...] = (
        ("Our online shop lost money.", "situation"),
        ("I paused some of what did not work,", "action"),
        ("I wrote new ones,", "action"),
        ("and I asked for help.", "action"),
    )
    assert level(STORY) == 5
    assert level([*STORY[:4], ("and it got better.", "result")]) == 4
    assert level(bare[:2]) == 2
    assert level(bare, "opinion") == 3
    assert level((("I am a hard worker and learn fast.", "other"),), "self_description") == 0


@pytest.mark.parametrize(
    "answer",
    [
        "I rewrote the listing and the photos.",
        "We started a loyalty programme last year.",
        "I answered all reviews on our shop.",
        "I compared the price and the stock with the supplier.",
        "On Allegro I saw what sells.",
    ],
)
def test_shop_work_is_known_as_such(answer: str) -> None:
    assert is_online(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "The site was closed because of traffic on the road.",
        "I took the orders at table nine and the customer was angry.",
        "In my performance review I was told to speak up.",
        "I take online classes.",
    ],
)
def test_other_work_with_the_same_words_is_not(answer: str) -> None:
    assert not is_online(answer)
