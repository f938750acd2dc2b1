"""The walls between the modules, read from their syntax trees; docs/architecture.md says why they stand."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

REPO_ROOT = Path(__file__).resolve().parent.parent
MAX_MODULE_LINES = 299
MAX_FUNCTION_LINES = 40
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}

# Which modules may import a package; everything else goes through them.
HOMES = {
    "litellm": ("coach/llm_library.py",),
    "xllamacpp": ("coach/llm_local_engine.py",),
    "chromadb": ("coach/index.py", "coach/index_*.py"),
    "langchain_text_splitters": ("coach/index.py", "coach/index_*.py"),
    "sqlalchemy": ("coach/history.py", "coach/history/*"),
    "alembic": ("coach/history.py", "coach/history/*"),
    "streamlit": ("coach/ui/*", "streamlit_app.py"),
    "pypdf": ("coach/documents/pdf_rows.py",),
    "defusedxml": ("coach/documents/docx_rows.py",),
    "docx": ("coach/question_sets/export_docx.py",),
    "fpdf": ("coach/question_sets/pdf_page.py",),
    "genanki": ("coach/question_sets/export_anki.py",),
}
HEAVY = (*HOMES, "onnxruntime", "tokenizers", "numpy")
ENVIRONMENT_HOMES = ("coach/config.py", "coach/llm_library.py")
PURE = ("coach/signals/*", "coach/scoring.py", "coach/schema.py")
MODULES_WITH_IO = {
    *("os", "io", "pathlib", "shutil", "tempfile", "subprocess", "socket", "sqlite3", "logging"),
    *("urllib", "http", "httpx", "requests", "importlib", "random", "time", "datetime"),
}
CALLS_WITH_IO = {"open", "print", "input", "read_text", "read_bytes", "write_text", "write_bytes"}

# Who may import them: the steps meet in the composition, and nothing below the edge knows the edge.
IMPORTERS = {
    "coach.cli": ("coach/__main__.py",),
    "coach.commands": ("coach/cli.py", "coach/commands/*"),
    "coach.ui": ("coach/ui/*", "streamlit_app.py", "coach/commands/app.py"),
    "coach.feedback": ("coach/coach.py", "coach/__init__.py"),
    "coach.questions": ("coach/coach.py", "coach/__init__.py"),
}
BASE = (
    *("coach.schema", "coach.schema_base", "coach.schema_questions", "coach.schema_role"),
    *("coach.errors", "coach.config", "coach.setting_values"),
)
BELOW_THE_GATE = ("coach.rewrite_gate", "coach.signals", "coach.lexicons", "coach.schema", "coach.errors")


class Source(NamedTuple):
    """A module: its path in the repository with forward slashes, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @classmethod
    def of(cls, path: str, text: str) -> Source:
        return cls(path, text, ast.parse(text, path))

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def is_any_of(self, patterns: tuple[str, ...]) -> bool:
        return any(fnmatch(self.path, pattern) for pattern in patterns)


def project_sources() -> list[Source]:
    paths = [*(REPO_ROOT / "coach").rglob("*.py"), *(REPO_ROOT / "scripts").glob("*.py")]
    paths += REPO_ROOT.glob("*.py")
    return [
        Source.of(path.relative_to(REPO_ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(paths)
    ]


def imported_names(node: ast.AST, module: str) -> Iterator[str]:
    """Full dotted names that an import statement may bring in; relative ones are resolved."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        start = ".".join(module.split(".")[: -node.level]) if node.level else ""
        origin = ".".join(part for part in (start, node.module) if part)
        yield origin
        yield from (f"{origin}.{alias.name}" for alias in node.names)


def imports_of(source: Source) -> list[str]:
    return [name for node in ast.walk(source.tree) for name in imported_names(node, source.module)]


def is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def nodes_when_imported(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run when the module is imported: neither function bodies nor what only types need."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) and not is_for_types(child):
            yield child
            yield from nodes_when_imported(child)


def is_within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def strays(source: Source) -> Iterator[str]:
    """Packages imported outside their one home."""
    for name in imports_of(source):
        package = name.partition(".")[0]
        if package in HOMES and not source.is_any_of(HOMES[package]):
            yield f"{source.path} imports {package}, which only {' and '.join(HOMES[package])} may"


def eager_imports(source: Source) -> Iterator[str]:
    """litellm takes seconds to load, so it is imported inside functions only, also in its home."""
    for node in nodes_when_imported(source.tree):
        if any(is_within(name, "litellm") for name in imported_names(node, source.module)):
            yield f"{source.path} imports litellm when it is itself imported"


def environment_reads(source: Source) -> Iterator[str]:
    """Settings come from one place."""
    if not source.path.startswith("coach/") or source.is_any_of(ENVIRONMENT_HOMES):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv"):
            yield f"{source.path}:{node.lineno} reads the environment; use coach.config.Settings"
        if isinstance(node, ast.ImportFrom) and {a.name for a in node.names} & {"environ", "getenv"}:
            yield f"{source.path}:{node.lineno} reads the environment; use coach.config.Settings"


def impurities(source: Source) -> Iterator[str]:
    """What code sees in a text depends on the text alone."""
    if not source.is_any_of(PURE):
        return
    for name in imports_of(source):
        if name.partition(".")[0] in MODULES_WITH_IO:
            yield f"{source.path} is pure and may not import {name}"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in CALLS_WITH_IO:
                yield f"{source.path}:{node.lineno} is pure and may not call {called}"


def upward_imports(source: Source) -> Iterator[str]:
    """Imports point down only."""
    for name in imports_of(source):
        for target, importers in IMPORTERS.items():
            if is_within(name, target) and not source.is_any_of(importers):
                yield f"{source.path} imports {target}, which lies above it"
        is_inside = name.startswith("coach.") and not any(is_within(name, base) for base in BASE)
        if source.module in BASE and is_inside:
            yield f"{source.path} is at the base and may not import {name}"


def imports_of_the_gate(source: Source) -> Iterator[str]:
    """What a rewrite may say depends on the texts and the word lists alone."""
    if not source.is_any_of(("coach/rewrite_gate/*",)):
        return
    for name in imports_of(source):
        if is_within(name, "coach") and not any(is_within(name, below) for below in BELOW_THE_GATE):
            yield f"{source.path} imports {name}, which is not below the rewrite gate"


def oversizes(source: Source) -> Iterator[str]:
    lines = len(source.text.splitlines())
    if lines > MAX_MODULE_LINES:
        yield f"{source.path} has {lines} lines, at most {MAX_MODULE_LINES} are allowed"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MAX_FUNCTION_LINES:
                yield f"{source.path}:{node.lineno} {node.name} has {length} lines, not {MAX_FUNCTION_LINES}"


def vague_names(source: Source) -> Iterator[str]:
    for part in source.module.split("."):
        if VAGUE_NAMES & set(part.split("_")):
            yield f"{source.path}: {part} says nothing about what is in it"


Wall = Callable[[Source], Iterator[str]]
WALLS: list[Wall] = [
    strays,
    eager_imports,
    environment_reads,
    impurities,
    upward_imports,
    imports_of_the_gate,
    oversizes,
    vague_names,
]


@pytest.mark.parametrize("wall", WALLS, ids=lambda wall: wall.__name__)
def test_the_project_keeps_the_wall(wall: Wall) -> None:
    assert [breach for source in project_sources() for breach in wall(source)] == []


@pytest.mark.parametrize(
    ("wall", "path", "text"),
    [
        (strays, "coach/feedback.py", "def f():\n    import litellm.utils"),
        (strays, "coach/cli.py", "from chromadb.config import Settings"),
        (strays, "coach/judges/model.py", "import streamlit as st"),
        (eager_imports, "coach/llm_library.py", "from litellm import completion"),
        (eager_imports, "coach/llm.py", "try:\n    import litellm\nexcept ImportError:\n    pass"),
        (environment_reads, "coach/roles.py", "import os\nroot = os.environ.get('HOME')"),
        (environment_reads, "coach/roles.py", "from os import getenv"),
        (impurities, "coach/signals/star.py", "from pathlib import Path"),
        (impurities, "coach/scoring.py", "def f(p):\n    return p.read_text()"),
        (upward_imports, "coach/index.py", "from coach.feedback import assess"),
        (upward_imports, "coach/signals/star.py", "from .. import ui"),
        (upward_imports, "coach/schema.py", "from coach import roles"),
        (
            imports_of_the_gate,
            "coach/rewrite_gate/source.py",
            "from coach.judges.kpi_links import MOST_APART",
        ),
        (oversizes, "coach/roles.py", "\n" * 300),
        (oversizes, "coach/roles.py", "def f():\n" + "    pass\n" * 40),
        (vague_names, "coach/text_utils.py", ""),
        (vague_names, "coach/common/__init__.py", ""),
    ],
    ids=lambda value: value.__name__ if callable(value) else None,
)
def test_the_wall_notices_a_breach(wall: Wall, path: str, text: str) -> None:
    assert list(wall(Source.of(path, text)))


def dependencies(source: Source, modules: set[str]) -> set[str]:
    """The project's modules that this one needs; `from package import module` means the module."""
    found: set[str] = set()
    for node in nodes_when_imported(source.tree):
        names = [name for name in imported_names(node, source.module) if name in modules]
        found |= set(names[1:] if isinstance(node, ast.ImportFrom) and len(names) > 1 else names)
    return found - {source.module}


def find_circle(sources: list[Source]) -> list[str]:
    """The modules of one circle of imports, first and last the same; empty when there is none."""
    modules = {source.module for source in sources}
    try:
        TopologicalSorter({source.module: dependencies(source, modules) for source in sources}).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_modules_do_not_import_each_other_in_a_circle() -> None:
    assert find_circle(project_sources()) == []


def test_a_circle_is_noticed() -> None:
    first = Source.of("coach/roles.py", "from coach import rubric")
    second = Source.of("coach/rubric.py", "from coach.roles import Role")
    assert set(find_circle([first, second])) == {"coach.roles", "coach.rubric"}


@pytest.mark.parametrize("module", ["coach", "coach.cli"])
def test_importing_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print('loaded', *sorted(set(sys.modules) & set({HEAVY!r})))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPO_ROOT, capture_output=True, text=True, check=False
    )
    assert (done.stdout.split(), done.stderr) == (["loaded"], "")
