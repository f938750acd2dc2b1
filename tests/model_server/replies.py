"""What a model says: good replies made from the request itself, for judging and for coaching."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Literal

Body = dict[str, Any]
Kind = Literal["judging", "coaching"]
CRITERIA = ("situation", "task", "action", "result", "question_fit", "role_relevance")
ANSWER_IN_PROMPT = re.compile(r"<answer-(\w+)>\n(.*)\n</answer-\1>", re.DOTALL)
QUESTION_IN_PROMPT = re.compile(r"<question-(\w+)>\n(.*)\n</question-\1>", re.DOTALL)
ANCHOR_IN_PROMPT = re.compile(r"^\s*\d\s*[=:]\s*(.{30,})$", re.MULTILINE)
COACHING_PARTS = ("## Next steps", "## They will ask", "## Tighter version")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def kind_of(body: Body) -> Kind:
    """Which of the two requests this is: only coaching asks for headed parts."""
    if "response_format" in body:
        return "judging"
    system = " ".join(text for role, text in _messages(body) if role == "system")
    return "coaching" if "tighter version" in system.casefold() else "judging"


def answer_in(body: Body) -> str:
    """The answer as it stands in the request; all of the last message when it has no tags."""
    return _tagged(ANSWER_IN_PROMPT, body) or body["messages"][-1]["content"]


def question_in(body: Body) -> str:
    """The question as it stands in the request."""
    return _tagged(QUESTION_IN_PROMPT, body) or "no question was asked"


def anchor_in(body: Body) -> str:
    """A description of a level, copied from the rubric in the request."""
    everything = "\n".join(text for _, text in _messages(body))
    found = ANCHOR_IN_PROMPT.search(everything)
    return found[1] if found else everything[:80]


def first_words(text: str, count: int = 6) -> str:
    """The first words of a text exactly as it has them."""
    found = re.match(rf"\s*((?:\S+\s+){{0,{count - 1}}}\S+)", text)
    return found[1] if found else text


def reply_for(answer: str, **changes: Any) -> dict[str, Any]:
    """A good reply about this answer. Named criteria (or other keys of the reply) are replaced."""
    quote = first_words(answer)
    reply: dict[str, Any] = {
        "criteria": {
            name: {
                "why": "You tell it in your own words.",
                "quotes": [quote],
                "level": 3,
                "next_step": "Say how you did it.",
            }
            for name in CRITERIA
        },
        "answer_type": "story",
        "activities": [],
        "follow_ups": ["What would you do differently today?"],
    }
    for key, value in changes.items():
        if key in CRITERIA:
            reply["criteria"][key] = {**reply["criteria"][key], **value} if isinstance(value, dict) else value
        else:
            reply[key] = value
    return reply


def judging_text(body: Body, **changes: Any) -> str:
    """The good judging reply to this request, changed as in `reply_for`."""
    return json.dumps(reply_for(answer_in(body), **changes))


def judging_everywhere(body: Body, **change: Any) -> str:
    """The good judging reply with the same change to each criterion."""
    return judging_text(body, **dict.fromkeys(CRITERIA, change))


def coaching_text(body: Body, tighter: str | None = None) -> str:
    """A good coaching reply: advice, questions, and the answer's own sentences with a slot behind them."""
    own = " ".join(SENTENCE_END.split(answer_in(body))[:4])
    steps, asked, version = COACHING_PARTS
    return "\n".join(
        (
            steps,
            "result: Say what changed, from [your figure before] to [your figure after].",
            "task: Say what you yourself had to reach.",
            asked,
            "- What would you do differently today?",
            "- Which part of it was yours alone?",
            version,
            tighter or f"{own} That changed [your figure] within [your time span].",
        )
    )


def good_text(body: Body) -> str:
    """What a model that does as it is asked says."""
    return judging_text(body) if kind_of(body) == "judging" else coaching_text(body)


def _tagged(pattern: re.Pattern[str], body: Body) -> str:
    """A request that asks for a repair may hold the text in an earlier message only."""
    for role, text in reversed(list(_messages(body))):
        found = pattern.search(text) if role == "user" else None
        if found:
            return found[2]
    return ""


def _messages(body: Body) -> Iterator[tuple[str, str]]:
    for message in body["messages"]:
        yield message["role"], str(message["content"])
