"""Loads `knowledge/lawful.toml`, whose head tells how its entries are written, and makes patterns of it.

The patterns are for plain words (`plain_words`), each followed by one space.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from coach.errors import ConfigError
from coach.question_sets.plain_words import plain_form

ListName = Literal["own", "be", "alone", "have", "do", "asked", "bare", "near"]
_LISTS: tuple[ListName, ...] = ("own", "be", "alone", "have", "do", "asked", "bare", "near")
# Classes that the rules need; a misspelt word is not read as a word of theirs.
_NEEDED = ("article", "soft", "personal", "counted", "wish", "work", "asking", "applicant", "alike", "trade")
_GAP = r"(?:[a-z0-9'+$@-]+ ){0,4}?"
_SHORTEST_MENDED = 7  # letters

Table = Mapping[str, object]
Classes = Mapping[str, Sequence[str]]


class Phrases:
    """Phrases that are looked up by their first word; a pattern is made when it is first needed."""

    def __init__(self, entries: Iterable[tuple[str, str]], classes: Classes) -> None:
        """`entries` are pairs of a name and a phrase."""
        self._classes = classes
        self._by_word: dict[str, dict[str, list[str]]] = {}
        for name, entry in entries:
            for word, phrase in _opened(entry, classes):
                self._by_word.setdefault(word, {}).setdefault(name, []).append(phrase)
        self._patterns: dict[str, re.Pattern[str]] = {}

    def match(self, word: str, text: str, start: int) -> re.Match[str] | None:
        """A phrase that starts with the word at `start` of the text; the match's `lastgroup` is its name."""
        if word not in self._by_word:
            return None
        if word not in self._patterns:
            named = self._by_word[word].items()
            parts = (f"(?P<{name}>{_either(phrases, self._classes)})" for name, phrases in named)
            self._patterns[word] = re.compile("|".join(parts))
        return self._patterns[word].match(text, start)


class LawfulRules(NamedTuple):
    """The file's lists, named for their topics. `words` are the single words of a class, `keys` words that
    may be misspelt, `known` those that are right as they are.
    """

    lists: Mapping[ListName, Phrases]
    work: Phrases
    asking: Phrases
    words: Mapping[str, frozenset[str]]
    why: Mapping[str, str]
    keys: frozenset[str]
    known: frozenset[str]


@lru_cache(maxsize=4)
def load_lawful_rules(knowledge: Path) -> LawfulRules:
    """Reads `lawful.toml` and `neutral/known.txt` in the folder; raises ConfigError that names the file."""
    path = knowledge / "lawful.toml"
    try:
        known = (knowledge / "neutral" / "known.txt").read_text(encoding="utf-8").split()
        return _rules(tomllib.loads(path.read_text(encoding="utf-8")), known)
    except (
        OSError,
        UnicodeDecodeError,
        tomllib.TOMLDecodeError,
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        re.error,
    ) as error:
        raise ConfigError(
            "lawful_broken", f"{path}: {error}.", "Restore the file from the project, or mend what is named."
        ) from error


def _rules(raw: Mapping[str, Table], known: list[str]) -> LawfulRules:
    classes = {name: _strings(raw["classes"], name) for name in {*raw["classes"], *_NEEDED}}
    topics = {name: _checked(name, table) for name, table in raw.items() if name != "classes"}
    if not topics:
        raise ValueError("no topic")
    lists = {
        name: [(topic, entry) for topic, table in topics.items() for entry in _strings(table, name)]
        for name in _LISTS
    }
    telling = [entry for entries in lists.values() for _, entry in entries]
    telling += [entry for name in classes if name not in _NEEDED for entry in classes[name]]
    for entry in telling:
        _phrase(entry, classes)
    words = _letters(telling)
    return LawfulRules(
        lists={name: Phrases(entries, classes) for name, entries in lists.items()},
        work=Phrases((("work", entry) for entry in classes["work"]), classes),
        asking=Phrases((("asking", entry) for entry in classes["asking"]), classes),
        words={name: _single(classes[name]) for name in _NEEDED},
        why={topic: str(table["why"]) for topic, table in topics.items()},
        keys=frozenset(word for word in words if len(word) >= _SHORTEST_MENDED),
        known=frozenset((*known, *words, *_letters(e for name in _NEEDED for e in classes[name]))),
    )


def _checked(name: str, table: Table) -> Table:
    if strange := set(table) - {*_LISTS, "why"}:
        raise ValueError(f"{name}: {sorted(strange)[0]} is no list of a topic")
    if not isinstance(table["why"], str) or not table["why"]:
        raise ValueError(f"{name}: why is no sentence")
    return table


def _strings(table: Table, name: str) -> list[str]:
    found = table[name] if name in _NEEDED else table.get(name, [])
    if not isinstance(found, list) or not all(isinstance(entry, str) and entry.strip() for entry in found):
        raise ValueError(f"{name} is no list of words")
    return found


def _letters(entries: Iterable[str]) -> set[str]:
    bare = (re.sub(r"\{\w+\}|\w+\*", "", entry).replace("_", " ") for entry in entries)
    return {word for entry in bare for word in re.findall(r"[a-z]+", entry)}


def _single(entries: Sequence[str]) -> frozenset[str]:
    return frozenset(part for entry in entries for word in entry.split() for part in plain_form(word))


def _opened(entry: str, classes: Classes) -> Iterator[tuple[str, str]]:
    """For each word that the entry may start with the word, and the entry when it does."""
    first, _, rest = _tokens(entry).partition(" ")
    if first.endswith("?"):
        yield from _opened(rest, classes)
    for choice in first.rstrip("?").split("|"):
        if choice.startswith("{"):
            for inner in classes[choice.strip("{}")]:
                yield from _opened(f"{inner} {rest}".strip(), classes)
        elif choice == "…" or choice.endswith("*"):
            raise ValueError(f"{entry}: starts with no word")
        else:
            yield plain_form(choice.partition("_")[0])[0], f"{choice} {rest}"


def _either(entries: Iterable[str], classes: Classes) -> str:
    """One pattern for any of the entries, each with the space behind it; longest first."""
    ordered = sorted(set(entries), key=lambda entry: (-len(entry), entry))
    return f"(?:{'|'.join(_phrase(entry, classes) for entry in ordered)})"


def _phrase(entry: str, classes: Classes) -> str:
    return "".join(_token(token, classes) for token in _tokens(entry).split())


def _tokens(entry: str) -> str:
    return re.sub(r"(?<=\w)'s\b", " 's", entry.replace("s' ", "s "))


def _token(token: str, classes: Classes) -> str:
    if token == "…":  # noqa: S105
        return _GAP
    choices = "|".join(_choice(choice, classes) for choice in token.rstrip("?").split("|") if choice)
    return f"(?:{choices}){'?' if token.endswith('?') else ''}"


def _choice(choice: str, classes: Classes) -> str:
    if choice.startswith("{"):
        return _either(classes[choice.strip("{}")], classes)
    if choice == ".":
        return "[.,] "
    if choice.endswith("*"):
        return rf"{re.escape(choice[:-1])}[a-z0-9-]* "
    words = (part for word in choice.split("_") for part in plain_form(word))
    return "".join(f"{re.escape(word)} " for word in words)
