"""A question as plain words for rules to read, each with its place in the question as it was given.

Small letters without accents, Latin ones for letters that look like them, nothing invisible; "be" for every
form of it, likewise for other common verbs, "will" for every modal verb, "." for the end of a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

_FORMS: dict[str, tuple[str, ...]] = {
    form: tuple(plain.split())
    for plain, forms in {
        "be": "am are is was were been being ain't aint",
        "have": "has had having",
        "do": "does did doing done",
        "will": "would could can may might shall should must cannot wont",
        "you": "u ya ye y'all yall thou thee",
        "your": "ur yr yer thy",
        "you be": "youre ur're",
        "what be": "whats",
        "who be": "whos",
        "that be": "thats",
        "when be": "whens",
        "where be": "wheres",
        "how be": "hows",
        "do not": "dont",
        "be not": "arent isnt",
    }.items()
    for form in forms.split()
}
_VERBS = (
    "use claim visit join belong pray support attend celebrate observe practise practice suffer file"
    " receive move vote donate protest serve commit declare owe rent earn weigh adopt care look live need"
    " believe retire finish graduate complete start conceive want like intend happen depend pick watch"
    " identify prefer walk call miss attach include smoke vape move emigrate immigrate migrate borrow"
    " inherit convert report answer work follow sign lean campaign gamble dye foster"
).split()
_IRREGULAR = (
    "see saw seen seeing sees|take took taken taking takes|go went gone going goes"
    "|get got gotten getting gets|become became becoming becomes|pay paid paying pays"
    "|wear wore worn wearing wears|keep kept keeping keeps|drink drank drunk drinks"
    "|leave left leaving leaves|grow grew grown growing grows|spend spent spending|come came coming comes"
    "|hold held holding holds|speak spoke spoken speaking speaks|eat ate eaten eating"
    "|make made making makes|try tried tries trying|read reading reads|lose lost losing loses"
    "|bring brought|give gave given giving gives|run ran running runs|feel felt feeling feels"
    "|think thought thinking thinks|fall fell fallen falling falls|stop stopped stopping stops"
    "|undergo underwent undergone|send sent sending|steal stole stolen stealing"
    "|identify identified identifies identifying|break broke broken breaking|sleep slept sleeping"
    "|catch caught|find found finding"
)


def _regular(verb: str) -> Iterator[str]:
    stem = verb.removesuffix("e")
    yield from (f"{stem}ed", f"{stem}ing", f"{verb}s")


_FORMS |= {form: (verb,) for verb in _VERBS for form in _regular(verb)}
_FORMS |= {form: (verb,) for verb, *forms in map(str.split, _IRREGULAR.split("|")) for form in forms}
_ENDINGS = {"re": "be", "m": "be", "ve": "have", "ll": "will", "d": "will"}
# After these "'s" stands for "is".
_IS_AFTER = frozenset("what who where when how that there it he she here why which this".split())
_LOOKS_LIKE = str.maketrans(
    "аевкмнорстухіјѕԁһӏɡıαβεικνορτυχ’‘‛ʼ`´＇‐‑‒–—−",
    "aebkmhopctyxijsdhlgiabeikvoptux'''''''------",
)
_BLANK_LETTERS = frozenset("\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800")
_DIGIT_LETTERS = (str.maketrans("013457@$", "oieastas"), str.maketrans("013457@$", "oleastas"))
_TOKEN = re.compile(
    r"""(?P<spaced>(?<![a-z0-9'])[a-z](?:[ .*_-]{1,2}[a-z]){2,}(?![a-z0-9']))
      |(?P<word>(?:[a-z]\.){2,}|[a-z0-9@$+]+(?:[-'][a-z0-9@$+]+)*)
      |(?P<stop>[.?!;…\n。？！]+)|(?P<pause>[,:()"“”«»/—-]+)""",
    re.VERBOSE,
)


class Word(NamedTuple):
    """A plain word, or "." or ","; it stands at `start:end` of the question as given."""

    text: str
    start: int
    end: int


def plain_words(question: str, mend: Callable[[str], str | None]) -> list[Word]:
    """The question's words in order, "." last. `mend` gives the right spelling of a word that is written
    wrongly, or None where it knows none."""
    letters, places = _visible(question)
    words: list[Word] = []
    for match in _TOKEN.finditer(letters):
        start, end = places[match.start()], places[match.end() - 1] + 1
        for text in _texts(match, mend):
            is_verb = text == "'s" and words and words[-1].text in _IS_AFTER
            words.append(Word("be" if is_verb else text, start, end))
    return [*words, Word(".", len(question), len(question))]


def plain_form(word: str) -> tuple[str, ...]:
    """The plain form of a word in small letters: one word or more."""
    if word in _FORMS:
        return _FORMS[word]
    stem, apostrophe, ending = word.rpartition("'")
    if not apostrophe:
        return (word,)
    if ending == "t" and stem.endswith("n"):
        return plain_form({"won": "will", "can": "can"}.get(stem, stem[:-1]))
    if ending == "s":
        return (*plain_form(stem), "'s")
    return (*plain_form(stem), _ENDINGS[ending]) if ending in _ENDINGS else (word,)


def _visible(question: str) -> tuple[str, list[int]]:
    """The characters that show, in plain small letters, and where in the question each one comes from."""
    if question.isascii():
        return question.lower(), list(range(len(question)))
    kept: list[str] = []
    places: list[int] = []
    for place, char in enumerate(question):
        if char.isascii():
            shown = char.lower()
        elif char in _BLANK_LETTERS:
            continue
        else:
            parts = unicodedata.normalize("NFKD", char).casefold().translate(_LOOKS_LIKE)
            shown = "".join(c for c in parts if unicodedata.category(c)[0] not in "MC")
        kept.append(shown)
        places.extend([place] * len(shown))
    return "".join(kept), places


def _texts(match: re.Match[str], mend: Callable[[str], str | None]) -> Iterator[str]:
    text = match[0]
    if match["stop"]:
        yield "."
    elif match["pause"]:
        yield ","
    elif match["spaced"]:
        joined = re.sub(r"[^a-z]", "", text)
        whole = mend(joined)
        yield from (whole,) if whole else (part for letter in re.findall("[a-z]", text) for part in (letter,))
    else:
        yield from plain_form(_spelled(text.replace(".", ""), mend))


def _spelled(word: str, mend: Callable[[str], str | None]) -> str:
    if word in _FORMS:
        return word
    if not word.isalpha() and any(c.isalpha() for c in word):
        tries = [word.replace("-", ""), *(word.translate(table) for table in _DIGIT_LETTERS)]
        return next((right for one in tries if one != word and (right := mend(one))), word)
    return mend(word) or word
