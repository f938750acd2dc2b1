"""Prompt files: read strictly, filled in plainly, never changed in silence."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from coach.errors import ConfigError
from coach.prompts import load_prompt, parse_prompt, read_lock

PROMPTS = Path(__file__).parents[1] / "prompts"
GOOD = """+++
id = "greet"
version = 2
purpose = "Greets."
variables = ["name", "place"]
+++

## System

You greet people.

## User

Say hello to {{name}} in {{place}}, {{name}}!
"""


def test_a_prompt_is_header_system_and_user() -> None:
    prompt = parse_prompt(GOOD)
    assert (prompt.header.id, prompt.header.version, prompt.name) == ("greet", 2, "greet@2")
    assert prompt.system == "You greet people."
    digest = hashlib.sha256(GOOD.encode()).hexdigest()
    assert (prompt.sha256, prompt.ref) == (digest, f"greet@2:{digest[:6]}")


def test_inserted_text_is_never_expanded_again() -> None:
    rendered = parse_prompt(GOOD).render({"name": "{{place}} \\1 \\g<0> {name}", "place": "{{name}}"})
    assert (
        rendered.user == "Say hello to {{place}} \\1 \\g<0> {name} in {{name}}, {{place}} \\1 \\g<0> {name}!"
    )


@pytest.mark.parametrize("values", [{"name": "x"}, {"name": "x", "place": "y", "more": "z"}])
def test_values_must_be_those_declared(values: dict[str, str]) -> None:
    with pytest.raises(KeyError, match="name, place"):
        parse_prompt(GOOD).render(values)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("+++\nid", "id", "header between two lines"),
        ('id = "greet"', 'id = "other"', "not the file's name"),
        ('id = "greet"', 'id = "A B"', "header: id"),
        ("version = 2", "version = 0", "header: version"),
        ("version = 2", "version = ", "Invalid value"),
        ("version = 2", "version = 2\nauthor = 1", "header: author"),
        ('"name", "place"', '"name"', "declared and used differ: place"),
        ('"name", "place"', '"name", "place", "age"', "declared and used differ: age"),
        ("## User", "## Reader", "one part '## System' and then one part '## User'"),
        ("## System", "## User\n\n## System", "one part '## System'"),
        ("## System", "Hello\n\n## System", "text stands before"),
    ],
)
def test_a_broken_file_names_itself_and_the_reason(
    tmp_path: Path, before: str, after: str, reason: str
) -> None:
    path = tmp_path / "greet.md"
    path.write_text(GOOD.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_prompt(tmp_path, "greet")
    assert caught.value.code == "prompt_broken"
    assert str(path) in caught.value.message and reason in caught.value.message


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_is_missing_or_not_text(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "greet.md").write_bytes(content)
    with pytest.raises(ConfigError, match=r"greet\.md"):
        load_prompt(tmp_path, "greet")


def test_line_ends_do_not_change_the_hash(tmp_path: Path) -> None:
    (tmp_path / "greet.md").write_bytes(GOOD.replace("\n", "\r\n").encode())
    assert load_prompt(tmp_path, "greet").sha256 == parse_prompt(GOOD).sha256


@pytest.mark.parametrize("path", sorted(PROMPTS.glob("*.md")), ids=lambda path: path.stem)
def test_no_prompt_changes_without_a_new_version(path: Path) -> None:
    prompt = load_prompt(PROMPTS, path.stem)
    locked = read_lock(PROMPTS).get(prompt.name)
    assert locked == prompt.sha256, (
        f"{path.name} is not the {prompt.name} that was published: raise its version, add to the lock\n"
        f'"{prompt.name}" = "{prompt.sha256}"'
    )


def test_a_broken_lock_is_a_matter_of_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"prompts\.lock"):
        read_lock(tmp_path)
    (tmp_path / "prompts.lock").write_text("assess@1 = ?")
    with pytest.raises(ConfigError, match=r"prompts\.lock"):
        read_lock(tmp_path)
