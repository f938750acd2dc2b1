"""From a pasted answer to a report: the one place where the steps meet, in the order of the data flow."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from coach.coaching import find_follow_ups, find_priorities, find_results
from coach.errors import AnswerError
from coach.judges.caution import lower_of
from coach.judges.evidence import Assessment, Ground, assess
from coach.judges.role_work import Near, NearItems
from coach.reading import Read, Reader, read_answer
from coach.rewriting import write_rewrite
from coach.rubric import Rubric
from coach.schema import (
    CODE_CRITERIA,
    AskedQuestion,
    Delta,
    Engine,
    Notice,
    Report,
    Role,
    Segment,
)
from coach.scoring import score_levels
from coach.signals.instructions import find_instructions
from coach.signals.intake import accept_answer
from coach.signals.types import Signals, Submission
from coach.wording import Wording

if TYPE_CHECKING:
    from coach.adviser import Matter
    from coach.background import Background
    from coach.consulting import Models
    from coach.index import RoleIndex
    from coach.judges.model_request import RetrievedItem
    from coach.merging import Contribution, Own

NEAREST = 10
SENT_TO_MODEL = 4
ADVISED = 3  # criteria that the adviser is asked to word a next step for
_WEAKER = 3.0  # points; less is no difference that a listener would notice
_SLOT = re.compile(r"\[[^\[\]]*\]")
_REWRITE_LEFT_OUT = Notice(
    code="rewrite_left_out",
    message="The model's tighter version reads weaker than your answer, so the built-in one stands there.",
)


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
    """One answer to give feedback on. `facts` are what the candidate adds for a model's tighter version,
    `words` its length; None keeps to the answer's own."""

    role: Role
    question: AskedQuestion
    answer: str
    id: str | None = None
    facts: tuple[str, ...] = ()
    words: int | None = None


@dataclass(frozen=True)
class Draft:
    """The built-in judge's work, before and after a model had its say."""

    request: Request
    read: Read
    ground: Ground
    assessment: Assessment
    started: float


def stream_feedback(
    request: Request, engines: Engines, open_models: Callable[[], Models | None] | None = None
) -> Generator[Report | Delta, None, None]:
    """The built-in judge's report at once; with models, what one of them writes as it comes, then the final
    report. Models that fail leave the built-in judge's part, marked degraded. Closing the generator ends the
    requests. Raises AnswerError when the answer cannot be assessed.

    `open_models` is called after the first report, since loading what reaches a model takes seconds."""
    draft = _draft(request, engines)
    own = _own(draft, engines)
    yield _report(draft, engines, own.alone)
    models = open_models() if open_models else None
    if models is None:
        return
    from coach.consulting import consult
    from coach.merging import merge

    given = yield from consult(models, _matter(draft))
    yield _report(draft, engines, _with_fitting_rewrite(draft, engines, merge(own, given)))


def _draft(request: Request, engines: Engines) -> Draft:
    started = time.perf_counter()
    submission = accept_answer(request.answer, request.question)
    read = read_answer(submission, request.role, engines.reader)
    ground = _ground(request, submission, read, engines)
    assessment = assess(read.signals, ground, engines.reader.lexicon, engines.wording)
    if read.instructions:
        assessment = _held_down(assessment, request, read.signals, engines)
    return Draft(request, read, ground, assessment, started)


def _held_down(found: Assessment, request: Request, signals: Signals, engines: Engines) -> Assessment:
    """What was found, no higher than in a reading that leaves out only what surely speaks to a grader. That
    reading hears more fillers, but its words are counted as in the first, or planted ones would fill up a
    fragment."""
    submission = signals.submission
    surely = find_instructions(submission.answer, with_neighbours=False)
    read = read_answer(submission, request.role, engines.reader, surely)
    ground = _ground(request, submission, read, engines)
    heard = replace(read.signals, muted=signals.muted)
    other = assess(heard, ground, engines.reader.lexicon, engines.wording)
    return replace(found, judgements=lower_of(found.judgements, other.judgements, engines.rubric))


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


def _own(draft: Draft, engines: Engines) -> Own:
    from coach.merging import Own

    return Own(
        role=draft.request.role,
        signals=draft.read.signals,
        assessment=draft.assessment,
        rubric=engines.rubric,
        kind=draft.request.question.kind,
        is_instructed=bool(draft.read.instructions),
        engine=Engine(judge="evidence", rubric=engines.rubric.ref, knowledge=engines.knowledge),
    )


def _report(draft: Draft, engines: Engines, given: Contribution) -> Report:
    signals, request, found = draft.read.signals, draft.request, draft.assessment
    kind, rubric = request.question.kind, engines.rubric
    results = find_results(given.judgements, given.answer_type, kind, rubric)
    results = tuple(r.model_copy(update={"opinions": given.opinions.get(r.id, ())}) for r in results)
    probes = find_follow_ups(results, signals, found.kpis, draft.ground.question)
    overall = score_levels({r.id: r.level for r in results}, given.answer_type, kind, rubric)
    return Report(
        id=request.id,
        role=request.role.id,
        question=request.question,
        answer_type=given.answer_type,
        overall=overall.model_copy(update={"margin": given.margin}),
        criteria=results,
        segments=_segments(signals),
        activities=tuple(given.activities),
        kpis=found.kpis,
        priorities=find_priorities(results, given.answer_type, kind, rubric),
        follow_ups=given.follow_ups or probes,
        rewrite=given.rewrite or write_rewrite(signals, results, found.kpis),
        warnings=(*_notices(draft.read), *given.notices),
        engine=given.engine.model_copy(update={"elapsed_ms": _elapsed(draft.started)}),
    )


def _with_fitting_rewrite(draft: Draft, engines: Engines, given: Contribution) -> Contribution:
    """A model's rewrite with the built-in judge's score of it; without it where it reads weaker than the
    answer, since nobody should practise that."""
    if given.rewrite is None:
        return given
    score = _score_of(_SLOT.sub("", given.rewrite.text), draft.request, engines)
    before = _own_score(draft, engines)
    if score is None or score < (before or 0.0) - _WEAKER:
        return replace(given, rewrite=None, notices=(*given.notices, _REWRITE_LEFT_OUT))
    return replace(given, rewrite=given.rewrite.model_copy(update={"score": score}))


def _score_of(text: str, request: Request, engines: Engines) -> float | None:
    """What the built-in judge gives a text for the same question; None when it cannot be assessed."""
    try:
        return _own_score(_draft(replace(request, answer=text), engines), engines)
    except AnswerError:
        return None


def _own_score(draft: Draft, engines: Engines) -> float | None:
    levels = {judgement.criterion: judgement.level for judgement in draft.assessment.judgements}
    kind = draft.request.question.kind
    return score_levels(levels, draft.read.signals.answer_type, kind, engines.rubric).score


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
    from coach.judges.model_request import RetrievedItem

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


def _matter(draft: Draft) -> Matter:
    """What the models are told beside the answer."""
    from coach.adviser import Matter

    return Matter(
        submission=draft.read.signals.submission,
        role=draft.request.role,
        items=_items(draft),
        instructions=draft.read.instructions,
        found=_found(draft),
        facts=draft.request.facts,
        words=draft.request.words,
    )


def _found(draft: Draft) -> str:
    """The built-in judge's levels and reasons, and what it would change first, for the adviser."""
    lines = [
        f"{judgement.criterion} {judgement.level}: {judgement.why}"
        for judgement in draft.assessment.judgements
        if judgement.level is not None and judgement.criterion not in CODE_CRITERIA
    ]
    weakest = sorted(
        (j for j in draft.assessment.judgements if j.next_step and j.criterion not in CODE_CRITERIA),
        key=lambda judgement: judgement.level or 0,
    )
    first = ", ".join(judgement.criterion for judgement in weakest[:ADVISED])
    return "\n".join([*lines, f"To change first: {first or 'nothing'}"])
