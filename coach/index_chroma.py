"""The only code that talks to Chroma: a collection of passages, in a folder or on a server.

Vectors are always our own and no embedding function is ever set or read back: a collection's stored
configuration may name one, and building it would run what the store says.
"""

from __future__ import annotations

import contextlib
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from urllib.parse import urlsplit

from coach.errors import ConfigError, StoreError
from coach.index_passages import Entry
from coach.relevance import ItemKind

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api import ClientAPI

SERVER_TIMEOUT_SECONDS = 30.0
CONNECT_TIMEOUT_SECONDS = 5.0
_BATCH = 1000


class Hit(NamedTuple):
    """A passage near to a vector; `similarity` is the cosine, -1 to 1."""

    entry: Entry
    similarity: float


class CollectionIncomplete(Exception):
    """A collection does not hold, or does not find, what was put into it."""


class PassageCollection:
    """One open collection of passages. Threads may share it."""

    def __init__(self, client: ClientAPI, name: str, *, create: bool = False) -> None:
        self._client = client
        if create:
            space: Any = {"hnsw": {"space": "cosine"}}
            self._collection = client.get_or_create_collection(name, embedding_function=None, configuration=space)
        else:
            self._collection = client.get_collection(name, embedding_function=None)
        self.entries: dict[str, Entry] = {}
        self._sizes: Counter[tuple[str, str]] = Counter()
        self.read_entries()

    def read_entries(self) -> None:
        """Learns what the collection holds; a search returns nothing added after that."""
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
                metadatas=[{"role_id": e.role_id, "item_kind": e.item_kind, "item_id": e.item_id} for e in batch],
            )
        self.read_entries()

    def nearest(self, vectors: np.ndarray, role_id: str, kind: ItemKind) -> list[list[Hit]]:
        """For each vector every passage of this role and kind, nearest first."""
        size = self._sizes[role_id, kind]
        if not size or not len(vectors):
            return [[] for _ in vectors]
        found = self._collection.query(
            query_embeddings=vectors,
            n_results=size,
            where={"$and": [{"role_id": role_id}, {"item_kind": kind}]},
            include=["distances"],
        )
        distances = found["distances"] or []
        return [
            [Hit(self.entries[id_], 1.0 - distance) for id_, distance in zip(*row, strict=True)]
            for row in zip(found["ids"], distances, strict=True)
        ]

    def check(self, entries: Sequence[Entry], vectors: np.ndarray) -> None:
        """Raises CollectionIncomplete unless it holds exactly these and finds all, from each of them."""
        if self.entries != {entry.id: entry for entry in entries}:
            raise CollectionIncomplete(f"{len(self.entries)} of {len(entries)} passages are there")
        for role_id, kind in self._sizes:
            places = [n for n, e in enumerate(entries) if (e.role_id, e.item_kind) == (role_id, kind)]
            expected = {entries[n].id for n in places}
            for place, hits in zip(places, self.nearest(vectors[places], role_id, kind), strict=True):
                if {hit.entry.id for hit in hits} != expected or hits[0].similarity < 0.999:
                    raise CollectionIncomplete(f"a search for {entries[place].id} does not find all")

    def close(self) -> None:
        """Lets go of the folder or the connection."""
        self._client.close()


def open_folder(path: Path) -> ClientAPI:
    """Chroma's embedded store in this folder; it writes there even to read, so the folder must be ours."""
    import chromadb

    return chromadb.PersistentClient(path, settings=_quiet_settings())


def open_server(url: str) -> ClientAPI:
    """A client of the Chroma server at this address.

    Raises ConfigError for an address that cannot be one, StoreError `chroma_unreachable` without answer.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise ConfigError("bad_setting", f"CHROMA_URL is {url!r}, which is not the address of a server.", "Set it to an address such as http://127.0.0.1:8000, or unset it.")
    secure = parts.scheme == "https"
    with reaching(url):
        # Chroma's own client waits without limit.
        with urllib.request.urlopen(f"{url.rstrip('/')}/api/v2/heartbeat", timeout=CONNECT_TIMEOUT_SECONDS):  # noqa: S310
            pass
        import chromadb

        port = parts.port or (443 if secure else 80)
        client = chromadb.HttpClient(host=parts.hostname, port=port, ssl=secure, settings=_quiet_settings())
        cast(Any, client)._server._session.timeout = SERVER_TIMEOUT_SECONDS
    return client
