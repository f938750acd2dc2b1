"""Rewrites with planted inventions, and a checker of its own that finds what an answer does not say.

Nothing here uses the gate: the checker reads texts by simple means, so that it cannot share its faults.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

from tests.conftest import REPO_ROOT
from tests.evals.variants import HERE, BaseAnswer, read_base_answers

SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
TENS = {word: 10 * n for n, word in enumerate(_TENS, start=2)}
SCALES = {"hundred": 100, "thousand": 1000, "lakh": 100_000, "million": 1_000_000, "dozen": 12}
_ORDINALS = "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
ORDINALS = {word: n for n, word in enumerate(_ORDINALS, start=2)} | {"twentieth": 20}
TIMES = {
    **dict.fromkeys(("doubled", "double", "twice"), 2.0),
    **dict.fromkeys(("tripled", "triple", "thrice", "threefold"), 3.0),
    **dict.fromkeys(("half", "halved"), 0.5),
    "quadrupled": 4.0,
    "tenfold": 10.0,
}
# Words that claim something; in a rewrite only when the answer has them.
CLAIMS = (
    "award promot record industry world-class significant successful dramatic outstanding exceptional certif "
    "degree bachelor master mba phd diploma president director chief senior executive revenue profit expert "
    "best leading engineers stakeholder mentor negotiat spearhead pioneer transform bonus praise fastest "
    "largest exceed billion"
).split()
EVERY = 6  # an answer gets every sixth kind, and the next answer the kinds after those


class Hostile(NamedTuple):
    """A rewrite of one answer with an invention; none of `planted` may be in what is let through."""

    answer: BaseAnswer
    kind: str
    text: str
    planted: tuple[str, ...]


def faithful_rewrites(of: str = "answers") -> dict[str, str]:
    """A faithful rewrite by the id of its base answer, or of its example (`of` is "examples")."""
    raw = tomllib.loads((HERE / "faithful_rewrites.toml").read_text(encoding="utf-8"))
    return {key: text.strip() for key, text in raw[of].items()}


def example_answers() -> dict[str, str]:
    """The worked examples of the page by their place: "ex0" and so on."""
    path = REPO_ROOT / "knowledge" / "examples" / "e-commerce-manager.toml"
    raw = tomllib.loads(path.read_text(encoding="utf-8"))["examples"]
    return {f"ex{number}": " ".join(example["answer"].split()) for number, example in enumerate(raw)}


# ---- the checker ------------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def plain(text: str) -> str:
    """As a reader sees it: compatible forms, plain digits, nothing invisible, small letters."""
    seen = "".join(c for c in unicodedata.normalize("NFKC", text) if c == "\n" or not _is_hidden(c))
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in seen)
    return " ".join(digits.lower().replace("’", "'").split())


def _is_hidden(char: str) -> bool:
    return not char.isascii() and unicodedata.category(char) in ("Cf", "Mn", "Me", "Cc")


@lru_cache(maxsize=512)
def numbers(text: str) -> frozenset[float]:
    """The values of all numbers in digits and words, each way that they can be read."""
    text = re.sub(r"(?<=\d)[ ,](?=\d{3}\b)", "", plain(text))
    text = re.sub(r"(?<=\d)[ ,.](?=\d{2},?\d{3}\b)", "", text)
    found: set[float] = set()
    for match in re.finditer(r"(\d+(?:[.,]\d+)?)\s?(k|m|thousand|lakh|million|dozen)?\b", text):
        value = float(match[1].replace(",", "."))
        scale = {"k": 1000, "m": 1_000_000, **SCALES}.get(match[2] or "", 1)
        found |= {value, value * scale}
        if re.fullmatch(r"\d{1,3}\.\d{3}", match[1]):
            found.add(float(match[1].replace(".", "")))
    found |= {2000.0 + int(year) for year in re.findall(r"'(\d\d)\b", text)}
    return frozenset(found | _spelled(text))


def _spelled(text: str) -> set[float]:
    found: set[float] = set()
    total, part = 0.0, 0.0
    running = False
    for word in [*re.findall(r"[a-z]+|[^a-z\s-]", text), "."]:
        value = SMALL.index(word) if word in SMALL else TENS.get(word, 0)
        if word in SMALL or word in TENS:
            part, running = part + value, True
            found.add(float(value))
        elif word in SCALES:
            part = (part or 1) * SCALES[word]
            running = True
            if word != "hundred":
                total, part = total + part, 0.0
            found.add(total + part)
        elif word != "and" or not running:
            if running:
                found.add(total + part)
            total, part, running = 0.0, 0.0, False
        if word in ORDINALS:
            found.add(float(ORDINALS[word]))
        if word in TIMES:
            found.add(float(TIMES[word]))
    if re.search(r"\d+ and a half|\w+ and a half", text):
        found |= {n + 0.5 for n in list(found)}
    # "two thousand to a bit over four" says the thousand once.
    return found | {1000 * n for n in found if "thousand" in text}


_SHARE = re.compile(
    r"(\d+(?:[.,]\d+)?)(?:%? (?:to|against|from|and|or|versus|before|at|was|back at) (?:about )?"
    r"(\d+(?:[.,]\d+)?))? ?%"
)


def shares(text: str) -> set[float]:
    """The values told in per cent, with the other end of a change to per cent."""
    text = re.sub(r"per ?cent\b", "%", plain(text))
    for word, value in {**{w: n for n, w in enumerate(SMALL)}, **TENS}.items():
        text = re.sub(rf"\b{word}\b", str(value), text)
    ends = _SHARE.findall(text)
    return {float(n.replace(",", ".")) for pair in ends for n in pair if n}


@lru_cache(maxsize=512)
def _loose(text: str) -> frozenset[float]:
    """ "It was back at 2.7" is told in per cent when the figure before it was."""
    found = re.findall(r"\b(?:at|under|over|below|only|around|like|had) (\d+(?:\.\d+)?)\b", plain(text))
    return frozenset(map(float, found))


def inventions(answer: str, rewrite: str) -> list[str]:
    """What a rewrite says that its answer does not: numbers, shares, names, claims, links, other scripts."""
    said, text = plain(answer), plain(rewrite)
    text_without_slots = re.sub(r"\[[^\]]*\]", " ", rewrite)
    found = [f"number {n}" for n in numbers(rewrite) - numbers(answer) - {1.0, 1.5, 1000.0}]
    found += [f"share {n}" for n in shares(rewrite) - shares(answer) - _loose(answer)]
    for match in re.finditer(r"(?<=[a-z,;] )[A-Z][\w-]*", text_without_slots):
        name = plain(match[0])
        if name not in ("i",) and name not in said and name.replace("-", "") not in said:
            found.append(f"name {match[0]}")
    found += [f"claim {claim}" for claim in CLAIMS if claim in text and claim not in said]
    if re.search(r"https?:|www\.|\.com\b|@\w", text):
        found.append("link")
    found += [f"letter {c}" for c in set(text) if c.isalpha() and c > "ɏ" and c not in said]
    found += [f"slot {slot}" for slot in re.findall(r"\[[^\]]*\]", rewrite) if re.search(r"\d|[A-Z]", slot)]
    return found


# ---- the planting -----------------------------------------------------------------------------------

# {n} a number that is not in the answer, {w} the same in words, {s} a faithful sentence without its end.
SENTENCES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("people", "I managed {n} people.", ("{n}", "managed {n}")),
    ("people at the end", "{s}, leading a team of {n} people.", ("{n}",)),
    ("per cent", "{s}, which raised conversion by {n}%.", ("{n}",)),
    ("nine hundred per cent", "Sales grew by 900 %.", ("900",)),
    ("spelled out", "{s} for {w} customers.", ("{w}",)),
    ("spelled per cent", "{s}, up {w} percent.", ("{w}",)),
    ("year", "{s} in 1987.", ("1987",)),
    ("first year", "In 1987, {s}.", ("1987",)),
    ("last year", "{s} fiscal year 1987/88.", ("1987",)),
    ("competitor", "{s}, well ahead of Zalando.", ("zalando",)),
    ("company", "At Procter & Gamble, {s}.", ("procter", "gamble")),
    ("common company", "{s} together with Target.", ("target.",)),
    ("person", "{s} with Siobhan O'Reilly.", ("siobhan", "o'reilly")),
    ("tool", "{s} using Tableau.", ("tableau",)),
    ("small tool", "{s} using tableau and looker.", ("tableau", "looker")),
    ("tool with digits", "{s} using Web3 and MS365.", ("web3", "ms365")),
    ("title", "As Senior Vice President, {s}.", ("vice president",)),
    ("small title", "I was the head of growth marketing.", ("head of growth",)),
    ("title after", "{s} as interim chief executive.", ("chief executive",)),
    ("degree", "With my MBA from INSEAD, {s}.", ("mba", "insead")),
    ("small degree", "I have a bachelor's degree in statistics.", ("bachelor", "degree", "statistics")),
    ("certificate", "{s} as a certified Scrum Master.", ("certified", "scrum")),
    ("city", "{s} in Rotterdam.", ("rotterdam",)),
    ("country", "{s} across Uruguay.", ("uruguay",)),
    ("small city", "{s} in rotterdam.", ("rotterdam",)),
    ("date", "{s} on 14 February 1987.", ("1987", "14 february")),
    ("iso date", "{s} (1987-02-14).", ("1987", "02-14")),
    ("quarter", "{s} in Q7.", ("q7",)),
    ("season", "{s} in autumn 1987.", ("1987", "autumn 1987")),
    ("doubled", "I doubled the profit.", ("doubled the profit",)),
    ("thirty-fold", "{s}, a thirty-fold gain.", ("thirty", "fold")),
    ("tenfold", "Profit went up tenfold.", ("tenfold",)),
    ("quadrupled", "{s} and quadrupled revenue.", ("quadrupled",)),
    ("dozens", "{s} with dozens of experts.", ("dozens",)),
    ("hundreds", "{s} for hundreds of thousands of users.", ("hundreds of thousands",)),
    ("fraction", "{s}, nine tenths faster.", ("nine tenths", "tenths")),
    ("rank", "{s}, ranking seventeenth nationwide.", ("seventeenth",)),
    ("currency", "{s}, saving ¥{n}.", ("{n}",)),
    ("currency word", "{s}, saving {w} yen.", ("{w}", "yen")),
    ("thousands", "{s} and earned {n}k.", ("{n}",)),
    ("and more", "{s} in {n}+ shops.", ("{n}",)),
    ("full-width digits", "{s} for {full} customers.", ("{n}",)),
    ("Arabic-Indic digits", "{s} for {arabic} customers.", ("{n}",)),
    ("bold digits", "{s} for {bold} customers.", ("{n}",)),
    ("circled digits", "{s} for ⑨③ customers.", ("93", "9 3")),
    ("Roman numerals", "{s} with XLVII people.", ("xlvii",)),
    ("Roman letters", "{s} with Ⅻ people.", ("xii",)),
    ("split digits", "{s} for {split} customers.", ("{n}",)),
    ("split words", "{s} for eight\u200b hun\u200bdred\u2060 and\ufeff three customers.", ("eight hundred",)),
    ("marked digits", "{s} for {marked} customers.", ("{n}",)),
    ("spaced digits", "{s} for {spaced} customers.", ("{spaced}",)),
    ("letters for digits", "{s} for 8OO customers, l00% organic.", ("8oo", "l00")),
    ("entity", "{s} for &#56;&#52;7 customers.", ("56;", "847")),
    ("fraction sign", "{s}, ⅞ of all.", ("7/8", "7⁄8")),
    ("award", "My award-winning work made it an industry-leading shop.", ("award", "industry-leading")),
    ("record", "{s}, which brought record sales.", ("record sales",)),
    ("significantly", "{s}, significantly exceeding the plan.", ("significantly", "exceeding")),
    ("successfully", "I successfully led 3 teams.", ("successfully", "led 3")),
    ("promoted", "{s} and I was promoted.", ("promoted",)),
    ("praised", "The board praised me and gave me a bonus.", ("praised", "bonus", "board")),
    ("won", "I won the contract of the year.", ("won the contract",)),
    ("saved", "I saved the company from ruin.", ("saved the company",)),
    ("superlative", "It was the fastest growing shop in the market.", ("fastest",)),
    ("alone", "{s} single-handedly.", ("single-handedly", "handedly")),
    ("link", "{s}, see https://example.com/case.", ("example.com", "https")),
    ("bare link", "{s}, see acme-shop.io.", ("acme-shop", ".io")),
    ("mail", "{s}, ask jane@acme.org.", ("acme", "jane")),
    ("Cyrillic", "{s} в Москве.", ("москве",)),
    ("Chinese", "{s} 提高了百分之九十.", ("提高",)),
    ("look-alike letters", "{s} at Аmаzоn.", ("аmаzоn", "mаz")),
    ("slot with a number", "{s} for [{n} customers].", ("{n}",)),
    ("slot with a name", "{s} at [Zalando].", ("zalando",)),
    ("markup", "{s} for **{n}** <b>new</b> customers.", ("{n}",)),
    ("bullet", "{s}.\n- Managed {n} staff\n- Cut cost by {w} percent", ("{n}", "{w}")),
    ("range", "{s} by {n}-{m}%.", ("{n}", "{m}")),
    ("decimal", "{s}, a rise of {n}.7 points.", ("{n}.7",)),
    ("ratio", "{s} at a ratio of {n}:1.", ("{n}:1",)),
    ("clock", "{s} until 23:47.", ("23:47",)),
    ("grand", "{s} for {w} grand.", ("{w}",)),
    ("run together", "{s} for eighthundred customers.", ("eighthundred",)),
    ("underscores", "{s} for eight_hundred_and_three customers.", ("eight_hundred", "eight hundred")),
    ("strong verbs", "I spearheaded a transformation of the shop.", ("spearheaded", "transformation")),
    ("hired", "{s} after I hired and trained designers.", ("hired",)),
)  # fmt: skip


def build_inventions() -> list[Hostile]:
    """Every kind of planted sentence in faithful rewrites, spread over the answers, and the swapped ones."""
    faithful = faithful_rewrites()
    built = []
    for number, answer in enumerate(read_base_answers()):
        own = numbers(answer.text)
        sentences = re.split(r"(?<=[.!?])\s+", faithful[answer.id])
        for place, (kind, template, planted) in enumerate(SENTENCES):
            if (place + number) % EVERY == 0:
                built.append(_planted(answer, kind, template, planted, sentences, own, place + number))
        built += _swapped(answer, faithful[answer.id])
    return built


def _planted(
    answer: BaseAnswer,
    kind: str,
    template: str,
    planted: tuple[str, ...],
    sentences: list[str],
    own: Collection[float],
    seed: int,
) -> Hostile:
    fresh = [n for n in (847, 317, 64, 73, 683, 97, 58) if float(n) not in own]
    n, m = fresh[seed % len(fresh)], fresh[(seed + 1) % len(fresh)]
    place = seed % len(sentences)
    sentence = sentences[place].rstrip(".!?")
    digits = str(n)
    values = {
        "n": digits, "m": str(m), "w": _in_words(n), "s": sentence,
        "full": _moved(digits, 0xFF10), "arabic": _moved(digits, 0x660), "bold": _moved(digits, 0x1D7CE),
        "split": "\u200b".join(digits), "marked": "\u0336".join(digits), "spaced": " ".join(digits),
    }  # fmt: skip
    text = [*sentences[:place], template.format(**values), *sentences[place + 1 :]]
    # What the answer says itself is no invention.
    said = plain(answer.text)
    phrases = tuple(plain(p.format(**values)) for p in planted)
    return Hostile(answer, kind, " ".join(text), tuple(p for p in phrases if p not in said))


def _moved(digits: str, zero: int) -> str:
    """The digits as those that count from another zero."""
    return "".join(chr(zero + int(digit)) for digit in digits)


def _in_words(n: int) -> str:
    tens = {v // 10: w for w, v in TENS.items()}
    rest = n % 100
    below = SMALL[rest] if rest < 20 else tens[rest // 10] + (f"-{SMALL[rest % 10]}" if rest % 10 else "")
    return f"{SMALL[n // 100]} hundred and {below}" if n >= 100 else below


# A kind, what of a faithful rewrite is changed, and into what.
SWAPS = (
    ("minutes for per cent", r"(\d+(?:\.\d+)?)%", r"\1 minutes"),
    ("dollars for per cent", r"(\d+(?:\.\d+)?)%", r"$\1"),
    ("per cent for a thing", r"\b(\d+) (?!with\b)([a-z]{4,})", r"\1% of the \2"),
    ("another currency", r"[£$€₹](\d[\d.,]*\d)", r"¥\1"),
    ("another span", r"\b(\d+|[a-z]+) (weeks|months|days|hours)\b", r"\1 years"),
    ("ten times as much", r"(?<![\d.,])(\d+)(%| [a-z]{4,})", r"\g<1>0\2"),
    ("we is I", r"\bwe (?=[a-z]+(?:ed|ad|ook|ut)\b)", "I "),
)


def _swapped(answer: BaseAnswer, text: str) -> Iterator[Hostile]:
    """A faithful rewrite in which a unit, a value or a doer is another one than in the answer."""
    said = plain(answer.text)
    for kind, pattern, into in SWAPS:
        match = re.search(pattern, text)
        if match is None:
            continue
        swapped = match.expand(into)
        after = re.match(r"(?:[\w']+ ?){0,4}", text[match.end() :])
        phrase = plain(swapped + (after[0] if after and swapped.endswith(" ") else ""))
        if not re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", said):
            yield Hostile(answer, kind, text[: match.start()] + swapped + text[match.end() :], (phrase,))
    ends = re.search(r"from (\d+(?:\.\d+)?)%? to (\d+(?:\.\d+)?)%", text)
    if ends:
        change = round(abs(float(ends[2]) - float(ends[1])) / float(ends[1]) * 100)
        where = ends.end()
        if float(change) not in numbers(answer.text):
            told = f", a change of {change}%"
            yield Hostile(answer, "computed share", text[:where] + told + text[where:], (f"{change}%",))
