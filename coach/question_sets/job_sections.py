"""Which part of a job description a heading opens."""

from __future__ import annotations

import re
from typing import Literal

from coach.documents import Line

# "other" is opened by a heading that says nothing about requirements, and is where a text begins.
Section = Literal["duties", "must", "nice", "offer", "company", "legal", "other"]

_LONGEST_HEADING = 9  # words
_LONGEST_UNMARKED = 6  # words of a line that only its wording makes a heading
# The first that fits decides. A heading is compared as a whole line, with a colon or question mark left out.
_PATTERNS: tuple[tuple[Section, str], ...] = (
    (
        "legal",
        r"equal\w*\b|diversity|inclusion|privacy|cookie|how to apply|\bapply\b|application|interested$"
        r"|contact"
        r"|closing date|(?:recruitment|hiring|selection|interview) (?:process|steps)|next steps|disclaimer"
        r"|accommodation|adjustments|data protection|safeguarding|legal|physical (?:req|dem)"
        r"|working conditions",
    ),
    (
        "nice",
        r"nice.to.ha|desir|bonus|preferred|stand out|extra points|brownie|would be (?:great|good|nice)"
        r"|(?:a|the|big) plus"
        r"|\bpluses\b|advantage|additional skills|ideally|good to have|not essential|optional",
    ),
    (
        "offer",
        r"(?:we|our) offer|offer(?:s|ing)? you|benefit|perks|in it for you|what you(?:'ll| will"
        r"| can)? (?:get|receive)"
        r"|what (?:we|you) (?:give|can expect|get)|why (?:join|work|us|you)|salary|compensation"
        r"|package|rewards?\b|remuneration"
        r"|^(?:the )?terms|look forward|we provide|working (?:with|at|for) |what awaits you|pay and"
        r"|location and",
    ),
    (
        "must",
        r"you(?:'ll| will)? (?:bring|need|have|are|offer)\b|what (?:you need|we need|we require"
        r"|makes you|we(?:'d| would) like)|requirement"
        r"|qualification|your (?:profile|background|skills|experience|strengths|qualities)|^(?:the "
        r"|candidate )?profile|person spec|essential(?! (?:function|dut|respons|job))|who you are"
        r"|about you|skills|experience|we(?:'re| are) looking for|looking for$|must.ha"
        r"|wish for|we (?:expect|wish|hope)|ideal candidate|competenc"
        r"|knowledge|is this you|you if|attributes|ability|criteria",
    ),
    (
        "duties",
        r"responsib|functions|tasks|dut(?:y|ies)\b|accountabilit|what you(?:'ll| will)"
        r"|you(?:'ll| will) (?:be|do|own)|(?:the|this|your) (?:\w+ )?"
        r"(?:role|job|position|opportunity|challenge)\b"
        r"|role (?:desc|over|purp|summ)|job (?:desc|over|purp|summ)|purpose|your (?:mission|work"
        r"|impact|contribution|playing field)|day.to.day|typical day"
        r"|scope|position (?:summ|overview|desc)|deliverables|objectives|in this role"
        r"|what (?:we|the job|the role)|how you|your first",
    ),
    (
        "company",
        r"about\b|who we are|^our\b|the (?:company|team|charity|organisation|organization)|company"
        r"|introduction|^we are\b|why\b|meet\b"
        r"|welcome",
    ),
)
_COMPILED = tuple((section, re.compile(pattern)) for section, pattern in _PATTERNS)
# Words that make a heading of a line only in such company: "Strong writing skills" is an entry of a list.
_LOOSE = re.compile(r"\b(?:skills|experience|knowledge|ability|attributes|competenc\w*)\b", re.IGNORECASE)
_TITLE_WORDS = frozenset(
    "skills experience knowledge ability abilities attributes competencies qualifications and & / education "
    "key core essential required desired technical professional your the our candidate personal work".split()
)
_LEAD_IN = re.compile(r"^(?:[\d.]+\s+|[^\w\s]+\s*)")


def section_of(line: Line) -> Section | None:
    """The part that the line opens; None for a line that is no heading."""
    text = _LEAD_IN.sub("", line.text.replace("’", "'")).strip()
    words = len(text.split())
    is_marked = line.form == "heading"
    ends_open = text.endswith((":", "?"))
    if line.form == "item" or words > _LONGEST_HEADING or (text.endswith((".", ";", ",")) and not is_marked):
        return None
    plain = text.rstrip(":?!").strip().lower()
    if is_marked or ends_open or words <= _LONGEST_UNMARKED:
        found = next((section for section, pattern in _COMPILED if pattern.search(plain)), None)
        if found and (is_marked or ends_open or _is_titled(text, found)):
            return found
    return "other" if is_marked else None


def _is_titled(text: str, section: Section) -> bool:
    """Whether a line without a mark of its own reads as a title: "You have launched a brand" does not."""
    words = re.findall(r"[\w'-]+|[&/]", text.lower())
    if _LOOSE.search(text) and section == "must":
        return set(words) <= _TITLE_WORDS
    covered = sum(len(found[0].split()) for found in dict(_COMPILED)[section].finditer(text.lower()))
    return covered >= len(text.split()) - 2 and not re.search(r"\d|[|,]", text)
