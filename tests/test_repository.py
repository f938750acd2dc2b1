"""The words around the code: short, true and free of things that only make sense on somebody's machine."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

REPO_ROOT = Path(__file__).resolve().parent.parent
README_LINES = 120
README_MATCHES = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
# Written in two parts, or this file would find itself.
MACHINE_WORDS = ["/wo" + "rk/", "/tmp" + "/w/", "/opt" + "/pypi", "/opt" + "/wheels"]
DATA_BESIDE_THE_CHECKOUT = "shared" + "/"
MAY_NAME_IT = ("tests/", "benchmarks/", "training/", "docs/settings.md")


class Example(NamedTuple):
    """A command of a ```console block and what the document says it prints."""

    command: str
    output: str


def console_examples(markdown: str) -> list[Example]:
    """Lines that start with `$ ` are commands; what follows up to the next one is their output."""
    examples: list[Example] = []
    for block in re.findall(r"^```console\n(.*?)^```", markdown, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            examples.append(Example(command, output))
    return examples


def project_files() -> list[str]:
    """Everything that is or will be committed, relative to the root."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=REPO_ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("not a git checkout")
    return [name for name in done.stdout.splitlines() if (REPO_ROOT / name).is_file()]


def text_of(name: str) -> str | None:
    try:
        return (REPO_ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def test_the_readme_is_short() -> None:
    assert len((REPO_ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= README_LINES


def test_examples_are_found_with_their_output() -> None:
    text = "a\n```console\n$ coach roles list\none\ntwo\n$ coach doctor\n```\n```\n$ not this\n```\n"
    assert console_examples(text) == [Example("coach roles list", "one\ntwo\n"), Example("coach doctor", "")]


@pytest.mark.slow
def test_the_readme_shows_what_the_program_prints(clean_env: dict[str, str]) -> None:
    examples = console_examples((REPO_ROOT / "README.md").read_text(encoding="utf-8"))
    env = {
        **clean_env,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{clean_env['PATH']}",
        "COLUMNS": "80",
    }
    checker = doctest.OutputChecker()
    assert examples, "the README shows no command with its output"
    for command, expected in examples:
        done = subprocess.run(
            command, shell=True, cwd=REPO_ROOT, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        difference = f"$ {command}\n{done.stdout}\n--- but the README says:\n{expected}"
        assert checker.check_output(expected, done.stdout, README_MATCHES), difference


def test_every_setting_is_documented() -> None:
    pattern = r"\b(?:COACH_[A-Z_]+|CHROMA_URL)\b"
    settings = set(re.findall(pattern, (REPO_ROOT / "coach" / "config.py").read_text(encoding="utf-8")))
    documented = set(re.findall(pattern, (REPO_ROOT / "docs" / "settings.md").read_text(encoding="utf-8")))
    assert "COACH_DATA_DIR" in settings
    assert settings <= documented
    of_the_tests = {"COACH_CHROMIUM", "COACH_DEV_DATA"}
    assert documented - of_the_tests <= settings, "docs/settings.md describes settings that nothing reads"


def test_the_changelog_knows_this_version() -> None:
    with (REPO_ROOT / "pyproject.toml").open("rb") as file:
        version = tomllib.load(file)["project"]["version"]
    changelog = (REPO_ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[?{re.escape(version)}\b", changelog, re.MULTILINE)


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for name in project_files():
        if name.endswith(".md"):
            for target in re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", text_of(name) or ""):
                if not ((REPO_ROOT / name).parent / target).exists():
                    broken.append(f"{name}: {target}")
    assert broken == []


def test_no_file_names_the_machine_it_was_written_on() -> None:
    found = []
    for name in project_files():
        words = MACHINE_WORDS + ([] if name.startswith(MAY_NAME_IT) else [DATA_BESIDE_THE_CHECKOUT])
        found += [f"{name}: {word}" for word in words if word in (text_of(name) or "")]
    assert found == []
