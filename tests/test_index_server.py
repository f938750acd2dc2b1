"""The index on a real Chroma server (CHROMA_URL): the same answers, filled once, clear when unreachable."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import chromadb
import pytest
from chromadb.api.models.Collection import Collection

from coach import index_server
from coach.config import Settings
from coach.embedding import Embedder
from coach.errors import ConfigError, StoreError
from coach.index import RoleIndex
from coach.index_passages import key_of, passages_of
from tests.index_process import found, small_role

ROLE = small_role()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def chroma_run(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Chroma's own server on a free port, with its address."""
    port = free_port()
    server = subprocess.Popen(
        [
            Path(sys.executable).with_name("chroma"),
            "run",
            "--path",
            folder,
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/api/v2/heartbeat", timeout=5):
                break
            assert server.poll() is None, "the server ended"
            time.sleep(0.05)
        yield url, server
    finally:
        server.kill()
        server.wait()


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    return Embedder.open(Settings(data_dir=tmp_path_factory.mktemp("unused")))


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with chroma_run(tmp_path_factory.mktemp("server")) as (address, _):
        yield address


@pytest.fixture
def settings(url: str, tmp_path: Path) -> Iterator[Settings]:
    """Settings for a server that holds nothing yet, and a data folder that must stay away."""
    yield Settings(data_dir=tmp_path / "data", chroma_url=url)
    assert not (tmp_path / "data").exists()
    with plain_client(url) as client:
        for collection in client.list_collections():
            client.delete_collection(collection.name)


@contextlib.contextmanager
def plain_client(url: str) -> Iterator[chromadb.ClientAPI]:
    client = index_server.connect(url)
    try:
        yield client
    finally:
        index_server.hang_up(client)


def collection_of(client: chromadb.ClientAPI) -> Collection:
    return client.get_collection(name_of_activities(), embedding_function=None)


def name_of_activities() -> str:
    return f"interview-coach-{key_of([ROLE])}.{ROLE.id}.activity"


def steps_of_opening(settings: Settings, embedder: Embedder) -> set[str]:
    steps: set[str] = set()
    RoleIndex.open(settings, [ROLE], embedder, lambda doing, done: steps.add(doing)).close()
    return steps


def test_a_server_finds_what_a_folder_finds(settings: Settings, embedder: Embedder, tmp_path: Path) -> None:
    in_folder = RoleIndex.open(Settings(data_dir=tmp_path / "other"), [ROLE], embedder)
    on_server = RoleIndex.open(settings, [ROLE], embedder)
    for own, theirs in zip(found(in_folder, embedder), found(on_server, embedder), strict=True):
        for passages, others in zip(own, theirs, strict=True):
            assert [p[:3] for p in passages] == [p[:3] for p in others]
            assert [p[3:] for p in passages] == [pytest.approx(p[3:], abs=1e-5) for p in others]
    in_folder.close()
    on_server.close()


def test_filled_once_and_named_by_key(settings: Settings, embedder: Embedder) -> None:
    assert RoleIndex.status(settings, [ROLE]).state == "missing"
    assert "Writing the index" in steps_of_opening(settings, embedder)
    assert steps_of_opening(settings, embedder) == set()
    status = RoleIndex.status(settings, [ROLE])
    assert (status.state, status.passages) == ("fresh", len(passages_of([ROLE])))
    assert RoleIndex.status(settings, [small_role(kpis=())]).state == "stale"


def test_what_is_lacking_is_filled_in(settings: Settings, embedder: Embedder) -> None:
    RoleIndex.open(settings, [ROLE], embedder).close()
    with plain_client(str(settings.chroma_url)) as client:
        collection = collection_of(client)
        collection.delete(ids=collection.get()["ids"][:5])
    assert RoleIndex.status(settings, [ROLE]).state == "damaged"
    assert "Writing the index" in steps_of_opening(settings, embedder)
    assert RoleIndex.status(settings, [ROLE]).state == "fresh"


def test_two_processes_may_fill_it_at_once(settings: Settings, embedder: Embedder) -> None:
    command = [sys.executable, "-m", "tests.index_process", "open", str(settings.data_dir)]
    children = [
        subprocess.Popen(
            command,
            cwd=Path(__file__).parent.parent,
            env={**os.environ, "CHROMA_URL": str(settings.chroma_url)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    first, second = (json.loads(child.communicate(timeout=120)[0].splitlines()[-1]) for child in children)
    assert first["found"] == second["found"]
    assert steps_of_opening(settings, embedder) == set()


def test_an_embedding_function_named_by_the_server_is_not_used(
    settings: Settings, embedder: Embedder
) -> None:
    with plain_client(str(settings.chroma_url)) as client:
        # Chroma's default function would download a model when it is asked for a vector.
        planted = client.create_collection(name_of_activities(), configuration={"hnsw": {"space": "cosine"}})
        stored = planted.configuration_json["embedding_function"]
        assert stored["name"] == "default"
    index = RoleIndex.open(settings, [ROLE], embedder)
    assert found(index, embedder)[0][0][0][1] == "answering-reviews"
    index.close()


def test_an_address_without_a_server_is_named(tmp_path: Path, embedder: Embedder) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    settings = Settings(data_dir=tmp_path, chroma_url=url)
    for act in (
        lambda: RoleIndex.open(settings, [ROLE], embedder),
        lambda: RoleIndex.status(settings, [ROLE]),
    ):
        with pytest.raises(StoreError) as caught:
            act()
        assert caught.value.code == "chroma_unreachable"
        assert url in caught.value.message
        assert "unset it" in caught.value.hint


def test_a_server_that_never_answers_is_given_up(
    tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_server, "CONNECT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(StoreError) as caught:
            RoleIndex.open(Settings(data_dir=tmp_path, chroma_url=url), [ROLE], embedder)
    assert caught.value.code == "chroma_unreachable"


def test_a_server_that_is_no_chroma_is_named(tmp_path: Path, embedder: Embedder) -> None:
    port = free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as other:
        try:
            for _ in range(100):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.05)
            with pytest.raises(StoreError) as caught:
                RoleIndex.open(
                    Settings(data_dir=tmp_path, chroma_url=f"http://127.0.0.1:{port}"), [ROLE], embedder
                )
        finally:
            other.kill()
    assert caught.value.code == "chroma_unreachable"


def test_a_server_that_hangs_or_dies_ends_the_search_with_an_error(
    tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_server, "ANSWER_SECONDS", 1.0)
    (tmp_path / "server").mkdir()
    with chroma_run(tmp_path / "server") as (url, server):
        index = RoleIndex.open(Settings(data_dir=tmp_path, chroma_url=url), [ROLE], embedder)
        server.send_signal(signal.SIGSTOP)
        with pytest.raises(StoreError) as hung:
            found(index, embedder)
        server.send_signal(signal.SIGCONT)
        assert found(index, embedder)
        server.kill()
        server.wait()
        with pytest.raises(StoreError) as died:
            found(index, embedder)
        index.close()
    assert url in hung.value.message
    assert died.value.code == hung.value.code == "index_failed"


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:8000",
        "ftp://127.0.0.1",
        "http://",
        "http://127.0.0.1:x",
        "http://[",
        "http://127.0.0.1/api",
    ],
)
def test_what_is_no_address_is_a_wrong_setting(tmp_path: Path, embedder: Embedder, url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        RoleIndex.open(Settings(data_dir=tmp_path, chroma_url=url), [ROLE], embedder)
    assert caught.value.code == "bad_setting"
    assert url in caught.value.message
