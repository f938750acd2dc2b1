"""Lines that no question may be drawn from: about private matters, since asking would be unlawful or an
intrusion, and those that speak to a machine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, Literal

from coach.config import resource_root
from coach.documents import Line
from coach.question_sets.lawful import LawfulCheck
from coach.schema import Notice
from coach.signals.instructions import find_instructions

_FORGED = re.compile(r"^\W*(?:system|developer)\s+(?:prompt|message|override)\s*:", re.IGNORECASE)
_LONGEST = 20_000  # characters of a line that are looked at, as of an answer

_TRAIT = (
    r"(?:age|sex|gender(?:\s+identity)?|race|colou?r|religion|belief|faith|creed|ethnicity|ethnic\s+\w+"
    r"|nationality|national\s+origin|ancestry|disability|sexual\s+orientation|marital\s+status|pregnancy"
    r"|veteran(?:\s+status)?)"
)
_FAITH = (
    r"(?:baptist|catholic|methodist|lutheran|anglican|orthodox|evangelical|pentecostal|presbyterian"
    r"|christian|jewish|muslim|islamic|hindu|sikh|buddhist|mormon|parish|local|our|my)"
)
_WORDS = (
    r"criminal\s+record",
    r"background\s+check",
    r"dbs\s+check",
    r"disclosure\s+and\s+barring",
    r"credit\s+check",
    r"medical\s+exam\w*",
    r"drug\s+test\w*",
    r"(?:security|background|police|garda|staff|enhanced|employment|pre-employment)\s+vetting",
    r"vetting\s+(?:checks?|process|procedure|clearance|level|applies|may|will|is|required)",
    r"disabled\s+(?:applicants?|candidates?)",
    r"(?:am|are|be|i'm|is|was|registered|severely)\s+disabled(?!\s+(?:by|for|on|in|until))",
    r"(?:my|your|own|any|no|registered|without|with\s+an?|have\s+an?|has\s+an?)\s+(?:\w+\s+)?disabilit(?:y|ies)"
    r"(?!\s+(?:charit|sector|web|shop|market|product|organi))",
    r"(?:candidates?|applicants?|colleagues?|employees?)\s+(?:with|who\s+have)\s+(?:an?\s+)?disabilit\w+",
    r"disability\s+(?:status|confident|benefits?|leave|pension)",
    r"pregnan\w+",
    r"physical(?:ly)?\s+(?:fit|demand\w*|requirements?|able)",
    r"able[- ]bodied",
    r"lift(?:ing)?\s+(?:up\s+to\s+)?\d+",
    r"(?:sit|stand)\s+for\s+long",
    r"(?:maternity|paternity|parental|family|sick|carer'?s)\s+leave",
    r"career\s+break",
    r"sabbatical",
    r"illness",
    r"(?:my|own|your|have|had|having|survived|beat|fought|overcame)\s+(?:\w+\s+){0,2}"
    r"(?:cancer|tumou?r|leuk[ae]?emia|stroke|heart\s+attack)",
    r"cancer\s+(?:survivor|treatment|diagnosis|patient\s+myself)",
    r"(?:my|own|your|wheel\s*chair\s+users?\s+my|no|a)\s+(?:own\s+)?wheel\s*chair(?!\s+(?:access|ramp|shop|brand|range))",
    r"wheel\s*chair\s+user(?!s?\s+(?:can|could|find|buy|shop))",
    r"menopaus\w+",
    r"hiv(?:[- ]positive|\s+status)",
    r"(?:my|your|own|a|after|from)\s+(?:\w+\s+)?(?:burn-?\s?out|nervous\s+breakdown|depression)",
    r"(?:alcohol|drugs?|gambling|my|own|your)\s+(?:addiction|abuse|dependency)",
    r"(?:my|your|own)\s+(?:\w+\s+)?mental\s+health",
    r"(?:my|your|own)\s+(?:body\s+)?weight|body\s+weight|weight\s+by\s+\d+\s*(?:kg|kilos?|pounds|lbs?|stone)",
    r"caring\s+for",
    r"aged?\s+(?:between\s+|under\s+|over\s+|below\s+)?\d+",
    r"(?:no\s+)?(?:older|younger)\s+than\s+\d+",
    r"(?:male|female|men|women|single|unmarried)\s+(?:(?:candidates?|applicants?)\s+)?only",
    r"(?:male|female)\s+(?:candidates?|applicants?)",
    r"only\s+(?:men|women|male|female)",
    r"religio\w+",
    r"church\s+member\w*",
    rf"{_FAITH}\s+(?:church|congregation|mosque|temple|synagogue|chapel|faith)",
    r"mosque|synagogue",
    r"(?:grew|led|served|my|our|the)\s+congregation",
    r"(?:imam|rabbi|vicar|priest|pastor|deacon|chaplain)(?=\s*(?:,|\||-|–|at|of|in|$))",
    r"(?:treasurer|elder|warden|volunteer|leader)\b.{0,40}\bchurch(?!\s+(?:supplies|organs?))",
    r"ethnic\w*",
    r"(?:your|my|their|own)\s+(?:race|gender)\b(?!\s+(?:day|to|for|against))",
    r"gender\s*:",
    r"sexual\s+(?:orientation|identity)",
    r"(?:hetero|homo|bi)sexual\w*",
    r"marital",
    r"(?:un)?married(?=\s*(?:[,;.|]|and\b|or\b|with\b|to\b|$))",
    r"(?:am|are|be|i'm|is|was|got|get|getting|not|happily|newly)\s+(?:un)?married",
    r"single\s+(?:mother|father|parent)",
    r"children\s*:",
    r"(?:two|three|four|\d)\s+(?:kids|children)(?=\s*(?:[,;.|]|$|while))",
    r"(?:mother|father)\s+of",
    r"(?:start|raise|raising|plan|planning)\s+a\s+family(?!\s+(?:brand|business|range|event|campaign))",
    r"household\s+of",
    r"(?:full[- ]time|stay[- ]at[- ]home)\s+(?:mother|father|mum|mom|dad|parent)",
    r"raised\s+(?:\w+\s+){0,2}(?:kids|children|sons?|daughters?|twins)(?=\s*(?:[,;.|]|$|while\b|and\b))",
    r"credit\s+history|no\s+debts",
    r"date\s+of\s+birth",
    r"born\s+(?:in|on|\d)",
    r"nationality",
    r"national\s+origin",
    r"protected\s+characteristics?",
    r"lived\s+experience",
    r"union\s+member\w*",
    r"(?:led|chaired|joined|member\s+of|elected\s+to|sat\s+on)\s+the\s+works\s+council",
    r"(?:green|labour|conservative|democratic|republican|liberal|socialist|communist|political)\s+party",
    r"prisoner(?=\s*(?:,|\||-|–|at|in|$))",
    r"military\s+service\s+(?:completed|done|served)",
    r"photo(?:graph)?s?\s+(?:showing|of)\s+(?:your|yourself|you|my)",
    r"salary\s+(?:expectations?|history)",
    r"current\s+salary",
    r"(?:young|youthful)\s+(?:and|team|person|talent)",
    rf"(?:regardless|irrespective)\s+of\s+(?:\w+\s+){{0,3}}{_TRAIT}",
    r"(?:regardless|irrespective)\s+of\s+(?:their|your|any)?\s*(?:background|identity|family)",
    r"whatever\s+their",
)
PRIVATE: Final = re.compile(rf"\b(?:{'|'.join(_WORDS)})", re.IGNORECASE)
# "Race, religion and age" is about people; "by age and gender" of buyers is about a market.
_TRAITS = re.compile(rf"\b{_TRAIT}\s*(?:,\s*(?:and|or)?|/|and|or)\s*{_TRAIT}\b", re.IGNORECASE)
_MARKET = re.compile(r"\b(?:customers?|shoppers?|buyers?|audiences?|segment\w*|markets?)\b", re.IGNORECASE)
# A line is not to be quoted when it may not be asked about in one of these words.
_FRAMES = (
    *("Are you {}?", "Do you have {}?", "Have you {}?", "Do you {}?", "Tell me about your {}.", "{}?"),
    "Do you have your {}?",
)
_DEMAND = re.compile(r"^(?:you\s+)?must(?:\s+(?:be|have))?\s+", re.IGNORECASE)
_OWN = re.compile(r"\b(?:my|your)\b", re.IGNORECASE)
_SHORT = 4  # words
_LONGEST_FRAMED = 600  # characters of a line that are tried in the frames


@lru_cache(maxsize=2000)
def is_private(text: str) -> bool:
    """Whether a line of a paper is about a private matter, so that no question may be drawn from it."""
    text = text[:_LONGEST].replace("’", "'")
    if PRIVATE.search(text) or (_TRAITS.search(text) and not _MARKET.search(text)):
        return True
    matter = _DEMAND.sub("", text[:_LONGEST_FRAMED].strip(" .;,"))
    if not matter:
        return False
    # In a longer line a word such as "birthday" alone says little, unless it is somebody's own.
    loosely = len(matter.split()) <= _SHORT or _OWN.search(matter) is not None
    asked = (frame.format(matter[0].lower() + matter[1:]) for frame in _FRAMES)
    return any(_check().check(question, loosely) for question in asked)


@lru_cache(maxsize=1)
def _check() -> LawfulCheck:
    return LawfulCheck.open(resource_root() / "knowledge")


def private_notice(paper: Literal["job", "resume"], name: str, count: int) -> Notice:
    """What to say about lines of a paper that were left out because they are private."""
    lines = "1 line" if count == 1 else f"{count} lines"
    message = (
        f"{lines} of the {name} left out: private matters such as age, family, health or faith are not asked "
        "about in an interview."
    )
    return Notice(code=f"private_in_{paper}", message=message)


def lines_for_people(lines: Sequence[Line]) -> Iterator[Line]:
    """Without the lines that speak to a machine; what is very long is cut.

    Each line is judged alone: next to it stands somebody else's text, without an "I" to tell it by.
    """
    for line in lines:
        cut = line._replace(text=line.text[:_LONGEST])
        if not _FORGED.search(cut.text) and not find_instructions(cut.text):
            yield cut
