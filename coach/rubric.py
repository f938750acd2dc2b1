"""Loads `knowledge/rubric.toml`: the criteria with an anchor for each level, weights, caps, bands."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from pydantic import Field, ValidationError, model_validator

from coach.errors import ConfigError
from coach.schema import CRITERIA, AnswerType, CriterionId, Noun, QuestionKind


class Criterion(Noun):
    """A criterion: what it asks, one anchor for each level 0 to 5."""

    id: CriterionId
    name: str
    asks: str
    anchors: tuple[str, str, str, str, str, str]
    # next_steps[n] says what the answer needs to leave level n; level 5 has none.
    next_steps: tuple[str, str, str, str, str]


class Cap(Noun):
    """A limit on the score while a condition holds.

    It holds when the answer type is one of `answer_types`, or `criterion` is judged at or below
    `at_most_level`. `kinds` names the question kinds it applies to.
    """

    id: str
    limit: float = Field(ge=0, le=100)
    reason: str
    kinds: tuple[QuestionKind, ...]
    answer_types: tuple[AnswerType, ...] = ()
    criterion: CriterionId | None = None
    at_most_level: int = 0


class Band(Noun):
    """A word for a stretch of scores, from `at_least` up to the next band."""

    id: str
    at_least: float
    says: str


class Rubric(Noun):
    """The whole rubric. `weights[kind][criterion]` sums to 1 for each question kind."""

    id: str
    version: int
    criteria: Mapping[CriterionId, Criterion]
    weights: Mapping[QuestionKind, Mapping[CriterionId, float]]
    caps: tuple[Cap, ...]
    bands: tuple[Band, ...]

    @property
    def ref(self) -> str:
        """How reports name this rubric, such as "star@1"."""
        return f"{self.id}@{self.version}"

    @property
    def texts(self) -> tuple[str, ...]:
        """Every anchor and next step, whose words and figures anybody may repeat."""
        return tuple(
            text
            for criterion in self.criteria.values()
            for text in (*criterion.anchors, *criterion.next_steps)
        )

    @model_validator(mode="after")
    def _complete(self) -> Rubric:
        if tuple(self.criteria) != CRITERIA:
            raise ValueError(f"criteria must be exactly {', '.join(CRITERIA)}, in this order")
        for kind, weights in self.weights.items():
            if set(weights) != set(CRITERIA) or abs(sum(weights.values()) - 1) > 1e-9:
                raise ValueError(f"weights.{kind} must name every criterion and sum to 1")
        starts = [band.at_least for band in self.bands]
        if not starts or starts[0] != 0 or starts != sorted(starts):
            raise ValueError("bands must start at 0 and rise")
        return self


@lru_cache(maxsize=4)
def load_rubric(path: Path) -> Rubric:
    """Reads a rubric file; raises ConfigError that names the file, the key and the reason."""
    try:
        with path.open("rb") as file:
            raw = tomllib.load(file)
        raw["criteria"] = {c: {"id": c, **raw["criteria"][c]} for c in raw.get("criteria", {})}
        return Rubric.model_validate(raw)
    except OSError as error:
        reason = error.strerror or str(error)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError) as error:
        reason = str(error)
    except ValidationError as error:
        first = error.errors()[0]
        reason = f"{'.'.join(str(part) for part in first['loc']) or 'file'}: {first['msg']}"
    raise ConfigError(
        "rubric_broken", f"{path}: {reason}.", "Restore the file from the project, or mend the key."
    )
