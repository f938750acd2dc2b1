"""A tighter version from the candidate's own sentences: put in order, said once, with labelled slots
where facts are missing. Nothing is added but slots."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from coach.judges.kpis import spoken_name
from coach.schema import CriterionId, CriterionResult, KpiFinding, Label, Rewrite
from coach.signals.segments import count_words
from coach.signals.types import Signals

_ORDER: tuple[Label, ...] = ("situation", "task", "action", "result", "learning")
# Only what carries no meaning anywhere may be cut from a sentence.
_EMPTY = re.compile(
    r"(?:(?<=^)|(?<=[\s,.]))"
    r"(?:um+|uh+m?|er+m|hmm+|you know|i mean|basically|to be honest|like i said|as i said|so yeah)"
    r"(?:,\s*|\s+|(?=[.!?]|$))",
    re.IGNORECASE,
)


class Slot(NamedTuple):
    """A missing fact: the sentence that stands in for it and the part it belongs to."""

    part: Label
    text: str


def write_rewrite(
    signals: Signals, results: Sequence[CriterionResult], kpis: Sequence[KpiFinding]
) -> Rewrite | None:
    """The rewrite, or None when there is no story to put in order."""
    if signals.answer_type == "non_answer":
        return None
    by_part, dropped = _sort_sentences(signals)
    slots = _find_slots({result.id: result.level for result in results}, by_part, kpis)
    lines = []
    for part in _ORDER:
        own = by_part.get(part, [])
        lines.append(" ".join([*own, *(slot.text for slot in slots if slot.part == part)]))
    text = "\n\n".join(line for line in lines if line)
    names = tuple(dict.fromkeys(re.findall(r"\[[^\]]+\]", " ".join(slot.text for slot in slots))))
    return Rewrite(text=text, slots=names, dropped=dropped)


def _sort_sentences(signals: Signals) -> tuple[Mapping[Label, list[str]], tuple[str, ...]]:
    by_part: dict[Label, list[str]] = {}
    dropped = []
    for number, sentence in enumerate(signals.sentences):
        own = signals.answer[sentence.start : sentence.end]
        part = _part_of(signals, number)
        if part == "other" or sentence in signals.repeated:
            dropped.append(own)
        else:
            by_part.setdefault(part, []).append(_tidy(own))
    return by_part, tuple(dropped)


def _part_of(signals: Signals, sentence: int) -> Label:
    """The label with most words in the sentence; a sentence stays whole, so that it still reads."""
    words: Counter[Label] = Counter()
    for labelled in signals.clauses:
        if labelled.clause.sentence == sentence:
            words[labelled.label] += count_words(labelled.clause.text)
    return max(words, key=lambda label: (words[label], label != "other")) if words else "other"


def _tidy(sentence: str) -> str:
    short = _EMPTY.sub("", sentence).strip()
    short = short[:1].upper() + short[1:]
    return short if short[-1:] in '.!?…"”)' else f"{short}."


def _find_slots(
    levels: Mapping[CriterionId, int | None], by_part: Mapping[Label, list[str]], kpis: Sequence[KpiFinding]
) -> list[Slot]:
    def below(criterion: CriterionId, level: int) -> bool:
        value = levels.get(criterion)
        return value is not None and value < level

    slots = []
    if below("situation", 2) or "situation" not in by_part:
        slots.append(Slot("situation", "At [company or place], in [month or year], [what was going wrong]."))
    elif below("situation", 4):
        slots.append(Slot("situation", "At stake was [what would have been lost]."))
    if below("task", 4):
        slots.append(Slot("task", "It was mine to [your goal] by [deadline or target]."))
    if below("action", 3) or "action" not in by_part:
        slots.append(Slot("action", "First I [your first step]; then I [your next step]."))
    elif below("action", 5):
        slots.append(Slot("action", "I did it this way because [your reason]."))
    slots.extend(_result_slots(below("result", 4) or below("metrics", 4), below("result", 5), kpis))
    return slots


def _result_slots(unmeasured: bool, unlasting: bool, kpis: Sequence[KpiFinding]) -> list[Slot]:
    if unmeasured:
        open_kpis = [kpi for kpi in kpis if kpi.status in ("named", "suggested")]
        name = (
            spoken_name(open_kpis[0]) if open_kpis and open_kpis[0].status == "named" else "figure it moved"
        )
        slot = f"[your {name}] went from [before] to [after] in [how long]."
        return [Slot("result", f"In the end {slot}")]
    return [Slot("learning", "Since then I [what you do differently].")] if unlasting else []
