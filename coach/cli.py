"""The command line: `coach feedback | questions | roles | history | index | models | app | doctor | eval`.

Results go to stdout, everything else to stderr. Exit codes: 0 done; 2 the input is wrong; 3 the
configuration is wrong; 4 a model or store could not be reached.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence

from coach.commands import app, doctor, eval, feedback, history, index, models, questions, roles
from coach.errors import CoachError

_COMMANDS = (feedback, questions, roles, history, index, models, app, doctor, eval)


def build_parser() -> argparse.ArgumentParser:
    """The whole command line; each command's module adds its own part."""
    from coach import __version__

    parser = argparse.ArgumentParser(
        prog="coach",
        description="Feedback on interview answers, on your own machine. A practice aid, never a verdict.",
        epilog="Example: coach feedback --role e-commerce-manager --question q13 --answer answer.txt",
    )
    parser.add_argument("--version", action="version", version=f"coach {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in _COMMANDS:
        command.add_parser(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit code; errors end as two lines on stderr, never as a traceback."""
    args = build_parser().parse_args(argv)
    try:
        return int(args.run(args))
    except CoachError as error:
        print(f"coach: {error.message}", file=sys.stderr)
        if error.hint:
            print(f"       {error.hint}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # The reader of a pipe went away; Python must not complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def run() -> None:
    """Entry point of the `coach` program. Text is UTF-8 whatever the terminal or pipe was set to."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(main())


if __name__ == "__main__":
    run()
