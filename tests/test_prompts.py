"""Prompt files: read strictly, filled in plainly, never changed in silence."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from benchmarks.prompt_tokens import BARS, measure
from coach.errors import ConfigError
from coach.prompts import load_prompt, parse_prompt, read_lock
from coach.rewrite_gate import open_rewrite_gate
from coach.signals.segments import count_words
from tests.prompt_requests import GOLDEN, RENEW, ROOT, as_text, requests

PROMPTS = ROOT / "prompts"
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


def test_a_prompt_that_continues_a_request_has_no_system_part() -> None:
    prompt = parse_prompt(GOOD.replace("## System\n\nYou greet people.\n\n", ""))
    assert (prompt.system, prompt.user[:9]) == ("", "Say hello")


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


def test_the_lock_keeps_every_version() -> None:
    headers = [load_prompt(PROMPTS, path.stem).header for path in PROMPTS.glob("*.md")]
    published = {f"{header.id}@{version}" for header in headers for version in range(1, header.version + 1)}
    assert published == set(read_lock(PROMPTS))


@pytest.mark.parametrize("name", [path.stem for path in sorted(PROMPTS.glob("*.md"))])
def test_what_a_model_is_sent_is_what_was_reviewed(name: str) -> None:
    golden = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert as_text(requests()[name]) == golden, (
        f"What {name}.md makes of the fixed inputs has changed. If it was meant to: {RENEW}"
    )


def test_requests_stay_under_their_bars() -> None:
    for name, count in measure().items():
        assert count.whole <= BARS[name], name
        assert count.fixed + count.answer < count.whole


def test_the_examples_keep_the_rules_they_teach() -> None:
    system = load_prompt(PROMPTS, "assess").system
    examples = re.findall(r'^(?:Low|Middle|High): "(.*)"\n(\{.*\})$', system, re.MULTILINE)
    assert len(examples) == 3
    for excerpt, verdict in examples:
        assert 25 <= count_words(excerpt) <= 45
        assert not re.search(r"\b(?:shop|online|customer|website|e-?commerce)s?\b", excerpt)
        for criterion in json.loads(verdict).values():
            assert list(criterion) == ["why", "quotes", "level"]
            assert count_words(criterion["why"]) <= 25
            assert all(quote in excerpt for quote in criterion["quotes"])
            assert bool(criterion["quotes"]) == (criterion["level"] > 0)


def test_the_coaching_example_passes_the_gate() -> None:
    system = load_prompt(PROMPTS, "coaching").system
    example = system.split("Example. ")[1]
    answer = example.split('"')[1]
    advice, asked, rewrite = re.split(r"^## .*\n", example, flags=re.MULTILINE)[1:]
    assert count_words(advice) <= 35 and len(asked.splitlines()) == 3
    checked = open_rewrite_gate(ROOT / "knowledge").check(answer, rewrite, (), count_words(rewrite))
    assert (checked.text, checked.dropped) == (rewrite.strip(), ())


def test_a_broken_lock_is_a_matter_of_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"prompts\.lock"):
        read_lock(tmp_path)
    (tmp_path / "prompts.lock").write_text("assess@1 = ?")
    with pytest.raises(ConfigError, match=r"prompts\.lock"):
        read_lock(tmp_path)
