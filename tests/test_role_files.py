"""Broken and hostile role files: the error names the file, the key and the reason."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from coach.errors import ConfigError
from coach.role_files import load_role

GOOD = """
id = "buyer"
name = "Buyer"
function = "Retail"
about = "Buys things."

[[activities]]
id = "buying"
name = "Buying"
description = "Buys."
work = ["bought a shipload of bananas"]

[[kpis]]
id = "margin"
name = "Margin"
description = "What is left."

[[stages]]
id = "offer"
name = "Offer"
description = "They offer."

[[questions]]
id = "q1"
text = "How do you buy well?"
kind = "approach"
topics = ["Buying"]
activities = ["buying"]
kpis = ["margin"]
"""


def write(folder: Path, content: str | bytes, name: str = "buyer.toml") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def flaw_of(path: Path) -> str:
    """What the error says after the file's name."""
    with pytest.raises(ConfigError) as caught:
        load_role(path)
    error = caught.value
    assert error.code == "role_broken"
    assert error.message.startswith(f"{path}: ")
    assert error.message.isprintable()
    assert f"coach roles check {path}" in error.hint
    return error.message.removeprefix(f"{path}: ")


def test_good_file_loads(tmp_path: Path) -> None:
    role = load_role(write(tmp_path, GOOD))
    assert role.name == "Buyer"
    assert role.activities[0].work == ("bought a shipload of bananas",)
    assert role.kpis[0].good_direction == "up"


@pytest.mark.parametrize("convert", [lambda s: b"\xef\xbb\xbf" + s, lambda s: s.replace(b"\n", b"\r\n")])
def test_files_written_on_windows_load(tmp_path: Path, convert: object) -> None:
    assert callable(convert)
    assert load_role(write(tmp_path, convert(GOOD.encode()))).id == "buyer"


SECOND_ACTIVITY = '[[activities]]\nid = "buying"\nname = "More"\ndescription = "More."\n[[kpis]]'

BROKEN_KEYS = {
    "missing key": ('name = "Buyer"', "", "name: is missing."),
    "missing key of an item": ('name = "Margin"', "", "kpis[margin].name: is missing."),
    "missing id": ('id = "margin"', "", "kpis[#1].id: is missing."),
    "unknown key": (
        'name = "Margin"',
        'name = "Margin"\ntarget = "x"',
        "kpis[margin].target: is not a key that role files have.",
    ),
    "two at once": ('name = "Buyer"\nfunction = "Retail"', "", "name: is missing (and 1 more)."),
    "number for text": ('name = "Buyer"', "name = 7", "name: must be text in quotes."),
    "text for a list": ('topics = ["Buying"]', 'topics = "Buying"', "questions[q1].topics: must be a list."),
    "unknown kind": ('"approach"', '"trick"', "questions[q1].kind: Input should be 'behavioural'"),
    "id unlike the file": (
        'id = "buyer"',
        'id = "seller"',
        "id: is 'seller', but the file is called 'buyer'.",
    ),
    "id with capitals": ('id = "margin"', 'id = "Margin!"', "kpis[#1].id: must be small letters and digits"),
    "id used twice": ("[[kpis]]", SECOND_ACTIVITY, "activities[#2].id: 'buying' is used twice."),
    "blank name": ('name = "Margin"', 'name = " "', "kpis[margin].name: is empty."),
    "blank item": ('topics = ["Buying"]', 'topics = [""]', "questions[q1].topics[#1]: is empty."),
    "no topics": ('topics = ["Buying"]', "topics = []", "questions[q1].topics: is an empty list."),
    "unknown activity": (
        'activities = ["buying"]',
        'activities = ["buyin"]',
        "questions[q1].activities: 'buyin' is not among the role's activities; did you mean 'buying'?",
    ),
    "unknown kpi": (
        'kpis = ["margin"]',
        'kpis = ["zzz"]',
        "questions[q1].kpis: 'zzz' is not among the role's kpis.",
    ),
    "terminal command": (
        '"What is left."',
        '"\\u001b[2JGone"',
        "kpis[margin].description: holds the control character U+001B.",
    ),
    "reversed text": (
        '"They offer."',
        '"a\\u202eb"',
        "stages[offer].description: holds the control character U+202E.",
    ),
    "hostile key": (
        'name = "Margin"',
        'name = "Margin"\n"\\u001b[2J" = 1',
        "kpis[margin].?[2J: is not a key",
    ),
}


@pytest.mark.parametrize("case", BROKEN_KEYS)
def test_broken_key_is_named_with_its_reason(tmp_path: Path, case: str) -> None:
    old, new, says = BROKEN_KEYS[case]
    assert GOOD.count(old) == 1
    assert flaw_of(write(tmp_path, GOOD.replace(old, new))).startswith(says.rstrip(".?"))


@pytest.mark.parametrize("name", ["activities", "kpis", "stages", "questions"])
def test_empty_list_is_named(tmp_path: Path, name: str) -> None:
    head, *tables = GOOD.split("\n[[")
    kept = [table for table in tables if not table.startswith(name)]
    content = "\n[[".join([f"{head}\n{name} = []\n", *kept])
    assert flaw_of(write(tmp_path, content)) == f"{name}: is an empty list."


BROKEN_FILES: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "id: is missing (and 7 more)."),
    "no toml": ("id = \n", "the file is not valid TOML: Invalid value (at line 1, column 6)."),
    "same key twice": (
        'id = "buyer"\nid = "buyer"\n',
        "the file is not valid TOML: Cannot overwrite a value",
    ),
    "not UTF-8": (b'id = "buy\xe9r"', "the file is not UTF-8 text (byte 9)."),
    "binary": (bytes(range(256)), "the file is not UTF-8 text"),
    "too large": (GOOD + "#" * 1_000_000, "the file is over 1 MB"),
    "deep list": ("id = " + "[" * 100_000, "the file is nested too deeply."),
    "deep key": ("a" + ".a" * 200_000 + " = 1", "a key in the file has too many parts."),
    "deep quoted key": ('"\\"a"' + ' . "b"' * 100_000 + " = 1", "a key in the file has too many parts."),
    "huge number": ("id = " + "9" * 10_000, "the file is not valid TOML: Exceeds the limit"),
}


@pytest.mark.parametrize("case", BROKEN_FILES)
def test_broken_file_is_named_with_its_reason(tmp_path: Path, case: str) -> None:
    content, says = BROKEN_FILES[case]
    assert flaw_of(write(tmp_path, content)).startswith(says)


def test_file_name_that_is_no_id_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD.replace('id = "buyer"', 'id = "The Buyer"'), "The Buyer.toml")
    assert flaw_of(path).startswith("id: must be small letters and digits")


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    for name in ("absent.toml", "folder.toml"):
        assert flaw_of(tmp_path / name) == "there is no such plain file."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_named_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    assert flaw_of(tmp_path / "pipe.toml") == "there is no such plain file."
