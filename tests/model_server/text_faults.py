"""Faults of form: replies that arrive whole and whose text is not what was asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.model_server.replies import (
    CRITERIA,
    Body,
    answer_in,
    coaching_text,
    good_text,
    judging_text,
    kind_of,
)
from tests.model_server.server import Behaviour
from tests.model_server.wire import USAGE, Said

Make = Callable[[Body], str | None]
REFUSAL = "I am sorry, but I cannot help with judging people."
CALL = {"id": "call_1", "type": "function", "function": {"name": "hire", "arguments": '{"verdict": "yes"}'}}


def both(make: Make, **rest: Any) -> Behaviour:
    """The same for judging and for coaching; `rest` goes into Said."""
    return lambda handler, body: handler.say(body, Said(make(body), **rest))


def judging(make: Make, **rest: Any) -> Behaviour:
    """Goes wrong when it judges and coaches well."""
    return both(lambda body: make(body) if kind_of(body) == "judging" else coaching_text(body), **rest)


def coaching(make: Make) -> Behaviour:
    """Judges well and goes wrong when it coaches."""
    return both(lambda body: make(body) if kind_of(body) == "coaching" else judging_text(body))


def changed(**changes: Any) -> Behaviour:
    """The good judging reply with other criteria, or other parts, as `reply_for` takes them."""
    return judging(lambda body: judging_text(body, **changes))


# ---- round the JSON ---------------------------------------------------------------------------------


def _half(body: Body) -> str:
    return good_text(body)[: len(good_text(body)) // 2]


def _fenced(body: Body) -> str:
    return (
        f"```json\n{good_text(body)}\n```" if kind_of(body) == "judging" else f"```\n{good_text(body)}\n```"
    )


def _two_minds(body: Body) -> str:
    return judging_text(body) + judging_text(body, result={"level": 5})


def _comments(body: Body) -> str:
    lines = json.dumps(json.loads(judging_text(body)), indent=1).splitlines()
    return "\n".join(f"{line}  // so it is" for line in lines)


def _prose(body: Body) -> str:
    if kind_of(body) == "coaching":
        return f"Here is my view.\n\n{good_text(body)}"
    return f"Here is my view.\n\n{good_text(body)}\n\nI hope that this helps."


def _thinking(body: Body) -> str:
    return f'<think>Maybe {{"criteria": {{"task": 1}}}}? ## Next steps</think>\n{good_text(body)}'


def _huge(body: Body) -> str:
    return "Well, well. " * 850_000 + good_text(body)


def _deep(body: Body) -> str:
    return '{"criteria": ' * 50_000 + "1" + "}" * 50_000


def _single_quotes(body: Body) -> str:
    return str(json.loads(judging_text(body)))


def _echo_forged(body: Body) -> str:
    """A model that obeys: it repeats the first JSON object of the answer, wherever it stands."""
    answer = answer_in(body)
    start = answer.find("{")
    if start < 0:
        return good_text(body)
    found, _ = json.JSONDecoder().raw_decode(answer, start)
    return json.dumps(found, indent=2)


# ---- in the JSON ------------------------------------------------------------------------------------


def _nan(body: Body) -> str:
    return judging_text(body).replace('"level": 3', '"level": NaN', 1)


def _listed(body: Body) -> str:
    reply = json.loads(judging_text(body))
    reply["criteria"] = [{"id": name, **given} for name, given in reply["criteria"].items()]
    return json.dumps(reply)


def _missing(body: Body) -> str:
    reply = json.loads(judging_text(body))
    del reply["criteria"]["task"], reply["criteria"]["result"]
    return json.dumps(reply)


def _unknown_ids(body: Body) -> str:
    reply = json.loads(judging_text(body))
    reply["criteria"]["charisma"] = reply["criteria"]["task"]
    reply["criteria"]["delivery"] = {**reply["criteria"]["task"], "level": 0}
    quotes = reply["criteria"]["task"]["quotes"]
    reply["activities"] = [{"id": "moon-landing", "quotes": quotes}, {"id": "../../etc", "quotes": quotes}]
    return json.dumps(reply)


def _every_level(level: Any) -> Behaviour:
    return changed(**{name: {"level": level} for name in CRITERIA})


TEXT_FAULTS: dict[str, Behaviour] = {
    "good": both(good_text),
    "prose": both(_prose),
    "fenced": both(_fenced),
    "thinking": both(_thinking),
    "twice": judging(lambda body: f"{judging_text(body)}\n{judging_text(body)}"),
    "two-minds": judging(_two_minds),
    "json-comments": judging(_comments),
    "single-quotes": judging(_single_quotes),
    "json-cut": both(_half),
    "truncated": both(_half, finish="length"),
    "filtered": both(good_text, finish="content_filter"),
    "filtered-midway": both(_half, finish="content_filter"),
    "filtered-empty": both(lambda body: "", finish="content_filter"),
    "garbage": both(lambda body: "lorem {ipsum: dolor} [sit"),
    "huge": both(_huge),
    "deep": judging(_deep),
    "empty-text": both(lambda body: ""),
    "no-text": both(lambda body: None),
    "blank-text": both(lambda body: " \n" * 50),
    "refusal": both(lambda body: REFUSAL, finish="content_filter"),
    "refusal-stop": both(lambda body: REFUSAL),
    "tool-calls": both(lambda body: None, finish="tool_calls", tool_calls=[CALL]),
    "tool-calls-beside": both(good_text, finish="tool_calls", tool_calls=[CALL]),
    "no-usage": both(good_text, usage=None),
    "usage-negative": both(good_text, usage=dict.fromkeys(USAGE, -5)),
    "usage-strings": both(good_text, usage=dict.fromkeys(USAGE, "many")),
    "usage-endless": both(good_text, usage=dict.fromkeys(USAGE, 10**12)),
    "other-model": both(good_text, model="gpt-99-ultra"),
    "obeys": judging(_echo_forged),
    "wrong-types": changed(
        situation={"level": "three"},
        task={"level": 2.5},
        action={"level": True},
        result="very good",
        question_fit={"level": "4", "quotes": "one string"},
        activities={"id": "x"},
        follow_ups=[1, None, "What did it cost?"],
        answer_type=["story"],
    ),
    "out-of-scale": changed(situation={"level": 6}, task={"level": -1}, action={"level": 10**30}),
    "out-of-range": changed(
        situation={"level": 7}, task={"level": -1}, action={"level": 3.5}, result={"level": True}
    ),
    "nan": judging(_nan),
    "infinite": judging(lambda body: judging_text(body).replace('"level": 3', '"level": -Infinity', 1)),
    "words": changed(action={"level": "four"}, result={"level": "excellent"}),
    "string-levels": _every_level("3"),
    "null-levels": _every_level(None),
    "criteria-list": judging(_listed),
    "number-as-quotes": changed(action={"quotes": 7}),
    "nested-quotes": changed(action={"quotes": [["a", "b"], {"quote": "c"}, None]}),
    "missing": judging(_missing),
    "no-criteria": judging(lambda body: '{"answer_type": "story", "activities": []}'),
    "unknown-ids": judging(_unknown_ids),
    "bare-list": judging(lambda body: f"[{judging_text(body)}]"),
}
