"""`coach eval`: how good the built-in judge is, measured anew."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from coach.errors import ConfigError


def add_parser(commands: Any) -> None:
    """Adds `eval` to the command line."""
    parser = commands.add_parser(
        "eval",
        help="measure the built-in judge (in a checkout)",
        epilog="Example: coach eval --out figures.md",
    )
    parser.add_argument(
        "--out", metavar="FILE", default="docs/evaluation.md", help="page to write (docs/evaluation.md)"
    )
    parser.add_argument("--json", action="store_true", help="print the figures and write no page")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measures everything, about six minutes; writes the page, or prints JSON. Raises ConfigError outside a
    checkout with its development packages."""
    try:
        from evaluation.report import measure, missed, write_page
    except ImportError as error:
        raise ConfigError(
            "evaluation_missing",
            f"The figures need the project's checkout and development packages ({error.name} is missing).",
            "Clone the project, run `make setup-dev` there, and then `.venv/bin/coach eval`.",
        ) from error
    from coach import Coach

    figures = measure(Coach.open(), lambda doing: print(f"coach eval: {doing} …", file=sys.stderr))
    if args.json:
        print(json.dumps(figures._asdict(), default=_plain))
        return 0
    write_page(figures, Path(args.out))
    print(f"wrote {args.out}")
    for line in missed(figures):
        print(f"under its bar: {line}", file=sys.stderr)
    return 0


def _plain(value: Any) -> Any:
    return vars(value) if hasattr(value, "__dict__") else str(value)
