"""Trained weights of the built-in judge: loading and saving the arrays in `knowledge/star/`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zipfile import BadZipFile

from coach.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class StarModel:
    """Labeller of clauses. `weights` (6, 3*384+F) and `bias` (6,) score a clause's labels in the order of
    schema.LABELS; `transition` (6, 6) scores label i followed by label j, `initial` (6,) the first label;
    `mean` and `scale` (F,) standardise the F hand-made features."""

    weights: Matrix
    bias: Matrix
    transition: Matrix
    initial: Matrix
    mean: Matrix
    scale: Matrix


@dataclass(frozen=True)
class TypeModel:
    """Answer type of a whole answer. `weights` (6, 384+F) and `bias` (6,) score the types in the order of
    schema.ANSWER_TYPES; `mean` and `scale` (F,) standardise the F hand-made features."""

    weights: Matrix
    bias: Matrix
    mean: Matrix
    scale: Matrix


Weights = TypeVar("Weights", StarModel, TypeModel)


@lru_cache(maxsize=4)
def load_star_model(folder: Path) -> StarModel:
    """The labeller's weights; raises ConfigError when the file is missing or damaged."""
    return _load(folder / "star.npz", StarModel)


@lru_cache(maxsize=4)
def load_type_model(folder: Path) -> TypeModel:
    """The answer-type weights; raises ConfigError when the file is missing or damaged."""
    return _load(folder / "answer_type.npz", TypeModel)


def save_weights(model: StarModel | TypeModel, path: Path) -> None:
    """Writes weights in half precision, which is enough and halves the file."""
    import numpy as np

    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **{field.name: getattr(model, field.name).astype(np.float16) for field in fields(model)})


def _load(path: Path, kind: type[Weights]) -> Weights:
    import numpy as np

    try:
        # Opened here, because numpy leaves a damaged file open.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return kind(*(arrays[field.name].astype(np.float32) for field in fields(kind)))
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise ConfigError(
            "weights_damaged",
            f"{path} cannot be read: {error}.",
            "Restore the file from the project, or reinstall.",
        ) from error
