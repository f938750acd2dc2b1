"""The built-in judge: a level for every criterion from signals alone. No network, no chance: the same
text gets the same levels."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from coach.judges.code_levels import read_delivery, read_metrics
from coach.judges.fit import Topic, read_fit
from coach.judges.kpis import find_kpis
from coach.judges.outcomes import clause_span
from coach.judges.reasons import find_reason
from coach.judges.role_work import NearItems, find_activities, read_role_relevance
from coach.judges.settle import settle
from coach.judges.story import Reading, read_action, read_result, read_situation, read_task, word_share
from coach.judges.types import Judgement
from coach.lexicons import Lexicon
from coach.schema import CRITERIA, ActivityFinding, CriterionId, KpiFinding, Question, Role
from coach.signals.quotes import evidence
from coach.signals.types import LabelledClause, Signals
from coach.wording import Wording

_PLACE = re.compile(r"\{(quote|more|question)\}")
_STORY: Mapping[CriterionId, Callable[[Signals, Lexicon], Reading]] = {
    "situation": read_situation,
    "task": read_task,
    "action": read_action,
    "result": read_result,
}
# Quotes a reader takes in at a glance.
MOST_QUOTES = 4
LONGEST_QUOTE_WORDS = 12


@dataclass(frozen=True)
class Assessment:
    """What the built-in judge found: a judgement for each criterion in order, activities and KPIs."""

    judgements: tuple[Judgement, ...]
    activities: tuple[ActivityFinding, ...]
    kpis: tuple[KpiFinding, ...]


@dataclass(frozen=True)
class Ground:
    """What an answer is judged against. `near_activities` and `near_kpis` hold a list a clause."""

    role: Role
    question: Question | None
    topic: Topic
    near_activities: NearItems
    near_kpis: NearItems


def assess(signals: Signals, ground: Ground, lexicon: Lexicon, wording: Wording) -> Assessment:
    """Judges every criterion of one answer."""
    probed = ground.question.activities if ground.question else ()
    activities = find_activities(signals, ground.near_activities, ground.role, lexicon, probed)
    kpis = find_kpis(signals, ground.near_kpis, ground.role, ground.question, lexicon)
    story = {
        criterion: settle(criterion, read(signals, lexicon), signals) for criterion, read in _STORY.items()
    }
    relevance = read_role_relevance(signals, activities, sum(1 for kpi in kpis if kpi.status != "suggested"))
    readings: dict[CriterionId, Reading] = {
        **story,
        "question_fit": read_fit(signals, ground.topic, story, relevance.level, lexicon),
        "role_relevance": relevance,
        "metrics": read_metrics(signals, kpis, lexicon),
        "delivery": read_delivery(signals),
    }
    judgements = tuple(_judgement(criterion, readings[criterion], signals, wording) for criterion in CRITERIA)
    return Assessment(judgements, activities, kpis)


def _judgement(criterion: CriterionId, reading: Reading, signals: Signals, wording: Wording) -> Judgement:
    reason = find_reason(criterion, reading, signals)
    sentences = wording[criterion]
    words = {
        "quote": short_quote(reading.spans, criterion),
        "more": _detail(criterion, reading, signals),
        "question": shorten(signals.submission.question.text),
    }
    quotes = tuple(evidence(signals.answer, clause_span(clause)) for clause in reading.spans[:MOST_QUOTES])
    return Judgement(
        criterion=criterion,
        level=reading.level,
        basis="absence" if reading.level == 0 else "span" if quotes else "whole",
        why=_fill(sentences.why[reason.why], words),
        evidence=quotes if reading.level else (),
        next_step=_fill(sentences.next[reason.next], words) if reason.next else "",
        reasons=(reason.why, *reading.missing),
    )


def short_quote(spans: Sequence[LabelledClause], criterion: CriterionId) -> str:
    """The clause a remark names: for a result the last one told, else the first; shortened."""
    if not spans:
        return ""
    clause = spans[-1] if criterion == "result" and len(spans) == 1 else spans[0]
    return shorten(clause.clause.text)


def shorten(text: str) -> str:
    """The first words of a text, on one line, with an ellipsis where more follow."""
    words = text.split()
    short = " ".join(words[:LONGEST_QUOTE_WORDS])
    return f"{short.rstrip(',;:')}…" if len(words) > LONGEST_QUOTE_WORDS else short.rstrip(".,;:")


def _detail(criterion: CriterionId, reading: Reading, signals: Signals) -> str:
    if criterion == "situation":
        return f"{round(100 * word_share(signals, 'situation'))} %"
    if criterion == "delivery":
        text = "; ".join(reading.details)
        return text[:1].upper() + text[1:]
    if criterion == "role_relevance" and reading.level == 5:
        return " and ".join(f"“{name}”" for name in reading.details)
    return reading.details[0] if reading.details else ""


def _fill(sentence: str, words: dict[str, str]) -> str:
    """Fills the sentence in one pass, so that braces in a quote stay as they are."""
    filled = _PLACE.sub(lambda place: words[place[1]], sentence)
    # A sentence without words to quote drops its empty quotation marks.
    return filled.replace(": “”", "").replace("“” ", "This ").replace("“”", "this")
