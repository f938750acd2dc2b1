"""The only code that talks to Chroma: collections of passages, in a folder or on a server.

Vectors are always our own, and no embedding function is ever set or read back: a collection's stored
configuration may name one, and building it would run what the store says.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from coach.embedding import DIMENSIONS
from coach.errors import StoreError
from coach.index_passages import Entry
from coach.relevance import ItemKind

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

# Role and kind.
Place = tuple[str, ItemKind]

# Hits that are asked for. On 1500 clauses of marked answers the best item is the one that a search of all
# 979 passages finds, and shares (see coach.relevance) differ from those by 0.006 on average.
NEAREST = 80
# How widely the graph is searched. Chroma builds it anew, by chance differently, in every process; searched
# wider than it is large it finds the true nearest each time. With 100 it missed one of the 80 for every third
# clause; with 400 one relevance in thousands differed by 0.001 between two processes.
_SEARCHED = 1500
_BATCH = 1000
# A cosine from which two vectors are the same, stored and read again.
_SAME = 0.998
_SEARCH_HINT = "Try again; if it stays, restart the coach, and the Chroma server if you use one."


class Hit(NamedTuple):
    """A passage near to a vector; `similarity` is the cosine, -1 to 1."""

    entry: Entry
    similarity: float


class CollectionIncomplete(Exception):
    """A collection does not hold, or does not find, what was put into it."""


class Shelf(NamedTuple):
    """The passages of one kind of one role, in a Chroma collection of their own: searching them needs no
    filter, which would take longer than the search itself."""

    collection: Collection
    entries: dict[str, Entry]


class PassageCollection:
    """Open collections of passages, one for each kind of each role. Threads may share it."""

    def __init__(
        self, client: Client, name: str, where: str, *, on_close: Callable[[], None] | None = None
    ) -> None:
        """Takes over the client: closes it when this fails, and on `close`. `where` is for messages.

        The names of the collections begin with `name`; those that are missing are made by `add`.
        """
        self._client = client
        self._name = name
        self._where = where
        self._on_close = on_close
        self._shelves: dict[Place, Shelf] = {}
        try:
            self._read_shelves()
        except BaseException:
            self.close()
            raise

    @property
    def entries(self) -> dict[str, Entry]:
        """Everything that is held, by id."""
        return {id_: entry for shelf in self._shelves.values() for id_, entry in shelf.entries.items()}

    def _read_shelves(self) -> None:
        prefix = shelf_prefix(self._name)
        names = [held.name for held in self._client.list_collections() if held.name.startswith(prefix)]
        self._shelves = {}
        for name in sorted(names):
            collection = self._client.get_collection(name, embedding_function=None)
            held = collection.get(include=["documents", "metadatas"])
            rows = zip(held["ids"], held["documents"] or (), held["metadatas"] or (), strict=True)
            entries = {row[0]: _entry(*row) for row in rows}
            for place in {(entry.role_id, entry.item_kind) for entry in entries.values()}:
                self._shelves[place] = Shelf(collection, entries)

    def add(self, entries: Sequence[Entry], vectors: np.ndarray) -> None:
        """Adds passages with their vectors, or replaces those of the same id."""
        space: Any = {"hnsw": {"space": "cosine", "ef_search": _SEARCHED}}
        for place, rows in _by_place(entries).items():
            collection = self._client.get_or_create_collection(
                shelf_prefix(self._name) + ".".join(place), embedding_function=None, configuration=space
            )
            for first in range(0, len(rows), _BATCH):
                batch = rows[first : first + _BATCH]
                collection.upsert(
                    ids=[entries[row].id for row in batch],
                    embeddings=vectors[batch],
                    documents=[entries[row].text for row in batch],
                    metadatas=[_metadata(entries[row]) for row in batch],
                )
        self._read_shelves()

    def nearest(
        self, vectors: np.ndarray, role_id: str, kind: ItemKind, limit: int = NEAREST
    ) -> list[list[Hit]]:
        """For each vector the nearest passages of this role and kind, nearest first; raises StoreError.

        Nothing is near to a vector of zeros.
        """
        found: list[list[Hit]] = [[] for _ in vectors]
        shelf = self._shelves.get((role_id, kind))
        asked = [row for row, vector in enumerate(vectors) if vector.any()]
        if not shelf or not asked:
            return found
        with chroma_errors("index_failed", f"The index {self._where} cannot be searched", _SEARCH_HINT):
            near = shelf.collection.query(
                query_embeddings=vectors[asked],
                n_results=min(limit, len(shelf.entries)),
                include=["distances"],
            )
        for row, ids, distances in zip(asked, near["ids"], near["distances"] or (), strict=True):
            found[row] = [
                Hit(shelf.entries[id_], 1.0 - distance)
                for id_, distance in zip(ids, distances, strict=True)
                if id_ in shelf.entries
            ]
        return found

    def vectors(self, role_id: str, kind: ItemKind) -> tuple[list[str], np.ndarray]:
        """The item of every passage of this role and kind, and the vectors (n, 384); raises StoreError."""
        import numpy as np

        shelf = self._shelves.get((role_id, kind))
        if not shelf:
            return [], np.zeros((0, DIMENSIONS), dtype=np.float32)
        with chroma_errors("index_failed", f"The index {self._where} cannot be read", _SEARCH_HINT):
            held = shelf.collection.get(include=["embeddings"])
        own = [(place, id_) for place, id_ in enumerate(held["ids"]) if id_ in shelf.entries]
        embeddings = np.asarray(held["embeddings"], dtype=np.float32)
        return [shelf.entries[id_].item_id for _, id_ in own], embeddings[[place for place, _ in own]]

    def check(self, entries: Sequence[Entry], vectors: np.ndarray) -> None:
        """Raises CollectionIncomplete unless it holds exactly these, and each is what is nearest to it."""
        if self.entries != {entry.id: entry for entry in entries}:
            raise CollectionIncomplete(f"it holds {len(self.entries)} passages, not {len(entries)}")
        rows = {entry.id: row for row, entry in enumerate(entries)}
        for (role_id, kind), own in _by_place(entries).items():
            for row, hits in zip(own, self.nearest(vectors[own], role_id, kind, limit=1), strict=True):
                # Two texts may have one vector, so that either is nearest to the other.
                near = hits and hits[0].similarity * float(vectors[row] @ vectors[rows[hits[0].entry.id]])
                if not near or near < _SAME:
                    raise CollectionIncomplete(f"a search for {entries[row].id} does not find it")

    def close(self) -> None:
        """Lets go of the folder or the connection."""
        self._client.close()
        if self._on_close:
            self._on_close()


def shelf_prefix(name: str) -> str:
    """What the names of the collections of `name` begin with, and no others."""
    return f"{name}."


def _by_place(entries: Sequence[Entry]) -> dict[Place, list[int]]:
    places: dict[Place, list[int]] = {}
    for row, entry in enumerate(entries):
        places.setdefault((entry.role_id, entry.item_kind), []).append(row)
    return places


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
