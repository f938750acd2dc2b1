"""The files that `coach questions` reads and writes."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from coach.commands import set_files
from coach.errors import InputError, StoreError
from tests.question_sets import make_set


def test_a_set_is_read_with_or_without_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "set.json"
    for encoding in ("utf-8", "utf-8-sig"):
        path.write_text(make_set().to_json(), encoding=encoding)
        assert set_files.read_set(str(path)) == make_set()


def test_a_set_that_is_too_large_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "set.json"
    path.write_bytes(b" " * 5_000_001)
    with pytest.raises(InputError, match="larger than 5 MB"):
        set_files.read_set(str(path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_a_pipe_is_no_set(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="no ordinary file"):
        set_files.read_set(str(tmp_path / "pipe"))


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "set.md"
    set_files.write_out(str(path), b"before")
    path.chmod(0o640)

    def fail(_part: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(StoreError, match="No space left"):
        patch.setattr(Path, "replace", fail)
        set_files.write_out(str(path), b"after")
    assert path.read_bytes() == b"before"
    set_files.write_out(str(path), b"after")
    assert path.read_bytes() == b"after"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [found.name for found in tmp_path.iterdir()] == ["set.md"]


def test_a_link_stays_a_link_and_a_device_a_device(tmp_path: Path) -> None:
    link, target = tmp_path / "link.md", tmp_path / "target.md"
    target.write_bytes(b"before")
    link.symlink_to(target)
    set_files.write_out(str(link), b"after")
    assert link.is_symlink() and target.read_bytes() == b"after"
    set_files.write_out(os.devnull, b"after")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("make", [Path.symlink_to, Path.hardlink_to])
def test_another_name_of_an_input_is_the_input(tmp_path: Path, make) -> None:  # type: ignore[no-untyped-def]
    job = tmp_path / "job.md"
    job.write_bytes(b"Tasks")
    make(tmp_path / "other.md", job)
    with pytest.raises(InputError) as caught:
        set_files.check_out(str(tmp_path / "other.md"), [str(job)])
    assert caught.value.code == "file_is_input"
    set_files.check_out(str(tmp_path / "new.md"), [str(job), "nowhere.md"])


@pytest.mark.parametrize("out", ["no/set.md", "", "a\0b.md"])
def test_what_cannot_be_written_is_told_before_any_work(tmp_path: Path, out: str) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        set_files.check_out(str(tmp_path / out) if out else out, [])
