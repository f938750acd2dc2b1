"""From a reading to the code of the sentence that says it: one small ladder a criterion."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from coach.judges.story import Reading
from coach.schema import CriterionId
from coach.signals.types import Signals


class Reason(NamedTuple):
    """The code of the `why` sentence and of the `next` sentence ("" when there is nothing to add)."""

    why: str
    next: str


def find_reason(criterion: CriterionId, reading: Reading, signals: Signals) -> Reason:
    """The sentences that fit this reading."""
    code = _LADDERS[criterion](reading, signals)
    if criterion == "delivery":
        return Reason("off" if code != "top" else "top", "" if code == "top" else code)
    return Reason(code, "" if code == "top" else code)


def _situation(reading: Reading, signals: Signals) -> str:
    if reading.level == 0:
        return "setting"
    if signals.answer_type not in ("story", "pseudo_story") and reading.spans:
        return "far"
    if not reading.spans:
        return "hinted"
    if reading.level == 5:
        return "top"
    if "too_long" in reading.missing:
        return "too_long"
    if reading.level <= 2 and "place" in reading.missing:
        return "place"
    if reading.level <= 2:
        return "trigger"
    return "scale" if reading.level == 4 else "stakes"


def _task(reading: Reading, signals: Signals) -> str:
    if reading.level == 0:
        return "nothing"
    if signals.answer_type not in ("story", "pseudo_story"):
        return "general"
    by_level = {3: "specific", 4: "measure", 5: "top"}
    if reading.level in by_level and (reading.spans or reading.level > 3):
        return by_level[reading.level]
    return (
        "group"
        if "group_goal" in reading.found and "own_goal" not in reading.found and reading.spans
        else "own_goal"
    )


def _action(reading: Reading, signals: Signals) -> str:
    if reading.level == 0:
        return "nothing"
    if reading.level == 1 and signals.answer_type == "story":
        return "attitude"
    if reading.level == 1 or signals.answer_type in (
        "pseudo_story",
        "hypothetical",
        "opinion",
        "self_description",
    ):
        return "habit"
    if reading.level == 2:
        return "one" if "own" in reading.found or not reading.found else "group"
    return {3: "how", 4: "why"}.get(reading.level, "top")


def _result(reading: Reading, _signals: Signals) -> str:
    if reading.level == 0:
        return "nothing"
    if reading.level == 1:
        return "hoped" if reading.spans else "nothing"
    if reading.level == 2:
        return "vague" if reading.spans else "nothing"
    if reading.level == 5:
        return "top"
    if "measure" not in reading.found:
        return "measure"
    return "compared" if "compared" not in reading.found else "lasting"


def _fit(reading: Reading, signals: Signals) -> str:
    first = reading.missing[0] if reading.missing else "top"
    if first in ("substance", "part") and signals.answer_type != "story":
        return "general"
    return f"topic{min(reading.level, 2)}" if first == "topic" else first


def _relevance(reading: Reading, _signals: Signals) -> str:
    if reading.level == 4 and "activity" not in reading.found:
        return "near"
    return ("none", "carries", "field", "general", "depth", "top")[reading.level]


def _metrics(reading: Reading, _signals: Signals) -> str:
    if reading.level == 1:
        return "named" if "named" in reading.found else "counts"
    if reading.level == 4:
        return "untimed" if "baseline" in reading.found else "unbased"
    return ("nothing", "named", "effort", "figure", "", "top")[reading.level]


def _delivery(reading: Reading, _signals: Signals) -> str:
    return reading.missing[0] if reading.missing else "top"


_LADDERS: Mapping[CriterionId, Callable[[Reading, Signals], str]] = {
    "situation": _situation,
    "task": _task,
    "action": _action,
    "result": _result,
    "question_fit": _fit,
    "role_relevance": _relevance,
    "metrics": _metrics,
    "delivery": _delivery,
}
