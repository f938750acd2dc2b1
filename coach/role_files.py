"""Reads and checks role files.

A role file is untrusted text: it may be written by anybody, or come out of an import. What it says is
printed in terminals and embedded, so control characters are refused along with broken references.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from coach.errors import ConfigError
from coach.schema import Question, Role

MAX_ROLE_BYTES = 1_000_000

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ID_RULE = "must be small letters and digits joined by hyphens"
_LISTS = ("activities", "kpis", "stages", "questions")
# Marks that turn the direction of text around make a terminal show other words than the file holds.
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Reading a dotted key takes time that grows with the square of its parts; no role file needs three.
_LONG_KEY = re.compile(
    r"""(?<![\w-])(?:(?:[\w-]++|"(?:\\.|[^"\\\n])*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){20}""", re.ASCII
)
_REASONS = {
    "missing": "is missing",
    "extra_forbidden": "is not a key that role files have",
    "string_type": "must be text in quotes",
    "tuple_type": "must be a list",
    "model_type": "must be a table",
}


class _Flaw(Exception):
    """What is wrong with a role file: key path ("" for the whole file) and reason."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}" if key else reason)


def load_role(path: Path) -> Role:
    """Reads and checks one role file.

    Raises ConfigError "role_broken", whose message names the file, the key and the reason: not
    readable, over 1 MB, not UTF-8, not TOML, keys missing, unknown or empty, an id that is used twice
    or differs from the file's name, a question that probes what the role does not have.
    """
    try:
        role = _read(path)
    except _Flaw as flaw:
        raise ConfigError(
            "role_broken",
            f"{path}: {flaw}.",
            f"Mend the file and look at it with `coach roles check {path}`; other roles are not affected.",
        ) from flaw
    return role


def _read(path: Path) -> Role:
    try:
        raw = _parse(_content(path))
        _check_characters(raw)
        role = _validate(raw)
    except RecursionError as error:
        raise _Flaw("", "the file is nested too deeply") from error
    _check_role(role, path.stem)
    return role


def _content(path: Path) -> str:
    try:
        if not path.is_file():  # opening a pipe or a device could wait for ever
            raise _Flaw("", "there is no such plain file")
        with path.open("rb") as file:
            content = file.read(MAX_ROLE_BYTES + 1)
        if len(content) > MAX_ROLE_BYTES:
            raise _Flaw("", "the file is over 1 MB, which no role needs")
        return content.decode("utf-8-sig")
    except OSError as error:
        raise _Flaw("", f"the file cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise _Flaw("", f"the file is not UTF-8 text (byte {error.start})") from error


def _parse(text: str) -> dict[str, Any]:
    if _LONG_KEY.search(text):
        raise _Flaw("", "a key in the file has too many parts")
    try:
        return tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError, and integers beyond Python's limit
        raise _Flaw("", f"the file is not valid TOML: {error}") from error


def _validate(raw: dict[str, Any]) -> Role:
    try:
        return Role.model_validate(raw)
    except ValidationError as error:
        first, more = error.errors()[0], error.error_count() - 1
        reason = _REASONS.get(first["type"], first["msg"])
        raise _Flaw(_key_path(first["loc"], raw), reason + (f" (and {more} more)" if more else "")) from error


def _key_path(loc: Sequence[str | int], raw: object) -> str:
    """`("kpis", 2, "name")` as `kpis[bounce-rate].name`, or `kpis[#3].name` where that KPI has no id."""
    path = ""
    for part in loc:
        if isinstance(part, int):
            raw = raw[part] if isinstance(raw, list) else None
            item_id = raw.get("id") if isinstance(raw, dict) else None
            known = isinstance(item_id, str) and len(item_id) <= 80 and _ID.fullmatch(item_id)
            path += f"[{item_id}]" if known else f"[#{part + 1}]"
        else:
            raw = raw.get(part) if isinstance(raw, dict) else None
            path += f".{printable(part)}" if path else printable(part)
    return path


def printable(text: str) -> str:
    """The text as it may stand in a message: at most 80 characters, none of them unprintable."""
    return "".join(c if c.isprintable() else "?" for c in text[:80])


def _check_characters(raw: dict[str, Any]) -> None:
    for loc, text in _texts(raw, ()):
        for c in text:
            if (unicodedata.category(c) == "Cc" and c not in "\n\t") or c in _BIDI_CONTROLS:
                raise _Flaw(_key_path(loc, raw), f"holds the control character U+{ord(c):04X}")


def _texts(value: object, loc: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield loc, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, (*loc, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts(item, (*loc, number))


def _check_role(role: Role, stem: str) -> None:
    raw = role.model_dump(mode="json")
    if role.id != stem:
        raise _Flaw("id", f"is {printable(role.id)!r}, but the file is called {printable(stem)!r}")
    if not _ID.fullmatch(role.id):
        raise _Flaw("id", _ID_RULE)
    for name in _LISTS:
        _check_ids(name, [item["id"] for item in raw[name]])
    for loc, text in _texts(raw, ()):
        if not text.strip() and _needs_text(loc):
            raise _Flaw(_key_path(loc, raw), "is empty")
    known = {name: {item["id"] for item in raw[name]} for name in ("activities", "kpis")}
    for number, question in enumerate(role.questions):
        _check_question(question, known, _key_path(("questions", number), raw))


def _check_ids(name: str, ids: list[str]) -> None:
    if not ids:
        raise _Flaw(name, "is an empty list")
    seen: set[str] = set()
    for number, item_id in enumerate(ids):
        if not _ID.fullmatch(item_id):
            raise _Flaw(f"{name}[#{number + 1}].id", _ID_RULE)
        if item_id in seen:
            raise _Flaw(f"{name}[#{number + 1}].id", f"{printable(item_id)!r} is used twice")
        seen.add(item_id)


def _needs_text(loc: tuple[str | int, ...]) -> bool:
    """An item of a list must say something, and so must the keys that have no default."""
    return isinstance(loc[-1], int) or loc[-1] in ("name", "function", "about", "description", "text")


def _check_question(question: Question, known: Mapping[str, Set[str]], key: str) -> None:
    if not question.topics:
        raise _Flaw(f"{key}.topics", "is an empty list")
    for name, probed in (("activities", question.activities), ("kpis", question.kpis)):
        for item_id in probed:
            if item_id not in known[name]:
                near = difflib.get_close_matches(item_id, sorted(known[name]), n=1)
                meant = f"; did you mean {near[0]!r}" if near else ""
                reason = f"{printable(item_id)!r} is not among the role's {name}{meant}"
                raise _Flaw(f"{key}.{name}", reason)
