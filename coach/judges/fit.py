"""Whether the answer is about the question asked, and how fully it answers it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from coach.judges.settle import rambles, story_words
from coach.judges.story import Reading
from coach.lexicons import Lexicon
from coach.schema import CriterionId
from coach.signals.types import Signals

_ASKS_EXAMPLE = re.compile(
    r"\b(?:example|instance|a\s+time|situation|story|anecdote|occasion|moment|scenario|recall|narrate|recount|project\s+you)s?\b",
    re.IGNORECASE,
)


# An answer that drifts.
DRIFTS = 3
# What a topic can reach at most.
_MOST = {"elsewhere": 0, "touches": 1, "doubtful": 2, "on": 5}
# How fully a question is answered, from what the reader network makes of the answer; fitted to the raters'
# levels of the real answers (`python -m training.fullness`). The network alone is too harsh on short answers.
FULLNESS: Mapping[str, float] = {
    "offset": -0.895,
    "question_fit": 0.220,
    "action": 0.302,
    "result": 0.233,
    "situation": -0.134,
    "story": -0.045,
    "opinion": -0.925,
    "log_words": 0.674,
}
# Words beyond two minutes' worth of a written answer make no answer fuller.
MOST_WORDS = 150
# However much is told: what does not look like an answer to this question is none.
MOST_LIFT = 1.0


class TopicScale(NamedTuple):
    """Distances (see coach.background) below which an answer is about something else, only touches the
    question, or lies doubtfully near."""

    elsewhere: float
    touches: float
    doubtful: float


# Against the role's own questions, all of which are about the same trade; calibrated on the project's
# base answers, each under its own and under an unrelated question (benchmarks/question_fit.py).
BANK_SCALE = TopicScale(-1.3, -0.5, -0.1)
# Against common questions of every kind, only what is far off: the reader network reads these itself.
FREE_SCALE = TopicScale(-3.0, -2.5, -2.0)


class Topic(NamedTuple):
    """How near the answer is to the question (see coach.background), and the scale to read it on; `open`
    when the question takes any story of the role; not `named` when the story says none of the words that
    an answer about the question's subject needs."""

    distance: float
    scale: TopicScale
    open: bool = False
    named: bool = True


def read_fit(
    signals: Signals, topic: Topic, story: Mapping[CriterionId, Reading], relevance: int, lexicon: Lexicon
) -> Reading:
    """The level of question_fit from topic and substance; `relevance` is the level of role_relevance."""
    near = _nearness(topic, relevance)
    if signals.answer_type == "non_answer":
        return Reading(0, (), (), ("answer",))
    most = _MOST[near]
    if rambles(signals):
        most = min(most, DRIFTS)
    level = min(_weighed(signals, _substance(signals, story)), most)
    if level <= 1 or most <= 2:
        return Reading(level, signals.clauses[:1] if level == 1 else (), (), ("topic",))
    if _wants_example(signals) and signals.answer_type != "story":
        return Reading(min(level, 3), (), ("topic",), ("example",))
    missing = ("part",) if level == 2 else ("substance",) if level == 3 else ("focus",) if level == 4 else ()
    return Reading(level, (), ("topic",), missing)


def _weighed(signals: Signals, substance: int) -> int:
    """The reader network's view of how fully the question is answered, and what is told at all."""
    strength = signals.strengths.get("question_fit")
    if strength is None:
        return substance
    return int(max(0.0, min(5.0, fullness(signals), strength + MOST_LIFT)) + 0.5)


def fullness(signals: Signals) -> float:
    """How fully the question seems answered, unbounded, in levels."""
    known: list[Mapping[Any, float]] = [signals.strengths, signals.type_chances]
    known.append({"offset": 1.0, "log_words": math.log(max(1, min(MOST_WORDS, signals.words_read)))})
    return sum(FULLNESS.get(name, 0.0) * value for part in known for name, value in part.items())


def _wants_example(signals: Signals) -> bool:
    asked = signals.submission.question
    return bool(_ASKS_EXAMPLE.search(asked.text)) or asked.kind == "behavioural"


def _nearness(topic: Topic, relevance: int) -> str:
    if topic.open and relevance >= 2:
        return "on"
    if topic.distance < topic.scale.elsewhere:
        return "elsewhere"
    if topic.distance < topic.scale.touches:
        return "touches"
    return "on" if topic.named and topic.distance >= topic.scale.doubtful else "doubtful"


def _substance(signals: Signals, story: Mapping[CriterionId, Reading]) -> int:
    """2 to 5 by what is told, counting only words that carry a part of the story."""
    words = story_words(signals)
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
