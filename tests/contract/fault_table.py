"""Everything that a model's server does wrong in these tests, and what the report must be then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from tests.model_server import CRITERIA

Outcome = Literal["degraded", "partly", "fine", "either"]
# The built-in judge's report, marked so, with a warning that names what to do.
DEGRADED: Final = "degraded"
# The criteria that the fault touches are not judged or left to the built-in judge; the others stand.
PARTLY: Final = "partly"
# As good as no fault.
FINE: Final = "fine"
# One of the three; which is up to the coach.
EITHER: Final = "either"

SHORT = 1.0  # seconds for a request that will not be answered
LONG = 8.0  # seconds for one that will: never reached, so that a busy machine changes no outcome
UNPROVEN = tuple(criterion for criterion in CRITERIA if criterion != "question_fit")
INVENTED = ("Zalando", "Head of Growth", "900", "$4", "Optimizely", "340", "2019", "Webby", "12 March")


@dataclass(frozen=True)
class Row:
    """A fault by its model's name, what arrives, and what the report must be.

    `says` is looked for in the warnings of a degraded report, without regard to case. `tries` is how often
    each of the two requests may be made. `touched` are the criteria that the model's word does not count
    for. `given` is the level that the model gives where that is the fault; code may draw it to its own.
    `never` stands nowhere in the report. `timeout` is COACH_TIMEOUT in seconds.
    """

    name: str
    arrives: str
    then: Outcome
    says: str = ""
    tries: int = 2  # one, and one repair
    touched: tuple[str, ...] = CRITERIA
    given: int | None = None
    never: tuple[str, ...] = ()
    timeout: float = LONG


def refused(name: str, arrives: str, says: str, tries: int = 1) -> Row:
    """A request that the server does not take: nothing to be gained by asking again."""
    return Row(name, arrives, DEGRADED, says, tries)


def broken(name: str, arrives: str, says: str = "again|network|server", timeout: float = SHORT) -> Row:
    """A request that may do better a second or third time, as far as its time allows; where nothing came as
    a stream, it is asked for in one piece besides."""
    return Row(name, arrives, DEGRADED, says, tries=4, timeout=timeout)


def silent(name: str, arrives: str) -> Row:
    """A request that is never answered in full."""
    return Row(name, arrives, DEGRADED, "COACH_TIMEOUT|faster model", tries=1, timeout=SHORT)


def partly(name: str, arrives: str, *touched: str, never: tuple[str, ...] = ()) -> Row:
    """A reply of which some criteria cannot be used; all six when none is named."""
    return Row(name, arrives, PARTLY, touched=touched or CRITERIA, never=never)


def fine(name: str, arrives: str, *never: str, tries: int = 2) -> Row:
    """A reply that can be used all the same."""
    return Row(name, arrives, FINE, tries=tries, never=never)


def either(name: str, arrives: str, *never: str, tries: int = 3) -> Row:
    """A reply that may be given up or used."""
    return Row(name, arrives, EITHER, tries=tries, never=never)


STATUS_ROWS = (
    refused("400", "400 whatever is asked", "name", tries=3),
    refused("401", "401 that repeats the key and the prompt", "key"),
    refused("403", "403", "access|key"),
    refused("404", "404: no such model", "name"),
    refused("422", "422 whatever is asked", "again later|name", tries=4),  # litellm asks twice by itself
    refused("no-credit", "429 insufficient_quota", "top the account up"),
    refused("too-long", "400: more text than the model reads", "reads more|shorten"),
    refused("429-much-later", "429 with Retry-After of 50 minutes", "wait"),
    refused("redirect-302", "302 to another host, which would answer well", ".", tries=3),
    refused("redirect-307", "307 to another host, which would answer well", ".", tries=3),
    broken("429", "429 without Retry-After", "wait", LONG),
    broken("429-soon", "429 with Retry-After of 0.3 seconds, each time", "wait|again"),
    broken("429-odd-date", "429 with a Retry-After that is no time", "wait|again"),
    broken("500", "500 each time", timeout=LONG),
    broken("503", "503 each time"),
    broken("html-502", "502 with a page of HTML"),
    fine("429-once", "429, then a good reply"),
    fine("500-once", "500, then a good reply"),
    fine("503-once", "503, then a good reply"),
    fine("plain-only", "400 to response_format and temperature, without saying so", tries=4),
    fine("no-schema", "400 to response_format, then a good reply", tries=4),
    fine("no-schema-422", "422 to response_format, then a good reply", tries=4),
    fine("no-temperature", "400: temperature is not supported, then a good reply", tries=4),
    fine("no-seed", "400 to seed, then a good reply", tries=4),
    fine("no-stream-options", "400 to stream_options, then a good reply", tries=4),
)

CONNECTION_ROWS = (
    broken("gone", "nothing: the port is closed", "start the server|network|again"),
    broken("drop", "a connection reset before any byte"),
    broken("reset-midway", "a connection reset in mid-reply"),
    broken("cut", "an end in mid-reply where more was promised"),
    silent("slow", "no headers"),
    silent("drip", "a byte, or a letter, at a time"),
    silent("comments", "signs of life and no text"),
    silent("stall", "half a reply, then nothing"),
    either("cut-unseen", "half a reply and an end that looks regular"),
    either("no-end", "all of the text, but no reason for its end and no [DONE]"),
)

BODY_ROWS = (
    broken("empty-body", "200 without a body"),
    broken("html", "200 with a page of HTML"),
    broken("bad-utf8", "200 with bytes that are no UTF-8"),
    either("bad-utf8-in-text", "two bytes that are no UTF-8 within the words"),
    either("wrong-kind", "a good reply called a picture"),
    broken("deep-body", "a body nested 100,000 deep"),
    either("no-choices", "a completion without choices"),
    either("error-as-success", "200 with an error that repeats the key"),
    either("never-streams", "a whole completion whether or not a stream was asked for"),
    either("empty-text", "no words"),
    either("no-text", "null for words"),
    either("blank-text", "blanks for words"),
    either("refusal", "a refusal, content_filter"),
    either("refusal-stop", "a refusal that ends as a reply does"),
    either("filtered", "a good reply, content_filter"),
    either("filtered-midway", "half a reply, content_filter"),
    either("filtered-empty", "no words, content_filter"),
    either("tool-calls", "null for words, and a tool call", "verdict"),
    either("tool-calls-beside", "a good reply with a tool call beside it", "verdict"),
    fine("no-usage", "no usage"),
    either("usage-negative", "a usage of -5"),
    either("usage-strings", "a usage in words"),
    either("usage-endless", "a usage of a million million"),
    fine("other-model", "another model's name", "gpt-99"),
)

FORM_ROWS = (
    fine("good", "a good reply"),
    fine("prose", "prose round the JSON"),
    fine("fenced", "a code fence round the JSON"),
    fine("thinking", "thoughts with JSON in them before the reply"),
    fine("twice", "the same JSON twice"),
    either("two-minds", "two objects that differ"),
    either("json-comments", "JSON with comments"),
    either("single-quotes", "JSON with single quotes"),
    either("json-cut", "half of the JSON"),
    either("truncated", "half of the JSON, finish_reason length"),
    either("garbage", "words in brackets"),
    either("huge", "10 MB of text, then the JSON"),
    either("deep", "JSON nested 50,000 deep"),
    either("bare-list", "the object inside a list"),
    either("no-criteria", "an object without criteria"),
    either("criteria-list", "the criteria as a list"),
    partly("missing", "two criteria left out", "task", "result"),
    fine("unknown-ids", "criteria and activities that nobody asked for", "charisma", "moon-landing", "../"),
    partly("nan", "a level of NaN", "situation"),
    partly("infinite", "a level of -Infinity", "situation"),
    partly("words", "levels in words", "action", "result"),
    partly("out-of-scale", "levels of 6, -1 and 10^30", "situation", "task", "action"),
    partly("out-of-range", "levels of 7, -1, 3.5 and true", "situation", "task", "action", "result"),
    either("null-levels", "levels of null"),
    fine("string-levels", 'levels as "3"'),
    partly("number-as-quotes", "a number for quotes", "action"),
    partly("nested-quotes", "lists and objects for quotes", "action"),
    partly("wrong-types", "a wrong type in each part", *CRITERIA[:5]),
)

SUBSTANCE_ROWS = (
    partly("invented-quotes", "quotes that nobody wrote", "action", "result", never=("doubled the revenue",)),
    either("untold-quotes", "an invented quote for each criterion", "doubled the revenue"),
    either("altered-quotes", "quotes with one word changed"),
    either("joined-quotes", "quotes joined from two places"),
    either("question-quotes", "quotes from the question, all fives"),
    either("rubric-quotes", "quotes from the rubric, all fives"),
    either("one-word-quotes", "quotes of one word"),
    either("whole-answer-quotes", "the whole answer as quote, all fives"),
    Row("all-fives", "all fives with a real quote", FINE, given=5),
    # The fit to the question may rest on the whole answer.
    Row("all-fives-unproven", "all fives without quotes", PARTLY, touched=UNPROVEN, given=5),
    Row("all-zeros", "all zeros for an answer that tells much", FINE, given=0),
    fine("obeys", "what the answer's own JSON says; this answer has none"),
    fine("german", "reasons in German"),
    fine("chinese", "reasons in Chinese"),
    fine("long-whys", "reasons of 7 kB"),
    either("huge-why", "a reason of 200 kB"),
    fine("unsafe-why", "control and bidi characters and tags in a reason", "\x1b", "\u202e", "<b>"),
    fine("hired-why", "a reason that hires, with a made-up figure", "hired", "340", "Zalando", "2019"),
)

COACHING_ROWS = (
    fine("coach-no-headings", "coaching without headings"),
    fine("coach-invents", "a tighter version of invented facts", *INVENTED),
    fine("coach-twice", "coaching twice, the second invented", *INVENTED),
    fine(
        "coach-unsafe",
        "coaching with a script, a link, a verdict",
        "<script",
        "evil.example",
        "hired",
        "\x1b",
    ),
    fine("coach-json", "coaching as JSON", "next_steps"),
    fine("coach-silent", "coaching without words"),
    fine("coach-endless", "a tighter version of a megabyte"),
    fine("coach-chinese", "coaching in Chinese"),
)

ROWS = STATUS_ROWS + CONNECTION_ROWS + BODY_ROWS + FORM_ROWS + SUBSTANCE_ROWS + COACHING_ROWS
