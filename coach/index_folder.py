"""The index in the data folder: build a snapshot once, read it through a private copy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from coach.errors import StoreError
from coach.index_chroma import CollectionIncomplete, PassageCollection, chroma_errors, open_folder
from coach.index_copy import PrivateCopy
from coach.index_passages import passages_of
from coach.index_store import DISK_HINT, IndexStatus, Progress, SnapshotDamaged, SnapshotStore

if TYPE_CHECKING:
    from coach.embedding import Embedder
    from coach.schema import Role

COLLECTION = "passages"


def open_in_folder(
    store: SnapshotStore, key: str, roles: Sequence[Role], embedder: Embedder, report: Progress
) -> PassageCollection:
    """The passages of these roles, built first unless a sound snapshot is there; raises StoreError."""
    collection = _open_snapshot(store, key)
    if collection:
        return collection
    with store.building(report):
        # Another process may have built it while this one waited.
        collection = _open_snapshot(store, key)
        if collection:
            return collection
        _build(store, key, roles, embedder, report)
        return _open_built(store, key)


def folder_status(store: SnapshotStore, key: str) -> IndexStatus:
    """What is built; changes nothing."""
    where = str(store.folder(key))
    try:
        manifest = store.check(key)
    except SnapshotDamaged as damage:
        return IndexStatus(where, "damaged", 0, key, None, str(damage))
    if manifest:
        return IndexStatus(where, "fresh", manifest.passages, key, manifest.built_at)
    return IndexStatus(where, "stale" if store.keys() else "missing", 0, key, None)


def _open_snapshot(store: SnapshotStore, key: str) -> PassageCollection | None:
    """None when there is no snapshot that can be used."""
    try:
        copy = store.check_out(key)
        return _open_copy(copy) if copy else None
    except (SnapshotDamaged, CollectionIncomplete):
        return None


def _open_built(store: SnapshotStore, key: str) -> PassageCollection:
    try:
        copy = store.check_out(key)
        if copy is None:
            raise SnapshotDamaged("it was deleted at once")
        return _open_copy(copy)
    except (SnapshotDamaged, CollectionIncomplete) as error:
        raise StoreError(
            "index_unusable",
            f"The index in {store.folder(key)} was built but cannot be opened: {error}.",
            f"Delete the folder {store.root} and try again; it holds nothing that cannot be made anew.",
        ) from error


def _open_copy(copy: PrivateCopy) -> PassageCollection:
    """Raises CollectionIncomplete when Chroma cannot open the copy or does not find in it what it should."""
    try:
        with chroma_errors("index_unusable", "The index cannot be opened", ""):
            collection = _open(copy.content, on_close=copy.close)
    except StoreError as error:
        copy.close()  # a second time, unless opening the folder itself had failed
        raise CollectionIncomplete(error.message) from error
    if len(collection.entries) != copy.passages:
        collection.close()
        raise CollectionIncomplete(f"it holds {len(collection.entries)} passages, not {copy.passages}")
    return collection


def _open(folder: Path, *, on_close: Callable[[], None] | None = None) -> PassageCollection:
    return PassageCollection(open_folder(folder), COLLECTION, f"in {folder}", on_close=on_close)


def _build(
    store: SnapshotStore, key: str, roles: Sequence[Role], embedder: Embedder, report: Progress
) -> None:
    entries = passages_of(roles)
    texts = [entry.text for entry in entries]
    vectors = embedder.embed(texts, lambda done: report("Embedding the roles", 0.9 * done))

    def write(folder: Path) -> int:
        report("Writing the index", 0.92)
        with closing(_open(folder)) as collection:
            collection.add(entries, vectors)
        return len(entries)

    def check(copy: PrivateCopy) -> None:
        report("Checking the index", 0.96)
        with closing(_open_copy(copy)) as collection:
            collection.check(entries, vectors)

    try:
        with chroma_errors("index_unwritable", f"The index cannot be built in {store.root}", DISK_HINT):
            store.publish(key, write, check)
    except CollectionIncomplete as error:
        message = f"The index that was built in {store.root} is not sound: {error}."
        raise StoreError("index_unusable", message, DISK_HINT) from error
    report("The index is ready", 1.0)
