"""`coach questions`: a set of questions for this role, this job and this person."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach.commands.console import progress_bar, stdout_console
from coach.errors import InputError, StoreError

if TYPE_CHECKING:
    from coach.schema import QuestionSet, Role

FORMATS = ("md", "json", "csv", "docx", "pdf", "anki")
_TEXT_FORMATS = ("md", "json", "csv")
_MAX_SET_BYTES = 5_000_000
_EXAMPLE = """examples:
  coach questions --role e-commerce-manager --count 10 --level senior
  coach questions --jd job.pdf --resume resume.docx --format docx --out questions.docx
  coach questions --stage "Phone Screen" --topic Leadership --seed 7
  coach questions --format json --out first.json && coach questions --avoid first.json
"""


def add_parser(commands: Any) -> None:
    """Adds `questions` to the command line."""
    parser = commands.add_parser(
        "questions",
        help="a set of questions to practise",
        description="Questions that an interview is likely to hold, and why each is in the set.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--role", metavar="ID", help="role id or name (default: COACH_ROLE or e-commerce-manager)"
    )
    parser.add_argument("--count", type=int, default=10, metavar="N", help="how many, 1 to 50 (default: 10)")
    parser.add_argument("--level", metavar="LEVEL", help="entry, mid, senior or lead")
    parser.add_argument(
        "--stage", metavar="STAGE", help="a stage of the role's selection process, id or name"
    )
    _add_narrowing(parser)
    parser.add_argument(
        "--jd", metavar="FILE", help="a job description: text, Markdown, HTML, PDF or DOCX; - for stdin"
    )
    parser.add_argument("--resume", metavar="FILE", help="a résumé, in the same kinds of files")
    parser.add_argument(
        "--avoid",
        action="append",
        default=[],
        metavar="FILE.json",
        help="an earlier set, none of which comes again (repeatable)",
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="another number gives another set (default: 0)"
    )
    parser.add_argument(
        "--judge",
        metavar="evidence|MODEL",
        help='a litellm model that writes questions too, or "model" for COACH_MODEL (default: no model)',
    )
    _add_output(parser)
    parser.set_defaults(run=run)


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format", choices=FORMATS, help="what to print or write instead of the readable list"
    )
    parser.add_argument("--json", action="store_true", help="short for --format json")
    parser.add_argument("--out", metavar="FILE", help="write to this file; its ending names the format")


def _add_narrowing(parser: argparse.ArgumentParser) -> None:
    for name, what in (
        ("topic", "a topic of the role's bank"),
        ("kind", "behavioural, approach, experience or knowledge"),
        ("activity", "an activity of the role, id or name"),
        ("kpi", "a KPI of the role, id or name"),
    ):
        parser.add_argument(
            f"--{name}", action="append", default=[], metavar=name.upper(), help=f"{what} (repeatable)"
        )


def run(args: argparse.Namespace) -> int:
    """Runs the command; raises CoachError."""
    from coach import Coach

    wanted = _format(args)
    if wanted not in (None, *_TEXT_FORMATS) and args.out is None and sys.stdout.isatty():
        raise InputError(
            "no_file", f"{wanted} cannot be shown in a terminal.", f"Add --out questions.{_ending(wanted)}"
        )
    avoid = [read_set(name) for name in args.avoid]
    with progress_bar("Opening the coach") as progress:
        coach = Coach.open(progress=progress)
        try:
            progress("Choosing questions", 0.0)
            made = _make(coach, args, avoid)
            role = coach.role(args.role)
        finally:
            coach.close()
    for notice in made.warnings:
        if wanted is None and notice.code == "not_all_covered":
            continue  # the readable list says it below its questions
        print(f"coach: {notice.message}", file=sys.stderr)
    return _give(made, role, wanted, args.out)


def _make(coach: Any, args: argparse.Namespace, avoid: list[QuestionSet]) -> QuestionSet:
    made: QuestionSet = coach.questions(
        args.role,
        args.count,
        level=args.level,
        stage=args.stage,
        topics=args.topic,
        kinds=args.kind,
        activities=args.activity,
        kpis=args.kpi,
        job=_source(args.jd),
        job_name="Standard input" if args.jd == "-" else "",
        resume=_source(args.resume),
        resume_name="Standard input" if args.resume == "-" else "",
        avoid=avoid,
        seed=args.seed,
        judge=args.judge,
    )
    return made


def _source(name: str | None) -> Path | bytes | None:
    if name is None:
        return None
    from coach.documents import LIMITS

    return sys.stdin.buffer.read(LIMITS.bytes + 1) if name == "-" else Path(name)


def read_set(name: str) -> QuestionSet:
    """A set saved as JSON; raises InputError that says what the file is instead."""
    from pydantic import ValidationError

    from coach.schema import QuestionSet

    hint = "Name a file that `coach questions --format json` wrote."
    try:
        with Path(name).open("rb") as file:
            content = file.read(_MAX_SET_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError("file_unreadable", f"{name} cannot be read: {reason}.", hint) from error
    try:
        return QuestionSet.model_validate_json(content)
    except ValidationError as error:
        raise InputError("not_a_set", f"{name} holds no set of questions.", hint) from error


# ---- out of the program ----------------------------------------------------------------------------


def _format(args: argparse.Namespace) -> str | None:
    """The format asked for, or that of the file to write; None for the readable list."""
    if args.json and args.format not in (None, "json"):
        raise InputError("two_formats", f"--json and --format {args.format} differ.", "Keep one of them.")
    if args.json or args.format:
        return "json" if args.json else str(args.format)
    if args.out is None:
        return None
    ending = Path(args.out).suffix.lower().lstrip(".")
    known = {
        "md": "md",
        "markdown": "md",
        "json": "json",
        "csv": "csv",
        "docx": "docx",
        "pdf": "pdf",
        "apkg": "anki",
    }
    if ending not in known:
        hint = f"Add --format with one of {', '.join(FORMATS)}."
        raise InputError("format_unknown", f"The ending of {args.out} names no format.", hint)
    return known[ending]


def _ending(wanted: str) -> str:
    return "apkg" if wanted == "anki" else wanted


def _give(made: QuestionSet, role: Role, wanted: str | None, out: str | None) -> int:
    if wanted is None:
        from coach.commands.show_questions import show_set

        show_set(made, role, stdout_console())
        return 0
    content = _written(made, role, wanted)
    if out is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return 0
    try:
        Path(out).write_bytes(content)
    except OSError as error:
        raise StoreError(
            "file_unwritable", f"{out} cannot be written: {error.strerror}.", "Choose another file."
        ) from error
    print(f"{len(made.questions)} questions written to {out}.", file=sys.stderr)
    return 0


def _written(made: QuestionSet, role: Role, wanted: str) -> bytes:
    from coach.question_sets.export import write_set

    return write_set(made, role, wanted)
