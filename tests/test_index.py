"""The index in its folder: right, built once, and safe from neighbours, kills, damage and full disks."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filelock import FileLock

from coach import index_store
from coach.config import Settings
from coach.embedding import Embedder
from coach.errors import StoreError
from coach.index import RoleIndex
from coach.index_chroma import CollectionIncomplete, PassageCollection, open_folder
from coach.index_passages import CHUNK_CHARACTERS, key_of, passages_of
from coach.schema import Activity, Role
from tests.index_process import KINDS, QUERIES, found, small_role

ROLE = small_role()


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    return Embedder.open(Settings(data_dir=tmp_path_factory.mktemp("unused")))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """A data folder with the index of the small role; copy it before changing anything."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("built"))
    RoleIndex.open(settings, [ROLE], embedder).close()
    return settings.data_dir


@pytest.fixture
def settings(built: Path, tmp_path: Path) -> Settings:
    """Settings over a fresh copy of the built index."""
    shutil.copytree(built, tmp_path / "data")
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def empty(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "empty")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of this test's own, so that what is left in it can be seen."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


class Child:
    """A process of tests/index_process.py."""

    def __init__(self, act: str, data_dir: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.index_process", act, str(data_dir)],
            cwd=Path(__file__).parent.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def wait_for(self, line: str) -> None:
        assert self._process.stdout
        assert self._process.stdout.readline().strip() == line

    def finish(self) -> Any:
        """Sends it a line, and reads the JSON that it prints in the end."""
        out, _ = self._process.communicate("go\n", timeout=120)
        assert self._process.returncode == 0, f"it ended with {self._process.returncode}"
        return json.loads(out.splitlines()[-1])

    def kill(self) -> None:
        """As kill -9 does."""
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def start() -> Iterator[Callable[..., Child]]:
    children: list[Child] = []

    def start_child(act: str, data_dir: Path) -> Child:
        children.append(Child(act, data_dir))
        return children[-1]

    yield start_child
    for child in children:
        child.kill()


def open_and_ask(settings: Settings, embedder: Embedder) -> list[Any]:
    index = RoleIndex.open(settings, [ROLE], embedder)
    try:
        return found(index, embedder)
    finally:
        index.close()


def steps_of_opening(settings: Settings, embedder: Embedder, role: Role = ROLE) -> set[str]:
    """What opening says it did; nothing when the index was there."""
    steps: set[str] = set()
    RoleIndex.open(settings, [role], embedder, lambda doing, done: steps.add(doing)).close()
    return steps


def snapshot(settings: Settings) -> Path:
    return settings.index_dir / key_of([ROLE])


def sums(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


# ---- searching ------------------------------------------------------------------------------------


def test_the_nearest_item_comes_first(settings: Settings, embedder: Embedder) -> None:
    index = RoleIndex.open(settings, [ROLE], embedder)
    best = [
        [row[0].item_id for row in index.search(embedder.embed(QUERIES), ROLE.id, kind)] for kind in KINDS
    ]
    assert best[0][0] == "answering-reviews"
    assert best[1][1] == "conversion"
    assert best[2][0] == "q1"
    index.close()


def test_an_item_comes_once_with_its_nearest_passage_and_exact_cosine(
    settings: Settings, embedder: Embedder
) -> None:
    index = RoleIndex.open(settings, [ROLE], embedder)
    vectors = embedder.embed(QUERIES)
    for kind in KINDS:
        entries = [entry for entry in passages_of([ROLE]) if entry.item_kind == kind]
        cosines = vectors @ embedder.embed([entry.text for entry in entries]).T
        for row, passages in zip(cosines, index.search(vectors, ROLE.id, kind), strict=True):
            assert len(passages) == len({entry.item_id for entry in entries})
            for passage in passages:
                own = {e.text: c for e, c in zip(entries, row, strict=True) if e.item_id == passage.item_id}
                assert passage.text == max(own, key=lambda text: own[text])
                assert passage.similarity == pytest.approx(max(own.values()), abs=1e-5)
                assert passage.item_kind == kind
                assert 0 <= passage.relevance <= 1
            relevances = [passage.relevance for passage in passages]
            assert relevances == sorted(relevances, reverse=True)
    index.close()


def test_k_limits_and_no_vectors_find_nothing(settings: Settings, embedder: Embedder) -> None:
    index = RoleIndex.open(settings, [ROLE], embedder)
    assert [len(row) for row in index.search(embedder.embed(QUERIES), ROLE.id, "activity", k=2)] == [2, 2, 2]
    assert index.search(np.zeros((0, 384), dtype=np.float32), ROLE.id, "activity") == []
    index.close()


def test_nothing_is_near_to_a_vector_of_zeros(settings: Settings, embedder: Embedder) -> None:
    index = RoleIndex.open(settings, [ROLE], embedder)
    vectors = embedder.embed(QUERIES)
    expected = index.search(vectors, ROLE.id, "activity")
    vectors[1] = 0
    assert index.search(vectors, ROLE.id, "activity") == [expected[0], [], expected[2]]
    assert index.search(vectors[1:2], ROLE.id, "activity") == [[]]
    index.close()


def test_a_search_that_stops_early_still_finds_the_best(
    settings: Settings, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = RoleIndex.open(settings, [ROLE], embedder)
    vectors = embedder.embed(QUERIES)
    whole = index.search(vectors, ROLE.id, "activity")
    nearest = PassageCollection.nearest

    def nearest_three(*arguments: Any) -> Any:
        return nearest(*arguments, limit=3)

    monkeypatch.setattr(PassageCollection, "nearest", nearest_three)
    short = index.search(vectors, ROLE.id, "activity")
    assert short[0][0].item_id == whole[0][0].item_id == "answering-reviews"
    assert all(len(row) <= 3 for row in short)
    index.close()


def test_what_people_say_of_an_activity_is_searched(empty: Settings, embedder: Embedder) -> None:
    said = "I polished the glass until the cat could see herself"
    dressing = ROLE.activities[-1].model_copy(update={"said": (said,)})
    role = small_role(activities=(*ROLE.activities[:-1], dressing))
    index = RoleIndex.open(empty, [role], embedder)
    best = index.search(embedder.embed([said]), role.id, "activity")[0][0]
    assert (best.item_id, best.text) == ("window-dressing", said)
    assert best.similarity == pytest.approx(1, abs=1e-5)
    index.close()


def test_check_notices_what_is_lacking_or_lies_elsewhere(tmp_path: Path, embedder: Embedder) -> None:
    entries = passages_of([ROLE])
    vectors = embedder.embed([entry.text for entry in entries])
    collection = PassageCollection(open_folder(tmp_path / "store"), "passages", "here")
    collection.add(entries[:-1], vectors[:-1])
    with pytest.raises(CollectionIncomplete, match="it holds"):
        collection.check(entries, vectors)
    collection.add(entries[-1:], vectors[-1:])
    collection.check(entries, vectors)
    collection.add(entries[:1], -vectors[:1])
    with pytest.raises(CollectionIncomplete, match=f"a search for {entries[0].id}"):
        collection.check(entries, vectors)
    collection.close()


def test_roles_do_not_mix(empty: Settings, embedder: Embedder) -> None:
    baker = small_role(
        "baker", activities=(Activity(id="cakes", name="Cakes", description="Bakes cakes."),), kpis=()
    )
    index = RoleIndex.open(empty, [ROLE, baker], embedder)
    vectors = embedder.embed(["we baked a cake"])
    assert [passage.item_id for passage in index.search(vectors, "baker", "activity")[0]] == ["cakes"]
    assert "cakes" not in [passage.item_id for passage in index.search(vectors, ROLE.id, "activity")[0]]
    assert index.search(vectors, "baker", "kpi") == [[]]
    with pytest.raises(KeyError):
        index.search(vectors, "plumber", "activity")
    index.close()


def test_a_role_without_content_has_an_empty_index(empty: Settings, embedder: Embedder) -> None:
    bare = small_role("bare", activities=(), kpis=(), questions=())
    index = RoleIndex.open(empty, [bare], embedder)
    assert index.search(embedder.embed(QUERIES), "bare", "activity") == [[], [], []]
    index.close()


def test_long_text_is_cut_and_its_end_is_found(empty: Settings, embedder: Embedder) -> None:
    filler = "Counts the tins on the shelf, then counts them again. " * 40
    long = Activity(id="long", name="Long", description=f"{filler}Flies the company's airship over the bay.")
    role = small_role(activities=(long, *ROLE.activities))
    parts = [entry.text for entry in passages_of([role]) if entry.item_id == "long"]
    assert len(parts) > 3
    assert max(map(len, parts)) <= CHUNK_CHARACTERS
    index = RoleIndex.open(empty, [role], embedder)
    nearest = index.search(embedder.embed(["I steered the airship"]), role.id, "activity")[0][0]
    assert nearest.item_id == "long"
    assert "airship" in nearest.text
    index.close()


def test_threads_share_an_index(settings: Settings, embedder: Embedder) -> None:
    index = RoleIndex.open(settings, [ROLE], embedder)
    expected = found(index, embedder)
    with ThreadPoolExecutor(6) as pool:
        assert all(got == expected for got in pool.map(lambda _: found(index, embedder), range(24)))
    index.close()


# ---- a cache --------------------------------------------------------------------------------------


def test_built_on_first_use_then_found(empty: Settings, embedder: Embedder) -> None:
    assert RoleIndex.status(empty, [ROLE]).state == "missing"
    assert not empty.data_dir.exists()
    told: list[float] = []
    RoleIndex.open(empty, [ROLE], embedder, lambda doing, done: told.append(done)).close()
    assert told == sorted(told)
    assert told[-1] == 1.0
    status = RoleIndex.status(empty, [ROLE])
    assert (status.state, status.passages) == ("fresh", len(passages_of([ROLE])))
    assert status.built_at
    assert steps_of_opening(empty, embedder) == set()


def test_the_data_folder_is_its_owners_alone(empty: Settings, embedder: Embedder) -> None:
    RoleIndex.open(empty, [ROLE], embedder).close()
    assert empty.data_dir.stat().st_mode & 0o077 == 0


def test_changed_content_is_stale_and_built_anew(settings: Settings, embedder: Embedder) -> None:
    changed = small_role(activities=ROLE.activities[:1])
    assert RoleIndex.status(settings, [changed]).state == "stale"
    assert "Embedding the roles" in steps_of_opening(settings, embedder, changed)
    assert RoleIndex.status(settings, [changed]).state == "fresh"
    assert RoleIndex.status(settings, [ROLE]).state == "fresh"


def test_the_key_follows_content_model_and_format(monkeypatch: pytest.MonkeyPatch) -> None:
    other = small_role("other")
    key = key_of([ROLE, other])
    assert key_of([other, ROLE]) == key
    assert key_of([ROLE]) != key
    assert key_of([small_role(about="Something else."), other]) == key  # not searched
    for name, value in (("MODEL_SHA256", "0"), ("FORMAT_VERSION", 0), ("CHUNK_CHARACTERS", 1)):
        with monkeypatch.context() as patch:
            patch.setattr(f"coach.index_passages.{name}", value)
            assert key_of([ROLE, other]) != key


def test_only_the_latest_used_snapshots_stay(
    settings: Settings, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_store, "KEEP_SNAPSHOTS", 2)
    roles = [small_role(activities=ROLE.activities[:n]) for n in (1, 2)]
    for age, role in enumerate(roles):
        RoleIndex.open(settings, [role], embedder).close()
        os.utime(settings.index_dir / key_of([role]), (1000 + age, 1000 + age))
    RoleIndex.open(settings, [ROLE], embedder).close()
    newest = small_role(kpis=())
    RoleIndex.open(settings, [newest], embedder).close()
    left = {path.name for path in settings.index_dir.iterdir()}
    assert left == {key_of([ROLE]), key_of([roles[1]]), key_of([newest])}


# ---- private copies -------------------------------------------------------------------------------


def test_reading_changes_nothing_in_the_snapshot(settings: Settings, embedder: Embedder) -> None:
    before = sums(settings.index_dir)
    open_and_ask(settings, embedder)
    assert sums(settings.index_dir) == before


def test_a_search_goes_on_when_index_and_copy_are_deleted(
    settings: Settings, embedder: Embedder, temporary: Path
) -> None:
    expected = open_and_ask(settings, embedder)
    index = RoleIndex.open(settings, [ROLE], embedder)
    shutil.rmtree(settings.index_dir)
    for copy in temporary.iterdir():
        shutil.rmtree(copy)
    assert found(index, embedder) == expected
    index.close()


def test_another_process_reads_on_while_the_index_is_replaced(
    settings: Settings, embedder: Embedder, start: Callable[..., Child]
) -> None:
    expected = open_and_ask(settings, embedder)
    reader = start("read", settings.data_dir)
    reader.wait_for("ready")
    shutil.rmtree(settings.index_dir)
    assert open_and_ask(settings, embedder) == expected
    assert reader.finish() == {"steps": [], "found": expected}


def test_closed_and_forgotten_indexes_leave_nothing(
    settings: Settings, embedder: Embedder, temporary: Path
) -> None:
    RoleIndex.open(settings, [ROLE], embedder).close()
    files = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else None
    for _ in range(5):
        index = RoleIndex.open(settings, [ROLE], embedder)
        found(index, embedder)
        index.close()
        index.close()
        RoleIndex.open(settings, [ROLE], embedder)
    assert list(temporary.iterdir()) == []
    if files is not None:
        assert len(list(Path("/proc/self/fd").iterdir())) == files


def test_the_copy_of_a_killed_reader_is_swept_and_of_a_living_one_not(
    settings: Settings, embedder: Embedder, temporary: Path, start: Callable[..., Child]
) -> None:
    living, killed = start("read", settings.data_dir), start("read", settings.data_dir)
    living.wait_for("ready")
    killed.wait_for("ready")
    killed.kill()
    copies = [path for path in temporary.iterdir() if path.name.startswith("coach-index-")]
    assert len(copies) == 2
    for copy in copies:
        os.utime(copy, (time.time() - 3600, time.time() - 3600))
    RoleIndex.open(settings, [ROLE], embedder).close()
    assert len([path for path in copies if path.exists()]) == 1
    living.finish()


# ---- several processes, kills ---------------------------------------------------------------------


def test_two_processes_starting_at_once_share_one_build(
    empty: Settings, embedder: Embedder, start: Callable[..., Child]
) -> None:
    children = [start("open", empty.data_dir) for _ in range(2)]
    first, second = (child.finish() for child in children)
    assert first["found"] == second["found"] == open_and_ask(empty, embedder)
    assert sum("Writing the index" in report["steps"] for report in (first, second)) == 1
    assert RoleIndex.status(empty, [ROLE]).passages == len(passages_of([ROLE]))


def test_a_build_that_is_killed_leaves_no_harm(
    empty: Settings, embedder: Embedder, built: Path, temporary: Path, start: Callable[..., Child]
) -> None:
    child = start("stall", empty.data_dir)
    child.wait_for("building")
    child.kill()
    left = [path.name for path in empty.index_dir.iterdir()]
    assert len(left) == 1
    assert left[0].startswith(".build-")
    assert RoleIndex.status(empty, [ROLE]).state == "missing"
    assert open_and_ask(empty, embedder) == open_and_ask(Settings(data_dir=built), embedder)
    assert [path.name for path in empty.index_dir.iterdir()] == [key_of([ROLE])]


def test_a_held_lock_is_waited_for_and_then_named(
    empty: Settings, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_store, "LOCK_WAIT_SECONDS", 1.2)
    steps: set[str] = set()
    lock = empty.data_dir / "index.lock"
    with FileLock(lock), pytest.raises(StoreError) as caught:
        RoleIndex.open(empty, [ROLE], embedder, lambda doing, done: steps.add(doing))
    assert caught.value.code == "index_locked"
    assert str(lock) in caught.value.message
    assert steps == {"Waiting for another process that builds the index"}


def test_a_built_index_is_opened_without_the_lock(settings: Settings, embedder: Embedder) -> None:
    with FileLock(settings.data_dir / "index.lock"):
        assert steps_of_opening(settings, embedder) == set()


# ---- damage ---------------------------------------------------------------------------------------


def overwrite(path: Path) -> None:
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    for place in range(middle, min(middle + 64, len(content))):
        content[place] ^= 0xA5
    path.write_bytes(bytes(content) or b"not empty any more")


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] if path.stat().st_size else b"longer")


@pytest.mark.parametrize("damage", [overwrite, truncate, Path.unlink])
def test_each_damaged_file_is_noticed_and_the_index_built_anew(
    settings: Settings, embedder: Embedder, damage: Callable[[Path], None]
) -> None:
    expected = open_and_ask(settings, embedder)
    names = sorted(sums(snapshot(settings)))
    assert len(names) >= 6  # the manifest, SQLite, four files of the vectors
    for place in range(len(names)):
        # Chroma names a folder at random, so the names are others after each build.
        damage(snapshot(settings) / sorted(sums(snapshot(settings)))[place])
        status = RoleIndex.status(settings, [ROLE])
        assert status.state == "damaged"
        assert status.problem
        assert open_and_ask(settings, embedder) == expected
        assert RoleIndex.status(settings, [ROLE]).state == "fresh"
    assert [path.name for path in settings.index_dir.iterdir()] == [key_of([ROLE])]


@pytest.mark.parametrize("change", [{"passages": 3}, {"key": "0" * 16}, {"files": {}}, {"files": None}])
def test_a_false_manifest_is_noticed(settings: Settings, embedder: Embedder, change: dict[str, Any]) -> None:
    expected = open_and_ask(settings, embedder)
    manifest = snapshot(settings) / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), **change}))
    assert open_and_ask(settings, embedder) == expected
    assert json.loads(manifest.read_text())["passages"] == len(passages_of([ROLE]))


@pytest.mark.parametrize("name", ["../../victim", "/victim"])
def test_a_manifest_cannot_point_outside(settings: Settings, embedder: Embedder, name: str) -> None:
    manifest = snapshot(settings) / "manifest.json"
    held = json.loads(manifest.read_text())
    held["files"][name] = {"size": 0, "sha256": hashlib.sha256(b"").hexdigest()}
    manifest.write_text(json.dumps(held))
    assert RoleIndex.status(settings, [ROLE]).state == "damaged"
    assert "Writing the index" in steps_of_opening(settings, embedder)


def test_a_file_in_place_of_the_snapshot_is_replaced(empty: Settings, embedder: Embedder) -> None:
    empty.index_dir.mkdir(parents=True)
    snapshot(empty).write_text("not a folder")
    assert open_and_ask(empty, embedder)
    assert RoleIndex.status(empty, [ROLE]).state == "fresh"


# ---- disks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("blocked", ["data", "data/index", "data/index.lock"])
def test_an_unwritable_data_folder_is_one_clear_error(
    tmp_path: Path, embedder: Embedder, blocked: str
) -> None:
    # Permissions do not bind root; something else in the way binds everybody.
    in_the_way = tmp_path / blocked
    in_the_way.parent.mkdir(exist_ok=True)
    in_the_way.mkdir() if blocked.endswith(".lock") else in_the_way.write_text("a file")
    with pytest.raises(StoreError) as caught:
        RoleIndex.open(Settings(data_dir=tmp_path / "data"), [ROLE], embedder)
    assert caught.value.code == "index_unwritable"
    assert str(tmp_path / "data" / "index") in caught.value.message
    assert "COACH_DATA_DIR" in caught.value.hint
    assert "\n" not in caught.value.message


def test_a_full_disk_is_one_clear_error_and_leaves_nothing(
    empty: Settings, embedder: Embedder, start: Callable[..., Child]
) -> None:
    error = start("full", empty.data_dir).finish()
    assert error["code"] == "index_unwritable"
    assert str(empty.index_dir) in error["message"]
    assert list(empty.index_dir.iterdir()) == []
    assert open_and_ask(empty, embedder)


def test_an_unwritable_temporary_folder_is_named(
    settings: Settings, embedder: Embedder, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(temporary / "gone"))
    with pytest.raises(StoreError) as caught:
        RoleIndex.open(settings, [ROLE], embedder)
    assert caught.value.code == "temporary_folder_unwritable"
    assert "TMPDIR" in caught.value.hint


def test_a_planted_dotenv_file_is_not_read(
    settings: Settings, embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("CHROMA_API_IMPL=no.such.module\nIS_PERSISTENT=FALSE\n")
    monkeypatch.chdir(tmp_path)
    assert steps_of_opening(settings, embedder) == set()
