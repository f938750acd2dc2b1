"""The parser's own process: a file on standard input, rows or a refusal as JSON on standard output.

    python -I -B child.py KIND CHARACTERS PAGES SECONDS MEMORY

It may take so much memory and processor time, and may write no file.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coach.documents.raw import Budget, Row


def main(kind: str, characters: int, pages: int, seconds: int, memory: int) -> dict[str, object]:
    """Rows as [text, form, is_whole], or the code and detail of a refusal."""
    from coach.documents.raw import Budget, Refusal

    content = sys.stdin.buffer.read()
    _limit(seconds, memory)
    budget = Budget(characters)
    try:
        rows = _parse(kind, content, budget, pages)
    except Refusal as refusal:
        return {"code": refusal.code, "detail": refusal.detail}
    except (MemoryError, RecursionError):
        return {"code": "document_demanding", "detail": ""}
    except Exception:  # Python's HTML parser breaks on some of what nobody writes
        return {"code": "document_damaged", "detail": ""}
    return {"rows": rows}


def _parse(kind: str, content: bytes, budget: Budget, pages: int) -> list[Row]:
    if kind == "pdf":
        from coach.documents.pdf_rows import read_pdf

        return read_pdf(content, budget, pages)
    if kind == "docx":
        from coach.documents.docx_rows import read_docx

        return read_docx(content, budget)
    from coach.documents.html_rows import read_html

    return read_html(content.decode("utf-8"), budget)


def _limit(seconds: int, memory: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows, where the time limit alone holds
        return
    wanted = {"RLIMIT_AS": memory, "RLIMIT_CPU": seconds, "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0}
    for name, value in wanted.items():
        with suppress(ValueError, OSError):  # macOS refuses some
            resource.setrlimit(getattr(resource, name), (value, value))


def _find_packages() -> None:
    """Makes the modules beside this one importable, without what their packages load: that takes longer than
    most files take to read."""
    folder = Path(__file__).resolve().parent
    for name, path in (("coach", folder.parent), ("coach.documents", folder)):
        package = ModuleType(name)
        package.__path__ = [str(path)]
        sys.modules[name] = package


if __name__ == "__main__":
    _find_packages()
    reply = json.dumps(main(sys.argv[1], *map(int, sys.argv[2:6])))
    sys.stdout.buffer.write(reply.encode("ascii"))
