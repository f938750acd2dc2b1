"""Every error the coach raises on purpose, by whose fault it is.

    CoachError
    ├── InputError          the text or file you gave           exit 2
    │   └── AnswerError     an answer that cannot be assessed
    ├── ConfigError         a setting, key, role or rubric file  exit 3
    ├── ModelError          the language model or its server     exit 4
    │   └── BudgetError     a limit on what model calls may cost
    └── StoreError          the index, the database, the disk    exit 4

    CancelledError          nobody wants the result any more

Each CoachError carries a stable `code`, a `message` (what is wrong and where) and a `hint` (what to do).
"""

from __future__ import annotations


class CoachError(Exception):
    """Base of the tree; never raised itself."""

    exit_code = 1

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def as_dict(self) -> dict[str, str]:
        """The `error` object of the command line's JSON."""
        return {"code": self.code, "message": self.message, "hint": self.hint}


class InputError(CoachError):
    """What was given cannot be used: an unknown role or question, an unreadable file."""

    exit_code = 2


class AnswerError(InputError):
    """The answer cannot be assessed: too short, too long, not English, not text, only the question."""


class ConfigError(CoachError):
    """A setting, key, role file, rubric or prompt is wrong."""

    exit_code = 3


class ModelError(CoachError):
    """The language model could not be reached or its reply could not be read."""

    exit_code = 4


class BudgetError(ModelError):
    """A model call was not made: it might have passed a limit on cost or tokens, or none could be kept."""


class StoreError(CoachError):
    """The index, the history database or the data folder cannot be used."""

    exit_code = 4


class CancelledError(Exception):
    """Nobody wants the result of a request to a model any more: the reader asked again or went away."""
