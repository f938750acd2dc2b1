"""Whether the answer is about the question asked, and how fully it answers it."""

from __future__ import annotations

import re
from typing import NamedTuple

from coach.judges.story import Reading
from coach.lexicons import Lexicon
from coach.signals.segments import count_words
from coach.signals.types import Signals

_ASKS_EXAMPLE = re.compile(
    r"\b(?:example|instance|a\s+time|situation|story|anecdote|occasion|moment|scenario|recall|narrate|recount|project\s+you)s?\b",
    re.IGNORECASE,
)


class TopicScale(NamedTuple):
    """Distances (see coach.background) below which an answer is about something else, only touches the
    question, or lies doubtfully near."""

    elsewhere: float
    touches: float
    doubtful: float


# Against the role's own questions, all of which are about the same trade; calibrated on the project's
# base answers, each under its own and under an unrelated question (benchmarks/question_fit.py).
BANK_SCALE = TopicScale(-1.3, -0.5, 0.65)
# Against common questions of every kind; calibrated on the real answers under their own and random questions.
FREE_SCALE = TopicScale(-0.5, 0.1, 0.4)


class Topic(NamedTuple):
    """How near the answer is to the question (see coach.background), and the scale to read it on; `open`
    when the question takes any story of the role; not `named` when the story says none of the words that
    an answer about the question's subject needs."""

    distance: float
    scale: TopicScale
    open: bool = False
    named: bool = True


def read_fit(
    signals: Signals, topic: Topic, story: dict[str, Reading], relevance: int, lexicon: Lexicon
) -> Reading:
    """The level of question_fit from topic and substance; `relevance` is the level of role_relevance."""
    near = _nearness(topic, relevance)
    if signals.answer_type == "non_answer":
        return Reading(0, (), (), ("answer",))
    if near == "elsewhere":
        return Reading(0, (), (), ("topic",))
    if near == "touches":
        return Reading(1, signals.clauses[:1], (), ("topic",))
    level = _substance(signals, story)
    wants_example = (
        _ASKS_EXAMPLE.search(signals.submission.question.text)
        or signals.submission.question.kind == "behavioural"
    )
    missing: tuple[str, ...] = ()
    if wants_example and signals.answer_type != "story":
        level, missing = min(level, 3), ("example",)
    if near == "doubtful":
        level, missing = min(level, 2), ("topic", *missing)
    if not missing and level < 4:
        missing = ("substance",)
    return Reading(
        level, (), ("topic",) if near == "on" else (), missing or (("focus",) if level < 5 else ())
    )


def _nearness(topic: Topic, relevance: int) -> str:
    if topic.open and relevance >= 2:
        return "on"
    if topic.distance < topic.scale.elsewhere:
        return "elsewhere"
    if topic.distance < topic.scale.touches:
        return "touches"
    return "on" if topic.named and topic.distance >= topic.scale.doubtful else "doubtful"


def _substance(signals: Signals, story: dict[str, Reading]) -> int:
    """2 to 5 by what is told, counting only words that carry a part of the story."""
    words = sum(count_words(c.clause.text) for c in signals.clauses if c.label != "other")
    action, result = story["action"].level, story["result"].level
    if signals.answer_type == "story":
        if action >= 4 and result >= 4 and words >= 90:
            return 5
        if action >= 4 or (action >= 3 and result >= 2 and words >= 60):
            return 4
        return 3 if action >= 2 and words >= 40 else 2
    if signals.answer_type == "pseudo_story":
        return 4 if action >= 2 and result >= 3 else 3 if words >= 45 else 2
    return 3 if words >= 60 else 2
