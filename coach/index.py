"""The role's content as a searchable index: which activities, KPIs and questions a text is near to.

The index is a cache. It is named by a hash of what is in it and what made it, built on first use and
again whenever that hash changes, and safe to delete at any time.
"""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from coach.index_chroma import Hit, PassageCollection
from coach.index_folder import folder_status, open_in_folder
from coach.index_passages import key_of
from coach.index_server import open_on_server, server_status
from coach.index_store import IndexStatus, Progress, SnapshotStore
from coach.relevance import ItemKind, affinity, relevances

if TYPE_CHECKING:
    import numpy as np

    from coach.config import Settings
    from coach.embedding import Embedder
    from coach.schema import Role

__all__ = ["IndexStatus", "ItemKind", "Passage", "Progress", "RoleIndex"]


class Passage(NamedTuple):
    """An item of the role near to a text, with its nearest passage.

    `similarity` is that passage's cosine, -1.0 to 1.0. `relevance`, 0.0 to 1.0, is the calibrated chance
    that a reader says the text shows this item (see `coach.relevance`).
    """

    item_kind: ItemKind
    item_id: str
    text: str
    similarity: float
    relevance: float


class RoleIndex:
    """An open index of some roles. Threads may share it; `close` it or let it be collected."""

    def __init__(self, key: str, roles: Sequence[Role], collection: PassageCollection) -> None:
        self.key = key
        self._role_ids = frozenset(role.id for role in roles)
        self._collection = collection
        self._release = weakref.finalize(self, collection.close)

    @classmethod
    def open(
        cls, settings: Settings, roles: Sequence[Role], embedder: Embedder, progress: Progress | None = None
    ) -> RoleIndex:
        """Opens the index of these roles, building it first when it is missing, stale or damaged.

        `progress` hears what is being done and how far it is, 0.0 to 1.0. Raises StoreError when the
        index cannot be built or its server not reached.
        """
        key, report = key_of(roles), progress or _say_nothing
        if settings.chroma_url:
            return cls(key, roles, open_on_server(settings.chroma_url, key, roles, embedder, report))
        store = SnapshotStore(settings.index_dir)
        return cls(key, roles, open_in_folder(store, key, roles, embedder, report))

    @staticmethod
    def status(settings: Settings, roles: Sequence[Role]) -> IndexStatus:
        """What `open` would find; builds nothing. Raises StoreError when a server cannot be reached."""
        if settings.chroma_url:
            return server_status(settings.chroma_url, key_of(roles), roles)
        return folder_status(SnapshotStore(settings.index_dir), key_of(roles))

    def search(
        self, vectors: np.ndarray, role_id: str, item_kind: ItemKind, k: int = 10
    ) -> list[list[Passage]]:
        """For each vector the k most relevant items of this kind, best first.

        `vectors` has shape (n, 384), as `Embedder.embed` makes them. Raises KeyError for a role that
        was not opened, StoreError when the store fails.
        """
        if role_id not in self._role_ids:
            raise KeyError(role_id)
        found = self._collection.nearest(vectors, role_id, item_kind)
        return [_best_items(item_kind, hits)[:k] for hits in found]

    def close(self) -> None:
        """Gives back the store and its temporary files; harmless when done twice."""
        self._release()


def _best_items(kind: ItemKind, hits: Sequence[Hit]) -> list[Passage]:
    by_item: dict[str, list[Hit]] = {}
    for hit in hits:
        by_item.setdefault(hit.entry.item_id, []).append(hit)
    affinities = [affinity([hit.similarity for hit in own]) for own in by_item.values()]
    items = [
        Passage(kind, item_id, own[0].entry.text, own[0].similarity, relevance)
        for (item_id, own), relevance in zip(by_item.items(), relevances(kind, affinities), strict=True)
    ]
    return sorted(items, key=lambda item: (-item.relevance, -item.similarity, item.item_id))


def _say_nothing(doing: str, done: float) -> None:
    """Progress for nobody."""
