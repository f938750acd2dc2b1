"""Loads `knowledge/composing.toml`: frames of questions, kinds of stages, and how verbs change."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from coach.errors import ConfigError
from coach.question_sets.types import LEVELS
from coach.schema_base import Noun
from coach.schema_questions import Level
from coach.schema_role import QuestionKind, Stage

Form = Literal["do", "met", "knows", "kpi", "area"]


class Frame(NamedTuple):
    """A sentence with slots. Empty `levels` fit all, empty `stages` all stages without frames of their own.

    `steady` frames take only work that fills weeks, `sudden` ones what happens overnight, `others` ones what
    others must agree to or feel. A `plain` frame has no words of its own, an `again` one those that
    interviewers say over and over.
    """

    text: str
    kind: QuestionKind
    form: Form
    levels: tuple[Level, ...] = ()
    stages: tuple[str, ...] = ()
    plain: bool = False
    again: bool = False
    sudden: bool = False
    steady: bool = False
    others: bool = False

    def fits_level(self, level: Level | None) -> bool:
        """Whether it may be used at the level; where none is asked for, leaving one out does no harm."""
        return not self.levels or level in self.levels or (level is None and not self.is_for_few)

    @property
    def is_for_few(self) -> bool:
        """Whether it is for one or two levels only."""
        return 0 < len(self.levels) < len(LEVELS) - 1


class StageStyle(Noun):
    """A kind of stage: how many parts of a set each kind of question makes, minutes per question, and what
    the stage is like, in several ways of saying it."""

    id: str
    words: tuple[str, ...]
    minutes: int
    kinds: Mapping[QuestionKind, float]
    asks: tuple[str, ...]
    own_frames: bool = False


class Reach(Noun):
    """What a level is asked about."""

    scope: str
    follow_ups: tuple[str, ...]


class PlainCase(Noun):
    """A case for any KPI, for roles that have no cases."""

    text: str
    brief: tuple[str, ...]
    shows: tuple[str, ...]
    follow_ups: tuple[str, ...]


class Grammar(NamedTuple):
    """Everything in the file."""

    frames: tuple[Frame, ...]
    stages: tuple[StageStyle, ...]
    levels: Mapping[Level, Reach]
    cases: tuple[PlainCase, ...]
    shows: Mapping[QuestionKind, tuple[str, ...]]
    follow_ups: Mapping[QuestionKind, tuple[str, ...]]
    verbs: Mapping[str, tuple[str, str, str]]

    def style(self, stage: Stage) -> StageStyle:
        """The kind of stage, by the words of its id and name; the last style where none is known."""
        words = set(re.findall(r"[a-z]+", f"{stage.id} {stage.name}".lower()))
        return next((style for style in self.stages if words & set(style.words)), self.stages[-1])

    def forms_of(self, action: str) -> dict[str, str]:
        """`do`, `did`, `doing` and `done` of words that begin with a verb, or with two joined by "and"."""
        first, *rest = action.split(" ")
        places = (0, 2) if rest[:1] == ["and"] and rest[1:] else (0,)
        forms = {"do": action}
        for number, name in enumerate(("did", "doing", "done")):
            words = [first, *rest]
            for place in places:
                words[place] = self._inflected(words[place])[number]
            forms[name] = " ".join(words)
        return forms

    def _inflected(self, verb: str) -> tuple[str, str, str]:
        if verb in self.verbs:
            return self.verbs[verb]
        if verb.endswith(("ee", "oe", "ye")):
            return f"{verb}d", f"{verb}ing", f"{verb}d"
        if verb.endswith("e"):
            return f"{verb}d", f"{verb[:-1]}ing", f"{verb}d"
        if re.search(r"[^aeiou]y$", verb):
            return f"{verb[:-1]}ied", f"{verb}ing", f"{verb[:-1]}ied"
        return f"{verb}ed", f"{verb}ing", f"{verb}ed"


@lru_cache(maxsize=4)
def load_grammar(path: Path) -> Grammar:
    """Reads the file; raises ConfigError "composing_broken" that names it when it is missing or broken."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return Grammar(
            frames=tuple(frame for group in raw["frames"] for frame in _frames(group)),
            stages=tuple(StageStyle.model_validate(stage) for stage in raw["stages"]),
            levels={level: Reach.model_validate(raw["levels"][level]) for level in LEVELS},
            cases=tuple(PlainCase.model_validate(case) for case in raw["plain_cases"]),
            shows={kind: tuple(lines["lines"]) for kind, lines in raw["shows"].items()},
            follow_ups={kind: tuple(lines) for kind, lines in raw["follow_ups"].items()},
            verbs={verb: _three(forms) for verb, forms in raw["verbs"].items()},
        )
    except (OSError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        hint = "Restore the file from the project, or mend what is named."
        raise ConfigError("composing_broken", f"{path}: {error}.", hint) from error


def _three(forms: list[str]) -> tuple[str, str, str]:
    past, present, participle = forms
    return past, present, participle


def _frames(group: dict[str, Any]) -> list[Frame]:
    shared: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in group.items()
    }
    texts = shared.pop("text")
    return [Frame(text=text, **shared) for text in texts]
