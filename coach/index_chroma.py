"""The only code that talks to Chroma: one collection of passages, in a folder or on a server.

Vectors are always our own, and no embedding function is ever set or read back: a collection's stored
configuration may name one, and building it would run what the store says.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from coach.errors import StoreError
from coach.index_passages import Entry
from coach.relevance import ItemKind

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

_BATCH = 1000
_SEARCH_HINT = "Try again; if it stays, restart the coach, and the Chroma server if you use one."


class Hit(NamedTuple):
    """A passage near to a vector; `similarity` is the cosine, -1 to 1."""

    entry: Entry
    similarity: float


class CollectionIncomplete(Exception):
    """A collection does not hold, or does not find, what was put into it."""


class PassageCollection:
    """One open collection of passages. Threads may share it."""

    def __init__(
        self,
        client: Client,
        name: str,
        where: str,
        *,
        create: bool = False,
        on_close: Callable[[], None] | None = None,
    ) -> None:
        """Takes over the client: closes it when this fails, and on `close`. `where` is for messages."""
        self._client = client
        self._where = where
        self._on_close = on_close
        self.entries: dict[str, Entry] = {}
        self._sizes: Counter[tuple[str, ItemKind]] = Counter()
        try:
            self._collection = _collection(client, name, create)
            self._read_entries()
        except BaseException:
            self.close()
            raise

    def _read_entries(self) -> None:
        held = self._collection.get(include=["documents", "metadatas"])
        rows = zip(held["ids"], held["documents"] or (), held["metadatas"] or (), strict=True)
        self.entries = {row[0]: _entry(*row) for row in rows}
        self._sizes = Counter((entry.role_id, entry.item_kind) for entry in self.entries.values())

    def add(self, entries: Sequence[Entry], vectors: np.ndarray) -> None:
        """Adds passages with their vectors, or replaces those of the same id."""
        for first in range(0, len(entries), _BATCH):
            batch = entries[first : first + _BATCH]
            self._collection.upsert(
                ids=[entry.id for entry in batch],
                embeddings=vectors[first : first + _BATCH],
                documents=[entry.text for entry in batch],
                metadatas=[_metadata(entry) for entry in batch],
            )
        self._read_entries()

    def nearest(self, vectors: np.ndarray, role_id: str, kind: ItemKind) -> list[list[Hit]]:
        """For each vector every passage of this role and kind, nearest first; raises StoreError."""
        size = self._sizes[role_id, kind]
        if not size or not len(vectors):
            return [[] for _ in vectors]
        with chroma_errors("index_failed", f"The index {self._where} cannot be searched", _SEARCH_HINT):
            found = self._collection.query(
                query_embeddings=vectors,
                n_results=size,
                where={"$and": [{"role_id": role_id}, {"item_kind": kind}]},
                include=["distances"],
            )
        return [
            [
                Hit(self.entries[id_], 1.0 - distance)
                for id_, distance in zip(*row, strict=True)
                if id_ in self.entries
            ]
            for row in zip(found["ids"], found["distances"] or (), strict=True)
        ]

    def check(self, entries: Sequence[Entry], vectors: np.ndarray) -> None:
        """Raises CollectionIncomplete unless it holds exactly these and finds all, from each of them."""
        if self.entries != {entry.id: entry for entry in entries}:
            raise CollectionIncomplete(f"it holds {len(self.entries)} passages, not {len(entries)}")
        for role_id, kind in self._sizes:
            places = [n for n, e in enumerate(entries) if (e.role_id, e.item_kind) == (role_id, kind)]
            expected = {entries[n].id for n in places}
            for place, hits in zip(places, self.nearest(vectors[places], role_id, kind), strict=True):
                if {hit.entry.id for hit in hits} != expected or hits[0].similarity < 0.999:
                    raise CollectionIncomplete(f"a search near {entries[place].id} does not find everything")

    def close(self) -> None:
        """Lets go of the folder or the connection."""
        self._client.close()
        if self._on_close:
            self._on_close()


def _collection(client: Client, name: str, create: bool) -> Collection:
    if not create:
        return client.get_collection(name, embedding_function=None)
    space: Any = {"hnsw": {"space": "cosine"}}
    return client.get_or_create_collection(name, embedding_function=None, configuration=space)


def open_folder(path: Path) -> Client:
    """Chroma's embedded store in this folder; it writes there even to read, so the folder must be ours."""
    import chromadb

    return cast("Client", chromadb.PersistentClient(path, settings=quiet_settings()))


def quiet_settings() -> Any:
    """Chroma's settings: no telemetry, and no .env of whatever folder the program was started in."""
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False, _env_file=None)  # type: ignore[call-arg]


@contextlib.contextmanager
def chroma_errors(code: str, what: str, hint: str) -> Iterator[None]:
    """Turns whatever Chroma or the way to it raises into StoreError; `what` begins the message."""
    import httpx
    from chromadb.errors import ChromaError

    try:
        yield
    # Chroma reports a refused connection as ValueError in one place and as httpx's own error in others.
    except (OSError, ValueError, httpx.HTTPError, ChromaError) as error:
        raise StoreError(code, f"{what}: {_reason(error)}.", hint) from error


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    return (str(reason) or type(reason).__name__).splitlines()[0].rstrip(".")


def _metadata(entry: Entry) -> Mapping[str, str]:
    return {"role_id": entry.role_id, "item_kind": entry.item_kind, "item_id": entry.item_id}


def _entry(id_: str, document: str, metadata: Any) -> Entry:
    return Entry(id_, str(metadata["role_id"]), metadata["item_kind"], str(metadata["item_id"]), document)
