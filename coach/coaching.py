"""From levels to advice: what to change first, what an interviewer would probe, the one-line headline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coach.judges.evidence import shorten
from coach.judges.kpis import spoken_name
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
from coach.scoring import TOP_LEVEL, gain_of, score_levels
from coach.signals.types import Signals

MOST_PRIORITIES = 3
MOST_FOLLOW_UPS = 3
HEADLINE_WORDS = 40
# What a filled-in pattern makes of a part that was missing; the pattern of a result holds its figures.
CLEAR_LEVEL = 3
MEASURED_LEVEL = 4
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
    lifts = {r.id: _lift(r, results, answer_type, kind, rubric) for r in results}
    rest = sorted(
        (r for r in results if lifts[r.id] > 0 and r.next_step and r.id != first),
        key=lambda r: (-lifts[r.id], _ORDER.index(r.id)),
    )
    chosen = [by_id[first]] if first else []
    for result in rest:
        twin = {"metrics": "result", "result": "metrics"}.get(result.id)
        if not any(other.id == twin for other in chosen):
            chosen.append(result)
    return tuple(
        Priority(
            criterion=result.id, advice=f"{result.why} {result.next_step}".strip(), gain=lifts[result.id]
        )
        for result in chosen[:MOST_PRIORITIES]
    )


def _lift(
    result: CriterionResult,
    results: Sequence[CriterionResult],
    answer_type: AnswerType,
    kind: QuestionKind,
    rubric: Rubric,
) -> float:
    """Points that following the advice brings: the pattern, filled in, makes a part that was missing or
    vague a clear one (level 3; a result a measured one, level 4), and one that was clear better by a
    level. Filling in a real episode also lifts a cap for want of one."""
    if result.level is None or result.level >= TOP_LEVEL:
        return 0.0
    levels: dict[CriterionId, int | None] = {other.id: other.level for other in results}
    before = score_levels(levels, answer_type, kind, rubric).score or 0.0
    filled = MEASURED_LEVEL if result.id == "result" else CLEAR_LEVEL
    levels[result.id] = max(filled, result.level + 1)
    told: AnswerType = "story" if result.id == "action" else answer_type
    after = score_levels(levels, told, kind, rubric).score or 0.0
    return round(max(0.0, after - before), 1)


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
    asked = [*_probe_claims(levels, quotes, signals, kpis), *_probe_gaps(levels, quotes, signals, kpis)]
    bank = list(question.probes) if question else []
    return tuple(dict.fromkeys([*asked[:MOST_FOLLOW_UPS], *bank]))[:MOST_FOLLOW_UPS]


def _probe_claims(
    levels: Mapping[CriterionId, int],
    quotes: Mapping[CriterionId, str],
    signals: Signals,
    kpis: Sequence[KpiFinding],
) -> list[str]:
    """What is claimed but not told: whose work it was, what came of it, the KPI that is only named."""
    group = next((c for c in signals.clauses if c.label == "action" and c.owner == "group"), None)
    shared = shorten(group.clause.text) if group else ""
    named = next((spoken_name(kpi) for kpi in kpis if kpi.status == "named"), "")
    story, told, result = signals.answer_type == "story", quotes["result"], levels["result"]
    probes = (
        (not story, "Can you take me to one particular time when you did this?"),
        (shared and levels["action"] <= 3, f"You say “{shared}”. Which part of that was yours?"),
        (story and result == 0, "And what came of it in the end?"),
        (told and result == 2, f"You say “{told}”. What was different afterwards, exactly?"),
        (told and result == 3, f"What shows that it made a difference: “{told}”?"),
        (
            told and result == 4 and levels["metrics"] < 5,
            f"How did you measure “{told}”, and what else could have moved it?",
        ),
        (named, f"What was the {named} before and after?"),
    )
    return [text for fits, text in probes if fits]


def _probe_gaps(
    levels: Mapping[CriterionId, int],
    quotes: Mapping[CriterionId, str],
    signals: Signals,
    kpis: Sequence[KpiFinding],
) -> list[str]:
    """What the story leaves open: reasons, steps, goal, stakes, a KPI it could show, the lesson."""
    step, action = quotes["action"], levels["action"]
    shared = any(c.label == "action" and c.owner == "group" for c in signals.clauses)
    learned = any(c.label == "learning" for c in signals.clauses)
    close = next((spoken_name(kpi) for kpi in kpis if kpi.status == "suggested"), "")
    story = signals.answer_type == "story"
    probes = (
        (
            step and story and action in (3, 4),
            f"Why did you do it that way: “{step}”? What else did you consider?",
        ),
        (step and action == 2 and not shared, f"Take me through “{step}”: what did you do first, and how?"),
        (levels["task"] <= 3, "What exactly were you asked to achieve, and by when?"),
        (story and levels["situation"] in (2, 3), "What would have happened if you had done nothing?"),
        (close and levels["metrics"] <= 3 and levels["role_relevance"] >= 3, f"Did it show in the {close}?"),
        (not story and levels["result"] <= 2, "How did that one time end?"),
        (story and not learned, "What would you do differently today?"),
        (levels["result"] >= 4, "How do you know it would hold a second time?"),
    )
    return [text for fits, text in probes if fits]
