"""From levels to advice: what to change first, what an interviewer would probe, the one-line headline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coach.judges.evidence import shorten
from coach.judges.types import Judgement
from coach.rubric import Rubric
from coach.schema import (
    CRITERIA,
    AnswerType,
    CriterionId,
    CriterionResult,
    KpiFinding,
    Priority,
    Question,
    QuestionKind,
    Report,
)
from coach.scoring import gain_of, score_levels
from coach.signals.types import Signals

MOST_PRIORITIES = 3
MOST_FOLLOW_UPS = 3
HEADLINE_WORDS = 40
# From here on a story needs no forced fix.
STRONG_SCORE = 88
# Where two changes gain the same, the one that listeners miss more goes first.
_ORDER: tuple[CriterionId, ...] = (
    "question_fit", "action", "result", "task", "situation", "metrics", "role_relevance", "delivery",
)  # fmt: skip


def find_results(
    judgements: Sequence[Judgement], answer_type: AnswerType, kind: QuestionKind, rubric: Rubric
) -> tuple[CriterionResult, ...]:
    """The judgements with weight and gain; `gain` is the score with that one level raised, less the score."""
    levels = {judgement.criterion: judgement.level for judgement in judgements}
    return tuple(
        CriterionResult(
            id=judgement.criterion,
            level=judgement.level,
            weight=rubric.weights[kind][judgement.criterion],
            basis=judgement.basis,
            evidence=judgement.evidence,
            why=judgement.why,
            next_step=judgement.next_step,
            gain=gain_of(judgement.criterion, levels, answer_type, kind, rubric),
        )
        for judgement in judgements
    )


def find_priorities(
    results: Sequence[CriterionResult], answer_type: AnswerType, kind: QuestionKind, rubric: Rubric
) -> tuple[Priority, ...]:
    """At most three changes, most helpful first. What keeps the whole answer down goes before its parts:
    a missed question, then a missing episode. Result and metrics are not told twice."""
    by_id = {result.id: result for result in results}
    first = _blocker(by_id, answer_type)
    rest = sorted(
        (r for r in results if r.gain > 0 and r.next_step and r.id != first),
        key=lambda r: (-r.gain, _ORDER.index(r.id)),
    )
    chosen = [by_id[first]] if first else []
    for result in rest:
        twin = {"metrics": "result", "result": "metrics"}.get(result.id)
        if not any(other.id == twin for other in chosen):
            chosen.append(result)
    overall = score_levels({r.id: r.level for r in results}, answer_type, kind, rubric)
    lifted = max((overall.uncapped or 0) - (overall.score or 0), 0.0)
    return tuple(
        Priority(
            criterion=result.id,
            advice=f"{result.why} {result.next_step}".strip(),
            gain=round(max(result.gain, lifted), 1) if result.id == first else result.gain,
        )
        for result in chosen[:MOST_PRIORITIES]
    )


def _blocker(by_id: Mapping[CriterionId, CriterionResult], answer_type: AnswerType) -> CriterionId | None:
    """The criterion without which mending the others is of no use."""
    fit, action = by_id["question_fit"].level, by_id["action"].level
    if fit is not None and fit <= 1:
        return "question_fit"
    if answer_type != "story" and action is not None and action <= 1:
        return "action"
    return None


def headline(report: Report) -> str:
    """The one thing to change first, at most 40 words; for a strong answer, that it is strong and why."""
    if is_strong(report):
        result = report.criterion("result")
        return f"This stands. {result.why} Go on to the next question."
    if not report.priorities:
        return "Nothing could be judged; see the notes below."
    advice = report.priorities[0].advice
    words = advice.split()
    if len(words) <= HEADLINE_WORDS:
        return advice
    return report.criterion(report.priorities[0].criterion).next_step


def is_strong(report: Report) -> bool:
    """Whether the answer is good enough to move on."""
    levels = [report.criterion(criterion).level or 0 for criterion in CRITERIA[:4]]
    return (report.overall.score or 0) >= STRONG_SCORE and min(levels) >= 4


def find_follow_ups(
    results: Sequence[CriterionResult],
    signals: Signals,
    kpis: Sequence[KpiFinding],
    question: Question | None,
) -> tuple[str, ...]:
    """Three probes, each aimed at a gap of this answer; the question's own probes fill what is left."""
    levels = {result.id: (result.level if result.level is not None else 5) for result in results}
    quotes = {result.id: shorten(result.evidence[0].quote) if result.evidence else "" for result in results}
    asked = [probe for probe in _probes(levels, quotes, signals, kpis) if probe]
    bank = list(question.probes) if question else []
    return tuple(dict.fromkeys([*asked[:MOST_FOLLOW_UPS], *bank]))[:MOST_FOLLOW_UPS]


def _probes(
    levels: Mapping[CriterionId, int],
    quotes: Mapping[CriterionId, str],
    signals: Signals,
    kpis: Sequence[KpiFinding],
) -> list[str]:
    group = next((c for c in signals.clauses if c.label == "action" and c.owner == "group"), None)
    named = next((kpi for kpi in kpis if kpi.status == "named"), None)
    suggested = next((kpi for kpi in kpis if kpi.status == "suggested"), None)
    story = signals.answer_type == "story"
    return [
        "Can you take me to one particular time when you did this?" if not story else "",
        f"You say “{shorten(group.clause.text)}”. Which part of that was yours?"
        if group and levels["action"] <= 3
        else "",
        "And what came of it in the end?" if story and levels["result"] == 0 else "",
        f"You say “{quotes['result']}”. What was different afterwards, exactly?"
        if quotes["result"] and levels["result"] == 2
        else "",
        f"How did you measure “{quotes['result']}”, and what was it before?"
        if quotes["result"] and levels["result"] in (3, 4) and levels["metrics"] < 5
        else "",
        f"What was the {named.name.lower()} before and after?" if named else "",
        f"Why did you do it that way: “{quotes['action']}”? What else did you consider?"
        if quotes["action"] and story and levels["action"] in (3, 4)
        else "",
        f"Take me through “{quotes['action']}”: what did you do first, and how?"
        if quotes["action"] and levels["action"] == 2 and not group
        else "",
        "What exactly were you asked to achieve, and by when?" if levels["task"] <= 3 else "",
        "What would have happened if you had done nothing?"
        if story and levels["situation"] in (2, 3)
        else "",
        f"Did it show in the {suggested.name.lower()}?"
        if suggested and levels["metrics"] <= 3 and levels["role_relevance"] >= 3
        else "",
        "What would you do differently today?"
        if story and not any(c.label == "learning" for c in signals.clauses)
        else "",
        "How do you know it would hold a second time?" if levels["result"] >= 4 else "",
    ]
