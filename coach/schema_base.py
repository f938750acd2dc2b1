"""What every schema is built on."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Noun(BaseModel):
    """Base of every type here: immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Notice(Noun):
    """Something the reader should know about a report or a set."""

    code: str
    message: str


class Usage(Noun):
    """What the model calls took."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float = 0.0
