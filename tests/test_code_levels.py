"""What code alone judges: KPIs and metrics, and whether the answer can be spoken."""

from __future__ import annotations

import pytest

from coach.judges.code_levels import read_delivery, read_metrics
from coach.judges.kpis import find_kpis, fits_unit
from coach.schema import KpiFinding
from coach.signals.figures import find_figures
from coach.signals.segments import find_sentences
from tests.stories import Part, lexicon, make_signals, shop_role

PLACE = Part("situation", "Last spring I ran the web shop of a small tea brand.")
STEP = Part("action", "I moved the delivery price to the product page.")


def kpis_of(*parts: Part) -> tuple[KpiFinding, ...]:
    signals = make_signals(*parts)
    found = find_kpis(signals, [[] for _ in signals.clauses], shop_role(), None, lexicon())
    for kpi in found:
        for quote in kpi.evidence:
            assert signals.answer[quote.start : quote.end] == quote.quote
    return found


def metrics_of(*parts: Part) -> int:
    return read_metrics(make_signals(*parts), kpis_of(*parts), lexicon()).level


def result(text: str) -> Part:
    return Part("result", text)


def test_a_list_of_kpi_names_proves_none_of_them() -> None:
    names = Part(
        "action", "I watched conversion rate, average order value, bounce rate, ROAS and CAC every day."
    )
    found = kpis_of(PLACE, names)
    assert len(found) == 5
    assert {kpi.status for kpi in found} == {"named"}
    assert all(kpi.statement and kpi.find_it for kpi in found)


def test_a_figure_of_the_setting_proves_no_kpi() -> None:
    found = kpis_of(Part("situation", "Our conversion rate was 1.7 % then."), STEP)
    assert [(kpi.id, kpi.status) for kpi in found] == [("conversion-rate", "named")]


def test_two_kpis_in_one_sentence_get_their_own_figures() -> None:
    found = kpis_of(
        PLACE,
        STEP,
        result(
            "Conversion rate rose from 1.7 % to 2.6 % and bounce rate fell from 61 % to 48 % in six weeks."
        ),
    )
    assert {kpi.id: [figure.quote for figure in kpi.figures] for kpi in found} == {
        "conversion-rate": ["from 1.7 % to 2.6 %"],
        "bounce-rate": ["from 61 % to 48 %"],
    }
    assert {kpi.status for kpi in found} == {"evidenced"}
    assert all(figure.period == "six weeks" for kpi in found for figure in kpi.figures)


@pytest.mark.parametrize(
    ("parts", "level"),
    [
        ((PLACE, STEP), 0),
        ((PLACE, STEP, result("The conversion rate got better.")), 1),
        ((PLACE, Part("situation", "We were a team of six people."), STEP), 1),
        ((PLACE, Part("action", "I wrote to 40 customers about it.")), 2),
        ((PLACE, Part("action", "I had two things to do and three kids to feed.")), 1),
        ((PLACE, Part("result", "In the end I had three boxes more.")), 1),
        ((PLACE, Part("action", "I was 24 years old and started on 5 May 2021.")), 0),
        ((PLACE, STEP, result("It was up 20 %.")), 2),
        ((PLACE, STEP, result("Conversion rate was up 20 %.")), 3),
        ((PLACE, STEP, result("Conversion rate was up 20 % in six weeks.")), 4),
        ((PLACE, STEP, result("Conversion rate went from 1.7 % to 2.6 %.")), 4),
        ((PLACE, STEP, result("Conversion rate went from 1.7 % to 2.6 % in six weeks.")), 5),
        ((PLACE, STEP, result("Conversion rate went from 1.7 % to 2.6 % against a target of two.")), 5),
        # The same words as setting are no outcome.
        ((PLACE, Part("situation", "Conversion rate went from 1.7 % to 2.6 % in six weeks."), STEP), 2),
    ],
)
def test_metrics_climbs_with_figure_metric_start_and_time_span(parts: tuple[Part, ...], level: int) -> None:
    assert metrics_of(*parts) == level


@pytest.mark.parametrize(
    ("figure", "kpi_id", "fits"),
    [
        ("20 %", "average-order-value", True),
        ("£64", "average-order-value", True),
        ("£64", "bounce-rate", False),
        ("3x", "website-traffic", True),
        ("three minutes", "average-session-duration", True),
        ("three minutes", "conversion-rate", False),
        ("40 people", "website-traffic", False),
    ],
)
def test_a_figure_must_be_of_the_kpis_kind(figure: str, kpi_id: str, fits: bool) -> None:
    text = f"It was {figure}."
    kpi = next(kpi for kpi in shop_role().kpis if kpi.id == kpi_id)
    assert fits_unit(find_figures(text, find_sentences(text))[0], kpi) == fits


STORY = (
    Part(
        "situation",
        "Last spring I ran the web shop of a small tea brand in Leeds, and phone visitors left early.",
    ),
    Part("task", "My job was to get the checkout back on track before the summer season began."),
    Part(
        "action", "First I watched the recordings of forty visits and noted every place where people stopped."
    ),
    Part("action", "Most of them stopped at the delivery step, where the price came as a surprise."),
    Part("action", "Then I moved that price to the product page and wrote a clear line next to it."),
    Part(
        "action",
        "After that I tested two versions with our developer, one with a free limit and one without.",
    ),
    Part("action", "I explained both to my boss with a small table and we agreed on the limit."),
    Part("result", "Within six weeks the share of full baskets that were left fell from 78 % to 66 %."),
    Part("result", "My boss used the same test for the second shop in autumn, and it held there too."),
    Part("learning", "What I took from it is to watch people before I change a page for them."),
)


def faults_of(*parts: Part) -> tuple[str, ...]:
    return read_delivery(make_signals(*parts)).missing


def test_a_story_that_can_be_spoken_has_no_fault() -> None:
    reading = read_delivery(make_signals(*STORY))
    assert (reading.level, reading.missing) == (5, ())


def test_each_fault_of_delivery_is_found_and_named() -> None:
    giant = Part("action", " ".join(["I checked the page and the cart and the price and the menu"] * 5) + ".")
    filler = Part(
        "other", "The weather in Leeds was fine that year and the trains ran on time for once. " * 4
    )
    noisy = Part("action", "Um, I, you know, sort of rebuilt it, basically, I guess, or something.")
    assert faults_of(*STORY[:6]) == ("short",)
    assert faults_of(*STORY, *(Part("action", p.text.replace("I ", f"I in week {n} ", 1)) for n in range(14)
                              for p in STORY[2:4] if n))[:1] == ("long",)  # fmt: skip
    assert "padded" in faults_of(*STORY, filler)
    assert faults_of(*STORY[6:], *STORY[:6]) == ("order",)
    assert faults_of(*STORY, noisy) == ("fillers",)
    assert faults_of(*STORY, giant) == ("breath",)
    assert faults_of(*STORY, STORY[4]) == ("repeated",)


def test_a_long_answer_of_which_most_is_talk_is_badly_padded_however_short_the_story() -> None:
    talk = [Part("other", f"The {n}th train was late and we all stood there and talked.") for n in range(24)]
    few, many = (read_delivery(make_signals(*STORY[2:6], *part)) for part in (talk[:6], talk))
    assert (few.missing[0], many.missing[0]) == ("short", "padded")
    assert many.level < few.level


def test_faults_add_up_and_a_fragment_stays_low() -> None:
    levels = [
        read_delivery(make_signals(*parts)).level
        for parts in (STORY, (*STORY, STORY[4]), (*STORY[6:], *STORY[:6], STORY[8]), STORY[:2])
    ]
    assert levels[0] == 5
    assert levels[1] == 4
    assert levels[2] < 4
    assert levels[3] <= 2
