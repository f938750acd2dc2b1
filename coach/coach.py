"""`Coach`: settings and stores opened once, then feedback, roles and history."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from coach.config import Settings
from coach.local_models import is_local
from coach.roles import RoleBook, find_question, role_hash
from coach.rubric import Rubric, load_rubric

if TYPE_CHECKING:
    from coach.consulting import Models
    from coach.feedback import Engines
    from coach.history import History
    from coach.index import IndexStatus
    from coach.question_sets.model_questions import QuestionWriter
    from coach.questions import Source
    from coach.schema import Delta, QuestionSet, Report, Role

BUILT_IN = "evidence"
Progress = Callable[[str, float], None]


class Coach:
    """The coach. Threads may share one."""

    def __init__(self, settings: Settings, progress: Progress | None = None) -> None:
        self.settings = settings
        self.roles = RoleBook.open(settings.knowledge_dir / "roles", settings.data_dir / "roles")
        self._progress = progress

    @classmethod
    def open(cls, settings: Settings | None = None, progress: Progress | None = None) -> Coach:
        """Opens everything, building the index on first use (`progress` hears how far, 0.0 to 1.0).

        Raises ConfigError for a broken setting or file, StoreError for a data folder that cannot be used.
        """
        coach = cls(settings or Settings.from_env(), progress)
        _ = coach.engines
        return coach

    @property
    def rubric(self) -> Rubric:
        return load_rubric(self.settings.knowledge_dir / "rubric.toml")

    @cached_property
    def engines(self) -> Engines:
        """Embedder, index and knowledge, opened at first use."""
        from coach.background import Background
        from coach.embedding import Embedder
        from coach.feedback import Engines
        from coach.index import RoleIndex
        from coach.reading import Reader
        from coach.wording import load_wording

        self.settings.ensure_data_dir()
        knowledge = self.settings.knowledge_dir
        embedder = Embedder.open(self.settings)
        roles = self._all_roles()
        return Engines(
            reader=Reader.open(self.settings, embedder),
            index=RoleIndex.open(self.settings, roles, embedder, self._progress),
            background=Background.open(
                knowledge / "background-questions.toml", embedder, self.settings.cache_dir
            ),
            rubric=self.rubric,
            wording=load_wording(knowledge / "wording.toml"),
            knowledge=self._knowledge_hash(roles),
        )

    @cached_property
    def history(self) -> History:
        """Drafts and reports; raises StoreError when the database cannot be used."""
        from coach.history import History

        return History.open(self.settings)

    def role(self, role_id: str | None = None) -> Role:
        """A role by id or name, the default one when none is named; raises InputError with near names."""
        return self.roles.get(role_id or self.settings.default_role)

    def feedback(
        self,
        question: str,
        answer: str,
        role: str | None = None,
        judge: str | None = None,
        id: str | None = None,
        api_key: str | None = None,
        facts: Sequence[str] = (),
        words: int | None = None,
    ) -> Report:
        """Feedback on one answer.

        `question` is an id of the role's bank or any text; `judge` is "evidence", a litellm model name, or
        None for the settings' own. `facts` and `words` are for a model's tighter version: what it may use
        beside the answer, and how long it should be. Raises AnswerError for an answer that cannot be
        assessed, InputError for an unknown role or question, ConfigError for an unknown model or missing key.
        """
        from coach.schema import Report

        stream = self.feedback_stream(question, answer, role, judge, id, api_key, facts, words)
        *_, report = (given for given in stream if isinstance(given, Report))
        return report

    def feedback_stream(
        self,
        question: str,
        answer: str,
        role: str | None = None,
        judge: str | None = None,
        id: str | None = None,
        api_key: str | None = None,
        facts: Sequence[str] = (),
        words: int | None = None,
        api_base: str | None = None,
        levels_by_model: bool = True,
        pulse: float | None = None,
    ) -> Generator[Report | Delta, None, None]:
        """As `feedback`, but yields the built-in judge's report at once, then, with a model, pieces of what
        it writes as they come, and the final report at the end. Closing the iterator ends the requests.

        `api_base` and `levels_by_model` are as in `models`. With a `pulse`, an empty piece comes whenever so
        many seconds passed without one, so that whoever reads can stop.
        """
        from coach.feedback import Request, stream_feedback

        found = self.role(role)
        request = Request(found, find_question(found, question), answer, id, tuple(facts), words)

        def open_models() -> Models | None:
            models = self.models(judge, api_key, api_base, levels_by_model)
            return models and replace(models, pulse=pulse)

        yield from stream_feedback(request, self.engines, open_models)

    def questions(
        self,
        role: str | None = None,
        count: int = 10,
        *,
        level: str | None = None,
        stage: str | None = None,
        topics: Sequence[str] = (),
        kinds: Sequence[str] = (),
        activities: Sequence[str] = (),
        kpis: Sequence[str] = (),
        job: Source | None = None,
        job_name: str = "",
        resume: Source | None = None,
        resume_name: str = "",
        avoid: Sequence[QuestionSet | str] = (),
        seed: int = 0,
        judge: str | None = None,
        api_key: str | None = None,
    ) -> QuestionSet:
        """A set of `count` questions, 1 to 50, tailored to all that is given.

        `job` and `resume` are a file's path or bytes, or pasted text. `avoid` holds earlier sets, ids or
        texts of questions. `judge` names a litellm model that writes questions too ("model" for COACH_MODEL);
        without one the same arguments and saved reports give the same set. Raises InputError for a wish that
        the role cannot meet or a file that cannot be read, ConfigError for a model that cannot be asked.
        """
        from coach.question_sets.types import Wishes
        from coach.questions import SetEngines, SetRequest, avoided_by, make_set

        asked = (tuple(kinds), tuple(topics), stage, level, tuple(activities), tuple(kpis))
        wishes = Wishes(count, *asked, avoided_by(avoid), seed)
        request = SetRequest(self.role(role), wishes, job, job_name, resume, resume_name)
        history = (lambda: self.history) if self.settings.history_path.exists() else None
        writer = self._question_writer(judge, api_key)
        own = self.engines
        engines = SetEngines(own.reader.embedder, own.index, own.rubric, own.knowledge, self.settings)
        return make_set(request, engines, history, writer)

    def _question_writer(self, judge: str | None, api_key: str | None) -> QuestionWriter | None:
        """The model named, or COACH_MODEL where it is asked for as "model"; None for none."""
        if judge in (None, BUILT_IN):
            return None
        from coach.llm import ModelChoice
        from coach.question_sets.model_questions import open_question_writer

        name = None if judge == "model" else judge
        return open_question_writer(self.settings, ModelChoice.from_settings(self.settings, name, api_key))

    def models(
        self,
        judge: str | None = None,
        api_key: str | None = None,
        api_base: str | None = None,
        levels_by_model: bool = True,
    ) -> Models | None:
        """The models that judge and advise; None when the built-in judge does it all.

        A model named here does both, or only advises when the levels are not to be a model's. `api_base` is
        where it is asked: None leaves that to the settings, "" is the provider's own address. Raises
        ConfigError for a model that cannot be asked.
        """
        judging, advising = self.model_names(judge, levels_by_model)
        if judging is None and advising is None:
            return None
        from coach.adviser import open_adviser
        from coach.consulting import Models
        from coach.judges.model import open_model_judge
        from coach.llm import ModelChoice

        def choice(name: str) -> ModelChoice:
            found = ModelChoice.from_settings(self.settings, name, api_key)
            return found if api_base is None else replace(found, api_base=api_base or None)

        return Models(
            judge=open_model_judge(self.settings, choice(judging)) if judging else None,
            adviser=open_adviser(self.settings, choice(advising)) if advising else None,
            seconds=self.settings.report_timeout,
        )

    def model_names(
        self, judge: str | None = None, levels_by_model: bool = True
    ) -> tuple[str | None, str | None]:
        """Who judges and who advises; None is the program itself. A model run in this process is too weak a
        judge to be one unless it is named so in COACH_JUDGE."""
        settings = self.settings
        advising = judge or settings.model
        judging = (judge or settings.judge or settings.model) if levels_by_model else None
        if advising == BUILT_IN or judge == BUILT_IN:
            advising = None
        if judging == BUILT_IN or (judging and is_local(judging) and judging != settings.judge):
            judging = None
        return judging, advising

    def index_status(self) -> IndexStatus:
        """Where the index is and whether it is fresh; builds nothing."""
        from coach.index import RoleIndex

        return RoleIndex.status(self.settings, self._all_roles())

    def _all_roles(self) -> list[Role]:
        return [self.roles.get(role_id) for role_id in self.roles.ids]

    def headline(self, report: Report) -> str:
        """The one thing to change first, at most 40 words."""
        from coach.coaching import headline

        return headline(report)

    def forget_replies(self) -> None:
        """Deletes what models replied before from the disk, since replies quote answers; raises StoreError
        when some may still be there."""
        from coach.reply_cache import ReplyCache

        ReplyCache.open(self.settings).clear()

    def close(self) -> None:
        """Gives back stores and temporary files; harmless when done twice."""
        for name in ("engines", "history"):
            opened = self.__dict__.pop(name, None)
            if opened is not None:
                (opened.index if name == "engines" else opened).close()

    def _knowledge_hash(self, roles: list[Role]) -> str:
        """12 hex digits over all that decides a level: role content, rubric, lexicons, wording, weights."""
        digest = hashlib.sha256("".join(role_hash(role) for role in roles).encode())
        for path in sorted(self.settings.knowledge_dir.rglob("*")):
            if path.suffix in (".toml", ".npz") and path.parent.name not in ("roles", "examples"):
                digest.update(path.read_bytes())
        return digest.hexdigest()[:12]
