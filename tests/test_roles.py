"""Finding a role, and a question of a role, by what a person typed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coach.errors import ConfigError, InputError
from coach.roles import RoleBook, find_question, load_role
from coach.schema import Role

ROLES = Path(__file__).resolve().parent.parent / "knowledge" / "roles"
ROLE_FILE = ROLES / "e-commerce-manager.toml"
PROJECT = "Can you describe a successful e-commerce project you managed from start to finish?"


@pytest.fixture(scope="module")
def role() -> Role:
    return load_role(ROLE_FILE)


# ---- the book of roles ----------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(ROLE_FILE, tmp_path)
    (tmp_path / "broken.toml").write_text('id = "broken"\n', encoding="utf-8")
    return tmp_path


def test_book_finds_the_shipped_roles() -> None:
    book = RoleBook.open(ROLES)
    assert "e-commerce-manager" in book.ids
    assert book.problems == ()


@pytest.mark.parametrize("asked", ["e-commerce-manager", "E-commerce Manager", " e-COMMERCE  manager "])
def test_role_is_found_by_id_or_name(folder: Path, asked: str) -> None:
    assert RoleBook.open(folder).get(asked).id == "e-commerce-manager"


def test_broken_role_leaves_the_others_usable(folder: Path) -> None:
    book = RoleBook.open(folder)
    assert book.ids == ("e-commerce-manager",)
    assert [problem.code for problem in book.problems] == ["role_broken"]
    assert "broken.toml" in book.problems[0].message


def test_broken_role_raises_its_own_error_each_time(folder: Path) -> None:
    book = RoleBook.open(folder)
    for _ in range(2):
        with pytest.raises(ConfigError, match=r"broken\.toml: name: is missing") as caught:
            book.get("broken")
        assert caught.value.code == "role_broken"


def test_opening_reads_no_file(folder: Path) -> None:
    book = RoleBook.open(folder)
    (folder / "broken.toml").unlink()
    shutil.copy(ROLE_FILE, folder / "broken.toml")
    with pytest.raises(ConfigError, match="the file is called 'broken'"):
        book.get("broken")


@pytest.mark.parametrize("asked", ["e-comerce-manager", "ecommerce manager", "E-commerce"])
def test_unknown_role_names_the_nearest(folder: Path, asked: str) -> None:
    with pytest.raises(InputError, match="There is no role") as caught:
        RoleBook.open(folder).get(asked)
    assert caught.value.code == "unknown_role"
    assert "e-commerce-manager" in caught.value.hint
    assert "coach roles list" in caught.value.hint


@pytest.mark.parametrize("asked", ["", "../../etc/passwd", "\x1b[2Jx", "x" * 10_000])
def test_odd_role_names_are_unknown_and_printed_safely(folder: Path, asked: str) -> None:
    with pytest.raises(InputError) as caught:
        RoleBook.open(folder).get(asked)
    assert caught.value.code == "unknown_role"
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 200


def test_earlier_folder_wins_and_the_hidden_file_is_named(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    shutil.copy(ROLE_FILE, own)
    book = RoleBook.open(own, folder, tmp_path / "absent")
    assert book.ids == ("e-commerce-manager",)
    assert [(p.code, str(folder) in p.message) for p in book.problems] == [
        ("role_broken", True),
        ("role_hidden", True),
    ]


def test_missing_folder_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    book = RoleBook.open(tmp_path / "absent")
    assert book.ids == ()
    assert [problem.code for problem in book.problems] == ["roles_missing"]


# ---- finding a question ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        "q13",
        " Q13 ",
        "Can you describe a successful e-commerce project you managed from start to finish?",
        "  can you DESCRIBE a successful\n e-commerce project you managed from start to finish ",
        "“Can you describe a successful e‑commerce project you managed from start to finish?”",
        "Can you describe a successful e-commerce project you managed from start to finish?!...",
    ],
)
def test_question_of_the_bank_is_found(role: Role, asked: str) -> None:
    found = find_question(role, asked)
    assert (found.id, found.text, found.kind) == ("q13", PROJECT, "behavioural")


@pytest.mark.parametrize("number", range(1, 21))
def test_every_question_is_found_by_id_and_text(role: Role, number: int) -> None:
    for asked in (f"q{number}", role.questions[number - 1].text.upper()):
        assert find_question(role, asked).id == f"q{number}"


def test_curly_apostrophes_do_not_matter(role: Role) -> None:
    asked = role.questions[0].model_copy(update={"text": "What's the shop's biggest risk?"})
    changed = role.model_copy(update={"questions": (asked, *role.questions[1:])})
    assert find_question(changed, "what’s the shop’s biggest risk").id == "q1"


def test_own_question_is_taken_as_asked(role: Role) -> None:
    found = find_question(role, "  Tell me about a time you missed a sales target. \n")
    assert (found.id, found.text, found.kind) == (
        None,
        "Tell me about a time you missed a sales target.",
        "behavioural",
    )


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("q21", "q2"),
        ("q-13", "q13"),
        ("security", "q14"),
        ("retention loyalty", "q10"),
        ("SEO?", "q11"),
        ("", "q1"),
    ],
)
def test_unknown_question_names_the_nearest(role: Role, asked: str, near: str) -> None:
    with pytest.raises(InputError) as caught:
        find_question(role, asked)
    assert caught.value.code == "unknown_question"
    assert f'{near} "' in caught.value.hint
    assert "coach roles show e-commerce-manager" in caught.value.hint


@pytest.mark.parametrize("asked", [" \n", "?!", "why-do-you-want-this-job", "Why us?", "\x1b[2J"])
def test_too_little_for_a_question_is_refused(role: Role, asked: str) -> None:
    with pytest.raises(InputError) as caught:
        find_question(role, asked)
    assert caught.value.code == "unknown_question"
    assert caught.value.message.isprintable()


def test_question_length_is_limited(role: Role) -> None:
    longest = "How do you plan? ".ljust(500, "x")
    assert find_question(role, longest).id is None
    with pytest.raises(InputError, match="501 characters") as caught:
        find_question(role, longest + "x")
    assert caught.value.code == "question_too_long"
    assert caught.value.hint
