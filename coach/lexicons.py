"""Loads `knowledge/lexicons.toml`: the words and phrases the built-in judge listens for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from coach.errors import ConfigError
from coach.signals.neutral import NeutralWords


def phrase_pattern(phrases: Sequence[str]) -> re.Pattern[str]:
    """One pattern that finds any of the phrases on word boundaries, longest first, ignoring case."""
    ordered = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    # A curly apostrophe counts as a straight one; a space as any white space.
    parts = (re.escape(phrase).replace("'", "['’]").replace(r"\ ", r"\s+") for phrase in ordered)
    return re.compile(rf"(?<![\w'’])(?:{'|'.join(parts)})(?![\w'’])", re.IGNORECASE)


@dataclass(frozen=True)
class Lexicon:
    """Compiled patterns; mapping keys are those of the file's tables."""

    fillers: re.Pattern[str]
    hedges: re.Pattern[str]
    talk: re.Pattern[str]
    owner: Mapping[str, re.Pattern[str]]
    cues: Mapping[str, re.Pattern[str]]
    types: Mapping[str, re.Pattern[str]]
    elements: Mapping[str, re.Pattern[str]]
    delivery: Mapping[str, re.Pattern[str]]


@lru_cache(maxsize=4)
def load_lexicon(path: Path) -> Lexicon:
    """Reads the file; raises ConfigError that names it when it is missing or broken."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return Lexicon(
            fillers=phrase_pattern(raw["fillers"]),
            hedges=phrase_pattern(raw["hedges"]),
            talk=phrase_pattern(raw["talk"]),
            owner=_patterns(raw["owner"]),
            cues=_patterns(raw["cues"]),
            types=_patterns(raw["type"]),
            elements=_patterns(raw["elements"]),
            delivery=_patterns(raw["delivery"]),
        )
    except (
        OSError,
        UnicodeDecodeError,
        tomllib.TOMLDecodeError,
        KeyError,
        TypeError,
        AttributeError,
    ) as error:
        raise ConfigError(
            "lexicon_broken", f"{path}: {error}.", "Restore the file from the project, or mend what is named."
        ) from error


def _patterns(table: Mapping[str, Sequence[str]]) -> Mapping[str, re.Pattern[str]]:
    return {name: phrase_pattern(phrases) for name, phrases in table.items()}


@lru_cache(maxsize=4)
def load_neutral_words(folder: Path) -> NeutralWords:
    """Reads `words.toml`, `names.txt` and `known.txt` in the folder; raises ConfigError that names it."""
    try:
        raw = tomllib.loads((folder / "words.toml").read_text(encoding="utf-8"))
        names, known = (
            frozenset((folder / name).read_text(encoding="utf-8").split())
            for name in ("names.txt", "known.txt")
        )
        alike = {word: plain for plain, words in raw["people"].items() for word in words} | raw["spellings"]
        return NeutralWords(
            alike=alike,
            titles=frozenset(raw["titles"]["words"]),
            ages=tuple(re.compile(pattern) for pattern in raw["ages"]["patterns"]),
            origins=phrase_pattern(raw["origins"]["words"]),
            capital=frozenset(raw["origins"]["capital"]),
            schools=phrase_pattern(raw["schools"]["words"]),
            kept=frozenset(raw["kept"]["words"]),
            names=names,
            known=known,
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, re.error) as error:
        raise ConfigError(
            "lexicon_broken",
            f"{folder}: {error}.",
            "Restore the folder from the project, or mend what is named.",
        ) from error
