"""`coach app`: the page in the browser."""

from __future__ import annotations

import argparse
from typing import Any


def add_parser(commands: Any) -> None:
    """Adds `app` to the command line."""
    parser = commands.add_parser(
        "app", help="open the page in the browser", epilog="Example: coach app --port 8600"
    )
    parser.add_argument("--host", help="address to serve on (default: this machine only)")
    parser.add_argument("--port", type=int, help="port (default: 8501, or the next free one)")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser window")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serves the page until Ctrl+C."""
    from coach.config import Settings
    from coach.ui.launch import run_app

    return run_app(Settings.from_env(), host=args.host, port=args.port, open_browser=not args.no_browser)
