"""`coach index`: the search index over the roles' content."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from coach.commands.console import progress_bar


def add_parser(commands: Any) -> None:
    """Adds `index` to the command line."""
    parser = commands.add_parser("index", help="the search index", epilog="Example: coach index status")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    building = actions.add_parser(
        "build", help="build it if it is missing or stale", epilog="Example: coach index build"
    )
    building.set_defaults(run=build)
    telling = actions.add_parser(
        "status", help="where it is and how it is", epilog="Example: coach index status --json"
    )
    telling.add_argument("--json", action="store_true", help="print JSON")
    telling.set_defaults(run=status)


def build(_args: argparse.Namespace) -> int:
    """`coach index build`."""
    from coach import Coach

    with progress_bar("Index") as progress:
        coach = Coach.open(progress=progress)
    index_status = coach.index_status()
    coach.close()
    print(f"{index_status.passages} passages in {index_status.where}", file=sys.stderr)
    return 0


def status(args: argparse.Namespace) -> int:
    """`coach index status`."""
    from coach.coach import Coach
    from coach.config import Settings

    found = Coach(Settings.from_env()).index_status()
    if args.json:
        print(json.dumps(found._asdict()))
    else:
        print(
            f"{found.state}: {found.passages} passages in {found.where}"
            + (f" ({found.problem})" if found.problem else "")
        )
        if found.state != "fresh":
            print("Run `coach index build`; the next feedback builds it too.", file=sys.stderr)
    return 0
