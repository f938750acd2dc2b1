"""Roles: find one, or a question of one, by what a person typed."""

from __future__ import annotations

import difflib
import hashlib
import json
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from coach.errors import ConfigError, InputError
from coach.question_kinds import infer_kind
from coach.role_files import load_role, printable
from coach.schema import AskedQuestion, Question, Role

__all__ = ["RoleBook", "find_question", "infer_kind", "load_role", "role_hash"]

MAX_QUESTION_CHARS = 500
MIN_QUESTION_WORDS = 3


def role_hash(role: Role) -> str:
    """12 hex digits of the SHA-256 of the role's content: changes when and only when the content does."""
    content = json.dumps(role.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:12]


# ---- the roles there are --------------------------------------------------------------------------


class RoleBook:
    """The roles in one or more folders, each read when it is first asked for and then kept."""

    def __init__(self, paths: dict[str, Path], problems: Sequence[ConfigError] = ()) -> None:
        self._paths = paths
        self._read: dict[str, Role | ConfigError] = {}
        self._problems = tuple(problems)

    @classmethod
    def open(cls, directory: Path, *more: Path) -> RoleBook:
        """Finds `<role-id>.toml` in the folders without reading them.

        The folders in `more` may be absent; if `directory` is, that is a problem ("roles_missing"). A
        role in an earlier folder hides one of the same id in a later one ("role_hidden").
        """
        paths: dict[str, Path] = {}
        problems: list[ConfigError] = []
        if not directory.is_dir():
            message = f"{directory}: there is no such folder of roles."
            problems.append(
                ConfigError("roles_missing", message, "Restore it from the project, or install again.")
            )
        for path in (p for folder in (directory, *more) for p in sorted(folder.glob("*.toml"))):
            if path.name.startswith("."):
                continue
            first = paths.setdefault(path.stem.casefold(), path)
            if first is not path:
                message = f"{path}: {first} already holds the role {path.stem!r}."
                hint = "Rename the file and the id in it, or remove it."
                problems.append(ConfigError("role_hidden", message, hint))
        return cls(paths, problems)

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of all roles that can be used, in order; reads every file once."""
        return tuple(role.id for role in self._roles())

    @property
    def problems(self) -> tuple[ConfigError, ...]:
        """What is wrong with the files that cannot be used; reads every file once."""
        broken = [r for r in map(self._load, sorted(self._paths)) if isinstance(r, ConfigError)]
        return (*broken, *self._problems)

    def get(self, role_id: str) -> Role:
        """The role by id or by name, in any case.

        Raises InputError "unknown_role" with the nearest ids, or the file's own ConfigError
        "role_broken" when that role's file cannot be used.
        """
        asked = " ".join(role_id.split()).casefold()
        if asked in self._paths:
            found = self._load(asked)
            if isinstance(found, ConfigError):
                raise found.with_traceback(None)  # one error may be raised many times
            return found
        for role in self._roles():
            if role.name.casefold() == asked:
                return role
        raise self._unknown(role_id, asked)

    def _load(self, role_id: str) -> Role | ConfigError:
        if role_id not in self._read:
            try:
                self._read[role_id] = load_role(self._paths[role_id])
            except ConfigError as error:
                self._read[role_id] = error
        return self._read[role_id]

    def _roles(self) -> Iterator[Role]:
        return (r for r in map(self._load, sorted(self._paths)) if isinstance(r, Role))

    def _unknown(self, role_id: str, asked: str) -> InputError:
        ids = {key: role.id for role in self._roles() for key in (role.id, role.name.casefold())}
        near = difflib.get_close_matches(asked, ids, n=6, cutoff=0.5)
        names = ", ".join(dict.fromkeys(ids[key] for key in near))
        hint = f"Did you mean {names}? " if names else ""
        message = f"There is no role {printable(role_id)!r}." if asked else "No role is named."
        return InputError("unknown_role", message, f"{hint}`coach roles list` shows every role.")


# ---- a question that was asked --------------------------------------------------------------------

_QUOTES = str.maketrans("‘’‚‛“”„‟«»´`‐‑‒–—−", "''''" + '""""""' + "''" + "------")


def find_question(role: Role, asked: str) -> AskedQuestion:
    """The question of the role's bank with this id or text, or else a question of the asker's own.

    Case, spacing, curly quotes and punctuation at the end do not matter. Raises InputError
    "unknown_question" for an unknown id and for what is too short to be a question (under 3 words),
    "question_too_long" for over 500 characters.
    """
    folded = _fold(asked)
    for question in role.questions:
        if folded in (question.id.casefold(), _fold(question.text)):
            return AskedQuestion(id=question.id, text=question.text, kind=question.kind)
    text = asked.strip()
    if len(text) > MAX_QUESTION_CHARS:
        message = f"The question has {len(text)} characters; {MAX_QUESTION_CHARS} are the limit."
        raise InputError("question_too_long", message, "Give the question only; the answer goes elsewhere.")
    if len(folded.split()) < MIN_QUESTION_WORDS:
        raise _unknown_question(role, text)
    return AskedQuestion(id=None, text=text, kind=infer_kind(text))


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    return " ".join(plain.casefold().split()).strip(" '\"?!.,:;")


def _unknown_question(role: Role, asked: str) -> InputError:
    words = set(_fold(asked).split())

    def likeness(question: Question) -> tuple[int, float]:
        shared = words & set(_fold(f"{' '.join(question.topics)} {question.text}").split())
        return len(shared), difflib.SequenceMatcher(None, _fold(asked), question.id).ratio()

    near = sorted(role.questions, key=likeness, reverse=True)[:3] if words else role.questions[:3]
    named = "; ".join(f'{q.id} "{q.text}"' for q in near)
    message = (
        f"The role {role.id!r} has no question {printable(asked)!r}." if asked else "No question is given."
    )
    return InputError(
        "unknown_question",
        message,
        f"Nearest: {named}. `coach roles show {role.id}` lists all {len(role.questions)}; "
        "a question of your own needs at least three words.",
    )
