"""Whether the answer is about the question asked, and how fully it answers it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import NamedTuple

from coach.judges.settle import rambles, story_words
from coach.judges.story import Reading
from coach.lexicons import Lexicon
from coach.schema import CriterionId
from coach.signals.segments import count_words
from coach.signals.types import Signals

_ASKS_EXAMPLE = re.compile(
    r"\b(?:example|instance|a\s+time|situation|story|anecdote|occasion|moment|scenario|recall|narrate|recount|project\s+you)s?\b",
    re.IGNORECASE,
)


# How it ended is a part of what is asked.
_ASKS_OUTCOME = re.compile(
    r"\b(?:resolv|solv|overc[oa]m|outcome|results?\b|turn(?:ed)?\s+out|achiev|happened\s+in\s+the\s+end)",
    re.I,
)
# An answer that drifts.
DRIFTS = 3
# What a topic can reach at most.
_MOST = {"elsewhere": 0, "touches": 1, "doubtful": 2, "on": 5}
# How fully a question is answered, from `fullness_parts`; fitted to the raters' levels of the real answers
# (`python -m training.fullness`). The network alone is too harsh on short answers, and so taken with what
# makes a story that it hardly tells a question from another.
FULLNESS: Mapping[str, float] = {
    "offset": 0.494,
    "question_fit": 0.325,
    "action": 0.223,
    "result": 0.216,
    "opinion": -0.706,
    "log_words": 0.640,
    "goal": -1.488,
    "log_asked": -0.533,
    "far": -12.658,
}
# Words beyond two minutes' worth of a written answer make no answer fuller.
MOST_WORDS = 150
# Words of a question: fewer than the first ask for no less, and more than the second are no longer all asked.
ASKED_WORDS = (8, 45)
# Cosine to the question from which an action is no nearer to what was asked for being nearer to its words.
NEAR = 0.2
# However much is told: what does not look like an answer to this question is none.
MOST_LIFT = 1.25
# Share of the story that says what was to be done, from which a thin example is thin for that.
MOSTLY_GOAL = 0.3


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
    an answer about the question's subject needs. `cosine` is that of the question with the nearest clause
    that tells work or outcome."""

    distance: float
    scale: TopicScale
    open: bool = False
    named: bool = True
    cosine: float = NEAR


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
    level = min(_weighed(signals, topic, _substance(signals, story)), most)
    if level <= 1 or most <= 2:
        return Reading(level, signals.clauses[:1] if level == 1 else (), (), ("topic",))
    if level > 3 and _ASKS_OUTCOME.search(signals.submission.question.text) and story["result"].level <= 1:
        return Reading(3, (), ("topic",), ("part",))
    if _wants_example(signals) and signals.answer_type != "story":
        return Reading(min(level, 3), (), ("topic",), ("example",))
    return Reading(level, (), ("topic",), _missing(level, signals, topic))


def _missing(level: int, signals: Signals, topic: Topic) -> tuple[str, ...]:
    """What the next level lacks."""
    if level == 2 and topic.cosine < NEAR:
        return ("topic",)
    if level in (2, 3) and signals.answer_type == "story" and goal_share(signals) >= MOSTLY_GOAL:
        return ("goal",)
    return {2: ("part",), 3: ("substance",), 4: ("focus",)}.get(level, ())


def _weighed(signals: Signals, topic: Topic, substance: int) -> int:
    """The reader network's view of how fully the question is answered, and what is told at all."""
    strength = signals.strengths.get("question_fit")
    if strength is None:
        return substance
    level = min(fullness(fullness_parts(signals, topic.cosine)), strength + MOST_LIFT)
    # As in judges.settle: beside what speaks to a grader only a level reached in full stands.
    return int(max(0.0, min(5.0, level)) + (0.0 if signals.muted else 0.5))


def fullness(parts: Mapping[str, float]) -> float:
    """How fully the question seems answered, unbounded, in levels."""
    return FULLNESS["offset"] + sum(FULLNESS.get(name, 0.0) * value for name, value in parts.items())


def fullness_parts(signals: Signals, cosine: float) -> dict[str, float]:
    """What speaks for and against a full answer: what the reader network sees, how much is told and how much
    of it only says the goal, how much is asked, and how far the nearest action lies from the question."""
    fewest, most = ASKED_WORDS
    asked = count_words(signals.submission.question.text)
    seen = (*signals.strengths.items(), *signals.type_chances.items())
    return {str(name): value for name, value in seen} | {
        "log_words": _log_words(signals),
        "goal": goal_share(signals),
        "log_asked": math.log(max(fewest, min(most, asked))),
        "far": max(0.0, NEAR - cosine),
    }


def _log_words(signals: Signals) -> float:
    """Logarithm of the words that answer: of a story those that tell it; advice and habits are all answer."""
    story = signals.type_chances.get("story", 0.0)
    silent = (*signals.repeated, *signals.muted)
    said = sum(
        count_words(c.clause.text)
        for c in signals.clauses
        if not any(start <= c.clause.start < end for start, end in silent)
    )
    told, whole = (math.log(max(1, min(MOST_WORDS, words))) for words in (signals.words_read, said))
    return story * told + (1.0 - story) * whole


def goal_share(signals: Signals) -> float:
    """The share of the words told, 0.0 to 1.0, that say what was to be done."""
    words = [(count_words(c.clause.text), c.label) for c in signals.clauses if c.label != "other"]
    return sum(n for n, label in words if label == "task") / max(1, sum(n for n, _ in words))


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
