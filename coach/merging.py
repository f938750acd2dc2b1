"""What a report takes over from the models that were consulted, and what it says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from coach.adviser import Advice
from coach.consulting import Consultation
from coach.errors import ModelError
from coach.judges.evidence import Assessment
from coach.judges.meeting import find_ceilings, meet
from coach.judges.model import ModelVerdict
from coach.judges.types import Judgement
from coach.llm_chain import cost_of
from coach.rubric import Rubric
from coach.schema import (
    CODE_CRITERIA,
    ActivityFinding,
    AnswerType,
    CriterionId,
    Engine,
    Notice,
    Opinion,
    QuestionKind,
    Rewrite,
    Role,
)
from coach.scoring import score_levels
from coach.signals.types import Signals

Judgements = Sequence[Judgement]
_COULD_BE_A_STORY = ("story", "pseudo_story")
_UNUSED = Notice(
    code="advice_unavailable",
    message="The model advised nothing about what can be better here, so the advice is the built-in judge's.",
)
_REUSED = Notice(
    code="reply_reused",
    message="The same was asked before: what the model said was kept on this computer and cost nothing.",
)


@dataclass(frozen=True)
class Contribution:
    """What goes into a report beside the signals; without models it is the built-in judge's alone."""

    judgements: Judgements
    answer_type: AnswerType
    activities: Sequence[ActivityFinding]
    engine: Engine
    opinions: Mapping[CriterionId, tuple[Opinion, ...]] = field(default_factory=dict)
    follow_ups: tuple[str, ...] = ()
    rewrite: Rewrite | None = None
    notices: tuple[Notice, ...] = ()
    margin: float = 0.0


@dataclass(frozen=True)
class Own:
    """The built-in judge's part of a report, on which models build."""

    role: Role
    signals: Signals
    assessment: Assessment
    rubric: Rubric
    kind: QuestionKind
    is_instructed: bool
    engine: Engine

    @property
    def alone(self) -> Contribution:
        """The contribution without any model."""
        found = self.assessment
        return Contribution(found.judgements, self.signals.answer_type, found.activities, self.engine)


def merge(own: Own, given: Consultation) -> Contribution:
    """The built-in judge's part with what the models add to it."""
    merged = own.alone
    usages = []
    reused = []
    if isinstance(given.verdict, ModelVerdict):
        merged = _with_verdict(merged, own, given.verdict)
        usages.append(given.verdict.usage)
        reused.append(given.verdict.is_reused)
    if isinstance(given.advice, Advice):
        merged = _with_advice(merged, given.advice)
        usages.append(given.advice.usage)
        reused.append(given.advice.is_reused)
    if usages:
        all_reused = all(reused)
        engine = merged.engine.model_copy(update={"usage": cost_of(usages), "reused": all_reused})
        notices = (*merged.notices, _REUSED) if all_reused else merged.notices
        merged = replace(merged, engine=engine, notices=notices)
    return _with_errors(merged, given)


def _with_verdict(merged: Contribution, own: Own, verdict: ModelVerdict) -> Contribution:
    """The model's judgements where both judges meet, code's own on the other two criteria."""
    judgements, opinions = _met(own, verdict.judgements, verdict.model)
    answer_type = _answer_type(own, verdict.answer_type)
    engine = own.engine.model_copy(
        update={"judge": verdict.model, "prompt": verdict.prompt_ref, "samples": len(verdict.samples)}
    )
    return replace(
        merged,
        judgements=judgements,
        opinions=opinions,
        answer_type=answer_type,
        activities=_activities(own, verdict),
        engine=engine,
        notices=verdict.notices,
        margin=_margin(own, verdict, answer_type),
    )


def _met(
    own: Own, theirs: Judgements, model: str
) -> tuple[tuple[Judgement, ...], Mapping[CriterionId, tuple[Opinion, ...]]]:
    mine = {judgement.criterion: judgement for judgement in own.assessment.judgements}
    judged = {judgement.criterion: judgement for judgement in theirs}
    ceilings = find_ceilings(mine, own.signals, own.is_instructed)
    judgements, opinions = [], {}
    for criterion, judgement in mine.items():
        if criterion in CODE_CRITERIA or criterion not in judged:
            judgements.append(judgement)
            continue
        meeting = meet(judged[criterion], judgement, ceilings.get(criterion), model)
        judgements.append(meeting.judgement)
        if meeting.opinions:
            opinions[criterion] = meeting.opinions
    return tuple(judgements), opinions


def _answer_type(own: Own, theirs: AnswerType | None) -> AnswerType:
    """The model's, unless the text spoke to it or it calls a story what code sees no episode in."""
    mine = own.signals.answer_type
    if theirs is None or own.is_instructed or (theirs == "story" and mine not in _COULD_BE_A_STORY):
        return mine
    return theirs


def _margin(own: Own, verdict: ModelVerdict, answer_type: AnswerType) -> float:
    """Half the distance between the highest and the lowest score of the samples, in points."""
    scores = []
    for sample in verdict.samples:
        levels = {j.criterion: j.level for j in _met(own, sample, verdict.model)[0]}
        score = score_levels(levels, answer_type, own.kind, own.rubric).score
        if score is not None:
            scores.append(score)
    return round((max(scores) - min(scores)) / 2, 1) if scores else 0.0


def _activities(own: Own, verdict: ModelVerdict) -> list[ActivityFinding]:
    """The built-in findings, with those that the model shows by located words as evidenced."""
    shown = {activity.id: activity.evidence for activity in verdict.activities if activity.evidence}
    found = {finding.id: finding for finding in own.assessment.activities}
    names = {activity.id: activity.name for activity in own.role.activities}
    for item_id, quotes in shown.items():
        relevance = found[item_id].relevance if item_id in found else 0.0
        found[item_id] = ActivityFinding(
            id=item_id, name=names[item_id], relevance=relevance, status="evidenced", evidence=quotes
        )
    return sorted(
        found.values(), key=lambda finding: (finding.status != "evidenced", -finding.relevance, finding.id)
    )


def _with_advice(merged: Contribution, advice: Advice) -> Contribution:
    judgements = [
        replace(judgement, next_step=advice.next_steps[judgement.criterion])
        if judgement.criterion in advice.next_steps and judgement.next_step
        else judgement
        for judgement in merged.judgements
    ]
    if judgements == list(merged.judgements) and not (advice.follow_ups or advice.rewrite):
        return replace(merged, notices=(*merged.notices, *advice.notices, _UNUSED))
    engine = merged.engine.model_copy(update={"adviser": advice.model, "adviser_prompt": advice.prompt_ref})
    return replace(
        merged,
        judgements=judgements,
        follow_ups=advice.follow_ups,
        rewrite=advice.rewrite,
        engine=engine,
        notices=(*merged.notices, *advice.notices),
    )


def _with_errors(merged: Contribution, given: Consultation) -> Contribution:
    if not given.errors:
        return merged
    notices = [_told(error, given) for error in given.errors]
    # Levels of a model stand without its advice; degraded is a report that is the built-in judge's.
    is_degraded = not isinstance(given.verdict, ModelVerdict)
    engine = merged.engine.model_copy(update={"degraded": is_degraded})
    return replace(merged, engine=engine, notices=(*merged.notices, *notices))


def _told(error: ModelError, given: Consultation) -> Notice:
    is_judge = isinstance(given.verdict, ModelError) and error.message == given.verdict.message
    instead = "The built-in judge gave these levels." if is_judge else "The advice is the built-in judge's."
    code = "model_unavailable" if is_judge else "advice_unavailable"
    return Notice(code=code, message=" ".join(filter(None, (error.message, instead, error.hint))))
