"""A real OpenAI-compatible HTTP server on 127.0.0.1 that behaves, or misbehaves, as the model's name says.

    with ModelServer() as server:
        choice = ModelChoice("openai/good", api_base=server.api_base)

It serves requests to judge and requests to coach, streamed or not. `BEHAVIOURS` lists the names;
`server.requests` records what arrived. `replies` has the words, `wire` the bytes, `server` the machinery,
`wire_faults` what goes wrong on the way, `text_faults` and `quote_faults` what is wrong in the words.
"""

from tests.model_server.quote_faults import QUOTE_FAULTS
from tests.model_server.replies import (
    ANSWER_IN_PROMPT,
    CRITERIA,
    answer_in,
    coaching_text,
    first_words,
    judging_text,
    kind_of,
    reply_for,
)
from tests.model_server.server import BEHAVIOURS, ModelServer, Request
from tests.model_server.text_faults import TEXT_FAULTS
from tests.model_server.wire_faults import WIRE_FAULTS

__all__ = [
    "ANSWER_IN_PROMPT",
    "BEHAVIOURS",
    "CRITERIA",
    "ModelServer",
    "Request",
    "answer_in",
    "coaching_text",
    "first_words",
    "judging_text",
    "kind_of",
    "reply_for",
]

BEHAVIOURS.update(WIRE_FAULTS | TEXT_FAULTS | QUOTE_FAULTS)
