"""Worked examples: invented answers that show what good feedback looks at."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from coach.errors import ConfigError
from coach.schema import Noun, Role


class Example(Noun):
    """An invented answer and the ids of the questions that it answers."""

    questions: tuple[str, ...]
    answer: str


def find_example(role: Role, question: str, directory: Path) -> Example | None:
    """The worked example for a question of the role's bank, given by its text; None when there is none.

    Raises ConfigError for an example file that is broken.
    """
    asked = next((known.id for known in role.questions if known.text == question), None)
    path = directory / f"{role.id}.toml"
    if asked is None or not path.is_file():
        return None
    return next((example for example in load_examples(path) if asked in example.questions), None)


@lru_cache(maxsize=8)
def load_examples(path: Path) -> tuple[Example, ...]:
    """All examples of a file; raises ConfigError that names the file and the reason."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["examples"]
        return tuple(
            Example.model_validate({**entry, "answer": _joined(entry["answer"])}) for entry in entries
        )
    except (OSError, UnicodeDecodeError, KeyError, TypeError, ValueError, ValidationError) as error:
        raise ConfigError(
            "examples_broken",
            f"{path}: {type(error).__name__}: {error}.",
            "Restore the file from the project.",
        ) from error


def _joined(text: str) -> str:
    """Paragraphs on one line each, an empty line between them."""
    return "\n\n".join(" ".join(block.split()) for block in text.strip().split("\n\n"))
