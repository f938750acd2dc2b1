"""Which figures prove a KPI: what came of the work, however it is said, whatever its clause was labelled."""

from __future__ import annotations

from time import perf_counter

import pytest

from coach.judges.kpis import find_kpis
from coach.schema import KpiFinding, Label
from tests.stories import Part, lexicon, make_signals, shop_role

PLACE = Part("situation", "I ran the web shop of a small tea brand.")
STEP = Part("action", "I moved the price to the product page.")

OUTCOMES = [
    ("Conversion went from 1.7 % to 2.6 %.", "conversion-rate"),
    ("Conversion was 2.1, now 2.9.", "conversion-rate"),
    ("Our CVR ended at 3.1 percent.", "conversion-rate"),
    ("It took three months, but conversion got to 3 %.", "conversion-rate"),
    ("2.6 % conversion in six weeks, it used to be 1.7.", "conversion-rate"),
    ("Checkout completion rose 8 percentage points.", "conversion-rate"),
    ("Bounce fell by a third.", "bounce-rate"),
    ("The bounce rate is 20 % lower than it was.", "bounce-rate"),
    ("Website traffic nearly doubled.", "website-traffic"),
    ("We got twice as many visitors to the site.", "website-traffic"),
    ("Sessions went up from 12k to 18k a month.", "website-traffic"),
    ("AOV up £6, from £52.", "average-order-value"),
    ("People spent £31 per order instead of £24.", "average-order-value"),
    ("The average basket grew by 12-15 %.", "average-order-value"),
    ("Cost per new customer halved.", "customer-acquisition-cost"),
    ("We paid $18 for each new customer, down from $31.", "customer-acquisition-cost"),
    ("We cut CAC from Rs 540 to Rs 320.", "customer-acquisition-cost"),
    ("ROAS climbed to 4:1.", "return-on-ad-spend"),
    ("ROAS came out at five.", "return-on-ad-spend"),
    ("For every pound spent on ads we got £4.20 back by June.", "return-on-ad-spend"),
    ("Time on site rose from 1:40 to 2:55.", "average-session-duration"),
    ("Visitors stayed two minutes longer.", "average-session-duration"),
    ("Fewer people left their baskets: 66 % instead of 78 %.", "cart-abandonment-rate"),
    ("Cart abandonment dropped 12 points.", "cart-abandonment-rate"),
    ("Two in five opened it by then, up from one in four.", "email-open-rate"),
    ("The newsletter was opened by 34 % of the list, before it was 21.", "email-open-rate"),
    ("It was plus 71 percent, with a ROAS of 6.2 against 4.1 the year before.", "return-on-ad-spend"),
    ("Lifetime value was up by a quarter.", "customer-lifetime-value"),
    ("A customer is now worth €210 to us over two years, and was €160.", "customer-lifetime-value"),
]

NO_OUTCOMES = [
    "Conversion was 1.7 % when I joined.",
    "My goal was to get conversion to 3 %.",
    "We wanted a bounce rate under 40 %.",
    "The target for ROAS was 4.",
    "The plan was to cut CAC by 20 %.",
    "I will bring the conversion rate to 3 %.",
    "Conversion would rise by 20 % with that.",
    "A good conversion rate is usually 2 or 3 %.",
    "If you cut the price, conversion goes up 10 %.",
    "Our competitor had a conversion rate of 4 %.",
    "The industry average conversion is 2.5 %.",
    "I watched conversion rate, AOV, bounce rate and ROAS.",
    "Half of the visitors got it for three weeks. With it, 11 % fewer left right after a search.",
    "A fifth of the customers we left without a message to compare. 33 percent against 24 there.",
    "It ran for ten percent of mobile traffic at first, then fifty, then everyone.",
    "Conversion mattered and returns went from 11 to 8 percent.",
    "Open rate was something I checked 3 times a week.",
    "I had two things to do for conversion.",
    "I was 24 when I learned about bounce rates.",
    "On 11.11 we looked at conversion.",
    "I ran 12 tests on conversion.",
    "We looked at lifetime value by product, as a ₹299 lip balm brings others than a ₹1,499 kit.",
]


def kpis_of(*parts: Part) -> list[KpiFinding]:
    signals = make_signals(*parts)
    found = find_kpis(signals, [[] for _ in signals.clauses], shop_role(), None, lexicon())
    return [kpi for kpi in found if kpi.status != "suggested"]


def proven(*parts: Part) -> list[str]:
    return [kpi.id for kpi in kpis_of(*parts) if kpi.status == "evidenced"]


@pytest.mark.parametrize("label", ["result", "action", "situation", "other"])
@pytest.mark.parametrize(("text", "kpi_id"), OUTCOMES)
def test_an_outcome_proves_its_kpi_whatever_the_label(text: str, kpi_id: str, label: Label) -> None:
    assert proven(PLACE, STEP, Part(label, text)) == [kpi_id]


@pytest.mark.parametrize("label", ["result", "action", "situation", "task", "other"])
@pytest.mark.parametrize("text", NO_OUTCOMES)
def test_starts_targets_plans_claims_and_names_prove_nothing(text: str, label: Label) -> None:
    assert proven(PLACE, STEP, Part(label, text)) == []


def test_a_change_for_the_worse_before_any_step_is_what_set_the_story_off() -> None:
    fall = "Conversion had dropped from 2.6 % to 1.7 %."
    assert proven(PLACE, Part("situation", fall)) == []
    assert proven(PLACE, STEP, Part("result", fall)) == ["conversion-rate"]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Bounce rate went from 40 % to 48 %.", True),
        ("Bounce rate went from 48 % to 40 %.", False),
        ("Conversion rate went from 2.6 % to 1.7 %.", True),
        ("Conversion rate fell by 12 %.", True),
        ("Our CAC rose by 12 %.", True),
        ("Our CAC halved.", False),
        ("Our AOV doubled.", False),
    ],
)
def test_a_change_the_wrong_way_is_said(text: str, wrong: bool) -> None:
    (kpi,) = kpis_of(PLACE, STEP, Part("result", text))
    assert kpi.status == "evidenced"
    assert ("wrong way" in kpi.why) == wrong


def test_a_later_sentence_without_a_metric_goes_on_about_the_kpi() -> None:
    start = Part("situation", "Our ROAS was at 2.7 when I joined.")
    (kpi,) = kpis_of(PLACE, start, STEP, Part("action", "By week 13 we were at 4.4."))
    assert (kpi.id, kpi.status) == ("return-on-ad-spend", "evidenced")
    assert [(figure.quote, figure.from_) for figure in kpi.figures] == [("4.4", 2.7)]


def test_a_figure_of_another_metric_is_not_taken_for_the_kpi() -> None:
    start = Part("situation", "Conversion was at 2.7 % when I joined.")
    assert proven(PLACE, start, STEP, Part("result", "By June the return rate was 4.4 %.")) == []


def test_two_kpis_with_values_of_one_kind_keep_their_own() -> None:
    text = "By March the acquisition cost had reduced to ₹320, the lifetime value had risen to ₹1,650."
    found = kpis_of(PLACE, STEP, Part("result", text))
    assert {kpi.id: [figure.quote for figure in kpi.figures] for kpi in found} == {
        "customer-acquisition-cost": ["₹320"],
        "customer-lifetime-value": ["₹1,650"],
    }


def test_a_sentence_that_never_ends_is_read_in_seconds() -> None:
    endless = "Conversion went from 1.7 % to 2.6 % and visitors left their basket who " * 130
    began = perf_counter()
    assert proven(PLACE, STEP, Part("result", endless)) == ["conversion-rate"]
    assert perf_counter() - began < 10
