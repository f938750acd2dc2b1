"""Loads the prompts of `prompts/`: reviewed files with a header, filled in by plain replacement.

A file opens with a TOML header between two lines `+++`, then holds a part `## System` (the same in every
request) and a part `## User`. `{{name}}` stands for a variable that the header declares. A prompt that only
continues a request has no part `## System`; its `system` is "".
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pydantic import Field, ValidationError

from coach.errors import ConfigError
from coach.schema import Noun

LOCK_FILE = "prompts.lock"
_FENCE = "+++\n"
_VARIABLE = re.compile(r"\{\{(\w+)\}\}")


class Header(Noun):
    """What a prompt file says about itself."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    version: int = Field(ge=1)
    purpose: str
    variables: tuple[str, ...]


class Rendered(NamedTuple):
    """A prompt filled in."""

    system: str
    user: str


@dataclass(frozen=True)
class Prompt:
    """A prompt as its file has it; `sha256` is of the file's whole text with plain line ends."""

    header: Header
    system: str
    user: str
    sha256: str

    @property
    def name(self) -> str:
        """Id and version, the key of the lock: "assess@1"."""
        return f"{self.header.id}@{self.header.version}"

    @property
    def ref(self) -> str:
        """How reports name this prompt: "assess@1:ab12cd"."""
        return f"{self.name}:{self.sha256[:6]}"

    def render(self, values: Mapping[str, str]) -> Rendered:
        """Fills in the variables. Inserted text is never read for variables again.

        Raises KeyError unless `values` names exactly the declared variables.
        """
        if set(values) != set(self.header.variables):
            raise KeyError(f"{self.name} takes {', '.join(self.header.variables)}")
        return Rendered(
            *(_VARIABLE.sub(lambda found: values[found[1]], part) for part in (self.system, self.user))
        )


@lru_cache(maxsize=16)
def load_prompt(directory: Path, prompt_id: str) -> Prompt:
    """Reads `<prompt_id>.md`; raises ConfigError that names the file and what is wrong with it."""
    path = directory / f"{prompt_id}.md"
    try:
        prompt = parse_prompt(path.read_text(encoding="utf-8"))
        if prompt.header.id != prompt_id:
            raise ValueError(f"its id is {prompt.header.id!r}, which is not the file's name")
        return prompt
    except OSError as error:
        reason = error.strerror or str(error)
    except ValidationError as error:
        first = error.errors()[0]
        reason = f"header: {'.'.join(map(str, first['loc']))}: {first['msg']}"
    except (ValueError, tomllib.TOMLDecodeError) as error:
        reason = str(error)
    raise ConfigError("prompt_broken", f"{path}: {reason}.", "Restore the file from the project, or mend it.")


def parse_prompt(text: str) -> Prompt:
    """Reads a prompt's text; raises ValueError (a ValidationError for the header) when it is not one."""
    opening, header_text, body = (*text.split(_FENCE, 2), "", "")[:3]
    if opening or not body:
        raise ValueError("it does not begin with a header between two lines of +++")
    header = Header.model_validate(tomllib.loads(header_text))
    head, system, user = _parts(body)
    if head.strip():
        raise ValueError("text stands before the first part")
    used = set(_VARIABLE.findall(system + user))
    if used != set(header.variables):
        differing = ", ".join(sorted(used ^ set(header.variables)))
        raise ValueError(f"variables declared and used differ: {differing}")
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Prompt(header, system.strip(), user.strip(), digest)


def read_lock(directory: Path) -> dict[str, str]:
    """The SHA-256 of every published prompt by its name; raises ConfigError when the lock is broken."""
    path = directory / LOCK_FILE
    try:
        return {name: str(digest) for name, digest in tomllib.loads(path.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError) as error:
        raise ConfigError(
            "prompt_lock_broken", f"{path}: {error}.", "Restore the file from the project."
        ) from error


def _parts(body: str) -> tuple[str, str, str]:
    head, *parts = re.split(r"^## (System|User)\n", body, flags=re.MULTILINE)
    if parts[0::2] == ["User"]:
        return head, "", parts[1]
    if parts[0::2] != ["System", "User"]:
        raise ValueError("it needs one part '## System' and then one part '## User'")
    return head, parts[1], parts[3]
