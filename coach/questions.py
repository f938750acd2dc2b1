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
from coach.question_sets.choose import choose, cover_of
from coach.question_sets.finishing import finished, with_few_repeats
from coach.question_sets.lawful import LawfulCheck
from coach.question_sets.lawful_choice import choose_lawful, lawful_only, unlawful_notice
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
    from coach.feedback import Engines
    from coach.history import History

# A file by its path, a file's bytes, or pasted text.
Source = Path | bytes | str


@dataclass(frozen=True)
class SetRequest:
    """What to make a set from. Names tell kinds of files apart that were given as bytes."""

    role: Role
    wishes: Wishes
    job: Source | None = None
    job_name: str = ""
    resume: Source | None = None
    resume_name: str = ""
    avoided: int = 0


@dataclass(frozen=True)
class Ground:
    """What is known before anything is chosen; wishes are checked."""

    request: SetRequest
    engines: Engines
    settings: Settings
    wishes: Wishes
    papers: Papers
    told: tuple[Told, ...]
    notices: tuple[Notice, ...]

    @cached_property
    def pool(self) -> Pool:
        embedder = self.engines.reader.embedder
        return open_pool(self.request.role, self.settings.knowledge_dir, embedder, self.settings.cache_dir)


def make_set(
    request: SetRequest,
    engines: Engines,
    settings: Settings,
    open_history: Callable[[], History] | None = None,
) -> QuestionSet:
    """The set, tailored to the saved reports too when there is a history.

    Raises InputError for wishes and files that cannot be used, ConfigError for broken knowledge.
    """
    started = time.perf_counter()
    ground = _read(request, engines, settings, open_history)
    check = LawfulCheck.open(settings.knowledge_dir)
    extra, dropped = lawful_only(_extra(ground), check)
    chosen, banned = _choose(ground, extra, check)
    notices = (*ground.notices, *_told(chosen), *unlawful_notice(dropped + banned))
    engine = SetEngine(knowledge=engines.knowledge, elapsed_ms=_since(started))
    return _set_of(ground, chosen, notices, engine)


def _read(
    request: SetRequest,
    engines: Engines,
    settings: Settings,
    open_history: Callable[[], History] | None,
) -> Ground:
    wishes = check_wishes(request.role, request.wishes)
    job = read_source(request.job, request.job_name or "The job description")
    resume = read_source(request.resume, request.resume_name or "The résumé")
    papers = Papers()
    if job or resume:
        papers = read_papers(job, resume, _matcher(request.role, engines, settings))
    told, notices = read_past(open_history, request.role.id)
    return Ground(request, engines, settings, wishes, papers, told, (*papers.warnings, *notices))


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


def _matcher(role: Role, engines: Engines, settings: Settings) -> Matcher:
    return Matcher.open(role, engines.reader.embedder, engines.index, settings)


def _extra(ground: Ground) -> list[Candidate]:
    papers = ground.papers
    if not papers.requirements and papers.resume is None:
        return []
    matcher = _matcher(ground.request.role, ground.engines, ground.settings)
    return extra_questions(papers, ground.wishes.count, ground.pool, matcher)


def _choose(ground: Ground, extra: Sequence[Candidate], check: LawfulCheck) -> tuple[Chosen, int]:
    lifts = joined(_lifts(ground))

    def choose_without(ids: tuple[str, ...]) -> Chosen:
        return choose(
            ground.request.role,
            replace(ground.wishes, avoid=(*ground.wishes.avoid, *ids)),
            extra,
            ground.engines.reader.embedder,
            ground.settings.cache_dir,
            ground.settings.knowledge_dir,
            lifts,
        )

    chosen, banned = choose_lawful(choose_without, check)
    return with_few_repeats(chosen), banned


def _lifts(ground: Ground) -> Iterable[dict[str, Lift]]:
    yield lifts_of(ground.papers, ground.pool)
    if ground.told:
        spots = find_weak_spots([one.report for one in ground.told], ground.request.role)
        names = {key: criterion.name for key, criterion in ground.engines.rubric.criteria.items()}
        yield weak_lifts(spots, names, ground.pool)


def _told(chosen: Chosen) -> Iterable[Notice]:
    return (Notice(code=warning.code, message=warning.message) for warning in chosen.warnings)


def _set_of(ground: Ground, chosen: Chosen, notices: tuple[Notice, ...], engine: SetEngine) -> QuestionSet:
    request, wishes = ground.request, ground.wishes
    questions = [item.question for item in chosen.questions]
    reasons = reasons_for(chosen, request.role, wishes, ground.pool.composer.grammar)
    stories = fitting_stories(questions, ground.told, request.role, ground.engines.reader.embedder)
    cover = cover_of(request.role, questions, wishes)
    return QuestionSet(
        role=request.role.id,
        tailoring=_tailoring(request, wishes),
        questions=finished(chosen.questions, reasons, stories, request.role),
        coverage=Coverage(**cover._asdict()),
        warnings=notices,
        engine=engine,
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
        avoided=request.avoided,
    )


def _since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
