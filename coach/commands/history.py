"""`coach history`: the drafts and reports kept on this machine."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from coach.commands.console import stdout_console
from coach.errors import InputError

if TYPE_CHECKING:
    from coach.history import History, SavedReport


def add_parser(commands: Any) -> None:
    """Adds `history` to the command line."""
    parser = commands.add_parser(
        "history", help="your drafts and reports", epilog="Example: coach history list"
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser(
        "list", help="reports, newest first", epilog="Example: coach history list --limit 10"
    )
    listing.add_argument("--limit", type=int, default=50, help="at most so many (default: 50)")
    listing.add_argument("--json", action="store_true", help="print JSON")
    listing.set_defaults(run=list_reports)
    showing = actions.add_parser(
        "show", help="one report with its answer", epilog="Example: coach history show 3"
    )
    showing.add_argument("id", type=int, help="the report's number in `coach history list`")
    showing.add_argument("--json", action="store_true", help="print JSON")
    showing.set_defaults(run=show_report)
    exporting = actions.add_parser(
        "export", help="everything as JSON", epilog="Example: coach history export > mine.json"
    )
    exporting.set_defaults(run=export)
    deleting = actions.add_parser(
        "delete", help="delete a report, or everything", epilog="Example: coach history delete 3"
    )
    deleting.add_argument("id", type=int, nargs="?", help="the report's number")
    deleting.add_argument("--all", action="store_true", help="all that was kept, for good")
    deleting.set_defaults(run=delete)


def _open() -> History:
    from coach.config import Settings
    from coach.history import History

    return History.open(Settings.from_env())


def list_reports(args: argparse.Namespace) -> int:
    """`coach history list`."""
    import json

    with _open() as history:
        saved = history.reports(limit=args.limit)
    if args.json:
        print(json.dumps([_line(report) for report in saved], ensure_ascii=False))
    elif not saved:
        print("No reports yet. The page saves them; on the command line add --save.", file=sys.stderr)
    else:
        for report in saved:
            score = "not judged" if report.score is None else f"{report.score:g}"
            day = report.created_at[:16].replace("T", " ")
            print(f"{report.id:>5}  {day}  {score:>10}  {report.role_id}  {report.question_text}")
    return 0


def _line(report: SavedReport) -> dict[str, Any]:
    return {
        "id": report.id,
        "created_at": report.created_at,
        "role": report.role_id,
        "question": {"id": report.question_id, "text": report.question_text},
        "score": report.score,
        "band": report.band,
        "judge": report.judge,
    }


def show_report(args: argparse.Namespace) -> int:
    """`coach history show`."""
    with _open() as history:
        saved = history.report(args.id)
    if args.json:
        print(saved.report_json)
        return 0
    from coach.coach import Coach
    from coach.commands.show import show_report as show
    from coach.config import Settings

    print(f"{saved.answer}\n")
    show(saved.report(), saved.answer, Coach(Settings.from_env()), stdout_console())
    return 0


def export(_args: argparse.Namespace) -> int:
    """`coach history export`."""
    from coach.export import reports_to_json

    with _open() as history:
        print(reports_to_json(history.export_all()))
    return 0


def delete(args: argparse.Namespace) -> int:
    """`coach history delete`."""
    if args.all == (args.id is not None):
        raise InputError(
            "nothing_to_delete",
            "Say what to delete.",
            "Name one report by its number, or add --all for everything.",
        )
    from coach.config import Settings
    from coach.reply_cache import ReplyCache

    with _open() as history:
        if args.all:
            history.delete_all()
        else:
            history.delete_report(args.id)
    ReplyCache.open(Settings.from_env()).clear()  # models' replies quote the answers
    print("Deleted.", file=sys.stderr)
    return 0
