"""The other commands: help, roles, index, history, doctor, and what a wrong setting or folder gets."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import REPO_ROOT
from tests.contract.conftest import Program
from tests.factories import ANSWER

ROLE = "e-commerce-manager"
COMMANDS = [
    "feedback", "roles", "roles list", "roles show", "roles check", "history", "history list", "history show",
    "history export", "history delete", "index", "index build", "index status", "app", "doctor",
]  # fmt: skip


def test_help_shows_an_example_of_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    from coach.cli import main

    for command in ["", *COMMANDS]:
        with pytest.raises(SystemExit) as left:
            main([*command.split(), "--help"])
        said = capsys.readouterr()
        assert (left.value.code, said.err) == (0, "")
        assert "xample" in said.out and f"coach {command}" in said.out.split("xample", 1)[1], command


def test_without_a_command_it_says_which_there_are(program: Program) -> None:
    ran = program()
    assert (ran.code, ran.stdout) == (2, "")
    assert "COMMAND" in ran.stderr


def test_a_role_file_is_checked_and_nothing_saved(program: Program, tmp_path: Path) -> None:
    good, bad = REPO_ROOT / "knowledge" / "roles" / f"{ROLE}.toml", tmp_path / "baker.toml"
    bad.write_text('id = "baker"\nname = 3\n', encoding="utf-8")
    assert "is in order: E-commerce Manager, 10 activities" in program("roles", "check", str(good)).stdout
    told = program("roles", "check", str(good), "--json").object
    assert (told["role"]["id"], len(told["role"]["questions"]), told["problems"]) == (ROLE, 20, [])
    refused = program("roles", "check", str(bad))
    assert refused.code == 3
    assert "name: must be text in quotes" in refused.stderr
    told = program("roles", "check", str(bad), "--json").object
    assert told["role"] is None and "baker.toml" in told["problems"][0]


def test_roles(program: Program) -> None:
    listed = program("roles", "list", "--json").object
    assert {"id": ROLE, "questions": 20}.items() <= next(r for r in listed if r["id"] == ROLE).items()
    role = program("roles", "show", "E-commerce Manager", "--json").object
    counts = [len(role[part]) for part in ("activities", "kpis", "stages", "questions")]
    assert counts == [10, 10, 7, 20]
    shown = program("roles", "show", ROLE)
    assert shown.code == 0
    for part in ("activities", "kpis", "stages"):
        assert all(item["name"] in shown.stdout for item in role[part])
    missing = program("roles", "show", "e-comerce-manager")
    assert (missing.code, missing.stdout) == (2, "")
    assert ROLE in missing.stderr


def test_a_broken_role_file_is_named_and_the_others_work(program: Program, tmp_path: Path) -> None:
    (tmp_path / "roles").mkdir()
    (tmp_path / "roles" / "baker.toml").write_text('id = "baker"\nname = 3\n', encoding="utf-8")
    ran = program("roles", "list", COACH_DATA_DIR=tmp_path)
    assert ran.code == 0
    assert ROLE in ran.stdout
    assert "baker.toml" in ran.stderr


def test_index_and_history_from_an_empty_folder(program: Program, tmp_path: Path) -> None:
    own = {"COACH_DATA_DIR": tmp_path / "new" / "data"}
    assert program("index", "status", "--json", **own).object["state"] == "missing"
    assert not (tmp_path / "new").exists()
    built = program("index", "build", **own)
    assert (built.code, built.stdout) == (0, "")
    status = program("index", "status", "--json", **own).object
    assert (status["state"], status["passages"] > 50) == ("fresh", True)
    assert program("history", "list", "--json", **own).object == []

    saved = program("feedback", "--question", "q13", "--text", ANSWER, "--json", "--save", **own).object
    listed = program("history", "list", "--json", **own).object
    assert [(entry["role"], entry["score"]) for entry in listed] == [(ROLE, saved["overall"]["score"])]
    number = str(listed[0]["id"])
    assert program("history", "show", number, "--json", **own).object == saved
    assert ANSWER.splitlines()[0] in program("history", "show", number, **own).stdout
    exported = program("history", "export", **own)
    assert ANSWER in json.dumps(exported.object, ensure_ascii=False).replace("\\n", "\n")
    assert (program("history", "delete", **own).code, program("history", "show", "99", **own).code) == (2, 2)
    deleted = program("history", "delete", number, **own)
    assert (deleted.code, deleted.stdout) == (0, "")
    assert program("history", "list", "--json", **own).object == []


def test_what_was_typed_is_kept_even_when_it_cannot_be_judged(
    program: Program, tmp_path: Path, shared_data_dir: Path
) -> None:
    shutil.copytree(shared_data_dir / "index", tmp_path / "index")
    typed = "Only a few words so far."
    ran = program("feedback", "--question", "q13", "--text", typed, "--save", COACH_DATA_DIR=tmp_path)
    assert ran.code == 2
    exported = program("history", "export", COACH_DATA_DIR=tmp_path)
    assert typed in exported.stdout


def test_doctor_says_that_all_is_well(program: Program) -> None:
    ran = program("doctor", "--json")
    assert ran.code == 0, ran.stdout
    assert all(finding["ok"] for finding in ran.object)
    assert {"data folder", "roles", "embedding model", "index", "history"} <= {f["name"] for f in ran.object}


def test_a_file_where_the_data_folder_should_be(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "data"
    file.write_text("in the way", encoding="utf-8")
    for command in (["feedback", "--question", "q13", "--text", ANSWER], ["history", "list"]):
        ran = program(*command, COACH_DATA_DIR=file)
        assert (ran.code, ran.stdout) == (4, "")
        assert str(file) in ran.stderr and "COACH_DATA_DIR" in ran.stderr
    examined = program("doctor", COACH_DATA_DIR=file)
    assert examined.code == 4
    assert "BAD  data folder" in examined.stdout and "COACH_DATA_DIR" in examined.stdout
    assert file.read_text(encoding="utf-8") == "in the way"


def test_a_broken_setting_is_named(program: Program) -> None:
    ran = program("feedback", "--question", "q13", "--text", ANSWER, COACH_TIMEOUT="soon")
    assert (ran.code, ran.stdout) == (3, "")
    assert "COACH_TIMEOUT" in ran.stderr and "soon" in ran.stderr
