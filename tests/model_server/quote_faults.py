"""Faults of substance: replies of the right form whose words, quotes or levels are not to be believed."""

from __future__ import annotations

from tests.model_server.replies import (
    CRITERIA,
    Body,
    anchor_in,
    answer_in,
    coaching_text,
    first_words,
    judging_everywhere,
    question_in,
)
from tests.model_server.server import Behaviour
from tests.model_server.text_faults import changed, coaching, judging

BIDI = "\u202egnorts\u202c \u2066isolated\u2069 \u200b\ufeff"
CONTROLS = "\x00\x07\x1b[31m\x7f\r\n\u2028"
HIRED = "You would be hired on the spot. You raised sales by 340 % at Zalando in 2019."
INVENTED = (
    "In 2019 I joined Zalando as Head of Growth. I led a team of 900 people with a budget of $4 million. "
    "Using Optimizely I raised conversion by 340 %. On 12 March 2020 we won the Webby Award."
)
LONG = "You tell it in your own words, and one can see it. "
GERMAN = "Das erzählen Sie mit Ihren eigenen Worten, und man kann es sich gut vorstellen."
CHINESE = "你用自己的话讲述了这件事，听的人能够想象当时的情形。"


def _altered(body: Body) -> str:
    """A quote with its third word changed."""
    words = first_words(answer_in(body), 8).split()
    words[2] = "winter" if words[2] != "winter" else "summer"
    return judging_everywhere(body, quotes=[" ".join(words)])


def _joined(body: Body) -> str:
    """The first and the last words of the answer as if they stood together."""
    answer = answer_in(body)
    return judging_everywhere(body, quotes=[f"{first_words(answer, 4)} {' '.join(answer.split()[-4:])}"])


def _from_question(body: Body) -> str:
    return judging_everywhere(body, quotes=[question_in(body)], level=5)


def _from_rubric(body: Body) -> str:
    return judging_everywhere(body, quotes=[anchor_in(body)], level=5)


def _one_word(body: Body) -> str:
    word = max((word for word in answer_in(body).split() if word.isalpha()), key=len)
    return judging_everywhere(body, quotes=[word])


def _whole_answer(body: Body) -> str:
    return judging_everywhere(body, quotes=[answer_in(body)], level=5)


def _untold(body: Body) -> str:
    return judging_everywhere(body, quotes=["I doubled the revenue of the whole company"], level=5)


def _why(why: str) -> Behaviour:
    return judging(lambda body: judging_everywhere(body, why=why, next_step=why))


def _all_fives(quotes: bool) -> Behaviour:
    """Flattery on a first and on a second look, with the answer's first words as proof or with none."""
    change = {"level": 5} if quotes else {"level": 5, "quotes": []}
    return changed(**dict.fromkeys(CRITERIA, change))


def _no_headings(body: Body) -> str:
    return "\n".join(line for line in coaching_text(body).splitlines() if not line.startswith("##"))


def _parts_twice(body: Body) -> str:
    return f"{coaching_text(body)}\n{coaching_text(body, INVENTED)}"


def _unsafe(body: Body) -> str:
    text = coaching_text(body).replace(
        "Say what", f"{HIRED} <script>alert(1)</script>{BIDI}{CONTROLS} Say what"
    )
    return text.replace("yours alone?", "yours alone at https://evil.example/x?")


QUOTE_FAULTS: dict[str, Behaviour] = {
    "invented-quotes": changed(
        action={"quotes": ["I doubled the revenue of the whole company"], "level": 5},
        result={"quotes": ["words that nobody wrote", "and these neither"], "level": 4},
    ),
    "untold-quotes": judging(_untold),
    "altered-quotes": judging(_altered),
    "joined-quotes": judging(_joined),
    "question-quotes": judging(_from_question),
    "rubric-quotes": judging(_from_rubric),
    "one-word-quotes": judging(_one_word),
    "whole-answer-quotes": judging(_whole_answer),
    "all-fives": _all_fives(quotes=True),
    "all-fives-unproven": _all_fives(quotes=False),
    "all-zeros": changed(**{name: {"level": 0, "quotes": []} for name in CRITERIA}),
    "german": _why(GERMAN),
    "chinese": _why(CHINESE),
    "long-whys": _why(LONG * 140),
    "huge-why": changed(action={"why": LONG * 4000}),
    "unsafe-why": _why(f"You tell{BIDI}{CONTROLS} it in your own <b>words</b>."),
    "hired-why": _why(HIRED),
    "coach-no-headings": coaching(_no_headings),
    "coach-invents": coaching(lambda body: coaching_text(body, INVENTED)),
    "coach-twice": coaching(_parts_twice),
    "coach-unsafe": coaching(_unsafe),
    "coach-json": coaching(lambda body: '{"next_steps": ["Say how."], "tighter": "I did it."}'),
    "coach-silent": coaching(lambda body: ""),
    "coach-endless": coaching(lambda body: coaching_text(body, "And then I did it again. " * 40_000)),
    "coach-chinese": coaching(lambda body: coaching_text(body, CHINESE).replace("Say what", CHINESE)),
}
