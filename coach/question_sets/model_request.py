"""Writes the request for questions to a model: the papers stand apart as data, masked and numbered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from coach.documents import Line
from coach.judges.model_request import guard, tag_code
from coach.llm import Message
from coach.masking import Mask, mask
from coach.prompts import Prompt
from coach.question_sets.private_matters import is_private, lines_for_people
from coach.question_sets.types import Wishes
from coach.schema_role import Role

_NOTHING = "(none)"
_LONGEST_LINE = 300
_MOST_LINES = 80
_MOST_KNOWN = 20
_LONGEST_NAME = 240


class Shown(NamedTuple):
    """A paper as the model is shown it: its lines, without private ones and those that speak to a machine."""

    lines: tuple[Line, ...]

    @property
    def numbers(self) -> dict[int, str]:
        """Whole lines by their numbers."""
        return {line.number: line.text for line in self.lines}


def shown(lines: Sequence[Line]) -> Shown:
    """What of a paper may be shown."""
    kept = (line for line in lines_for_people(lines) if not is_private(line.text))
    return Shown(tuple(islice(kept, _MOST_LINES)))


def write_questions_request(
    prompt: Prompt, role: Role, wishes: Wishes, job: Shown, resume: Shown, known: Sequence[str]
) -> tuple[tuple[Message, Message], Mask]:
    """The two messages that ask for questions, and the mask to read the reply with."""
    masked = mask(_numbered(job), _numbered(resume))
    values = {
        "role": guard(" ".join(f"{role.name} ({role.function})".split()))[:_LONGEST_NAME],
        "items": guard("\n".join(_item_lines(role))) or _NOTHING,
        "wishes": guard("\n".join(_wish_lines(role, wishes))) or _NOTHING,
        "count": str(wishes.count),
        "job": guard(masked.texts[0]) or _NOTHING,
        "resume": guard(masked.texts[1]) or _NOTHING,
        "known": guard("\n".join(f"- {text}" for text in known[:_MOST_KNOWN])) or _NOTHING,
    }
    rendered = prompt.render({**values, "code": tag_code(*values.values())})
    return (Message("system", rendered.system), Message("user", rendered.user)), masked


def _numbered(paper: Shown) -> str:
    return "\n".join(f"{line.number}: {' '.join(line.text.split())[:_LONGEST_LINE]}" for line in paper.lines)


def _item_lines(role: Role) -> Iterable[str]:
    yield from (f"- activity {a.id}: {a.name}" for a in role.activities)
    yield from (f"- kpi {k.id}: {k.name}" for k in role.kpis)


def _wish_lines(role: Role, wishes: Wishes) -> Iterable[str]:
    stage = next((s for s in role.stages if s.id == wishes.stage), None)
    if wishes.level:
        yield f"level: {wishes.level}"
    if stage:
        yield f"stage: {stage.name}"
    for name, asked in (
        ("topics", wishes.topics),
        ("kinds", wishes.kinds),
        ("activities", wishes.activities),
        ("kpis", wishes.kpis),
    ):
        if asked:
            yield f"{name}: {', '.join(asked)}"
