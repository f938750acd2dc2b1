"""What gets installed: the locks, and the wheel outside the checkout."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from coach.local_models import ENGINE

REPO_ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("runtime", "dev")
# Releases of litellm before and after this one were published with code that ran at every start of Python.
LITELLM = "1.106.2"
# Files that Python runs at every start: setuptools' own, and the one that points to this checkout.
KNOWN_STARTUP_FILES = {"distutils-precedence.pth", "_editable_impl_interview_answer_coach.pth"}


class Pin(NamedTuple):
    """One requirement of a lock and its SHA-256 hashes."""

    requirement: str
    hashes: frozenset[str]

    @property
    def name(self) -> str:
        return canonicalize_name(Requirement(self.requirement).name)

    @property
    def version(self) -> str:
        return str(Requirement(self.requirement).specifier).removeprefix("==")


def read_lock(name: str) -> list[Pin]:
    lines = (REPO_ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.lstrip().startswith("#")).replace("\\\n", " ")
    return [
        Pin(line.partition("--hash")[0].strip(), frozenset(re.findall(r"--hash=sha256:([0-9a-f]{64})", line)))
        for line in text.splitlines()
    ]


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_of_a_lock_is_exact_and_hashed(name: str) -> None:
    pins = read_lock(name)
    assert len(pins) > 100
    loose = [
        pin.requirement
        for pin in pins
        if not pin.hashes or not re.match(r"[\w.-]+==[\w.]+( ;|$)", pin.requirement)
    ]
    assert loose == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_address(name: str) -> None:
    text = (REPO_ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
    assert (
        re.findall(
            r"^.*(?:://|index-url|find-links|trusted-host|pypi\.org|pythonhosted).*$", text, re.MULTILINE
        )
        == []
    )


def test_what_runs_is_what_is_tested() -> None:
    assert set(read_lock("runtime")) <= set(read_lock("dev"))


@pytest.mark.parametrize("name", LOCKS)
def test_litellm_is_the_release_that_was_checked(name: str) -> None:
    assert [pin.version for pin in read_lock(name) if pin.name == "litellm"] == [LITELLM]


def test_the_locks_satisfy_what_the_project_asks_for() -> None:
    with (REPO_ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)
    groups = project["dependency-groups"]
    asked = [*project["project"]["dependencies"], *groups["build"]]
    for name, requirements in (
        ("runtime", asked),
        ("dev", asked + [r for r in groups["dev"] if isinstance(r, str)]),
    ):
        locked = {pin.name: pin.version for pin in read_lock(name)}
        for requirement in map(Requirement, requirements):
            version = locked.get(canonicalize_name(requirement.name))
            assert version and version in requirement.specifier, (
                f"{name}.lock has {version} for {requirement}: make lock"
            )


def test_the_engine_of_local_models_is_the_one_that_is_tested() -> None:
    with (REPO_ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)
    assert project["project"]["optional-dependencies"]["local"] == [ENGINE]
    assert ENGINE in project["dependency-groups"]["dev"]


def test_nothing_unexpected_runs_when_python_starts() -> None:
    folders = {Path(sysconfig.get_path(kind)) for kind in ("purelib", "platlib")}
    found = {path.name for folder in folders for path in folder.glob("*.pth")}
    found |= {path.name for folder in folders for path in folder.glob("*customize*")}
    assert found <= KNOWN_STARTUP_FILES


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=REPO_ROOT, check=True, capture_output=True)
    [built] = folder.glob("*.whl")
    return built


@pytest.mark.slow
def test_the_wheel_carries_all_that_the_program_reads(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("prompts", "knowledge"):
        shipped = {
            path.relative_to(REPO_ROOT).as_posix()
            for path in (REPO_ROOT / folder).rglob("*")
            if path.is_file()
        }
        assert shipped
        assert {f"coach/_bundled/{path}" for path in shipped} <= names
    assert {"coach/_bundled/streamlit_app.py", "coach/_bundled/.streamlit/config.toml"} <= names
    sources = [*(REPO_ROOT / "coach").rglob("*.py"), *(REPO_ROOT / "coach/question_sets/fonts").iterdir()]
    assert {path.relative_to(REPO_ROOT).as_posix() for path in sources} <= names


@pytest.mark.slow
def test_the_wheel_works_away_from_the_checkout(
    wheel: Path, tmp_path: Path, clean_env: dict[str, str]
) -> None:
    installed, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    elsewhere.mkdir()
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(installed),
    ]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True)
    env = {**clean_env, "PYTHONPATH": str(installed)}

    def run(*arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=elsewhere, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    files = run("-c", "import coach, coach.config as c; print(coach.__file__, c.resource_root(), sep='\\n')")
    assert [Path(line).is_relative_to(installed) for line in files.splitlines()] == [True, True]
    assert "e-commerce-manager" in run("-m", "coach", "roles", "list")
