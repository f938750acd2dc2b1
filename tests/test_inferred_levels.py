"""The level of a set that names none: by the job's title, years and team, or else by the résumé."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach import Coach
from coach.documents import read_document, read_text
from coach.question_sets.claims import read_resume
from coach.question_sets.levels import infer_level, leads_a_team, level_notice, level_of_title, years_wanted
from coach.question_sets.requirements import find_requirements

FILES = Path(__file__).parent / "question_files"
PLAIN = "\n\nYour tasks\n\n- Run the web shop\n"


def level_of(job: str = "", resume: str = "") -> str | None:
    lines = read_text(job).lines if job else ()
    read = read_resume(read_text(resume).lines) if resume else None
    found = infer_level(lines, find_requirements(lines), read)
    return found.level if found else None


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("E-commerce Assistant", "entry"),
        ("E-COMMERCE ASSISTANT", "entry"),
        ("Junior E-commerce Manager", "entry"),
        ("Graduate Digital Marketer", "entry"),
        ("Marketing Intern (6 months)", "entry"),
        ("Trainee Merchandiser", "entry"),
        ("Working Student E-commerce", "entry"),
        ("Assistant to the Head of Digital", "entry"),
        ("Digital Marketing Associate", "entry"),
        ("E-commerce Manager", "mid"),
        ("eCommerce Manager - Outdoor Gear", "mid"),
        ("Online Shop Manager (f/m/x)", "mid"),
        ("Trading Executive", "mid"),
        ("Lead Generation Manager", "mid"),
        ("Head Office E-commerce Coordinator", "mid"),
        ("E-commerce Manager, reporting to the Director", "mid"),
        ("E-commerce Manager (reports to Head of Digital)", "mid"),
        ("Senior E-Commerce Manager B2B (m/f/d)", "senior"),
        ("Sr. Marketplace Manager", "senior"),
        ("E-commerce Team Lead", "senior"),
        ("Lead E-commerce Manager", "senior"),
        ("Principal Product Manager", "senior"),
        ("Head of Marketplaces", "lead"),
        ("JOB TITLE: Head of Digital Commerce", "lead"),
        ("Director of Digital Trading", "lead"),
        ("VP E-commerce", "lead"),
        ("Vice President, Online", "lead"),
        ("Chief Digital Officer", "lead"),
        ("Deputy Head of E-commerce", "lead"),
        ("Assistant Manager", "unsure"),
        ("Associate Manager E-commerce", "unsure"),
        ("Senior Online Assistant", "unsure"),
        ("Junior to Senior Developer", "unsure"),
        ("We love shoes", None),
        ("Manchester, three days in the office", None),
    ],
)
def test_titles(title: str, level: str | None) -> None:
    assert level_of_title(title) == level


@pytest.mark.parametrize(
    ("line", "years"),
    [
        ("Five or more years in e-commerce, of which at least two in B2B", 5),
        ("8+ years in e-commerce with at least 4 years in a leading role", 8),
        ("3-5 years of experience in online retail", 3),
        ("You've probably spent three or four years in a small business", 3),
        ("5+ years of eCommerce experience with a consumer brand", 5),
        ("Minimum 6 years in e-commerce", 6),
        ("At least 7 years' experience in trading", 7),
        ("We sell tools with 5 years warranty", 0),
        ("Voted best shop three years in a row", 0),
        ("Grow sales to 20 million within four years", 0),
        ("Write the five-year strategy", 0),
        ("60 years of history", 0),
    ],
)
def test_years(line: str, years: int) -> None:
    assert years_wanted(line) == years


@pytest.mark.parametrize(
    ("line", "leads"),
    [
        ("You lead a team of five and a budget of 2 million euros", True),
        ("Lead, hire and coach a team of twelve marketplace managers", True),
        ("Experience leading international teams", True),
        ("Build and lead our online team", True),
        ("Manage a team of four", True),
        ("Work with senior colleagues in a team of eight", False),
        ("Support the team lead", False),
        ("Join our team of six", False),
        ("Keep lead times short with the warehouse team", False),
        ("Manage and develop one trading executive", False),
        ("You report to the Head of Digital", False),
    ],
)
def test_teams(line: str, leads: bool) -> None:
    assert leads_a_team(line) is leads


@pytest.mark.parametrize(
    ("job", "level"),
    [
        (f"E-commerce Manager{PLAIN}", "mid"),
        (f"E-commerce Manager{PLAIN}- At least 5 years of experience in e-commerce\n", "senior"),
        (f"E-commerce Manager{PLAIN}- 10+ years of experience in e-commerce\n", "lead"),
        (f"E-commerce Manager{PLAIN}- Lead a team of six\n", "senior"),
        (f"E-commerce Manager{PLAIN}- You report to the Head of Digital\n", "mid"),
        (f"E-commerce Manager{PLAIN}- Work with senior colleagues and directors\n", "mid"),
        (f"E-commerce Manager{PLAIN}- Hire an assistant\n- Shorten lead times\n", "mid"),
        (f"E-commerce Assistant{PLAIN}- 6 years of experience in e-commerce\n", None),
        (f"Assistant Manager{PLAIN}", None),
        (f"Head of Digital{PLAIN}- 3 years of experience in e-commerce\n", "lead"),
        ("Your tasks\n\n- Run the web shop\n- Plan the range\n", None),
        ("Your profile\n\n- Three years of experience in online trading\n", "mid"),
        (f"We are looking for a Senior Trading Manager{PLAIN}", "senior"),
    ],
)
def test_jobs(job: str, level: str | None) -> None:
    assert level_of(job) == level


@pytest.mark.parametrize(
    ("resume", "level"),
    [
        ("Online Assistant, Bramble Gifts (2024 - present)\n", "entry"),
        ("E-commerce Manager, Pantry, 2021 - present\n", "mid"),
        ("E-commerce Manager, Pantry, 2012 - 2024\n", "senior"),
        ("Digital Director, Re:Wear, 2019 to present\n\nBuyer, Tallis, 2005 to 2019\n", "lead"),
        ("I like shops.\n", None),
    ],
)
def test_resumes(resume: str, level: str | None) -> None:
    assert level_of(resume=resume) == level


def test_the_job_decides_before_the_resume() -> None:
    resume = "Digital Director, Re:Wear, 2019 to present\n"
    assert level_of(f"E-commerce Assistant{PLAIN}", resume) == "entry"
    assert level_of(f"Assistant Manager{PLAIN}", resume) == "lead"


def test_a_set_says_for_which_level_it_was_made_and_why(coach: Coach) -> None:
    made = coach.questions(job=FILES / "senior-spare-parts.html")
    (notice,) = (w for w in made.warnings if w.code == "level_inferred")
    assert made.tailoring.level == "senior"
    assert notice.message.startswith("Made for senior level, as the job description says “Senior E-Commerce")
    assert all(question.level == "senior" for question in made.questions)


def test_the_level_that_a_person_names_wins(coach: Coach) -> None:
    made = coach.questions(job=FILES / "director-charity.pdf", level="entry")
    assert made.tailoring.level == "entry"
    assert "level_inferred" not in {w.code for w in made.warnings}


def test_a_long_line_is_cut_in_the_notice() -> None:
    lines = read_document(FILES / "late-pharmacy.txt").lines
    found = infer_level(lines, find_requirements(lines), None)
    assert found and found.level == "lead"
    assert "…”" in level_notice(found._replace(words="word " * 40)).message
