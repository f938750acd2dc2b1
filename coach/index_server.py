"""The index on a Chroma server (`CHROMA_URL`): collections named by key, filled by whoever comes first.

The server is one process and passages have fixed ids, so two clients that fill one index at once
do the same work twice and no harm. Old collections stay: nobody here can know who else uses them.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import SplitResult, urlsplit

from coach.errors import ConfigError, StoreError
from coach.index_chroma import (
    CollectionIncomplete,
    PassageCollection,
    chroma_errors,
    quiet_settings,
    shelf_prefix,
)
from coach.index_passages import Entry, passages_of
from coach.index_store import IndexStatus, Progress

if TYPE_CHECKING:
    import httpx
    from chromadb.api.client import Client

    from coach.embedding import Embedder
    from coach.schema import Role

ANSWER_SECONDS = 30.0
CONNECT_SECONDS = 5.0


def open_on_server(
    url: str, key: str, roles: Sequence[Role], embedder: Embedder, report: Progress
) -> PassageCollection:
    """The passages of these roles, filled in first where any are lacking; raises StoreError."""
    entries = passages_of(roles)
    with _reaching(url):
        client = connect(url)
        collection = PassageCollection(client, _name(key), f"at {url}", on_close=lambda: hang_up(client))
        try:
            if collection.entries != {entry.id: entry for entry in entries}:
                _fill(collection, entries, embedder, report)
        except BaseException as error:
            collection.close()
            if not isinstance(error, CollectionIncomplete):
                raise
            hint = f"Delete the collections {shelf_prefix(_name(key))}* on the server and try again."
            raise StoreError("index_unusable", f"The index at {url} is not sound: {error}.", hint) from error
    return collection


def _fill(
    collection: PassageCollection, entries: Sequence[Entry], embedder: Embedder, report: Progress
) -> None:
    texts = [entry.text for entry in entries]
    vectors = embedder.embed(texts, lambda done: report("Embedding the roles", 0.9 * done))
    report("Writing the index", 0.92)
    collection.add(entries, vectors)
    report("Checking the index", 0.96)
    collection.check(entries, vectors)
    report("The index is ready", 1.0)


def server_status(url: str, key: str, roles: Sequence[Role]) -> IndexStatus:
    """What the server holds; changes nothing. Raises StoreError when it cannot be reached."""
    with _reaching(url):
        client = connect(url)
        try:
            names = {collection.name for collection in client.list_collections()}
            if not any(name.startswith(shelf_prefix(_name(key))) for name in names):
                stale = any(name.startswith(_name("")) for name in names)
                return IndexStatus(url, "stale" if stale else "missing", 0, key, None)
            held = PassageCollection(client, _name(key), f"at {url}").entries
        finally:
            hang_up(client)
    if held == {entry.id: entry for entry in passages_of(roles)}:
        return IndexStatus(url, "fresh", len(held), key, None)
    return IndexStatus(url, "damaged", len(held), key, None, "the collection is not complete")


def _name(key: str) -> str:
    return f"interview-coach-{key}"


def connect(url: str) -> Client:
    """A client; `hang_up` when done. ConfigError for what is no address, OSError or worse without answer."""
    address = _address(url)
    _knock(url)
    import chromadb

    secure = address.scheme == "https"
    port = address.port or (443 if secure else 80)
    host = str(address.hostname)
    client = cast("Client", chromadb.HttpClient(host=host, port=port, ssl=secure, settings=quiet_settings()))
    for session in _sessions(client):
        session.timeout = ANSWER_SECONDS
    return client


def hang_up(client: Client) -> None:
    """Closes the client and its connections; harmless when done twice."""
    sessions = _sessions(client)
    client.close()
    for session in sessions:
        session.close()


def _knock(url: str) -> None:
    """Raises OSError unless a Chroma server answers soon; Chroma's own client would wait for ever."""
    try:
        with urllib.request.urlopen(f"{url.rstrip('/')}/api/v2/heartbeat", timeout=CONNECT_SECONDS):  # noqa: S310
            pass
    except urllib.error.HTTPError as error:
        error.close()
        raise


def _sessions(client: Any) -> list[httpx.Client]:
    # Chroma sets no time limit on these two and never closes them, and offers no way to either.
    return [client._server._session, client._admin_client._server._session]


def _address(url: str) -> SplitResult:
    try:
        address = urlsplit(url)
        if address.scheme in ("http", "https") and address.hostname and not address.path.strip("/"):
            _ = address.port  # raises ValueError for what is no port
            return address
    except ValueError:
        pass
    raise ConfigError(
        "bad_setting",
        f"CHROMA_URL is {url!r}, which is not the address of a server.",
        "Set it to an address such as http://127.0.0.1:8000, or unset it to use the built-in store.",
    )


@contextmanager
def _reaching(url: str) -> Iterator[None]:
    hint = "Start it (chroma run --host 127.0.0.1 --port 8000), mend CHROMA_URL, or unset it."
    with chroma_errors("chroma_unreachable", f"The Chroma server at {url} cannot be used", hint):
        yield
