"""The role's content as a searchable index: which activities, KPIs and questions a text is near to.

The index is a cache. It is named by a hash of what is in it and what made it, built on first use and
again whenever that hash changes, and safe to delete at any time.
"""

from __future__ import annotations

import weakref
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from coach.index_chroma import Hit, PassageCollection
from coach.index_folder import folder_status, open_in_folder
from coach.index_passages import key_of
from coach.index_server import open_on_server, server_status
from coach.index_store import IndexStatus, Progress, SnapshotStore
from coach.relevance import ItemKind, affinity, baselines, relevances

if TYPE_CHECKING:
    import numpy as np

    from coach.config import Settings
    from coach.embedding import Embedder
    from coach.schema import Role

KINDS: tuple[ItemKind, ...] = ("activity", "kpi", "question")

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


class Item(NamedTuple):
    """How many passages an item has, and the baseline of its affinity, -1.0 to 1.0."""

    passages: int
    baseline: float


class RoleIndex:
    """An open index of some roles. Threads may share it; `close` it or let it be collected."""

    def __init__(self, key: str, roles: Sequence[Role], collection: PassageCollection) -> None:
        self.key = key
        self._collection = collection
        self._release = weakref.finalize(self, collection.close)
        try:
            self._items = {
                (role.id, kind): _items(collection, role.id, kind) for role in roles for kind in KINDS
            }
        except BaseException:
            self.close()
            raise

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
        """For each vector the k most relevant items of this kind, best first; none for a vector of zeros.

        `vectors` has shape (n, 384), as `Embedder.embed` makes them. An item none of whose passages is
        among the nearest to a vector is left out. Raises KeyError for a role that was not opened,
        StoreError when the store fails.
        """
        items = self._items[role_id, item_kind]
        found = self._collection.nearest(vectors, role_id, item_kind)
        return [_best_items(item_kind, items, hits)[:k] for hits in found]

    def close(self) -> None:
        """Gives back the store and its temporary files; harmless when done twice."""
        self._release()


def _items(collection: PassageCollection, role_id: str, kind: ItemKind) -> dict[str, Item]:
    owners, vectors = collection.vectors(role_id, kind)
    sizes = Counter(owners)
    return {item: Item(sizes[item], baseline) for item, baseline in baselines(vectors, owners).items()}


def _best_items(kind: ItemKind, items: Mapping[str, Item], hits: Sequence[Hit]) -> list[Passage]:
    if not hits:
        return []
    own: dict[str, list[Hit]] = {item_id: [] for item_id in items}
    for hit in hits:
        own[hit.entry.item_id].append(hit)
    lowest = hits[-1].similarity
    centred = [
        affinity([hit.similarity for hit in own[item_id]], item.passages, lowest) - item.baseline
        for item_id, item in items.items()
    ]
    passages = [
        Passage(kind, item_id, near[0].entry.text, near[0].similarity, relevance)
        for (item_id, near), relevance in zip(own.items(), relevances(kind, centred), strict=True)
        if near
    ]
    return sorted(passages, key=lambda item: (-item.relevance, -item.similarity, item.item_id))


def _say_nothing(doing: str, done: float) -> None:
    """Progress for nobody."""
