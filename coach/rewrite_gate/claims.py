"""Finds the words of a rewrite that the answer does not bear out: names, titles, praise, deeds, outcomes.

A word must be the answer's own in some form, another word for one of the answer's, or one that claims
nothing. All else is at fault, whatever it means.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from coach.rewrite_gate.evidence import Evidence
from coach.rewrite_gate.figures import DAYS, MONTHS, SIGNS
from coach.rewrite_gate.outcomes import (
    date_at_fault,
    grammar_at_fault,
    is_purpose,
    outcome_at_fault,
    told_otherwise,
)
from coach.rewrite_gate.slots import (
    SPEAKER,
    Issue,
    label_of,
    slot_at_fault,
    slot_for_name,
    word_before,
)
from coach.rewrite_gate.source import Passage, content_stems, overlap
from coach.rewrite_gate.voice import Voice

_REACH = 20  # tokens within which the answer says what a name or a date goes with
_LONGEST_TITLE = 4  # words to either side that belong to a title
_PUNCTUATION = frozenset(".,;:!?-'\"()&/@")
_QUOTE = re.compile(r"\"[^\"]+\"|(?<!\w)'[^']{6,}'(?!\w)")
_OPENERS = frozenset(":\"'([")
_NO_ADVERBS = frozenset(
    "reply supply apply family early rally ally comply rely imply multiply assembly italy july".split()
)
_BEFORE_MODIFIER = frozenset(
    "a an the my our his her its their this that these those each every of in on at with for by from into as "
    "and".split()
)
_NOT_MINE = frozenset("my our his her their with told asked".split())
_SELF = frozenset("was am became i'm i've".split())
_PASSIVE = frozenset("given asked told with sent helped shown".split())
_OWN_TITLE = frozenset("i i'm as i've role title appointed became".split())


def find_words_at_fault(passage: Passage, voice: Voice, source: Evidence) -> Iterator[Issue]:
    """Words that are not the answer's, and those that the answer says of something else, in order."""
    place = 0
    while place < len(passage.tokens):
        issue = None if place in passage.numbers else _issue_at(passage, place, voice, source)
        if issue:
            yield issue
        place = max(place + 1, issue.end if issue else 0)


def _issue_at(passage: Passage, place: int, voice: Voice, source: Evidence) -> Issue | None:
    token = passage.tokens[place]
    if token.kind == "slot":
        return slot_at_fault(passage, place, source)
    if token.kind in ("link", "foreign"):
        known = token.kind == "foreign" and token.lower in source.plain
        return None if known else Issue(place, place + 1, "cut")
    if token.kind != "word":
        return _sign_at_fault(passage, place, source)
    if _is_foreign_money(passage, place, source):
        return Issue(place, place + 1, "leave out")
    word = token.lower.removesuffix("'s")
    if _is_name(passage, place):
        return _name_at_fault(passage, place, word, source)
    if word in source.words.function:
        return grammar_at_fault(passage, place, source)
    stem = passage.stems[place]
    if stem in source.words.outcomes and (stem != "lead_" or voice.verb[place]):
        fault = outcome_at_fault(passage, place, voice, source)
        if fault == "praise":
            return _remedy(passage, place, source)
        return _cut(place) if fault else None
    free = stem in source.words.telling or is_purpose(passage, place, source.words)
    if not free and not _is_known(passage, place, source):
        return _remedy(passage, place, source)
    if told_otherwise(passage, place, voice, source):
        return _cut(place)
    return _title_at_fault(passage, place, source) or date_at_fault(passage, place, source)


def _sign_at_fault(passage: Passage, place: int, source: Evidence) -> Issue | None:
    """Signs that say something of a number ("×3", "-5%", "8²"), and those that are no punctuation."""
    tokens, sign = passage.tokens, passage.tokens[place].text
    if tokens[place].kind != "mark":
        return None
    behind = tokens[place + 1] if place + 1 < len(tokens) else None
    counted = behind is not None and behind.kind == "number" and behind.start == tokens[place].end
    apart = not place or tokens[place - 1].end < tokens[place].start
    if sign in "+-" and counted and apart:
        return (
            None
            if f"{sign}{tokens[place + 1].lower}" in source.folded
            else Issue(place, place + 1, "leave out")
        )
    if sign in _PUNCTUATION or (sign in SIGNS and behind is not None and behind.kind == "number"):
        return None
    if sign == "+" and place - 1 in passage.numbers and not (counted or apart):
        return None  # its bound is checked with the number
    if sign in source.plain and sign not in "+%":
        return None
    return Issue(place, place + 1, "cut" if sign in "×÷=" else "leave out")


def _is_foreign_money(passage: Passage, place: int, source: Evidence) -> bool:
    """ "A$" is another currency than "$"."""
    sign = passage.tokens[place + 1] if place + 1 < len(passage.tokens) else None
    if sign is None or sign.text not in SIGNS or sign.start != passage.tokens[place].end:
        return False
    return passage.tokens[place].lower + sign.text not in source.folded


def find_quotes_at_fault(passage: Passage, source: Evidence) -> Iterator[Issue]:
    """Words put in somebody's mouth: a quotation must be the answer's, word by word."""
    for quote in _QUOTE.finditer(passage.text):
        own = [t for t in passage.tokens if quote.start() < t.start and t.end < quote.end()]
        said = " ".join(token.lower for token in own if token.kind == "word")
        if len(said.split()) > 1 and f" {said} " not in source.said:
            place = bisect_left(passage.tokens, own[0].start, key=lambda token: token.start)
            yield Issue(place, place + 1, "cut")


def _cut(place: int) -> Issue:
    return Issue(place, place + 1, "cut")


def _is_name(passage: Passage, place: int) -> bool:
    """Whether a word has a capital that no sentence start accounts for."""
    tokens = passage.tokens
    if not tokens[place].text[0].isupper() or tokens[place].lower in SPEAKER or passage.shouted:
        return False
    opened = any(tokens[n].kind != "mark" for n in range(place))
    return opened and tokens[place - 1].text not in _OPENERS


def _name_at_fault(passage: Passage, place: int, word: str, source: Evidence) -> Issue | None:
    """A name must stand in the answer, with the names beside it in the same order."""
    tokens = passage.tokens
    back = place - 2 if tokens[place - 1].text in "&-/" else place - 1
    beside = back >= 0 and tokens[back].kind == "word" and tokens[back].text[0].isupper()
    run_on = (
        beside
        and tokens[back].lower not in source.words.function
        and not source.has_pair(tokens[back].lower, word)
        and not source.has_joined(tokens[back].lower + word)
    )
    known = _is_known_name(word, source)
    if known and not run_on and _is_in_place(passage, place, source):
        return None
    first = back if run_on else place
    return slot_for_name(passage, first, source)


def _is_known_name(word: str, source: Evidence) -> bool:
    """Whether the answer has a name itself; another word for it is not enough."""
    words = source.words
    if word in source.capitals or (word in source.plain and source.small):
        return True
    if word in (MONTHS.keys() | DAYS) - {"may", "march"}:
        return word in source.plain
    if word in words.word_names:
        return False
    return (
        word in words.function
        or word in source.plain
        or source.has_joined(word)
        or (word in words.known and words.stem(word) in source.stems)
    )


def _is_in_place(passage: Passage, place: int, source: Evidence) -> bool:
    """Whether the answer has a name or a date near to something that this sentence tells it of."""
    stem, words = passage.stems[place], source.words
    about = content_stems(passage, words, max(0, place - 14), place + 15) - {stem}
    places = source.find(stem)
    if not about or not places or stem in words.metrics:
        return True
    dated = passage.tokens[place].lower in MONTHS or passage.tokens[place].lower in DAYS
    near = (source.beside(p, _REACH) | source.around(p, _REACH // (2 if dated else 1)) for p in places)
    return any(overlap(words, about, stems) for stems in near)


def _is_known(passage: Passage, place: int, source: Evidence) -> bool:
    word = passage.tokens[place].lower.removesuffix("'s")
    if word in source.plain or (len(word) > 1 and source.knows(word)):
        return True
    tokens = passage.tokens
    for other in (place - 1, place + 1):
        if 0 <= other < len(tokens) and tokens[other].text == "-":
            other += other - place
        if 0 <= other < len(tokens) and tokens[other].kind == "word":
            first, second = sorted((place, other))
            if source.has_joined(tokens[first].lower + tokens[second].lower):
                return True
    return False


def _remedy(passage: Passage, place: int, source: Evidence) -> Issue:
    """What is to be done about a word that the answer does not have."""
    words, word, stem = source.words, passage.tokens[place].lower, passage.stems[place]
    if stem in words.certificates or (stem in words.titles and _is_claimed(passage, place)):
        first, end = _titled(passage, place, source)
        return Issue(first, end, "slot", f"[{label_of(passage, first, end, source)}]")
    dated = word in MONTHS or word in DAYS or stem in words.seasons
    if dated or word in words.tools or words.places.fullmatch(word):
        return Issue(place, place + 1, "slot", f"[{label_of(passage, place, place + 1, source)}]")
    if _can_go(passage, place, source):
        return Issue(place, place + 1, "leave out")
    return Issue(place, place + 1, "cut")


def _titled(passage: Passage, place: int, source: Evidence) -> tuple[int, int]:
    """A title with the words that belong to it: "senior marketing manager"."""
    first, end = place, place + 1
    while first > max(0, place - _LONGEST_TITLE) and _goes_with_title(passage.stems[first - 1], source):
        first -= 1
    longest = min(len(passage.tokens), place + 1 + _LONGEST_TITLE)
    while end < longest and _goes_with_title(passage.stems[end], source):
        end += 1
    return first, end


def _goes_with_title(stem: str, source: Evidence) -> bool:
    return bool(stem) and stem not in source.words.telling


def _can_go(passage: Passage, place: int, source: Evidence) -> bool:
    """Whether a sentence stands without the word: an adverb, praise, or what only describes a known word."""
    tokens, word = passage.tokens, passage.tokens[place].lower
    after = place + 1
    while after < len(tokens) and tokens[after].text == "-":
        after += 1
    if word.endswith("ly") and word not in _NO_ADVERBS:
        return True
    if after >= len(tokens) or tokens[after].kind not in ("word", "number"):
        return False
    past = source.words.is_past
    describes = bool(passage.stems[after]) and not past(tokens[after].lower)
    if source.words.stem(word) in source.words.deletable:
        return describes or tokens[after].lower not in ("of", "in", "at")
    before = word_before(tokens, place)
    plain = describes and passage.stems[after] not in source.words.outcomes and not past(word)
    return plain and before in _BEFORE_MODIFIER


def _title_at_fault(passage: Passage, place: int, source: Evidence) -> Issue | None:
    """A title of the answer's that is somebody else's there."""
    stem = passage.stems[place]
    if stem not in source.words.titles or not _is_claimed(passage, place) or _is_own_title(stem, source):
        return None
    first, end = _titled(passage, place, source)
    return Issue(first, end, "slot", "[your job title]")


def _is_claimed(passage: Passage, place: int) -> bool:
    """Whether a title is the speaker's: "I was the manager", "as a manager"."""
    before = [token.lower for token in passage.tokens[max(0, place - 7) : place]]
    if not _NOT_MINE.isdisjoint(before[-4:]):
        return False
    for back in range(len(before) - 1, -1, -1):
        word, behind = before[back], before[back + 1 :]
        if word == "as" and behind and behind[0] in ("a", "an", "the"):
            return True
        if word in _SELF:
            return _PASSIVE.isdisjoint(behind) and (word.startswith("i'") or before[back - 1 : back] == ["i"])
        if word in ("of", "to", "by", "for", "from", "and", ","):
            return False
    return False


def _is_own_title(stem: str, source: Evidence) -> bool:
    """Whether the answer has a title as the speaker's somewhere, and not as "my manager" there."""
    for place in source.find(stem):
        tokens = source.passages[place.passage].tokens
        before = {token.lower for token in tokens[max(0, place.token - 8) : place.token]}
        others = word_before(tokens, place.token) in ("my", "our", "his", "the")
        if not _OWN_TITLE.isdisjoint(before) and (not others or before & {"was", "am", "i'm", "as"}):
            return True
    return False
