"""From wishes, papers and saved reports to a set of questions: the one place where the steps meet."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from coach.config import Settings
from coach.documents import Document, read_document, read_text
from coach.errors import ModelError
from coach.question_sets.choose import choose, cover_of
from coach.question_sets.finishing import finished, with_few_repeats
from coach.question_sets.lawful import LawfulCheck
from coach.question_sets.lawful_choice import choose_lawful, lawful_only, unlawful_notice
from coach.question_sets.levels import infer_level, level_notice
from coach.question_sets.line_lifts import line_lifts
from coach.question_sets.matching import Matcher
from coach.question_sets.past import read_past
from coach.question_sets.pool import Pool, open_pool
from coach.question_sets.reasons import reasons_for
from coach.question_sets.stories import Told, fitting_stories
from coach.question_sets.tailoring import Papers, extra_questions, joined, lifts_of, read_papers
from coach.question_sets.types import Candidate, Chosen, Lift, Wishes
from coach.question_sets.wanted import check_wishes
from coach.question_sets.weak_spots import find_weak_spots, weak_lifts
from coach.schema import Coverage, Notice, QuestionSet, Role, SetEngine, Tailoring

if TYPE_CHECKING:
    from coach.embedding import Embedder
    from coach.history import History
    from coach.index import RoleIndex
    from coach.question_sets.model_questions import QuestionWriter, Written
    from coach.rubric import Rubric

_NOT_ASKED = Notice(
    code="model_not_asked",
    message="The model was not asked: it writes questions for a job description or a résumé, and neither "
    "was given, or nothing in it may be shown.",
)
# A file by its path, a file's bytes, or pasted text.
Source = Path | bytes | str


@dataclass(frozen=True)
class SetEngines:
    """What sets are made with, opened once."""

    embedder: Embedder
    index: RoleIndex
    rubric: Rubric
    knowledge: str
    settings: Settings


@dataclass(frozen=True)
class SetRequest:
    """What to make a set from. Names tell kinds of files apart that were given as bytes."""

    role: Role
    wishes: Wishes
    job: Source | None = None
    job_name: str = ""
    resume: Source | None = None
    resume_name: str = ""


@dataclass(frozen=True)
class Ground:
    """What is known before anything is chosen; wishes are checked."""

    request: SetRequest
    engines: SetEngines
    wishes: Wishes
    papers: Papers
    told: tuple[Told, ...]
    notices: tuple[Notice, ...]

    @cached_property
    def pool(self) -> Pool:
        settings = self.engines.settings
        return open_pool(self.request.role, settings.knowledge_dir, self.engines.embedder, settings.cache_dir)

    @cached_property
    def lines(self) -> dict[str, Lift]:
        """What the lines of the job add to questions of the pool."""
        return line_lifts(self.papers.requirements, self.pool)


def make_set(
    request: SetRequest,
    engines: SetEngines,
    open_history: Callable[[], History] | None = None,
    writer: QuestionWriter | None = None,
) -> QuestionSet:
    """The set, tailored to the saved reports too when there is a history; `writer` writes questions for the
    papers, and when it fails the set is made without it.

    Raises InputError for wishes and files that cannot be used, ConfigError for broken knowledge.
    """
    started = time.perf_counter()
    ground = _read(request, engines, open_history)
    check = LawfulCheck.open(engines.settings.knowledge_dir)
    written, notices = _written(ground, check, writer)
    extra, dropped = lawful_only(_extra(ground, written), check)
    chosen, banned = _choose(ground, extra, check)
    told = (*ground.notices, *notices, *_warnings(chosen, ground), *unlawful_notice(dropped + banned))
    return _set_of(ground, chosen, told, _engine(engines.knowledge, chosen, written, started))


def _read(
    request: SetRequest,
    engines: SetEngines,
    open_history: Callable[[], History] | None,
) -> Ground:
    wishes = check_wishes(request.role, request.wishes)
    job = read_source(request.job, request.job_name or "The job description")
    resume = read_source(request.resume, request.resume_name or "The résumé")
    papers = Papers()
    if job or resume:
        papers = read_papers(job, resume, _matcher(request.role, engines))
    told, notices = read_past(open_history, request.role.id)
    found = None if wishes.level else infer_level(papers.job_lines, papers.requirements, papers.resume)
    if found:
        wishes, notices = replace(wishes, level=found.level), (*notices, level_notice(found))
    return Ground(request, engines, wishes, papers, told, (*papers.warnings, *notices))


def avoided_by(avoid: Sequence[QuestionSet | str]) -> tuple[str, ...]:
    """The ids and texts that must not come again, each once."""
    texts: list[str] = []
    for one in avoid:
        texts += [one] if isinstance(one, str) else [t for q in one.questions for t in (q.id, q.text)]
    return tuple(dict.fromkeys(texts))


def read_source(source: Source | None, name: str) -> Document | None:
    """The document; None for none. Raises InputError as `read_document` does."""
    if source is None:
        return None
    if isinstance(source, str):
        return read_text(source, name)
    return read_document(source, "" if isinstance(source, Path) else name)


def _matcher(role: Role, engines: SetEngines) -> Matcher:
    return Matcher.open(role, engines.embedder, engines.index, engines.settings)


def _written(
    ground: Ground, check: LawfulCheck, writer: QuestionWriter | None
) -> tuple[Written | None, tuple[Notice, ...]]:
    """What a model wrote; None with a warning when it failed or has nothing to write for."""
    papers = ground.papers
    if writer is None:
        return None, ()
    from coach.question_sets.model_request import shown

    job, resume = shown(papers.job_lines), shown(papers.resume_lines)
    if not job.lines and not resume.lines:
        return None, (_NOT_ASKED,)
    bank = [question.text for question in ground.request.role.questions]
    try:
        written = writer.write(ground.wishes, job, resume, bank, ground.pool, check)
    except ModelError as error:
        message = f"The set was made without the model. {error.message}"
        return None, (Notice(code=error.code, message=message),)
    return written, written.notices


def _extra(ground: Ground, written: Written | None) -> list[Candidate]:
    papers = ground.papers
    given = [*written.questions] if written else []
    if (not papers.requirements and papers.resume is None) or len(given) >= ground.wishes.count / 2:
        return given
    matcher = _matcher(ground.request.role, ground.engines)
    return [*given, *extra_questions(papers, ground.lines, ground.wishes.count, ground.pool, matcher)]


def _choose(ground: Ground, extra: Sequence[Candidate], check: LawfulCheck) -> tuple[Chosen, int]:
    lifts = joined(_lifts(ground))

    def choose_without(ids: tuple[str, ...]) -> Chosen:
        return choose(
            ground.request.role,
            replace(ground.wishes, avoid=(*ground.wishes.avoid, *ids)),
            extra,
            ground.engines.embedder,
            ground.engines.settings.cache_dir,
            ground.engines.settings.knowledge_dir,
            lifts,
            ground.papers.aims,
        )

    chosen, banned = choose_lawful(choose_without, check)
    return with_few_repeats(chosen), banned


def _lifts(ground: Ground) -> Iterable[dict[str, Lift]]:
    yield ground.lines
    yield from lifts_of(ground.papers, ground.wishes.asked_level, ground.pool)
    if ground.told:
        spots = find_weak_spots([one.report for one in ground.told], ground.request.role)
        names = {key: criterion.name for key, criterion in ground.engines.rubric.criteria.items()}
        yield weak_lifts(spots, names, ground.pool)


def _warnings(chosen: Chosen, ground: Ground) -> Iterable[Notice]:
    """What a set made for a document leaves out of the role is no matter, unless it was asked for."""
    of_document = bool(ground.papers.aims) and not (ground.wishes.activities or ground.wishes.kpis)
    for warning in chosen.warnings:
        if not (of_document and warning.code == "not_all_covered"):
            yield Notice(code=warning.code, message=warning.message)


def _set_of(ground: Ground, chosen: Chosen, notices: tuple[Notice, ...], engine: SetEngine) -> QuestionSet:
    request, wishes = ground.request, ground.wishes
    questions = [item.question for item in chosen.questions]
    reasons = reasons_for(chosen, request.role, wishes, ground.pool.composer.grammar, ground.pool.cited.by_id)
    stories = fitting_stories(questions, ground.told, request.role, ground.engines.embedder)
    cover = cover_of(request.role, questions, wishes)
    return QuestionSet(
        role=request.role.id,
        tailoring=_tailoring(request, wishes),
        questions=finished(chosen.questions, reasons, stories, request.role, ground.pool.cited.by_id),
        coverage=Coverage(**cover._asdict()),
        warnings=notices,
        engine=engine,
    )


def _engine(knowledge: str, chosen: Chosen, written: Written | None, started: float) -> SetEngine:
    elapsed = round((time.perf_counter() - started) * 1000)
    if written is None:
        return SetEngine(knowledge=knowledge, elapsed_ms=elapsed)
    is_used = any(item.question.source == "model" for item in chosen.questions)
    return SetEngine(
        model=written.model if is_used else None,
        prompt=written.prompt_ref,
        knowledge=knowledge,
        usage=written.usage,
        elapsed_ms=elapsed,
    )


def _tailoring(request: SetRequest, wishes: Wishes) -> Tailoring:
    return Tailoring(
        count=wishes.count,
        level=wishes.asked_level,
        stage=wishes.stage,
        topics=wishes.topics,
        kinds=wishes.asked_kinds,
        activities=wishes.activities,
        kpis=wishes.kpis,
        seed=wishes.seed,
        job=request.job is not None,
        resume=request.resume is not None,
        avoided=len(wishes.avoid),
    )
