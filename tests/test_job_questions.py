"""Questions made from the lines of a job description: their words, their order, and what they cite."""

from __future__ import annotations

import re

import pytest

from benchmarks.question_documents import FILES, JOBS
from coach import Coach
from coach.question_sets.phrases import doing, first_part, phrase_of
from coach.question_sets.trimming import trimmed
from coach.question_sets.weighing import kind_of
from coach.schema import QuestionSet


@pytest.fixture(scope="module")
def sets(coach: Coach) -> dict[str, QuestionSet]:
    return {name: coach.questions(job=FILES / name) for name in JOBS}


@pytest.mark.parametrize(
    ("line", "shape", "text"),
    [
        ("You lead a team of five and a budget of 2 million euros", "do", "lead a team"),
        ("Represent the charity to partners and press", "do", "represent a charity to partners and press"),
        ("Negotiate terms with the vendors once a year", "do", "negotiate terms with the vendors"),
        ("Keep ratings above 4.4 by reading reviews", "do", "keep ratings high by reading reviews"),
        ("Own the weekly newsletter", "do", "manage a weekly newsletter"),
        (
            "Make sure that we comply with consumer law",
            "do",
            "make sure that the company complies with consumer law",
        ),
        ("You develop the roadmap of our B2B shop", "do", "develop a roadmap for a B2B shop"),
        ("Ability to explain figures to pharmacists", "do", "explain figures to pharmacists"),
        (
            "Five or more years in e-commerce, of which at least two in B2B",
            "years",
            "in e-commerce, above all in B2B",
        ),
        ("Experience with PIM and ERP systems, ideally SAP", "experience", "with PIM and ERP systems"),
        ("Experience leading international teams", "experience", "leading international teams"),
        ("Confidence with Excel or Google Sheets", "tool", "Excel or Google Sheets"),
        ("Knowledge of food labelling rules", "knowledge", "food labelling rules"),
        ("You can show how you turned data into a decision", "did", "turned data into a decision"),
        ("Subscription or loyalty programmes", "quote", "Subscription or loyalty programmes"),
    ],
)
def test_a_line_becomes_a_phrase(line: str, shape: str, text: str) -> None:
    assert phrase_of(line) == (shape, text)


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Deliver the targets for a business of £38m a year", "Deliver the targets"),
        ("Lead four heads of department across three sites", "Lead heads of department across several sites"),
        ("Get churn below 6% a month", "Get churn"),
        (
            "Turn local initiatives into one digital business",
            "Turn local initiatives into one digital business",
        ),
        ("", ""),
    ],
)
def test_what_only_this_employer_knows_is_left_out(line: str, kept: str) -> None:
    assert trimmed(line) == kept


def test_verbs_that_stand_together_change_together() -> None:
    do = "lead, hire and coach a team and draw conclusions"
    assert first_part(do) == "lead, hire and coach a team"
    assert doing(first_part(do), "{}ing".format) == "leading, hireing and coaching a team"


def test_on_site_search_is_no_condition() -> None:
    assert kind_of("You improve on-site search", "duties") == "work"
    assert kind_of("Three days on site", "duties") == "condition"


@pytest.mark.parametrize("name", JOBS)
def test_half_of_a_set_is_made_from_lines_in_plain_words(sets: dict[str, QuestionSet], name: str) -> None:
    made = [question for question in sets[name].questions if question.id.startswith("j-")]
    assert 4 <= len(made) <= 5
    for question in made:
        assert not re.search(r"\b\d|million|\bour\b|once a|the last time", question.text), question.text
        assert any(cite.line and cite.quote for cite in question.cites)


@pytest.mark.parametrize("name", JOBS)
def test_what_is_nice_to_have_does_not_open_a_set_and_is_rare(
    sets: dict[str, QuestionSet], name: str
) -> None:
    nice = [place for place, q in enumerate(sets[name].questions) if "would like to have" in q.why]
    assert len(nice) <= 1 and 0 not in nice


def test_a_job_with_nothing_but_wishes_gets_one_question_about_them(coach: Coach) -> None:
    job = (
        "E-commerce Manager\n\nNice to have\n\n- Knowledge of food labelling rules\n- Experience with a PIM\n"
    )
    made = coach.questions(job=job)
    assert len([q for q in made.questions if q.id.startswith("j-")]) == 1
    assert not made.questions[0].id.startswith("j-")


@pytest.mark.parametrize("name", JOBS)
def test_reasons_are_short_and_say_one_thing(sets: dict[str, QuestionSet], name: str) -> None:
    for question in sets[name].questions:
        assert len(question.why.split()) <= 30
        assert "in view" not in question.why and ".”." not in question.why and ";" not in question.why


def test_the_reason_of_a_question_about_a_resume_says_what_is_missing(coach: Coach) -> None:
    whys = " ".join(q.why for q in coach.questions(resume=FILES / "resume-junior.md").questions)
    assert "Your résumé gives a result without a starting point: “Helped" in whys
    assert "Your résumé says “significantly” without a figure: “Wrote" in whys
    assert "Your résumé leaves open which part was yours: “Was part" in whys


def test_a_question_about_a_figure_cites_the_figure(coach: Coach) -> None:
    made = coach.questions(count=20, kpis=["email-open-rate"])
    about = [q for q in made.questions if "email open rate" in q.text and q.source == "composed"]
    assert about and all("Email Open Rate" in [cite.quote for cite in q.cites] for q in about)
