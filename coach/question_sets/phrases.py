"""A requirement of a job description as part of a question: what one has to do, know, have behind one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from coach.question_sets.trimming import trimmed
from coach.question_sets.weighing import TOOLS

# "do" is a verb in its base form with what follows, "did" one in the past; "experience" begins with "in",
# "with" or a verb in -ing, "years" with "in".
Shape = Literal["do", "did", "knowledge", "experience", "years", "tool", "quote"]
LONGEST_QUOTE = 15  # words
_LONGEST_PHRASE = 20
_LONG = 17  # words from which the last part of a phrase is left out


class Phrase(NamedTuple):
    """Words that fill the slot of a question."""

    shape: Shape
    text: str


_ADJECTIVES = (
    r"(?:(?:a|an|deep|strong|good|some|solid|substantial|proven|basic|first|initial|extensive|sound"
    r"|professional|practical|demonstrated|excellent)\s+)*"
)
_KNOWS = re.compile(rf"^{_ADJECTIVES}(?:knowledge|understanding|grasp|command)\s+of\s+(?P<rest>.+)", re.I)
_HAS_DONE = re.compile(
    rf"^{_ADJECTIVES}(?:experience|background|track\s+record|record)\s+"
    r"(?P<prep>(?:of|in|with|from)\s+)?(?P<rest>.+)",
    re.I,
)
_ANSWERS_FOR = re.compile(
    r"^(?:full\s+|overall\s+)?(?P<what>(?:[\w&]+\s+)?(?:responsibility|accountability)\s+for\s+.+)", re.I
)
_YEARS = re.compile(
    r"\byears?(?:'|’)?\s+(?:of\s+)?(?:(?:[\w-]+\s+)?experience\s+)?(?P<rest>(?:in|with|as)\s+.+)", re.I
)
_ABOVE_ALL = re.compile(
    r"(?:,\s*of\s+which|,?\s+with|,?\s+including)\s+(?:at\s+least\s+)?(?:\d+|two|three|four|five|six)\s+(?:years?\s+)?"
    r"(?=in\b|of\b|leading\b|managing\b|with\b|as\b)",
    re.I,
)
_YOU_DO = re.compile(
    r"^(?:as\s+(?:our|an?|the)\s+[^,]{1,60}?\s)?(?:you\s+(?:will\s+|can\s+)?|you'll\s+|the\s+post\s*holder\s+will\s+"
    r"|the\s+successful\s+candidate\s+will\s+)",
    re.I,
)
_CAN = re.compile(rf"^(?:.{{0,40}}\band\s+)?(?:the\s+)?{_ADJECTIVES}ability\s+to\s+(?P<rest>.+)", re.I)
_SHOWS_HOW = re.compile(r"^you\s+can\s+show\s+how\s+you\s+(?P<rest>[a-z]+(?:ed|t|d|ew|an|ade)\b.+)", re.I)
_TAIL = re.compile(
    r"(?:[,;:(–—]|\s-\s)\s*(?:ideally|preferably|in\s+particular|above\s+all|especially|or\s+a\s+willingness"
    r"|with\s+evidence|agreed\s+with|such\s+as|including|not\s+essential|an?\s+placement)\b.*$"
    r"|\s+sufficient\s+to\b.*$|\s+(?:is|are|would\s+be)\s+(?:an?\s+)?"
    r"(?:plus|bonus|desirable|nice\s+to\s+have|advantage|preferred)\b.*$|\s+preferred$",
    re.I,
)
_WE = re.compile(r"\b(?:we|our|us|ours)\b", re.I)
_VERBS = frozenset(
    (
        "agree analyse analyze answer assess assist attract brief bring build buy challenge check "
        "choose coach communicate comply connect control convince coordinate create cut decide define "
        "deliver design develop draw drive ensure establish evaluate execute expand explain find "
        "forecast gather get grow handle help hire hold identify implement improve increase introduce "
        "keep launch lead lift maintain make manage measure monitor motivate negotiate open optimise "
        "optimize organise organize oversee own partner pass plan prepare present prioritise produce "
        "protect raise react read rebuild reduce reply report represent research review run scale select "
        "sell set shape share source steer support take teach test track train translate turn update "
        "upload use watch win work write"
    ).split()
)
_VERB = rf"(?:{'|'.join(sorted(_VERBS))})"
# After a comma or "and" these are verbs more often than names of things.
_NEXT = "|".join(
    sorted(
        _VERBS - set("review research test support design source plan lead track report brief share".split())
    )
)
_SECOND_PART = re.compile(rf"(?:,\s*(?:and\s+)?|\s+and\s+)(?=(?:{_NEXT})\b)|,\s*with\b|\s+so\s+that\b", re.I)
_NEXT_VERB = re.compile(rf"(?:,\s*(?:and\s+)?|\s+and\s+)(?:{_NEXT}|report|plan)\s(?!monitoring)", re.I)
_OPENING = re.compile(rf"(?:{_VERB}(?:,\s*{_VERB})*\s+and\s+)?{_VERB}\b", re.I)
# What one owns or holds, one manages: nobody is asked how they would own a calendar.
_TAKES_CARE = re.compile(r"^(?:own|hold|oversee)\s+(?=\S)", re.I)


def phrase_of(text: str) -> Phrase | None:
    """The requirement as a phrase; None when it is too long to be said in a question."""
    plain = " ".join(text.replace("’", "'").split()).rstrip(" .;,")
    phrase = _by_shape(plain)
    if phrase and len(phrase.text.split()) <= _LONGEST_PHRASE and not _WE.search(phrase.text):
        return phrase
    return Phrase("quote", plain) if len(plain.split()) <= LONGEST_QUOTE else None


def _by_shape(text: str) -> Phrase | None:
    if shown := _SHOWS_HOW.match(text):
        return Phrase("did", trimmed(shown["rest"]))
    if years := _YEARS.search(_ABOVE_ALL.sub(", above all ", text)):
        return Phrase("years", trimmed(_preferring(years["rest"])))
    able = _CAN.match(text)
    do = _TAKES_CARE.sub("manage ", trimmed(_TAIL.sub("", _YOU_DO.sub("", able["rest"] if able else text))))
    first = re.match(r"[a-z]+", do.casefold())
    if first and first[0] in _VERBS:
        return Phrase("do", _shortened(do[0].lower() + do[1:]))
    return _noun_shape(_TAIL.sub("", text).rstrip(" .;,"))


def _preferring(text: str) -> str:
    """Years with what they should best be in: "in e-commerce, above all in B2B"."""
    return _TAIL.sub("", text.replace(", above all", "\0")).replace("\0", ", above all")


def _noun_shape(text: str) -> Phrase | None:
    named = list(dict.fromkeys(found[0] for found in TOOLS.finditer(text)))
    knows, done = _KNOWS.match(text), _HAS_DONE.match(text)
    if answers := _ANSWERS_FOR.match(text):
        return Phrase("experience", _linked("of ", trimmed(answers["what"])))
    if done:
        prep = (done["prep"] or "of ").lower()
        return Phrase("experience", _linked(prep, trimmed(done["rest"])))
    if named:
        return Phrase("tool", _listed(text, named))
    return Phrase("knowledge", trimmed(knows["rest"])) if knows else None


def _linked(preposition: str, what: str) -> str:
    """What experience is of, as people say it: "experience growing sales", "experience with agencies"."""
    if preposition != "of ":
        return f"{preposition}{what}"
    return what if re.match(r"[a-z]{2,}ing\b", what) else f"with {what}"


def _shortened(do: str) -> str:
    """Without its last parts while it is too long to be said."""
    start = _opening_of(do)
    while len(do.split()) >= _LONG and (parts := list(_SECOND_PART.finditer(do, start))):
        do = do[: parts[-1].start()].rstrip(" ,")
    return do


def _opening_of(do: str) -> int:
    """Where the verbs that it begins with end: "lead, hire and coach" belong together."""
    found = _OPENING.match(do)
    return found.end() if found else 0


def first_part(do: str) -> str:
    """What is done first, where a phrase names several things to do; two joined verbs stay together."""
    found = _NEXT_VERB.search(do, _opening_of(do))
    return do[: found.start()].rstrip(" ,") if found else do


def doing(do: str, form_of: Callable[[str], str]) -> str:
    """The phrase as something one is doing, by what `form_of` makes of each verb that it begins with."""
    end = _opening_of(do)
    verbs = re.sub(_VERB, lambda verb: form_of(verb[0]), do[:end], flags=re.I)
    return verbs + do[end:]


def _listed(text: str, named: list[str]) -> str:
    """Tools as the line joins them: "and" where it asks for all, "or" where one will do."""
    word = "or" if re.search(r"\bor\b", text) else "and"
    most = named[:3]
    return f" {word} ".join([", ".join(most[:-1]), most[-1]]) if len(most) > 1 else most[0]


def quoted(text: str, longest: int = LONGEST_QUOTE) -> str:
    """The text in quotation marks, cut at a word where it is longer than so many words."""
    words = text.replace("“", "'").replace("”", "'").replace("?", "").split()
    cut = " ".join(words[:longest]).rstrip(" .,;:")
    return f"“{cut}…”" if len(words) > longest else f"“{cut}”"
