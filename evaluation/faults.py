"""What can be wrong with an answer, planted in base answers, and how a judge shows that it noticed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from coach.schema import CRITERIA, CriterionId, Report
from evaluation.retelling import as_hypothetical, group_for_self, hedged, joined, sentences
from tests.evals.variants import BaseAnswer

TEXTS = Path(__file__).resolve().parent / "texts.toml"
Planted = tuple[str, str]  # question, text
Plant = Callable[[BaseAnswer], Planted | None]
# Words. A shorter answer is off its length already, and three times as long it is hardly more so.
RAMBLE_FROM = 120
ALL_BUT_DELIVERY = tuple(criterion for criterion in CRITERIA if criterion != "delivery")


@dataclass(frozen=True)
class Fault:
    """Something planted. It is caught when all that is set here holds."""

    name: str
    plant: Plant
    falls: tuple[CriterionId, ...] = ()  # one of them, by a level or more
    at_most: tuple[tuple[CriterionId, int], ...] = ()
    never_rises: tuple[CriterionId, ...] = ()  # nor does the score
    without_kpi: bool = False  # no KPI may count as proven

    def caught(self, before: Report, after: Report) -> bool:
        """Whether the report on the faulty answer shows it, beside the report on the base answer."""
        old, new = levels(before), levels(after)
        return (
            (not self.falls or any(new[criterion] < old[criterion] for criterion in self.falls))
            and all(new[criterion] <= limit for criterion, limit in self.at_most)
            and not self._gains(before, after)
            and not (self.without_kpi and any(kpi.status == "evidenced" for kpi in after.kpis))
        )

    def _gains(self, before: Report, after: Report) -> bool:
        old, new = levels(before), levels(after)
        more = (after.overall.score or 0.0) > (before.overall.score or 0.0)
        return bool(self.never_rises) and (more or any(new[c] > old[c] for c in self.never_rises))


def levels(report: Report) -> dict[CriterionId, int]:
    """The level of every criterion, 0 for one that was not judged."""
    return {result.id: result.level or 0 for result in report.criteria}


@cache
def texts() -> dict[str, Any]:
    """`rambling`, `kpi_soup` and `other_work`, each text on one line."""
    raw = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    return {
        "rambling": [_line(text) for text in raw["rambling"]],
        "kpi_soup": [_line(text) for text in raw["kpi_soup"]],
        "other_work": [(story["who"], _line(story["text"])) for story in raw["other_work"]],
    }


def is_whole_story(answer: BaseAnswer) -> bool:
    """A story that is no weak one, so that each of its parts counts for something."""
    return answer.answer_type == "story" and answer.strength != "weak"


def without(label: str) -> Plant:
    """Drops every part of this label."""

    def plant(answer: BaseAnswer) -> Planted | None:
        if not is_whole_story(answer) or all(part["label"] != label for part in answer.parts):
            return None
        return answer.question, without_label(answer, label)

    return plant


def without_label(answer: BaseAnswer, label: str) -> str:
    """The answer with every part of this label cut."""
    return joined(part["text"] for part in answer.parts if part["label"] != label)


def without_results(answer: BaseAnswer) -> str:
    """The answer with every result part cut."""
    return without_label(answer, "result")


def without_figures(answer: BaseAnswer) -> str:
    """The answer with every figure that measures something taken out."""
    return " ".join(part.get("without_figures", part["text"]) for part in answer.parts)


def figures_removed(answer: BaseAnswer) -> Planted | None:
    """Without figures, where a result has one."""
    has_some = any(part["label"] == "result" and "without_figures" in part for part in answer.parts)
    return (answer.question, without_figures(answer)) if has_some else None


def told_as_we(answer: BaseAnswer) -> Planted | None:
    """ "We" for "I", where two own actions or more are told."""
    return (answer.question, group_for_self(answer.text)) if answer.fit_for_faults else None


def told_as_hypothetical(answer: BaseAnswer) -> Planted | None:
    """Past actions in the mood of "I would"."""
    return (answer.question, as_hypothetical(answer)) if is_whole_story(answer) else None


def under_another_question(answer: BaseAnswer) -> Planted:
    """Under a question of the bank that it does not answer."""
    return answer.unrelated_question, answer.text


def from_other_work(answer: BaseAnswer) -> Planted:
    """The question with a story of a nurse, a site manager or another who is not of the role."""
    stories = texts()["other_work"]
    return answer.question, stories[_number(answer) % len(stories)][1]


def kpi_soup(answer: BaseAnswer) -> Planted:
    """The question with a list of names of measures."""
    soups = texts()["kpi_soup"]
    return answer.question, soups[_number(answer) % len(soups)]


def said_twice(answer: BaseAnswer) -> Planted:
    """The same text a second time."""
    return answer.question, f"{answer.text}\n\n{answer.text}"


def rambling(answer: BaseAnswer) -> Planted | None:
    """Three times as long: the padding stands between the sentences of odd answers, after even ones."""
    words = len(answer.text.split())
    if words < RAMBLE_FROM:
        return None
    number, told = _number(answer), sentences(answer.text)
    blocks, length = [], 0
    for block in islice(cycle(texts()["rambling"]), number, None):
        blocks.append(block)
        length += len(block.split())
        if length >= 2 * words:
            break
    if number % 2 == 0:
        return answer.question, " ".join([answer.text, *blocks])
    spread: list[str] = []
    for place, sentence in enumerate(told):
        spread.append(sentence.strip())
        spread += blocks[len(blocks) * place // len(told) : len(blocks) * (place + 1) // len(told)]
    return answer.question, " ".join(spread)


def with_hedges(answer: BaseAnswer) -> Planted:
    """Hedges in most sentences."""
    return answer.question, hedged(answer.text)


def reversed_parts(answer: BaseAnswer) -> Planted | None:
    """The last part first, each part closed as a sentence of its own."""
    if not is_whole_story(answer):
        return None
    told = []
    for part in reversed(answer.parts):
        text = re.sub(r"[,;:\s]+$", "", part["text"].strip()).removeprefix("- ")
        told.append(text[0].upper() + text[1:] + ("" if re.search(r"[.!?]\W*$", text) else "."))
    return answer.question, " ".join(told)


def _number(answer: BaseAnswer) -> int:
    return int(re.sub(r"\D", "", answer.id) or 0)


def _line(text: str) -> str:
    return " ".join(text.split())


FAULTS = (
    Fault("no situation", without("situation"), falls=("situation",)),
    Fault("no task", without("task"), falls=("task",)),
    Fault("no action", without("action"), falls=("action",)),
    Fault("no result", without("result"), falls=("result",)),
    Fault("no figures", figures_removed, falls=("metrics",)),
    Fault("we for I", told_as_we, falls=("action",)),
    Fault("hypothetical mood", told_as_hypothetical, falls=("action",)),
    Fault("wrong question", under_another_question, falls=("question_fit",)),
    Fault("another line of work", from_other_work, at_most=(("role_relevance", 2),)),
    Fault("KPI soup", kpi_soup, at_most=(("metrics", 1),), without_kpi=True),
    Fault("said twice", said_twice, falls=("delivery",), never_rises=ALL_BUT_DELIVERY),
    Fault("rambling", rambling, falls=("delivery",), never_rises=ALL_BUT_DELIVERY),
    Fault("hedging", with_hedges, falls=("delivery", "action", "result")),
    Fault("parts in reverse", reversed_parts, falls=("delivery",)),
)
