"""Loads `knowledge/wording.toml`: the built-in judge's sentences, by criterion and reason code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from coach.errors import ConfigError
from coach.schema import CRITERIA, CriterionId, Noun


class Sentences(Noun):
    """One criterion's sentences: `why` says what was found, `next` what the next level needs."""

    why: Mapping[str, str]
    next: Mapping[str, str]


Wording = Mapping[CriterionId, Sentences]


@lru_cache(maxsize=4)
def load_wording(path: Path) -> Wording:
    """Reads the file; raises ConfigError that names it when it is missing or broken."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return {criterion: Sentences.model_validate(raw[criterion]) for criterion in CRITERIA}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, ValueError) as error:
        raise ConfigError(
            "wording_broken", f"{path}: {error}.", "Restore the file from the project, or mend what is named."
        ) from error
