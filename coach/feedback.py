"""From a pasted answer to a report: the one place where the steps meet, in the order of the data flow."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coach.coaching import find_follow_ups, find_priorities, find_results
from coach.errors import ModelError
from coach.judges.evidence import Assessment, Ground, assess
from coach.judges.role_work import Near, NearItems
from coach.judges.types import Judgement
from coach.reading import Read, Reader, read_answer
from coach.rewriting import write_rewrite
from coach.rubric import Rubric
from coach.schema import (
    CODE_CRITERIA,
    ActivityFinding,
    AnswerType,
    AskedQuestion,
    Engine,
    Notice,
    Report,
    Role,
    Segment,
)
from coach.scoring import score_levels
from coach.signals.intake import accept_answer
from coach.signals.types import Signals, Submission
from coach.wording import Wording

if TYPE_CHECKING:
    from coach.background import Background
    from coach.index import RoleIndex
    from coach.judges.model import ModelJudge, ModelVerdict, RetrievedItem

NEAREST = 10
SENT_TO_MODEL = 4


@dataclass(frozen=True)
class Engines:
    """What feedback is made with, opened once."""

    reader: Reader
    index: RoleIndex
    background: Background
    rubric: Rubric
    wording: Wording
    knowledge: str


@dataclass(frozen=True)
class Request:
    """One answer to give feedback on."""

    role: Role
    question: AskedQuestion
    answer: str
    id: str | None = None


@dataclass(frozen=True)
class Draft:
    """The built-in judge's work, before and after a model had its say."""

    request: Request
    read: Read
    ground: Ground
    assessment: Assessment
    started: float


def stream_feedback(request: Request, engines: Engines, judge: ModelJudge | None = None) -> Iterator[Report]:
    """The built-in judge's report at once, then, with a model, the final one; raises AnswerError when the
    answer cannot be assessed. With a model that fails, the last is the built-in one marked degraded."""
    draft = _draft(request, engines)
    yield _report(draft, engines)
    if judge is None:
        return
    try:
        verdict = judge.judge(
            draft.read.signals.submission, request.role, _items(draft), draft.read.instructions
        )
    except ModelError as error:
        yield _degraded(draft, engines, error)
        return
    yield _merged(draft, engines, verdict)


def _draft(request: Request, engines: Engines) -> Draft:
    started = time.perf_counter()
    submission = accept_answer(request.answer, request.question)
    read = read_answer(submission, request.role, engines.reader)
    ground = _ground(request, submission, read, engines)
    assessment = assess(read.signals, ground, engines.reader.lexicon, engines.wording)
    return Draft(request, read, ground, assessment, started)


def _ground(request: Request, submission: Submission, read: Read, engines: Engines) -> Ground:
    role = request.role
    bank = next((question for question in role.questions if question.id == submission.question.id), None)

    told = [place for place, vector in enumerate(read.vectors) if vector.any()]

    def near(kind: str) -> NearItems:
        rows: list[list[Near]] = [[] for _ in read.vectors]
        found = engines.index.search(read.vectors[told], role.id, kind, NEAREST)  # type: ignore[arg-type]
        for place, row in zip(told, found, strict=True):
            rows[place] = [Near(passage.item_id, passage.relevance) for passage in row]
        return rows

    activities = near("activity")
    topic = engines.background.topic(role, submission.question, read, activities)
    return Ground(role, bank, topic, activities, near("kpi"))


def _report(
    draft: Draft,
    engines: Engines,
    judgements: Sequence[Judgement] | None = None,
    answer_type: AnswerType | None = None,
    engine: Engine | None = None,
    notices: Sequence[Notice] = (),
    follow_ups: Sequence[str] = (),
    activities: Sequence[ActivityFinding] | None = None,
) -> Report:
    signals, request, found = draft.read.signals, draft.request, draft.assessment
    kind, answer_type = request.question.kind, answer_type or signals.answer_type
    results = find_results(judgements or found.judgements, answer_type, kind, engines.rubric)
    probes = find_follow_ups(results, signals, found.kpis, draft.ground.question)
    return Report(
        id=request.id,
        role=request.role.id,
        question=request.question,
        answer_type=answer_type,
        overall=score_levels({r.id: r.level for r in results}, answer_type, kind, engines.rubric),
        criteria=results,
        segments=_segments(signals),
        activities=tuple(activities if activities is not None else found.activities),
        kpis=found.kpis,
        priorities=find_priorities(results, answer_type, kind, engines.rubric),
        follow_ups=tuple(follow_ups) or probes,
        rewrite=write_rewrite(signals, results, found.kpis),
        warnings=(*_notices(draft.read), *notices),
        engine=(engine or _engine(engines)).model_copy(update={"elapsed_ms": _elapsed(draft.started)}),
    )


def _engine(engines: Engines) -> Engine:
    return Engine(judge="evidence", rubric=engines.rubric.ref, knowledge=engines.knowledge)


def _elapsed(started: float) -> int:
    return round(1000 * (time.perf_counter() - started))


def _notices(read: Read) -> list[Notice]:
    if not read.instructions:
        return []
    return [
        Notice(
            code="instruction_in_answer",
            message="Part of the text speaks to a grader, not to an interviewer. It was left out.",
        )
    ]


def _segments(signals: Signals) -> tuple[Segment, ...]:
    """Neighbouring clauses with one label are one segment; its confidence is the lowest of theirs."""
    merged: list[Segment] = []
    for labelled in signals.clauses:
        clause = labelled.clause
        if merged and merged[-1].label == labelled.label:
            confidence = min(merged[-1].confidence, labelled.confidence)
            merged[-1] = merged[-1].model_copy(update={"end": clause.end, "confidence": confidence})
        else:
            merged.append(
                Segment(
                    start=clause.start, end=clause.end, label=labelled.label, confidence=labelled.confidence
                )
            )
    return tuple(merged)


def _items(draft: Draft) -> list[RetrievedItem]:
    """The activities and KPIs nearest to the answer, for the model's prompt."""
    from coach.judges.model import RetrievedItem

    role = draft.request.role
    items = []
    for kind, known, rows in (
        ("activity", {a.id: a for a in role.activities}, draft.ground.near_activities),
        ("kpi", {k.id: k for k in role.kpis}, draft.ground.near_kpis),
    ):
        best: dict[str, float] = {}
        for row in rows:
            for item_id, relevance in row:
                best[item_id] = max(best.get(item_id, 0.0), relevance)
        for item_id in sorted(best, key=lambda item: (-best[item], item))[:SENT_TO_MODEL]:
            item = known[item_id]
            items.append(RetrievedItem(kind, item.id, item.name, item.description))  # type: ignore[arg-type]
    return items


def _degraded(draft: Draft, engines: Engines, error: ModelError) -> Report:
    notice = Notice(
        code="model_unavailable",
        message=f"{error.message} The built-in judge gave these levels. {error.hint}".strip(),
    )
    engine = _engine(engines).model_copy(update={"degraded": True})
    return _report(draft, engines, engine=engine, notices=[notice])


def _merged(draft: Draft, engines: Engines, verdict: ModelVerdict) -> Report:
    """The model's judgements on the six judged criteria, code's own on the other two."""
    own = {judgement.criterion: judgement for judgement in draft.assessment.judgements}
    judged = {judgement.criterion: judgement for judgement in verdict.judgements}
    judgements = [own[c] if c in CODE_CRITERIA else judged.get(c, own[c]) for c in own]
    engine = Engine(
        judge=verdict.model,
        rubric=engines.rubric.ref,
        prompt=verdict.prompt_ref,
        knowledge=engines.knowledge,
        usage=verdict.usage,
    )
    return _report(
        draft,
        engines,
        judgements=judgements,
        answer_type=verdict.answer_type,
        engine=engine,
        notices=verdict.notices,
        follow_ups=verdict.follow_ups,
        activities=_with_shown(draft, verdict),
    )


def _with_shown(draft: Draft, verdict: ModelVerdict) -> list[ActivityFinding]:
    """The built-in findings, with those that the model shows by located words as evidenced."""
    shown = {activity.id: activity.evidence for activity in verdict.activities if activity.evidence}
    found = {finding.id: finding for finding in draft.assessment.activities}
    names = {activity.id: activity.name for activity in draft.request.role.activities}
    for item_id, quotes in shown.items():
        relevance = found[item_id].relevance if item_id in found else 0.0
        found[item_id] = ActivityFinding(
            id=item_id, name=names[item_id], relevance=relevance, status="evidenced", evidence=quotes
        )
    return sorted(
        found.values(), key=lambda finding: (finding.status != "evidenced", -finding.relevance, finding.id)
    )
