"""Who does what in a sentence, whether it was done, and whether it was only wished for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from coach.rewrite_gate.figures import Quantity
from coach.rewrite_gate.source import Passage
from coach.rewrite_gate.text import Token
from coach.rewrite_gate.words import RewriteWords

Doer = Literal["self", "group", "other", "passive", ""]

_OTHERS = (
    "they he she it you who which that everyone everybody nobody somebody someone people there this these "
    "those they'd they've they're they'll he'd he's she'd she's it's"
).split()
_PRONOUNS: dict[str, Doer] = {
    **dict.fromkeys(("i", "i'd", "i've", "i'm", "i'll", "im", "ive", "id", "ill"), "self"),
    **dict.fromkeys(("we", "we'd", "we've", "we're", "we'll"), "group"),
    **dict.fromkeys(_OTHERS, "other"),
}
_RELATIVE = frozenset(("who", "which", "that"))
# As subject or object alike.
_OBJECTS = frozenset("it you this that these those people everyone everybody nobody".split())
_PREPOSITIONS = frozenset(
    "of to in on at by with without from into onto for about over under through per via before after between "
    "against than as like during within across behind".split()
)
_DETERMINERS = frozenset(
    "a an the my our his her its their your this that these those each every any no some".split()
)
_BE = frozenset("am was were been be is are got being gets".split())
_HAVE = frozenset("has have had do does did will would could should can may might must".split())
_MODALS = frozenset("would could should might will may must can".split())
NEGATORS = frozenset("not never no without nobody none neither nor cannot nothing hardly barely".split())
TURNED_AWAY = NEGATORS | frozenset(
    "fail failed failing unable avoid avoided avoiding refuse refused instead rather lack lacked lacking "
    "prevent prevented stop stopped reject rejected struggle struggled".split()
)
# "I'd no team" is "I had no team".
_BEHIND_HAD = frozenset("been had put set cut read let no a an the my our some one two".split())
_IN_THING = frozenset("any a an the of such my our".split())
_CAUSES = frozenset(
    "ask get tell want make let help invite push convince teach train allow need have enable".split()
)
_BREAKS = frozenset(", ; : . - but so because and".split())
_ADVERBS = frozenset("also then just never still first only always not even simply now later".split())

_WANTED = re.compile(
    r"\b(?:targets?|goals?|aim(?:ed|ing)?|objective|brief|mandate|want(?:ed)?|wish(?:ed)?|should|must|would"
    r"|'d(?!\s+(?:no|an?|the|my|our|some|been|had|half|plenty|\d|(?:one|two|three|four|five|six|seven|eight|nine|ten"
    r"|eleven|twelve)\b))|promised|plan(?:ned)?|supposed|expected|hoped|hoping|tasked|challenge|responsib\w+|landed\s+on|mine"
    r"|ready|asked|told|ask|job\s+was|baby|assigned|gave\s+myself"
    r"|(?:had|have|having|need(?:ed|ing)?|was|were)\s+(?:\w+\s+){0,2}to)\b",
    re.IGNORECASE,
)
_DONE_SINCE = re.compile(
    r"\b(?:i|we|they|it)\s+(?!had\s+to|wanted|needed|should|would|must)\w+"
    r"|[,;:]\s+(?:and|but|so|which|until)\b",
    re.IGNORECASE,
)
REACHED = frozenset(
    "reached hit achieved got brought took raised cut reduced rose fell dropped came went gone risen fallen "
    "increased grew grown lifted improved decreased lowered boosted ended finished closed climbed pushed "
    "drove delivered secured doubled halved tripled saved made managed exceeded resulting reaching hitting "
    "bringing cutting raising".split()
)
_LONGEST_WISH = 18  # tokens from the word for it to the figure


@dataclass(frozen=True)
class Voice:
    """For each token: who does it, the pronoun that says so (-1 where none does), whether it is a verb,
    whether it is only wished for or possible, whether it may be denied, and whether it surely is."""

    doer: tuple[Doer, ...]
    pronoun: tuple[int, ...]
    verb: tuple[bool, ...]
    modal: tuple[bool, ...]
    denied: tuple[bool, ...]
    refused: tuple[bool, ...]


def read_voice(passage: Passage, words: RewriteWords, lenient: bool = False) -> Voice:
    """The voice of a sentence. `lenient` takes "failed to" and "instead of" for denials as well."""
    verbs = tuple(_is_verb(passage, n, words) for n in range(len(passage.tokens)))
    doers, pronouns, modals = _read_doers(passage, verbs, words)
    refused = _read_denied(passage, NEGATORS, 3)
    denied = _read_denied(passage, TURNED_AWAY, 7) if lenient else _read_denied(passage, NEGATORS, 4)
    return Voice(doers, pronouns, verbs, modals, denied, refused)


def is_speaker(word: str) -> bool:
    """Whether a plain word is "I" or "we"."""
    return word in ("i", "we")


def acts(passage: Passage, voice: Voice, place: int, words: RewriteWords) -> bool:
    """Whether a verb is what its sentence says was done, not what somebody wanted or was to do."""
    word, before = passage.tokens[place].lower, _before(passage.tokens, place)
    under_way = word.endswith("ing") and before in _BE
    done = words.is_past(word) or under_way or before in _PRONOUNS or before in ("do", "does", "did")
    return voice.verb[place] and done


def _is_verb(passage: Passage, place: int, words: RewriteWords) -> bool:
    token = passage.tokens[place]
    if token.kind != "word" or not passage.stems[place]:
        return False
    before = _before(passage.tokens, place)
    if before in _DETERMINERS:
        return False
    if words.is_past(token.lower):
        return True
    gerund = token.lower.endswith("ing") and len(token.lower) > 4
    return gerund or before in _PRONOUNS or before in _HAVE or before == "to"


def _before(tokens: Sequence[Token], place: int) -> str:
    """The plain word before a token, adverbs left out; "" at the start."""
    for back in range(place - 1, max(-1, place - 4), -1):
        word = tokens[back].lower
        if word not in _ADVERBS and not word.endswith("ly"):
            return word
    return ""


def _read_doers(
    passage: Passage, verbs: Sequence[bool], words: RewriteWords
) -> tuple[tuple[Doer, ...], tuple[int, ...], tuple[bool, ...]]:
    doers: list[Doer] = []
    pronouns: list[int] = []
    modals: list[bool] = []
    state: Doer = ""
    pronoun, modal = -1, False
    outer: tuple[Doer, int, bool] | None = None
    for place, token in enumerate(passage.tokens):
        word, own = token.lower, state
        if word in _PRONOUNS and not _is_object(passage, place, verbs):
            if word in _RELATIVE:
                outer = (state, pronoun, modal)
            state = own = _PRONOUNS[word]
            pronoun, modal = place, _promises(passage, place, words)
        elif word in (",", "and") and outer:
            # "I, who ran the shop, wanted": behind the comma, or "and", it is I again.
            (state, pronoun, modal), outer = outer, None
        elif word in _MODALS:
            modal = modal or not _is_sight(passage, place)
        elif verbs[place]:
            own = _doer_of(passage, place, state, words)
            if own in ("other", "group") and own != state:
                state, pronoun, modal = own, -1, False
        doers.append(own)
        pronouns.append(pronoun)
        modals.append(modal)
    return tuple(doers), tuple(pronouns), tuple(modals)


def _doer_of(passage: Passage, place: int, state: Doer, words: RewriteWords) -> Doer:
    """Who does a verb: the last pronoun, a noun before it, nobody named, or whoever was asked to."""
    tokens = passage.tokens
    before = _before(tokens, place)
    if before in _BE and words.is_past(tokens[place].lower):
        return "passive"
    if before == "to":
        return _asked(passage, place, state, words)
    if not before or before in _BREAKS or tokens[place].lower.endswith("ing"):
        # Notes leave "I" out.
        opens = all(tokens[n].kind == "mark" or tokens[n].lower in _ADVERBS for n in range(place))
        return state or ("self" if opens and words.is_past(tokens[place].lower) else "")
    back = place - 1
    while back >= 0 and (tokens[back].lower in _HAVE or tokens[back].lower in _ADVERBS):
        back -= 1
    if back in passage.numbers:
        return "other"  # "nine said"
    noun = tokens[back].lower if back >= 0 and passage.stems[back] else ""
    if noun and not words.is_past(noun) and not noun.endswith("ly"):
        return "group" if noun == "team" else "other"
    return state


def _asked(passage: Passage, place: int, state: Doer, words: RewriteWords) -> Doer:
    """ "asked our developer to show": the developer shows; "asked me to show": I do."""
    to = next((n for n in range(place - 1, max(-1, place - 4), -1) if passage.tokens[n].lower == "to"), 0)
    asked = passage.tokens[to - 1].lower if to else ""
    if asked in ("me", "us"):
        return "self" if asked == "me" else "group"
    window = range(max(0, to - 8), to - 1)
    caused = any(words.stem(passage.tokens[n].lower).rstrip("_") in _CAUSES for n in window)
    noun = bool(to and passage.stems[to - 1]) and not words.is_past(asked)
    someone = noun or asked in ("him", "her", "them")
    return "other" if caused and someone else state


def _is_object(passage: Passage, place: int, verbs: Sequence[bool]) -> bool:
    """Whether a pronoun stands behind a verb or a preposition, and so does nothing itself."""
    if not place or passage.tokens[place].lower not in _OBJECTS:
        return False
    return verbs[place - 1] or passage.tokens[place - 1].lower in _PREPOSITIONS


def _is_sight(passage: Passage, place: int) -> bool:
    """ "I could see" is "I saw"."""
    after = passage.tokens[place + 1].lower if place + 1 < len(passage.tokens) else ""
    return passage.tokens[place].lower in ("could", "can") and after in ("see", "tell", "hear", "feel")


def _promises(passage: Passage, place: int, words: RewriteWords) -> bool:
    """Whether "I'd" stands for "I would", and "I'll" for what is still to come."""
    word = passage.tokens[place].lower
    if word.endswith("'ll"):
        return True
    if not word.endswith("'d") and word != "id":
        return False
    for token in passage.tokens[place + 1 : place + 4]:
        if token.kind == "word" and token.lower not in _ADVERBS:
            return not words.is_past(token.lower) and token.lower not in _BEHIND_HAD
    return False


def _read_denied(passage: Passage, negators: frozenset[str], reach: int) -> tuple[bool, ...]:
    denied: list[bool] = []
    left, thing_only = 0, False
    for place, token in enumerate(passage.tokens):
        if token.lower in negators or re.fullmatch(r"\w+n't", token.lower):
            left, thing_only = reach, token.lower in ("no", "without")
        elif token.lower in _BREAKS or (
            thing_only and not passage.stems[place] and token.lower not in _IN_THING
        ):
            left = 0  # "without results every morning" denies the results
        denied.append(left > 0)
        left -= 1
    return tuple(denied)


def is_wished(passage: Passage, place: int, reach: int = 8) -> bool:
    """Whether the words before a token tell it as what was wanted."""
    start = passage.tokens[max(0, place - reach)].start
    return bool(_WANTED.search(passage.text, start, passage.tokens[place].start))


def is_target(passage: Passage, own: Quantity) -> bool:
    """Whether the words before a number tell it as what was wanted. What somebody did after that ends it."""
    start = passage.tokens[max(0, own.first - _LONGEST_WISH)].start
    before = passage.text[start : passage.tokens[own.first].start]
    ends = [wanted.end() for wanted in _WANTED.finditer(before)]
    if not ends:
        return False
    behind = before[ends[-1] :]
    return not _DONE_SINCE.search(behind) and REACHED.isdisjoint(behind.lower().split())
