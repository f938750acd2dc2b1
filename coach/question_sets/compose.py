"""Composed questions: a small grammar puts what can be asked of a role into an interviewer's words.

A question is an `Ask` in a `Frame`. Its id is a hash of role, matter, kind and frame, so it stays the same as
long as these do. Nothing here is random; `choose` decides which frame a matter gets.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

from coach.question_sets.asks import Ask, asks_of, kpi_phrase
from coach.question_sets.flaws import flaws
from coach.question_sets.grammar import Frame, Grammar, PlainCase, StageStyle, load_grammar
from coach.question_sets.situations import Case, RoleSituations, load_situations
from coach.question_sets.types import LEVELS, MAX_COUNT, Candidate
from coach.schema_questions import Level
from coach.schema_role import Kpi, Role

CASE_MINUTES = 25
MINUTES = {"behavioural": 5, "approach": 4, "experience": 3, "knowledge": 3}
_PLAIN_CASES = 3
# What a frame may demand of a matter.
_TRAITS = ("sudden", "steady", "others")
# Where cases are given they come before questions, up to their share of the set.
_CASE_WEIGHT = 2.0


class Wording(NamedTuple):
    """A question that can be composed, the matter that it asks about, and its frame; None for a case."""

    id: str
    text: str
    group: str
    frame: Frame | None


@dataclass(frozen=True)
class Composer:
    """Words for one role."""

    role: Role
    grammar: Grammar
    found: RoleSituations
    sound: dict[tuple[str, str, str], bool] = field(default_factory=dict, compare=False)

    @cached_property
    def asks(self) -> tuple[Ask, ...]:
        """Everything to ask about that has at least one sound question."""
        asks = asks_of(self.role, self.grammar, self.found)
        return tuple(ask for ask in asks if any(True for _ in self.frames(ask, None, None, any_place=True)))

    @cached_property
    def cases(self) -> tuple[Candidate, ...]:
        """Cases with figures, for stages that give cases."""
        stages = tuple(s.id for s in self.role.stages if self.grammar.style(s).id == "case")
        return tuple(
            _worded_case(case, self.role, stages) for case in self.found.cases or self._plain_cases()
        )

    @cached_property
    def questions(self) -> dict[str, Candidate]:
        """Every question that can be composed, by id."""
        made = [
            self.word(ask, frame, None, None)
            for ask in self.asks
            for frame in self.frames(ask, None, None, any_place=True)
        ]
        return {question.id: question for question in (*made, *self.cases)}

    def wordings(self) -> Iterator[Wording]:
        """Every question, sound or not; quicker than `questions`."""
        for ask in self.asks:
            for frame in self.grammar.frames:
                if (frame.kind, frame.form) == (ask.kind, ask.form):
                    question_id = _id_of(self.role.id, ask.group, ask.kind, frame.text)
                    yield Wording(question_id, _fill(ask, frame), ask.group, frame)
        for case in self.cases:
            yield Wording(case.id, case.text, case.group, None)

    def frames(
        self, ask: Ask, level: Level | None, style: StageStyle | None, any_place: bool = False
    ) -> Iterator[Frame]:
        """The frames for the matter at this level and in this kind of stage; None has none of its own.

        With `any_place` those of all its levels and of all stages.
        """
        for frame in self.grammar.frames:
            if (frame.kind, frame.form) != (ask.kind, ask.form) or not _suits(frame, ask):
                continue
            if any_place:
                has_place = not frame.levels or bool(set(frame.levels) & set(ask.levels))
            else:
                has_place = frame.fits_level(level) and _fits_stage(frame, style)
            if has_place and self._is_sound(ask, frame):
                yield frame

    def _is_sound(self, ask: Ask, frame: Frame) -> bool:
        key = (ask.group, ask.kind, frame.text)
        if key not in self.sound:
            self.sound[key] = not flaws(_fill(ask, frame))
        return self.sound[key]

    def stock(self, level: Level | None, style: StageStyle | None) -> dict[str, int]:
        """How many frames every matter of a kind and form may have, by "kind/form"; so many can be asked
        without using a frame twice. Where one may come again there is no end to them."""
        counts: Counter[str] = Counter()
        for frame in self.grammar.frames:
            # Steady work is all that stages with frames of their own ask about in this form.
            narrow = any(
                getattr(frame, t) for t in _TRAITS if not (t == "steady" and style and style.own_frames)
            )
            if not narrow and _fits_stage(frame, style) and frame.fits_level(level):
                counts[f"{frame.kind}/{frame.form}"] += MAX_COUNT if frame.plain or frame.again else 1
        return dict(counts)

    def word(
        self, ask: Ask, frame: Frame, level: Level | None, style: StageStyle | None, turn: int = 0
    ) -> Candidate:
        """The matter in the frame; one about the past gets the level's follow-up whose turn it is."""
        question_id = _id_of(self.role.id, ask.group, ask.kind, frame.text)
        follow_ups = list(ask.follow_ups)
        if level and ask.kind in ("behavioural", "experience"):
            own = self.grammar.levels[level].follow_ups
            follow_ups.append(own[turn % len(own)])
        return Candidate(
            id=question_id,
            text=_fill(ask, frame),
            kind=ask.kind,
            topics=ask.topics,
            activities=ask.activities,
            kpis=ask.kpis,
            levels=tuple(lv for lv in ask.levels if not frame.levels or lv in frame.levels),
            stages=self.stages_for(ask.kind, frame),
            strong_answer_shows=ask.shows,
            follow_ups=tuple(follow_ups),
            minutes=style.minutes if style else MINUTES[ask.kind],
            group=ask.group,
        )

    def likely_stage(self, question: Candidate) -> str:
        """The stage in which the question is most at home: facts early, stories with the hiring manager."""
        home = "case" if question.brief else "screen" if question.kind == "experience" else "first"
        stages = [stage for stage in self.role.stages if stage.id in question.stages]
        return next(
            (s.id for s in stages if self.grammar.style(s).id == home), stages[0].id if stages else ""
        )

    def _plain_cases(self) -> Iterator[Case]:
        for plain in self.grammar.cases:
            for kpi in self.role.kpis[:_PLAIN_CASES]:
                # A name with odd signs in it makes no sound question, and then no case either.
                about = next((ask for ask in self.asks if ask.group == f"{kpi.id}:figure"), None)
                if about:
                    yield _plain_case(plain, kpi, about)

    def stages_for(self, kind: str, frame: Frame | None = None) -> tuple[str, ...]:
        """Ids of the role's stages in which a question of this kind, in this frame, has its place."""
        styles = ((stage.id, self.grammar.style(stage)) for stage in self.role.stages)
        return tuple(
            stage
            for stage, style in styles
            if kind in style.kinds and (not style.own_frames if frame is None else _fits_stage(frame, style))
        )


def _worded_case(case: Case, role: Role, stages: tuple[str, ...]) -> Candidate:
    return Candidate(
        id=_id_of(role.id, case.id, case.text),
        text=case.text,
        kind="approach",
        topics=case.topics,
        activities=case.activities,
        kpis=case.kpis,
        levels=case.levels,
        stages=stages,
        strong_answer_shows=case.shows,
        follow_ups=case.follow_ups,
        brief=case.brief,
        minutes=CASE_MINUTES,
        weight=_CASE_WEIGHT,
        group=case.id,
    )


def _plain_case(plain: PlainCase, kpi: Kpi, about: Ask) -> Case:
    """The case about one KPI, which gets worse by a sixth in the direction that is bad for it."""
    name = kpi_phrase(kpi)
    series = "100, 94, 89, 84" if kpi.good_direction == "up" else "100, 106, 112, 118"
    slots = {"kpi": name, "Kpi": name[:1].upper() + name[1:], "series": series}
    return Case(
        id=f"case-{kpi.id}",
        levels=LEVELS,
        topics=about.topics,
        activities=about.activities,
        kpis=(kpi.id,),
        text=plain.text.format_map(slots),
        brief=tuple(line.format_map(slots) for line in plain.brief),
        shows=plain.shows,
        follow_ups=plain.follow_ups,
    )


def _suits(frame: Frame, ask: Ask) -> bool:
    return all(getattr(ask, trait) for trait in _TRAITS if getattr(frame, trait))


def _fits_stage(frame: Frame, style: StageStyle | None) -> bool:
    if style is None:
        return not frame.stages
    return style.id in frame.stages or (not frame.stages and not style.own_frames)


def _fill(ask: Ask, frame: Frame) -> str:
    return frame.text.format_map(ask.slots)


def _id_of(*parts: str) -> str:
    return "c-" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:10]


@lru_cache(maxsize=8)
def open_composer(role: Role, knowledge_dir: Path) -> Composer:
    """The composer of a role; raises ConfigError for a broken grammar or file of situations."""
    grammar = load_grammar(knowledge_dir / "composing.toml")
    return Composer(role, grammar, load_situations(knowledge_dir / "situations", role))


def compose(role: Role, knowledge_dir: Path) -> tuple[Candidate, ...]:
    """Every question that the grammar makes for the role, each once, in a fixed order.

    Raises ConfigError for a broken grammar or file of situations.
    """
    return tuple(open_composer(role, knowledge_dir).questions.values())
