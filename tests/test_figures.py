"""Figures as people say them: value, unit, start, period; and what only looks like one."""

from __future__ import annotations

from itertools import pairwise

import pytest

from coach.signals.figures import find_figures
from coach.signals.numbers import find_amounts
from coach.signals.segments import find_sentences
from tests.evals.variants import read_base_answers

# text, value, unit
SINGLE = [
    ("Our budget was $5,000.", 5000, "$"),
    ("We took €1.2m that spring.", 1_200_000, "€"),
    ("Sales hit £80k.", 80_000, "£"),
    ("Revenue hit ₹1.5 crore.", 15_000_000, "₹"),
    ("We made 1.5 crore rupees.", 15_000_000, "₹"),
    ("It cost ₹2 lakh.", 200_000, "₹"),
    ("It cost Rs. 500.", 500, "₹"),
    ("It cost USD 500.", 500, "$"),
    ("We spent 300 euros on it.", 300, "€"),
    ("We spent five hundred pounds.", 500, "£"),
    ("It cost three thousand dollars.", 3000, "$"),
    ("Sales of $1.2 million came in.", 1_200_000, "$"),
    ("Sales of 1 200 euros came in.", 1200, "€"),
    ("We sent 1,25,000 emails.", 125_000, "emails"),
    ("We gained 10K followers.", 10_000, "followers"),
    ("Returns fell by 12%.", 12, "%"),
    ("Returns fell by 12 per cent.", 12, "%"),
    ("Returns fell by 12 percent.", 12, "%"),
    ("It was 2,4 % then.", 2.4, "%"),
    ("It was two point five percent.", 2.5, "%"),
    ("It improved by 4 percentage points.", 4, "pp"),
    ("The bounce rate fell 3.5pp.", 3.5, "pp"),
    ("The bounce rate fell 3.5 pp.", 3.5, "pp"),
    ("It rose two points.", 2, "pp"),
    ("Sales grew 3x.", 3, "x"),
    ("Sales grew four times.", 4, "x"),
    ("Sales doubled.", 2, "x"),
    ("Traffic tripled.", 3, "x"),
    ("We halved the returns.", 0.5, "x"),
    ("Costs dropped by a third.", 33.3, "%"),
    ("Costs dropped by half.", 50, "%"),
    ("We cut the cost in half.", 50, "%"),
    ("Orders grew by a quarter.", 25, "%"),
    ("Two thirds of visitors left.", 66.7, "%"),
    ("One third of visitors left.", 33.3, "%"),
    ("Three quarters of customers came back.", 75, "%"),
    ("One in eight visitors bought something.", 12.5, "%"),
    ("4 out of 5 customers came back.", 80, "%"),
    ("We had thirty-five complaints.", 35, "complaints"),
    ("About two hundred customers signed.", 200, "customers"),
    ("A hundred orders came.", 100, "orders"),
    ("Our rating was 4.4 then.", 4.4, ""),
    ("Half a million visits came.", 500_000, "visits"),
    ("Eleven thousand six hundred visitors came.", 11_600, "visitors"),
    ("It was six hundred and forty pounds.", 640, "£"),
    ("It was two and a half percent.", 2.5, "%"),
    ("It cost one and a half million euros.", 1_500_000, "€"),
    ("It cost us ninety grand.", 90_000, ""),
    ("The turnover was 1,5 Mio Euro.", 1_500_000, "€"),
    ("The turnover was 1.200 Euro.", 1200, "€"),
    ("The budget was Rs 3 lakh.", 300_000, "₹"),
    ("It cost KES 3,000.", 3000, "KES"),
    ("It cost 300 bob.", 300, "KES"),
    ("It cost €1.2-1.5m.", 1_350_000, "€"),
    ("It fell 12-15 %.", 13.5, "%"),
    ("It fell 12 to 15 percent.", 13.5, "%"),
    ("We sold between 10 and 20 units.", 15, "units"),
    ("2 in 5 customers came back.", 40, "%"),
    ("Half of the customers came back.", 50, "%"),
    ("A third fewer returns came.", 33.3, "%"),
    ("Sales nearly doubled.", 2, "x"),
    ("Sales grew 3,5-fold.", 3.5, "x"),
    ("Sales grew tenfold.", 10, "x"),
    ("We had twice as many orders.", 2, "x"),
    ("We had three times as many orders.", 3, "x"),
    ("We had almost double the orders.", 2, "x"),
    ("ROAS was 2.4x.", 2.4, "x"),
    ("A return of 4:1 came of it.", 4, "x"),
    ("ROAS was at 4.", 4, ""),
    ("People stayed 4:30 minutes.", 4.5, "minutes"),
    ("The average session was 1:30.", 1.5, "minutes"),
    ("The average session was one minute thirty.", 1.5, "minute"),
    ("The bag had 45 like these.", 45, ""),
]

# text, from, value, unit
CHANGES = [
    ("Conversion went from 1.7 % to 2.6 %.", 1.7, 2.6, "%"),
    ("Sales rose from €12k to €18k.", 12_000, 18_000, "€"),
    ("Revenue grew from £1.2m to £1.5m.", 1_200_000, 1_500_000, "£"),
    ("Turnover went from ₹2 lakh to ₹5 lakh.", 200_000, 500_000, "₹"),
    ("Conversion was 1.7% → 2.6%.", 1.7, 2.6, "%"),
    ("Conversion 1.7% -> 2.6%.", 1.7, 2.6, "%"),
    ("Order value climbed, $63 to $68.", 63, 68, "$"),
    ("Conversion is at 3.1 %, up from 2.4 %.", 2.4, 3.1, "%"),
    ("Conversion hit 3.1 % compared with 2.4 % before.", 2.4, 3.1, "%"),
    ("Sales of £80,000 against £60,000 before.", 60_000, 80_000, "£"),
    ("We cut it to 2.4 seconds, down from 6 seconds.", 6, 2.4, "seconds"),
    ("It was 6 seconds and ended at 2.4 seconds.", 6, 2.4, "seconds"),
    ("Our rating was at 4.4 stars, up from 3.9.", 3.9, 4.4, "stars"),
    ("Complaints went from forty a week to nine.", 40, 9, ""),
    ("It went from around 200 orders a week to nearly 350.", 200, 350, "orders"),
    ("From 200 to 350 subscribers.", 200, 350, "subscribers"),
    ("By month six it fell from 14% to 9%.", 14, 9, "%"),
    ("It went from 61 down to 38 percent.", 61, 38, "%"),
    ("It went from 14 to 12 and then to 9 percent.", 14, 9, "%"),
    ("It was 4 days and is now 1.", 4, 1, "days"),
    ("It used to take 4 days, now it takes one.", 4, 1, "days"),
    ("It was 2.1, now 2.9.", 2.1, 2.9, ""),
    ("It was 2.1 before and 2.9 after.", 2.1, 2.9, ""),
    ("It was 1.4 in the beginning and 3.1 in month five.", 1.4, 3.1, ""),
    ("It was $118, it had been $97.", 97, 118, "$"),
    ("It was 212 instead of 186 Euro.", 186, 212, "€"),
    ("It was 3.8%, before it's only 2.6.", 2.6, 3.8, "%"),
    ("It was 0.95 where the old site had been 0.9.", 0.9, 0.95, ""),
    ("New ones had 3.4% and the old ones sat around 1.9.", 1.9, 3.4, "%"),
    ("We got 18,000 from the usual 2,500 a day.", 2500, 18_000, ""),
    ("It passed from 160 to 205 euro.", 160, 205, "€"),
    ("It went from 1.200 to 1.800 Euro.", 1200, 1800, "€"),
    ("It rose from about two thousand a week to a bit over four.", 2000, 4000, ""),
    ("Visits lasted 4:30 minutes on average against 3:00.", 3, 4.5, "minutes"),
    ("It rose from one minute thirty to two minutes thirty.", 1.5, 2.5, "minutes"),
    ("It went from 90 seconds to 2 minutes.", 1.5, 2, "minutes"),
]

# text, the figure's period
PERIODS = [
    ("It went from 1.7 % to 2.6 % in six weeks.", "six weeks"),
    ("Returns fell by 12 % within two months.", "two months"),
    ("Sales rose from €12k to €18k by December.", "by December"),
    ("Revenue grew 12 % year on year.", "year on year"),
    ("Revenue grew 12 % month over month.", "month over month"),
    ("It rose 12% against last year.", "against last year"),
    ("By month six from 14% we got to 9%.", "month six"),
    ("By week 12 it was 9%.", "week 12"),
    ("Sales doubled in a year.", "a year"),
    ("It rose from 5% to 9% over the summer.", "the summer"),
    ("It rose by 9% in the first quarter.", "the first quarter"),
    ("It rose by 9% in Q3.", "Q3"),
    ("Orders went from 200 to 350 a week in eight weeks.", "eight weeks"),
    ("Traffic went from 20% to 30%. It happened within three months.", "three months"),
    ("It rose by 9%. We then rested for three months.", None),
    ("It rose by 9%.", None),
]

NO_FIGURES = [
    "In 2021 I worked on it.",
    "On 12/03/2021 we launched.",
    "We launched on 5 May 2022, a Thursday.",
    "It went live on March 12.",
    "It was the 1st of May.",
    "We met at 9 am.",
    "We met at 9:30.",
    "We met at 10 o'clock.",
    "I set up GA4.",
    "Support was 24/7.",
    "In Q3 we changed it.",
    "It was B2B work.",
    "COVID-19 hit.",
    "1. I checked it\n2. I mended it",
    "1) I checked it\n12) I mended it",
    "By week 12 it was done.",
    "We shipped version 3.2 of the app.",
    "One of them left.",
    "I was the third person there.",
    "In the third quarter sales rose.",
    "He left in half an hour.",
    "I was 17 years old.",
    "When I was 16 I sold shoes.",
    "I am twenty-four and from Leeds.",
    "Most of them were women over 45 like her.",
    "A 60-year-old man came.",
    "It was on 11.11 that we sold most.",
    "It came on 24.12.2021 in the end.",
    "I called them twice.",
    "We had double size orders.",
    "I shared a double room.",
]


@pytest.mark.parametrize(("text", "value", "unit"), SINGLE)
def test_a_figure_is_read_with_its_unit(text: str, value: float, unit: str) -> None:
    (figure,) = find_figures(text, find_sentences(text))
    assert (round(figure.value, 6), figure.unit, figure.from_) == (value, unit, None)
    assert figure.quote == text[figure.start : figure.end]


@pytest.mark.parametrize(("text", "base", "value", "unit"), CHANGES)
def test_two_ends_of_a_change_are_one_figure(text: str, base: float, value: float, unit: str) -> None:
    (figure,) = find_figures(text, find_sentences(text))
    assert (figure.from_, figure.value, figure.unit) == (base, value, unit)
    assert figure.quote == text[figure.start : figure.end]


@pytest.mark.parametrize(("text", "period"), PERIODS)
def test_the_period_of_a_figure_is_the_time_it_took(text: str, period: str | None) -> None:
    figures = find_figures(text, find_sentences(text))
    assert figures[-1 if text.startswith("By month") else 0].period == period


@pytest.mark.parametrize("text", NO_FIGURES)
def test_what_measures_nothing_is_no_figure(text: str) -> None:
    assert find_figures(text, find_sentences(text)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "We sold between 10 and 15 units.",
        "It took 10-15 days.",
        "It is between 5% and 10%.",
        "It costs $5 or $10.",
    ],
)
def test_a_range_is_no_change(text: str) -> None:
    figures = find_figures(text, find_sentences(text))
    assert figures
    assert all(figure.from_ is None for figure in figures)


def test_a_period_before_a_value_is_no_end_of_a_change() -> None:
    text = "It rose to 2.6 % in six weeks, it used to be 1.7."
    assert [figure.from_ for figure in find_figures(text, find_sentences(text))] == [None, None, None]


def test_a_number_of_occasions_multiplies_nothing() -> None:
    text = "I called them three times a week."
    (figure,) = find_figures(text, find_sentences(text))
    assert figure.unit == "times"


def test_amounts_come_in_order_and_quote_the_answer() -> None:
    for answer in read_base_answers():
        amounts = find_amounts(answer.text)
        for before, after in pairwise(amounts):
            assert before.end <= after.start
        for figure in find_figures(answer.text, find_sentences(answer.text)):
            assert figure.quote == answer.text[figure.start : figure.end] == figure.quote.strip()


def test_a_line_that_opens_with_a_figure_keeps_it() -> None:
    text = "What came of it:\n2.6 % conversion in six weeks"
    (figure,) = [f for f in find_figures(text, find_sentences(text)) if f.unit == "%"]
    assert (figure.value, figure.period) == (2.6, "six weeks")
