"""`coach questions`: a set of questions for this role, this job and this person."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach.commands.console import progress_bar, stdout_console
from coach.commands.set_files import FORMATS, check_out, format_for, read_set, shown_name, write_out
from coach.errors import InputError

if TYPE_CHECKING:
    from coach.schema import QuestionSet, Role

_TEXT_FORMATS = ("md", "json", "csv")
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

    wanted = _checked(args)
    avoid = [read_set(name) for name in args.avoid]
    with progress_bar("Opening the coach") as progress:
        coach = Coach.open(progress=progress)
        try:
            progress("Choosing questions", 0.0)
            made = _make(coach, args, avoid)
            role = coach.role(args.role)
        finally:
            coach.close()
    _tell_of_other_roles(args.avoid, avoid, made)
    for notice in made.warnings:
        if wanted is None and notice.code == "not_all_covered":
            continue  # the readable list says it below its questions
        print(f"coach: {notice.message}", file=sys.stderr)
    return _give(made, role, wanted, args.out)


def _checked(args: argparse.Namespace) -> str | None:
    """The format to write, None for the readable list; raises CoachError for options that cannot be."""
    wanted = format_for(args.format, args.json, args.out)
    if wanted not in (None, *_TEXT_FORMATS) and args.out is None and sys.stdout.isatty():
        raise InputError(
            "no_file", f"{wanted} cannot be shown in a terminal.", f"Add --out questions.{_ending(wanted)}"
        )
    if args.jd == "-" and args.resume == "-":
        raise InputError("two_inputs", "--jd and --resume are both -.", "Only one of them can be -.")
    if args.out is not None:
        check_out(args.out, [name for name in (args.jd, args.resume, *args.avoid) if name not in (None, "-")])
    return wanted


def _tell_of_other_roles(names: list[str], avoid: list[QuestionSet], made: QuestionSet) -> None:
    for name, one in zip(names, avoid, strict=True):
        if one.role != made.role:
            message = f"{shown_name(name)} is a set for another role, {shown_name(one.role)}."
            print(f"coach: {message}", file=sys.stderr)


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


# ---- out of the program ----------------------------------------------------------------------------


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
    write_out(out, content)
    print(f"{len(made.questions)} questions written to {shown_name(out)}.", file=sys.stderr)
    return 0


def _written(made: QuestionSet, role: Role, wanted: str) -> bytes:
    from coach.question_sets.export import write_set

    return write_set(made, role, wanted)
