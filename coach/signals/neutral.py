"""The text that the labeller and the levels read: the same words less what must not count.

Spelling, case, quotation marks, contractions and currencies are made alike, and who somebody is (names,
gender, age, nationality, school, employer) gives way to a neutral word. So none of these can move a level.
Nothing here is shown to anybody.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial

_QUOTES = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " ", "…": "."}
)
_CONTRACTIONS = (
    (re.compile(r"\bcan['']?t\b"), "can not"),
    (re.compile(r"\bcannot\b"), "can not"),
    (re.compile(r"\bwon't\b"), "will not"),
    (
        re.compile(
            r"\b(do|does|did|is|are|was|were|has|have|had|would|could|should|must|need|might)n['']?t\b"
        ),
        r"\1 not",
    ),
    (re.compile(r"\bi['']?m\b"), "i am"),
    (re.compile(r"\b(i|you|we|they|could|should|would)['']?ve\b"), r"\1 have"),
    (re.compile(r"\b(you|we|they)'re\b"), r"\1 are"),
    (re.compile(r"\b(i|you|we|they|it|that|there)'ll\b"), r"\1 will"),
    (re.compile(r"\b(it|he|she|that|there|what|here)'s\b"), r"\1 is"),
    (re.compile(r"\blet's\b"), "let us"),
)
_CURRENCY = re.compile(
    r"[€£₹¥$₦₱₺₽₩฿]|\b(?:usd|eur|gbp|inr|aud|cad|chf|brl|kes|ngn|zar|aed|pln)\b", re.IGNORECASE
)
_CURRENCY_WORD = re.compile(
    r"\b(?:euros?|pounds?|dollars?|rupees?|reais|naira|shillings?|zloty|dirhams?|francs?)\b"
)
_PERCENT = re.compile(r"\s?(?:%|\bper\s?cent\b|\bpercent\b)")
_ISE = re.compile(r"\b([a-z]{3,}?)is(e|ed|es|ing|ation|ations|er|ers)\b")
# Words that end like these and are spelled with an s everywhere.
_NOT_ISE = frozenset(
    "exerc adv surpr superv rev prom prem prec expert advert dev parad telev improv "
    "otherw likew r w comprom prom disgu desp franch merchand "
    "enterpr tele adverti no appra pra ra cru bru po rai clockw conc treat dem exc inc adm".split()
)
_OUR = re.compile(r"\b(behavi|col|fav|hon|hum|lab|neighb|rum|harb|endeav|flav|vap|od)our")
_PLACE = r"[A-ZÀ-Ž][\w'-]+"
_SCHOOL = re.compile(
    rf"\b(?:[Tt]he\s+)?(?:[A-Z][\w.'-]+\s+(?:(?:of|and)\s+)?){{0,6}}"
    rf"(?:University|College|Institute|Academy|Polytechnic)\b"
    rf"(?:\s+(?:of|in|at)\s+(?:the\s+)?{_PLACE}(?:\s+(?:and\s+)?{_PLACE})*)?"
    r"|\b(?:Universidade?|Université|Università|Universität|Universiteit|École|Hochschule|Politecnico)"
    rf"(?:\s+(?:de|di|der|du|do|da|des|la))*(?:\s+{_PLACE})+"
    r"|\b(?:an?\s+|the\s+)?(?:(?:evening|night|vocational|trade|business|technical|state|private)\s+)?"
    rf"(?:school|college|university)\s+(?:of|in)\s+{_PLACE}"
)
_HIGH_SCHOOL = re.compile(
    r"\b(?:[A-Z][\w.'-]+\s+){1,6}(?:High\s+School|Grammar\s+School|Secondary\s+School|School)\b"
)
_CAPITAL = re.compile(r"(?<=[\w,;:'\"()&] )[A-Z][\w&'-]*(?:\.\w+)*")
_FIRST = re.compile(r"\W*([A-ZÀ-Ž][a-zà-ž]+(?:'s)?)\b")
_SUFFIX = re.compile(r"(?:ing|ed|ly|tion|ment|ness|er|est|al|ive|ous|able|ful|ity|ance|ence|ies|less)$")
_WORD = re.compile(r"[A-Za-zÀ-ž][\w'À-ž-]*")
# A school is read like an employer: a name.
PERSON, ORIGIN = "alex", "local"
_RUNS = re.compile(
    rf"\b(?:the\s+)?{PERSON}(?:[\s,&.]+(?:(?:and|de|of|in|at|di|da|the)\s+)*(?:{PERSON}|{ORIGIN}))+\b"
)
_ORIGINS = re.compile(rf"\b{ORIGIN}(?:[\s,-]+{ORIGIN})+\b")
_POSSESSIVE = re.compile(rf"\b({PERSON}|{ORIGIN})'s?\b")
# "As a 45-year-old local person," and "my name is alex, i am an adult" say nothing of the work.
_IDENTITY = re.compile(
    rf"(?:^|(?<=[.,;:] ))(?:and\s+|so\s+)?(?:as|being|speaking\s+as)\s+(?:an?\s+)?"
    rf"(?:(?:young|old|older|adult|{ORIGIN}|person|parent|and|,|-)\s*)+"
    rf"(?:from\s+{ORIGIN}|of\s+{ORIGIN}\s+origin)?\s*,?\s*"
)
_IDENTITY_WORDS = frozenset(
    f"my name is i am was alex adult local person parent university an a the and from in at of by to "
    f"who years old studied graduated graduate attended went school high live originally come born raised "
    f"hello hi they are their {ORIGIN} college".split()
)


@dataclass(frozen=True)
class NeutralWords:
    """Word lists of `knowledge/neutral`: `alike` maps a word to what is read for it; `names` are given names,
    `known` ordinary words, the others sets of lower-case words; `ages` patterns that are left out; `capital`
    words that are origins with a capital."""

    alike: Mapping[str, str]
    titles: frozenset[str]
    ages: tuple[re.Pattern[str], ...]
    origins: re.Pattern[str]
    capital: frozenset[str]
    schools: re.Pattern[str]
    kept: frozenset[str]
    names: Collection[str]
    known: Collection[str]


def neutral_text(text: str, words: NeutralWords, opens_sentence: bool = True) -> str:
    """What is read in place of a clause; the same for texts that differ only in what must not count."""
    text = text.translate(_QUOTES)
    if is_shouted(text):
        text = text.lower()
    text = _HIGH_SCHOOL.sub("high school", _SCHOOL.sub(PERSON, text))
    text = words.origins.sub(ORIGIN, text.replace("Black Friday", "black friday"))
    text = _capitals(_opening(text, words) if opens_sentence else text, words)
    text = " ".join(text.lower().split())
    for pattern, plain in _CONTRACTIONS:
        text = pattern.sub(plain, text)
    text = words.schools.sub(PERSON, text)
    text = _WORD.sub(partial(_alike, words=words), text)
    for age in words.ages:
        text = age.sub(_age, text)
    text = _money(text)
    text = _POSSESSIVE.sub(r"\1", text)
    text = _ORIGINS.sub(ORIGIN, _RUNS.sub(PERSON, text))
    text = _IDENTITY.sub("", text)
    return " ".join(re.sub(r"^[\s\-*•.,;:]+", "", text).split())


def is_shouted(text: str) -> bool:
    """Whether a text is written in capitals throughout."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 12 and sum(c.isupper() for c in letters) > 0.7 * len(letters)


def says_who(neutral: str) -> bool:
    """Whether a neutral clause tells only who the speaker is."""
    told = re.findall(r"[a-z]+", neutral)
    return bool({PERSON, "adult", ORIGIN} & {*told}) and all(word in _IDENTITY_WORDS for word in told)


def _opening(text: str, words: NeutralWords) -> str:
    """A sentence that opens with a word nobody knows opens with a name."""
    first = _FIRST.match(text)
    if not first:
        return text
    plain = first[1].lower().removesuffix("'s")
    ordinary = plain in words.known or plain in words.kept or plain in words.alike or plain in words.titles
    if ordinary or _unaccented(plain) in words.known or _SUFFIX.search(plain) or words.schools.match(plain):
        return text
    return text[: first.start(1)] + PERSON + text[first.end(1) :]


def _capitals(text: str, words: NeutralWords) -> str:
    """Names with a capital inside a sentence, but for tools, days and the like."""

    def read(match: re.Match[str]) -> str:
        word = match.group(0)
        plain = word.lower().removesuffix("'s")
        if plain in words.kept:
            return word
        if word in words.capital:
            return ORIGIN
        if words.schools.fullmatch(plain) or plain in words.titles or plain in words.alike:
            return word
        if word.isupper() and len(word) > 1:
            return word
        return PERSON

    return _CAPITAL.sub(read, text)


def _alike(match: re.Match[str], words: NeutralWords) -> str:
    word = match.group(0)
    base = word.removesuffix("'s")
    if base in words.titles or (_unaccented(base) in words.names and base not in words.kept):
        return PERSON
    if base in words.alike:
        return words.alike[base]
    spelled = _OUR.sub(r"\1or", word)
    return _ISE.sub(_with_z, spelled)


def _unaccented(word: str) -> str:
    """Zoë is Zoe."""
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def _with_z(match: re.Match[str]) -> str:
    return match.group(0) if match[1] in _NOT_ISE else f"{match[1]}iz{match[2]}"


def _age(match: re.Match[str]) -> str:
    opened = re.match(r"(i am|i was|they are|they were|they was|they is)\b", match.group(0))
    return f"{opened[1]} adult" if opened else "adult"


def _money(text: str) -> str:
    text = _CURRENCY_WORD.sub("dollars", _CURRENCY.sub("$", text))
    text = re.sub(r"\$\s*(\d[\d.,]*\s?(?:k|m)?)", r"$\1", text)
    text = re.sub(r"(\d[\d.,]*\s?(?:k|m)?)\s*\$", r"$\1", text)
    return _PERCENT.sub("%", text)
