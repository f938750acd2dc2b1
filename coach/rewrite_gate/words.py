"""Loads `knowledge/rewriting.toml`: which words of a rewrite claim nothing, which mean the same, and which
tell an outcome, a title or a certificate."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from coach.errors import ConfigError
from coach.lexicons import load_neutral_words, phrase_pattern
from coach.rewrite_gate.text import unaccented

_VOWEL = re.compile(r"[aeiouy]")
_DOUBLED = re.compile(r"([bdfglmnprtz])\1$")
_ISE = re.compile(r"(?<=[a-z]{3}[iy])s(?=e|ing|ation|er)")
_OUR = re.compile(r"(?<=[a-z]{2})our(?=$|s|ed|ing|al|ful|ite|hood)")


@dataclass(frozen=True)
class RewriteWords:
    """Word lists by stem (`stem`), but for `function`, `word_names`, `known` and `tools`, which hold words.

    `same` and `near` give for a stem those that may stand in its place; `outcomes` the kind of an outcome
    ("up", "down", "better", "won"); `purposes` are verbs that are free behind "to"; `claims` finds phrases
    that claim something in plain words. `known` are ordinary English words, `tools` names of tools.
    """

    irregular: Mapping[str, str]
    function: frozenset[str]
    telling: frozenset[str]
    purposes: frozenset[str]
    claims: re.Pattern[str]
    same: Mapping[str, frozenset[str]]
    near: Mapping[str, frozenset[str]]
    outcomes: Mapping[str, str]
    metrics: frozenset[str]
    titles: frozenset[str]
    certificates: frozenset[str]
    seasons: frozenset[str]
    deletable: frozenset[str]
    word_names: frozenset[str]
    known: Collection[str]
    tools: Collection[str]
    places: re.Pattern[str]

    def stem(self, word: str) -> str:
        """What the forms of a word have in common: "rewrote" and "rewriting", "organised" and "organize"."""
        return _stem(word, self.irregular)

    def is_past(self, word: str) -> bool:
        """Whether a plain word has the form of something done."""
        base = self.irregular.get(word, "").rstrip("_")
        if base:
            return word != base and not word.endswith(("ing", "s"))
        return word.endswith("ed") and len(word) > 3 and not word.endswith("eed")

    def alike(self, stem: str) -> frozenset[str]:
        """The stem and those that mean the same."""
        return self.same.get(stem, frozenset((stem,)))


@lru_cache(maxsize=4)
def load_rewrite_words(knowledge: Path) -> RewriteWords:
    """Reads `rewriting.toml` and `neutral/` in the folder; raises ConfigError that names what is broken."""
    path = knowledge / "rewriting.toml"
    neutral = load_neutral_words(knowledge / "neutral")
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return _words(raw, neutral.known, neutral.kept, neutral.origins)
    except (
        OSError,
        UnicodeDecodeError,
        tomllib.TOMLDecodeError,
        LookupError,
        TypeError,
        AttributeError,
    ) as error:
        raise ConfigError(
            "lexicon_broken", f"{path}: {error}.", "Restore the file from the project, or mend what is named."
        ) from error


def _words(
    raw: Mapping[str, Any], known: Collection[str], tools: Collection[str], places: re.Pattern[str]
) -> RewriteWords:
    irregular = {
        form: f"{line.split()[0]}_" for line in raw["irregular"] for form in line.split()
    }  # an underscore, so that "sit" is not "site"

    def stems(text: str) -> frozenset[str]:
        return frozenset(_stem(word, irregular) for word in text.split())

    things = raw["things"]
    same = _groups(stems(line) for line in raw["same"])
    return RewriteWords(
        irregular=irregular,
        function=frozenset(raw["function"].split()),
        telling=stems(raw["telling_verbs"]) | stems(raw["telling_words"]),
        purposes=stems(raw["purpose_verbs"]),
        claims=phrase_pattern(raw["claiming_phrases"]),
        same=same,
        near=_groups([*(stems(line) for line in raw["near"]), *(stems(line) for line in raw["same"])]),
        outcomes={s: kind for kind, text in raw["outcomes"].items() for s in stems(text)},
        metrics=stems(things["metrics"]),
        titles=stems(things["titles"]),
        certificates=stems(things["certificates"]),
        seasons=stems(things["seasons"]),
        deletable=stems(raw["things"]["deletable"]),
        word_names=frozenset(things["word_names"].split()),
        known=known,
        tools=tools,
        places=places,
    )


def _groups(groups: Iterable[frozenset[str]]) -> Mapping[str, frozenset[str]]:
    """For each stem all that share a group with it; groups that overlap are not joined."""
    found: dict[str, frozenset[str]] = {}
    for group in groups:
        for stem in group:
            found[stem] = found.get(stem, frozenset()) | group
    return found


def _stem(word: str, irregular: Mapping[str, str]) -> str:
    plain = unaccented(word.lower()).removesuffix("'s").replace("'", "")
    plain = _OUR.sub("or", _ISE.sub("z", plain))
    base = _without_ending(plain)
    single = _DOUBLED.sub(r"\1", base)
    for form in (plain, base, *((f"{base}e", single) if base != plain else ())):
        if form in irregular:
            return irregular[form]
    return single.removesuffix("e") if len(single) > 3 else single


def _without_ending(word: str) -> str:
    if word.endswith(("ies", "ied")) and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith("es") and word[:-2].endswith(("s", "x", "z", "ch", "sh")) and len(word) > 4:
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 2:
        return word[:-1]
    if word.endswith("ed") and not word.endswith("eed") and len(word) > 4 and _VOWEL.search(word[:-2]):
        return word[:-2]
    if word.endswith("ing") and len(word) > 4 and _VOWEL.search(word[:-3]):
        return word[:-3]
    return word
