"""A model that writes interview questions: good ones, and ones that must not get through.

These serve one kind of request only, so `BEHAVIOURS` lists them just where `question_server` runs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from tests.model_server.replies import Body
from tests.model_server.server import BEHAVIOURS, Behaviour, ModelServer
from tests.model_server.wire import Said

PAPER_IN_PROMPT = re.compile(r"<(job|resume)-(\w+)>\n(.*)\n</\1-\2>", re.DOTALL)
NUMBERED = re.compile(r"^(\d+): ", re.MULTILINE)
GOOD = (
    "Which of the weekly promotions you planned went wrong in a way that taught you something?",
    "Tell me about the last time a delivery slot cost you an order.",
    "How do you brief an agency that buys search ads for you?",
    "What did your most surprising experiment on a homepage teach you?",
)
ACTIVITIES = (
    "developing-implementing-e-commerce-strategies",
    "managing-online-platforms-websites",
    "managing-online-marketing-campaigns",
    "monitoring-analyzing-website-performance",
)


def last_line(body: Body, paper: str = "job") -> int:
    """The number of the last line that the request shows of the paper."""
    found = next(f for f in PAPER_IN_PROMPT.finditer(body["messages"][-1]["content"]) if f[1] == paper)
    return int(NUMBERED.findall(found[3])[-1])


def question(body: Body, text: str, **changes: Any) -> dict[str, Any]:
    """A question that cites a line, as it was asked for."""
    return {
        "cites": f"job:{last_line(body)}",
        "activities": ["managing-online-marketing-campaigns"],
        "kpis": [],
        "kind": "behavioural",
        "text": text,
        "shows": ["A real case with its figures"],
        "follow_ups": ["What would you do differently today?"],
        **changes,
    }


def bad_questions(body: Body) -> list[dict[str, Any]]:
    """One for each reason to leave a question out."""
    return [
        question(body, "Are you married, and do you plan to have children?"),
        question(body, "How does your religion affect your work on Sundays?"),
        question(body, "Tell me about a supplier who let you down.", activities=["making-coffee"]),
        question(body, "Tell me about a product that nobody wanted.", kpis=["luck"]),
        question(body, "Tell me about a launch that came too early.", cites="job:9999"),
        question(body, "Tell me about a launch that came too late.", cites="somewhere"),
        question(body, "What went wrong? And who noticed it?"),
        question(body, "Erzählen Sie mir von einer Entscheidung, die Sie heute bereuen würden, und warum?"),
        question(body, "How do you optimize product listings for better visibility and conversion?"),
        question(body, GOOD[0]),
        question(body, f"Tell me, {'and then ' * 40}what happened?"),
        question(body, "Tell me about a quarrel with a colleague.", kind="trick"),
    ]


def _say(make: Any) -> Behaviour:
    def behave(handler: Any, body: Body) -> None:
        made = make(body)
        text = made if isinstance(made, str) else json.dumps({"questions": made})
        handler.say(body, Said(text))

    return behave


def _good(body: Body) -> list[dict[str, Any]]:
    pairs = zip(GOOD, ACTIVITIES, strict=True)
    return [question(body, text, activities=[activity]) for text, activity in pairs]


QUESTION_REPLIES: dict[str, Behaviour] = {
    "questions": _say(_good),
    "questions-mixed": _say(lambda body: [*_good(body), *bad_questions(body)]),
    "questions-bad": _say(bad_questions),
    "questions-prose": _say(lambda body: "Sure! Here are some questions: 1. Why us?"),
}


@contextmanager
def question_server() -> Iterator[ModelServer]:
    """The model server with these behaviours too."""
    with patch.dict(BEHAVIOURS, QUESTION_REPLIES), ModelServer() as server:
        yield server
