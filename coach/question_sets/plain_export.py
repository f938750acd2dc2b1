"""A set as JSON or Markdown, for a program without the module that writes files."""

from __future__ import annotations

from importlib import import_module

from coach.errors import InputError
from coach.schema import QuestionSet, Role


def write_plainly(made: QuestionSet, role: Role, wanted: str) -> bytes:
    """What `coach.question_sets.export.write_set` gives where that is there; raises InputError otherwise for
    other formats than md and json."""
    try:
        content: bytes = import_module("coach.question_sets.export").write_set(made, role, wanted)
        return content
    except ModuleNotFoundError as error:
        if error.name != "coach.question_sets.export":
            raise
    if wanted == "json":
        return (made.to_json() + "\n").encode()
    if wanted == "md":
        lines = [f"# {role.name}", ""]
        for number, question in enumerate(made.questions, start=1):
            lines += [f"{number}. **{question.text}**", f"   {question.why}", ""]
        return "\n".join(lines).encode()
    raise InputError("format_missing", f"{wanted} cannot be written yet.", "Choose md or json.")
