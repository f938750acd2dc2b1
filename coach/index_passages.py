"""A role's content as short passages: what is embedded, and the key that says which content it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import NamedTuple

from coach.embedding import MODEL_SHA256, TOKENIZER_SHA256
from coach.relevance import ItemKind
from coach.schema import Role

FORMAT_VERSION = 3
# About 130 tokens: half of what the model reads, and more than any sentence needs.
CHUNK_CHARACTERS = 600
CHUNK_OVERLAP = 80


class Entry(NamedTuple):
    """A passage to be indexed, with the item of the role that it belongs to. `id` is unique."""

    id: str
    role_id: str
    item_kind: ItemKind
    item_id: str
    text: str


def texts_of(role: Role) -> Iterator[Entry]:
    """Everything of a role that is searched, not yet cut to passage length."""
    for activity in role.activities:
        words = ", ".join((*activity.verbs, *activity.tools))
        named = f"{activity.name}: {words}" if words else ""
        texts = [f"{activity.name}: {activity.description}", *activity.work, named, *activity.said]
        yield from _entries(role, "activity", activity.id, texts)
    for kpi in role.kpis:
        names = ", ".join((kpi.name, *kpi.aliases))
        texts = [kpi.name, f"{kpi.name}: {kpi.description}", names if kpi.aliases else "", kpi.statement]
        yield from _entries(role, "kpi", kpi.id, texts)
    for question in role.questions:
        yield from _entries(role, "question", question.id, [question.text])


def passages_of(roles: Sequence[Role]) -> list[Entry]:
    """The passages of all roles; long texts are cut at paragraphs, sentences, then words."""
    cut: list[Entry] = []
    for entry in (entry for role in roles for entry in texts_of(role)):
        if len(entry.text) <= CHUNK_CHARACTERS:
            cut.append(entry)
            continue
        cut.extend(
            entry._replace(id=f"{entry.id}/{n}", text=part) for n, part in enumerate(_split(entry.text))
        )
    return cut


def key_of(roles: Sequence[Role]) -> str:
    """Names the index of exactly this content, model, splitter and store format; 16 hex digits."""
    ingredients = [
        FORMAT_VERSION,
        [CHUNK_CHARACTERS, CHUNK_OVERLAP, version("langchain-text-splitters")],
        [MODEL_SHA256, TOKENIZER_SHA256],
        version("chromadb"),
        sorted(entry for role in roles for entry in texts_of(role)),
    ]
    return hashlib.sha256(json.dumps(ingredients).encode()).hexdigest()[:16]


def _entries(role: Role, kind: ItemKind, item_id: str, texts: Sequence[str]) -> Iterator[Entry]:
    for number, text in enumerate(text for text in texts if text.strip()):
        yield Entry(f"{role.id}/{kind}/{item_id}/{number}", role.id, kind, item_id, text.strip())


def _split(text: str) -> list[str]:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=CHUNK_CHARACTERS,
        chunk_overlap=CHUNK_OVERLAP,
        separators=["\n\n", "\n", ". ", "; ", ", ", " ", ""],
    )
    return splitter.split_text(text)
