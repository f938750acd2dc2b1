"""What may differ between two answers without any level being another."""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass

from evaluation import people
from evaluation.language import british_and_american, contracted, learners_grammar, written_out
from evaluation.retelling import sentences

# How many pairs are drawn for each answer where two words are compared with each other.
PAIRS = 3
TYPOS_EVERY = 20  # words


@dataclass(frozen=True)
class Change:
    """Another form of the same text, compared with the text."""

    name: str
    change: Callable[[str], str | None]

    def pairs(self, text: str) -> list[tuple[str, str]]:
        """The two texts to compare; none when the change would change nothing."""
        changed = self.change(text)
        return [] if changed is None else [(text, changed)]


@dataclass(frozen=True)
class Swap:
    """Two forms of the text that differ in a word, compared with each other: at `exact`, nothing may move."""

    name: str
    swap: Callable[[str, int], tuple[str, str]]
    exact: bool = True

    def pairs(self, text: str) -> list[tuple[str, str]]:
        """The pairs of texts to compare."""
        return [self.swap(text, number) for number in range(PAIRS)]


def typos(text: str) -> str | None:
    """One word in twenty has two letters changed over, one left out or one typed twice."""
    draw = random.Random(text)
    words = [match.span() for match in re.finditer(r"\b[a-z]{4,}\b", text)]
    for start, end in sorted(draw.sample(words, len(text.split()) // TYPOS_EVERY), reverse=True):
        place = draw.randrange(start + 1, end - 2)
        first, second = text[place], text[place + 1]
        wrong = draw.choice((second + first, second, first + first + second))
        text = text[:place] + wrong + text[place + 2 :]
    return text


def bullets(text: str) -> str | None:
    """A bullet for each sentence."""
    if "\n- " in text:
        return None
    return "\n".join(f"- {sentence.strip()}" for sentence in sentences(text))


def curly_quotes(text: str) -> str | None:
    """Typographic quotes and apostrophes."""
    changed = re.sub(r"(?<!\w)\"(?=\S)", "“", text).replace('"', "”")
    changed = re.sub(r"(?<!\w)'(?=\w)(?!\d\d\b|cause\b)", "‘", changed).replace("'", "’")
    return _or_none(text, changed)


def upper_case(text: str) -> str | None:
    """All in capitals."""
    return _or_none(text, text.upper())


def line_breaks(text: str) -> str | None:
    """Lines of sixty characters, as pasted from a mail."""
    return _or_none(text, "\n".join(_wrapped(line) for line in text.split("\n")))


def _wrapped(line: str) -> str:
    return textwrap.fill(line, 60, break_on_hyphens=False, break_long_words=False)


def paragraphs(text: str) -> str | None:
    """An empty line after every second sentence."""
    if "\n- " in text:
        return None
    told = [sentence.strip() for sentence in sentences(text)]
    return _or_none(text, "\n\n".join(" ".join(told[at : at + 2]) for at in range(0, len(told), 2)))


_COMPANIES = (
    "Hollin & Wray|Tallgrass Outfitters|Aldham Museum|Thimble & Twine|Sokoni Electronics|peachfuzz paper"
    "|Barkwell Supply|Nordkant|Piney Fork Market|Rinkside|Corredora|Neemly|Gadgetry Place"
    "|Larkfield Nutrition|Trapwerk|Copperpot Meals|FreshHaat|Marola|Cantina Bellosguardo|Lakbay Bags|Relivo"
)
_LONGER = (
    "{} International Trading Company Limited",
    "{} and Daughters Holding GmbH & Co. KG",
    "{} Consolidated Enterprises of Northern Europe",
    "{}, Brandt, Oyelaran & Partners",
)


def longer_company(text: str) -> str | None:
    """The employer under a longer name; None where it is not named."""
    longer = random.Random(text).choice(_LONGER)
    return _or_none(
        text, re.sub(_COMPANIES, lambda match: longer.format(match[0]), text, flags=re.IGNORECASE)
    )


_CURRENCIES = {
    "£": "$", "$": "€", "€": "£", "₹": "₦",
    "pound": "dollar", "pounds": "dollars", "dollar": "euro", "dollars": "euros",
    "euro": "pound", "euros": "pounds",
}  # fmt: skip


def other_currency(text: str) -> str | None:
    """The same amounts in another currency."""
    pattern = r"[£$€₹]|\b(?:pounds?|dollars?|euros?)\b"
    changed = re.sub(pattern, lambda match: _CURRENCIES[match[0].lower()], text, flags=re.IGNORECASE)
    return _or_none(text, changed)


_POLITE_OPENINGS = (
    "Thank you for the question.",
    "Good morning, and thank you for having me.",
    "Thanks, I am glad that you ask.",
    "Hello, it is nice to meet you.",
    "Sure, with pleasure.",
)
_POLITE_CLOSINGS = (
    "Thank you for listening.",
    "I am happy to take any questions.",
    "Thank you for your time today.",
    "I hope that answers your question.",
    "Please ask if anything is unclear.",
)


def polite_opening(text: str) -> str | None:
    """A polite line before the answer."""
    return f"{random.Random(text).choice(_POLITE_OPENINGS)} {text}"


def polite_closing(text: str) -> str | None:
    """A polite line after the answer."""
    return f"{text} {random.Random(text).choice(_POLITE_CLOSINGS)}"


def _or_none(text: str, changed: str) -> str | None:
    return None if changed == text else changed


CHANGES: tuple[Change | Swap, ...] = (
    Change("typos", typos),
    Change("bullets", bullets),
    Change("curly quotes", curly_quotes),
    Change("upper case", upper_case),
    Change("line breaks", line_breaks),
    Change("paragraphs", paragraphs),
    Swap("British and American", british_and_american, exact=False),
    Change("contractions made", lambda text: _or_none(text, contracted(text))),
    Change("contractions undone", lambda text: _or_none(text, written_out(text))),
    Change("learner's grammar", lambda text: _or_none(text, learners_grammar(text))),
    Swap("another name", people.other_name),
    Swap("another gender", people.other_gender),
    Swap("another nationality", people.other_nationality),
    Swap("another age", people.other_age),
    Swap("another school", people.other_school),
    Change("longer company name", longer_company),
    Change("another currency", other_currency),
    Change("polite opening", polite_opening),
    Change("polite closing", polite_closing),
)
