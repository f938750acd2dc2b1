"""A requirement of a job description as part of a question: what one has to do, know, have behind one."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from coach.question_sets.weighing import TOOLS

# "do" is a verb in its base form with what follows, "experience" begins with "of", "in" or "with".
Shape = Literal["do", "knowledge", "experience", "years", "tool", "quote"]
LONGEST_QUOTE = 15  # words
_LONGEST_PHRASE = 20


class Phrase(NamedTuple):
    """Words that fill the slot of a question."""

    shape: Shape
    text: str


_ADJECTIVES = (
    r"(?:(?:a|an|deep|strong|good|some|solid|substantial|proven|basic|first|initial|extensive|sound)\s+)*"
)
_KNOWS = re.compile(rf"^{_ADJECTIVES}(?:knowledge|understanding|grasp|command)\s+of\s+(?P<rest>.+)", re.I)
_HAS_DONE = re.compile(
    rf"^{_ADJECTIVES}(?:experience|background|track\s+record|record)\s+"
    r"(?P<prep>(?:of|in|with|from)\s+)?(?P<rest>.+)",
    re.I,
)
_YEARS = re.compile(r"\byears?(?:'|’)?\s+(?:of\s+experience\s+)?(?P<rest>in\s+.+)", re.I)
_YOU_DO = re.compile(
    r"^(?:as\s+(?:our|an?|the)\s+[^,]{1,60}?\s)?(?:you\s+(?:will\s+)?|you'll\s+|the\s+post\s+holder\s+will\s+)",
    re.I,
)
_TAIL = re.compile(
    r"(?:[,;:(–—]|\s-\s)\s*(?:ideally|preferably|in\s+particular|above\s+all|especially|or\s+a\s+willingness|with\s+evidence"
    r"|of\s+which|including|such\s+as|not\s+essential)\b.*$|\s+with\s+at\s+least\b.*$|\s+(?:is|are|would\s+be)\s+(?:a\s+)?"
    r"(?:plus|bonus|desirable|nice\s+to\s+have|an\s+advantage)\b.*$",
    re.I,
)
_OURS = re.compile(r"\b(?:we|our|us|ours)\b", re.I)
_VERBS = frozenset(
    (
        "analyse analyze answer assess assist attract brief bring build buy challenge choose coach "
        "communicate comply connect control convince coordinate create cut decide define deliver design "
        "develop drive ensure establish evaluate expand explain find forecast gather grow handle help hire "
        "hold identify implement improve increase introduce keep launch lead lift maintain make manage "
        "measure monitor motivate negotiate open optimise optimize organise organize oversee own plan "
        "prepare present prioritise produce protect raise reduce report represent research review run scale "
        "select sell set shape source steer support take teach test track train translate turn update "
        "upload watch win work write"
    ).split()
)


def phrase_of(text: str) -> Phrase | None:
    """The requirement as a phrase; None when it is too long to be said in a question."""
    plain = " ".join(text.replace("’", "'").split()).rstrip(" .;,")
    phrase = _by_shape(_TAIL.sub("", plain).rstrip(" .;,"))
    if phrase and len(phrase.text.split()) <= _LONGEST_PHRASE and not _OURS.search(phrase.text):
        return phrase
    return Phrase("quote", plain) if len(plain.split()) <= LONGEST_QUOTE else None


def _by_shape(text: str) -> Phrase | None:
    tools = list(dict.fromkeys(found[0] for found in TOOLS.finditer(text)))
    if tools:
        return Phrase("tool", _listed(tools[:2]))
    if years := _YEARS.search(text):
        return Phrase("years", years["rest"])
    if knows := _KNOWS.match(text):
        return Phrase("knowledge", knows["rest"])
    if done := _HAS_DONE.match(text):
        return Phrase("experience", f"{done['prep'] or 'of '}{done['rest']}".replace("  ", " "))
    do = _YOU_DO.sub("", text)
    first = re.match(r"[a-z]+", do.casefold())
    if first and first[0] in _VERBS:
        return Phrase("do", do[0].lower() + do[1:])
    return None


def _listed(items: list[str]) -> str:
    return " or ".join(items)


def quoted(text: str, longest: int = LONGEST_QUOTE) -> str:
    """The text in quotation marks, cut at a word where it is longer than so many words."""
    words = text.replace("“", "'").replace("”", "'").replace("?", "").split()
    cut = " ".join(words[:longest]).rstrip(" .,;:")
    return f"“{cut}…”" if len(words) > longest else f"“{cut}”"
