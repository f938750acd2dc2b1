"""`coach questions` as a stranger would run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coach.schema import QuestionSet
from tests.conftest import REPO_ROOT
from tests.contract.conftest import Program
from tests.model_server.question_replies import question_server

FILES = REPO_ROOT / "tests" / "question_files"
KEYS = {"schema_version", "role", "tailoring", "questions", "coverage", "warnings", "engine"}
QUESTION_KEYS = {
    *("id", "text", "kind", "topics", "stage", "level", "activities", "kpis", "why"),
    *("strong_answer_shows", "follow_ups", "source"),
}


def test_json_is_the_contracts(program: Program) -> None:
    ran = program("questions", "--role", "e-commerce-manager", "--format", "json")
    assert (ran.code, ran.stderr) == (0, "")
    assert set(ran.object) == KEYS
    assert all(set(question) >= QUESTION_KEYS for question in ran.object["questions"])
    assert set(ran.object["coverage"]) >= {"activities", "kpis"}
    assert len(QuestionSet.model_validate(ran.object).questions) == 10


def test_all_options_narrow_the_set(program: Program, tmp_path: Path) -> None:
    first = tmp_path / "first.json"
    wishes = (
        "--count",
        "3",
        "--level",
        "senior",
        "--kind",
        "behavioural",
        "--topic",
        "Strategy",
        "--seed",
        "4",
    )
    assert program("questions", *wishes, "--format", "json", "--out", first).code == 0
    made = program(
        *("questions", *wishes, "--json", "--avoid", first, "--jd", FILES / "mid-grocery.md"),
        *("--resume", FILES / "resume-junior.md", "--judge", "evidence"),
    ).object
    before = {question["id"] for question in json.loads(first.read_text(encoding="utf-8"))["questions"]}
    assert made["questions"] and not before & {question["id"] for question in made["questions"]}
    tailoring = made["tailoring"]
    assert (tailoring["level"], tailoring["kinds"], tailoring["seed"]) == ("senior", ["behavioural"], 4)
    assert tailoring["job"] and tailoring["resume"] and tailoring["avoided"] > 0
    assert {q["kind"] for q in made["questions"]} == {"behavioural"}


def test_the_readable_list_says_why_and_what_is_cited(program: Program) -> None:
    job = (FILES / "mid-grocery.md").read_bytes()
    ran = program("questions", "--jd", "-", "--count", "12", stdin=job)
    assert ran.code == 0
    for words in ("12 questions", "job description, line", "Covered:", " 1. ", "12. "):
        assert words in ran.stdout


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--stage", "phone call"), "phone-screening"),
        (("--topic", "Strategie"), "Nearest: Strategy"),
        (("--kpi", "conversions"), "conversion-rate"),
        (("--activity", "cooking"), "There are:"),
        (("--role", "e-comerce"), "e-commerce-manager"),
        (("--count", "500"), "1 to 50"),
        (("--jd", "nowhere.pdf"), "no file nowhere.pdf"),
        (("--jd", "-"), "no text"),
        (("--jd", str(FILES)), "folder"),
        (("--avoid", str(FILES / "mid-grocery.md")), "no set of questions"),
        (("--out", "set.xyz"), "format"),
        (("--json", "--format", "md"), "differ"),
        (("--json", "--out", "set.csv"), "--json and the ending of set.csv differ"),
        (("--format", "docx", "--out", "set.pdf"), "--format docx and the ending of set.pdf differ"),
        (("--jd", "-", "--resume", "-"), "Only one of them can be -"),
        (("--avoid", "no\x1b[31m\u202e.json"), "no file no?[31m?.json"),
        (("--out", "no\x1b[31m\u202e.xyz"), "no?[31m?.xyz names no format"),
        (("--avoid", str(FILES)), "is a folder"),
    ],
)
def test_bad_input_is_two_lines_and_exit_code_2(
    program: Program, options: tuple[str, ...], expected: str
) -> None:
    ran = program("questions", *options)
    assert (ran.code, ran.stdout) == (2, "")
    assert expected in ran.stderr
    assert len(ran.stderr.splitlines()) == 2


def test_a_file_that_cannot_be_written_is_exit_code_4(program: Program, tmp_path: Path) -> None:
    ran = program("questions", "--count", "2", "--out", tmp_path / "no" / "set.json")
    assert ran.code == 4
    assert "cannot be written" in ran.stderr


def test_a_folder_is_no_file_to_write(program: Program, tmp_path: Path) -> None:
    ran = program("questions", "--out", tmp_path, "--format", "md", "--jd", "nowhere.pdf")
    assert ran.code == 4
    assert "it is a folder" in ran.stderr


def test_a_file_that_is_read_is_not_written_over(program: Program, tmp_path: Path) -> None:
    job = tmp_path / "job.md"
    job.write_bytes((FILES / "mid-grocery.md").read_bytes())
    ran = program("questions", "--jd", job, "--out", job)
    assert (ran.code, ran.stdout) == (2, "")
    assert "is read for this set" in ran.stderr
    assert job.read_bytes() == (FILES / "mid-grocery.md").read_bytes()


def test_a_set_for_another_role_is_told(program: Program, tmp_path: Path) -> None:
    other = program("questions", "--count", "2", "--json").object | {"role": "florist"}
    path = tmp_path / "other.json"
    path.write_text(json.dumps(other), encoding="utf-8-sig")
    ran = program("questions", "--count", "2", "--json", "--avoid", path)
    assert ran.code == 0
    assert "other.json is a set for another role, florist." in ran.stderr


def test_a_model_is_asked_over_the_network_once(program: Program, tmp_path: Path) -> None:
    with question_server() as server:
        ran = program(
            *("questions", "--jd", FILES / "mid-grocery.md", "--json"),
            *("--judge", f"openai/questions@{server.api_base}"),
            OPENAI_API_KEY="sk-secret",
            COACH_DATA_DIR=tmp_path,
        )
    assert ran.code == 0
    assert ran.object["engine"]["model"] == "openai/questions"
    assert len(server.requests) == 1
    assert "sk-secret" not in ran.stdout + ran.stderr


def test_a_model_nobody_knows_is_a_wrong_setting(program: Program) -> None:
    ran = program("questions", "--judge", "nobody-makes-this-model")
    assert (ran.code, ran.stdout) == (3, "")


def test_help_has_an_example(program: Program) -> None:
    assert "coach questions --jd" in program("questions", "--help").stdout
