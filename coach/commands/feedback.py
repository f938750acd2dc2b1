"""`coach feedback`: one answer, or a batch of them."""

from __future__ import annotations

import argparse
import json
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach.commands.console import progress_bar, stdout_console
from coach.errors import CoachError, InputError
from coach.threads import start

if TYPE_CHECKING:
    from coach.coach import Coach
    from coach.schema import Report

# An answer of the longest kind in four-byte characters; anything larger is not an answer.
MAX_ANSWER_BYTES = 1_000_000
WORDS_ALLOWED = range(40, 401)
_EXAMPLE = """examples:
  coach feedback --role e-commerce-manager --question q13 --answer answer.txt
  pbpaste | coach feedback --question "Tell me about a launch you led." --answer -
  coach feedback --batch answers.jsonl --json > reports.jsonl

a line of a batch file:
  {"id": "a1", "role": "e-commerce-manager", "question": "q13", "answer": "..."}
"""


def add_parser(commands: Any) -> None:
    """Adds `feedback` to the command line."""
    parser = commands.add_parser(
        "feedback",
        help="feedback on an answer",
        description="Feedback on one answer, or on a file of them.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--role", metavar="ID", help="role id or name (default: COACH_ROLE or e-commerce-manager)"
    )
    parser.add_argument(
        "--question", metavar="ID_OR_TEXT", help="a question of the role's bank, or any question"
    )
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--answer", metavar="FILE", help="a text file, or - for standard input")
    source.add_argument("--text", help="the answer itself")
    source.add_argument(
        "--batch", metavar="FILE.jsonl", help="a request a line in, a report a line out (- for stdin)"
    )
    parser.add_argument(
        "--judge",
        metavar="evidence|MODEL",
        help="the built-in judge or a litellm model (default: COACH_MODEL)",
    )
    parser.add_argument(
        "--fact",
        action="append",
        default=[],
        metavar="TEXT",
        help="something true that a model's tighter version may use beside the answer (repeatable)",
    )
    parser.add_argument(
        "--words", type=int, metavar="N", help="length of a model's tighter version (default: as the answer)"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--save", action="store_true", help="keep the report in your history")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Runs the command; raises CoachError."""
    from coach import Coach

    if args.batch is None and not args.question:
        raise InputError(
            "no_question",
            "No question is named.",
            "Add --question with an id such as q13, or the question's text.",
        )
    for name, value in (("--question", args.question), ("--text", args.text)):
        if _half_character(value or ""):
            raise InputError("answer_not_text", f"{name} is not UTF-8 text.", "Put the answer into a file.")
    lines = _batch_lines(args.batch) if args.batch is not None else None
    answer = None if lines is not None else args.text if args.text is not None else _read_answer(args.answer)
    with progress_bar("Opening the coach") as progress:
        coach = Coach.open(progress=progress)
    try:
        if lines is not None:
            return _run_batch(coach, lines, args)
        return _run_single(coach, answer or "", args)
    finally:
        coach.close()


def _run_single(coach: Coach, answer: str, args: argparse.Namespace) -> int:
    if args.save:
        _save_draft(coach, answer, args)
    _check_words(args.words)
    with progress_bar("Reading") as progress:
        if coach.models(args.judge) is not None:
            progress("A model is reading your answer", 0.0)
        report = coach.feedback(
            args.question, answer, role=args.role, judge=args.judge, facts=args.fact, words=args.words
        )
    if args.save:
        coach.history.save_report(report, answer)
    if args.json:
        print(report.to_json())
        return 0
    from coach.commands.show import show_report

    show_report(report, answer, coach, stdout_console())
    return 0


def _save_draft(coach: Coach, answer: str, args: argparse.Namespace) -> None:
    """Keeps the text before anything that can fail."""
    from coach.roles import find_question

    role = coach.role(args.role)
    coach.history.save_draft(role.id, find_question(role, args.question), answer)


def _read_answer(name: str) -> str:
    """The answer as it is in the file, line ends included; raises InputError."""
    return _decoded(_read_bytes(name, MAX_ANSWER_BYTES), name)


def _read_bytes(name: str, limit: int | None) -> bytes:
    try:
        if name == "-":
            return sys.stdin.buffer.read(-1 if limit is None else limit + 1)
        with Path(name).open("rb") as file:
            return file.read(-1 if limit is None else limit + 1)
    except OSError as error:
        raise InputError(
            "file_unreadable",
            f"{name} cannot be read: {error.strerror}.",
            "Name a text file you can open, or - for standard input.",
        ) from error


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            "answer_not_text",
            f"{'Standard input' if name == '-' else name} is not UTF-8 text.",
            "Save the answer as plain text in UTF-8; Word and PDF files cannot be read here.",
        ) from error


def _batch_lines(name: str) -> list[bytes]:
    lines = _read_bytes(name, None).removeprefix(b"\xef\xbb\xbf").split(b"\n")
    return lines[:-1] if lines and not lines[-1].strip() else lines


def _run_batch(coach: Coach, lines: list[bytes], args: argparse.Namespace) -> int:
    with_model = coach.models(args.judge) is not None  # a wrong model ends the run before it starts
    if args.role:
        coach.role(args.role)
    at_once = coach.settings.concurrency if with_model else 1
    numbered = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    with progress_bar("Answers") as progress:
        for number, text in _in_order(coach, numbered, args, at_once):
            print(text, flush=True)
            progress("Answers", number / len(lines))
    return 0


def _in_order(
    coach: Coach, numbered: list[tuple[int, bytes]], args: argparse.Namespace, at_once: int
) -> Iterator[tuple[int, str]]:
    """The results in the order of the lines, `at_once` of which are worked on at the same time."""
    if at_once == 1:
        yield from ((number, _batch_result(coach, line, number, args)) for number, line in numbered)
        return
    waiting: deque[tuple[int, Future[str]]] = deque()
    for number, line in numbered:
        if len(waiting) == at_once:
            first, result = waiting.popleft()
            yield first, result.result()
        waiting.append((number, start(_batch_result, coach, line, number, args)))
    for first, result in waiting:
        yield first, result.result()


def _batch_result(coach: Coach, line: bytes, number: int, args: argparse.Namespace) -> str:
    request = None
    try:
        request = _request(line)
        report = coach.feedback(
            request.get("question") or args.question or "",
            request["answer"],
            role=request.get("role") or args.role,
            judge=args.judge,
            id=request["id"],
        )
    except CoachError as error:
        name: dict[str, Any] = (
            {"id": request["id"]} if request and request["id"] is not None else {"id": None, "line": number}
        )
        return json.dumps({**name, "error": error.as_dict()}, ensure_ascii=False)
    return report.to_json() if args.json else _summary(report, coach)


def _check_words(words: int | None) -> None:
    if words is not None and words not in WORDS_ALLOWED:
        raise InputError(
            "bad_length",
            f"--words is {words}, which is no length for an answer.",
            f"Choose from {WORDS_ALLOWED.start} to {WORDS_ALLOWED[-1]} words; 130 words take about a minute.",
        )


def _summary(report: Report, coach: Coach) -> str:
    score = "not judged" if report.overall.score is None else f"{report.overall.score:5.1f}"
    return f"{report.id or '-'}  {score}  {report.overall.band:<10}  {coach.headline(report)}"


def _request(line: bytes) -> dict[str, Any]:
    """A request line as a dict with id and answer; raises InputError `bad_line` that says what is wrong."""
    hint = 'A line is {"id": "a1", "role": "...", "question": "...", "answer": "..."}.'
    try:
        request = json.loads(line.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise InputError("bad_line", f"The line is not JSON in UTF-8: {error}.", hint) from error
    if not isinstance(request, dict):
        raise InputError("bad_line", "The line is JSON, but not an object.", hint)
    for key in ("id", "role", "question", "answer"):
        value = request.get(key)
        if isinstance(value, int) and key == "id":
            request[key] = str(value)
        elif value is not None and not isinstance(value, str):
            raise InputError("bad_line", f'"{key}" is not a text.', hint)
        elif isinstance(value, str) and _half_character(value):
            raise InputError("bad_line", f'"{key}" holds half a character (a lone surrogate).', hint)
    if request.get("answer") is None:
        raise InputError("bad_line", 'The line has no "answer".', hint)
    return {"id": None, **request}


def _half_character(text: str) -> bool:
    """Whether the text cannot be written in UTF-8: JSON escapes and command lines can carry such text."""
    return any("\ud800" <= char <= "\udfff" for char in text)
