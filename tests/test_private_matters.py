"""Lines about private matters lead to no question and are shown to no model; ordinary work is kept."""

from __future__ import annotations

import pytest

from coach.documents import Line, read_text
from coach.question_sets.claims import read_resume
from coach.question_sets.model_request import shown
from coach.question_sets.private_matters import is_private
from coach.question_sets.requirements import (
    MOST_REQUIREMENTS,
    Requirement,
    find_requirements,
    requirement_warnings,
)

UNLAWFUL_DEMANDS = (
    "Aged between 25 and 35",
    "You are no older than 35",
    "Must be unmarried and without children",
    "You must be a practising Christian",
    "Native German with German parents",
    "Willing to tell us about your pregnancy plans",
    "Young and dynamic",
    "Good health and no chronic illness",
    "Must not be a trade union member",
    "You have no plans to start a family",
    "Membership of the Catholic Church",
    "Male candidates only",
    "Heterosexual lifestyle",
    "No wheelchair users",
    "White British heritage",
    "Clean credit history and no debts",
    "Military service completed",
    "Two recent photographs showing your face",
    "Husband who supports your career",
    "Able-bodied",
    "Menopause behind you",
    "Knowledge of your wife's job",
    "Kids are grown up",
)
PRIVATE_CLAIMS = (
    "Born 3 May 1979, married, two children",
    "Raised two kids while growing sales",
    "Grew sales after my breast cancer treatment",
    "Improved my mental health after a burnout",
    "Treasurer of the Baptist church youth group, increased donations",
    "Led the works council and improved pay",
    "Reduced my working hours because of my pregnancy",
    "Improved accessibility from my own wheelchair",
    "Increased turnout for the Green party campaign in which I ran",
    "Cut my weight by 30 kg",
    "Recovered from alcohol addiction and improved my life",
    "Managed a household of five and cut costs",
    "Prisoner, HMP Leeds, 2019 - 2020",
    "Imam, Leeds Mosque, 2020 - 2022",
    "Grew the congregation",
)
WORK = (
    "Plan race day campaigns for a running brand",
    "Experience with gender-neutral fashion ranges",
    "Manage a disability charity web shop",
    "Build tools for people with disabilities",
    "Regardless of channel, you will own the margin",
    "Vetting of suppliers",
    "Race to the top of search results",
    "Coach married couples in sales",
    "Segment customers by age and gender",
    "Sell wheelchair accessories and mobility aids",
    "Increase the donations to a cancer charity",
    "Invited ten parents who had bought our high chair to a video call about it",
    "Upsold flower subscribers to a vase once and tied it to the birthday of a friend",
    "Improved the weight limits of parcels",
    "Negotiated with the works council about opening hours",
    "Tested a checkout for male and female shoppers",
)


@pytest.mark.parametrize("line", UNLAWFUL_DEMANDS)
def test_what_may_not_be_asked_is_no_requirement_and_is_told(line: str) -> None:
    lines = read_text(f"Online Shop Lead\n\nRequirements:\n- Plan the trading calendar\n- {line}\n").lines
    found = find_requirements(lines)
    assert [requirement.text for requirement in found] == ["Plan the trading calendar"]
    assert "private_in_job" in {notice.code for notice in requirement_warnings(lines, found)}
    assert line not in shown(lines).numbers.values()


@pytest.mark.parametrize("line", PRIVATE_CLAIMS)
def test_what_is_private_is_no_claim_and_is_told(line: str) -> None:
    lines = read_text(f"Work\n\nShop Manager, Acme Ltd, 2010 - 2015\n- Ran the shop floor\n- {line}\n").lines
    resume = read_resume(lines)
    assert [claim.text for claim in resume.claims][1:] == ["Ran the shop floor"]
    assert "private_in_resume" in {notice.code for notice in resume.warnings}
    assert line not in shown(lines).numbers.values()


@pytest.mark.parametrize("line", WORK)
def test_ordinary_work_is_kept(line: str) -> None:
    lines = read_text(f"Online Shop Lead\n\nTasks:\n- {line}\n").lines
    assert not is_private(line)
    assert [requirement.text for requirement in find_requirements(lines)] == [line]
    assert requirement_warnings(lines, find_requirements(lines)) == ()


def test_the_notice_counts_lines() -> None:
    lines = read_text(
        f"Requirements:\n- {UNLAWFUL_DEMANDS[0]}\n- {UNLAWFUL_DEMANDS[2]}\n- Plan sales\n"
    ).lines
    (notice,) = requirement_warnings(lines, find_requirements(lines))
    assert notice.message.startswith("2 lines of the job description left out")


def test_an_endless_job_description_is_read_in_part() -> None:
    lines = [Line(1, "Tasks", "heading")]
    lines += [Line(number, f"Plan campaign number {number}", "item") for number in range(2, 5000)]
    found = find_requirements(lines)
    assert len(found) == MOST_REQUIREMENTS
    assert isinstance(found[-1], Requirement)
    assert found[-1].number == MOST_REQUIREMENTS + 1
    assert [notice.code for notice in requirement_warnings(lines, found)] == ["job_long"]


def test_an_endless_resume_is_read_in_part() -> None:
    lines = [Line(1, "Shop Manager, Acme Ltd, 2010 - 2015")]
    lines += [Line(number, f"Increased sales of shop {number} by 3%", "item") for number in range(2, 3000)]
    resume = read_resume(lines)
    assert len(resume.claims) == 1000
    assert [notice.code for notice in resume.warnings] == ["resume_long"]
