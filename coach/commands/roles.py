"""`coach roles`: what roles there are and what is in one."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach.commands.console import stdout_console

if TYPE_CHECKING:
    from rich.console import Console

    from coach.schema import Role


def add_parser(commands: Any) -> None:
    """Adds `roles` to the command line."""
    parser = commands.add_parser(
        "roles", help="the roles and their content", epilog="Example: coach roles show e-commerce-manager"
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser(
        "list", help="the roles there are", epilog="Example: coach roles list --json"
    )
    listing.add_argument("--json", action="store_true", help="print JSON")
    listing.set_defaults(run=list_roles)
    showing = actions.add_parser(
        "show", help="one role, whole", epilog="Example: coach roles show e-commerce-manager"
    )
    showing.add_argument("role", metavar="ID", help="role id or name")
    showing.add_argument("--json", action="store_true", help="print JSON")
    showing.set_defaults(run=show_role)
    checking = actions.add_parser(
        "check",
        help="is a role file in order; saves nothing",
        epilog="Example: coach roles check my-role.toml",
    )
    checking.add_argument("file", metavar="FILE", help="role file")
    checking.add_argument("--json", action="store_true", help="print JSON")
    checking.set_defaults(run=check_role)


def list_roles(args: argparse.Namespace) -> int:
    """`coach roles list`; a broken role file is named on stderr and the others still listed."""
    from coach.coach import Coach
    from coach.config import Settings

    book = Coach(Settings.from_env()).roles
    roles = [book.get(role_id) for role_id in book.ids]
    for problem in book.problems:
        print(f"coach: {problem.message}\n       {problem.hint}", file=sys.stderr)
    if args.json:
        print(json.dumps([_line(role) for role in roles], ensure_ascii=False))
    else:
        for role in roles:
            print(f"{role.id}  {role.name} ({_counts(role)})")
    return 0 if roles else 3


def _counts(role: Role) -> str:
    return f"{len(role.activities)} activities, {len(role.kpis)} KPIs, {len(role.questions)} questions"


def _line(role: Role) -> dict[str, Any]:
    return {"id": role.id, "name": role.name, "function": role.function, "questions": len(role.questions)}


def show_role(args: argparse.Namespace) -> int:
    """`coach roles show`."""
    from coach.coach import Coach
    from coach.config import Settings

    role = Coach(Settings.from_env()).roles.get(args.role)
    if args.json:
        print(role.model_dump_json())
        return 0
    _print_role(role, stdout_console())
    return 0


def check_role(args: argparse.Namespace) -> int:
    """`coach roles check`; 3 when something is wrong with the file."""
    from coach.errors import ConfigError
    from coach.role_files import load_role

    try:
        role, problems = load_role(Path(args.file)), []
    except ConfigError as error:
        if not args.json:
            raise
        role, problems = None, [error.message]
    if args.json:
        told = (
            role.model_dump(include={"id", "name", "activities", "kpis", "stages", "questions"})
            if role
            else None
        )
        print(json.dumps({"role": told, "problems": problems}, ensure_ascii=False))
    elif role:
        print(f"{args.file} is in order: {role.name}, {_counts(role)}.")
    return 3 if problems else 0


def _print_role(role: Role, console: Console) -> None:
    console.print(f"{role.name} ({role.function})", style="bold")
    console.print(role.about)
    for title, items in (
        ("Activities", [f"{item.name}\n    {item.description}" for item in role.activities]),
        ("KPIs", [f"{item.name}\n    {item.formula}" for item in role.kpis]),
        ("Selection process", [f"{item.name}\n    {item.description}" for item in role.stages]),
        (
            "Questions",
            [f"{item.id:<4}{item.text} [{', '.join(item.topics)}; {item.kind}]" for item in role.questions],
        ),
    ):
        console.print(f"\n{title}", style="bold")
        for item in items:
            console.print(f"  {item}")
