"""What a résumé claims, and what each claim leaves open: a figure, a baseline, a period, one's own part.

Lines about private matters and lines that speak to a machine are left out, and so are breaks between two
posts: asking about them leads to family and health.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from coach.documents import Line
from coach.question_sets.private_matters import is_private, lines_for_people, private_notice
from coach.question_sets.resume_roles import Post, find_post
from coach.schema import Notice
from coach.signals.figures import find_figures, find_periods
from coach.signals.segments import find_sentences
from coach.signals.types import Span

ClaimKind = Literal["rise", "amount", "scope", "tool", "role"]
# "baseline" is where a change started, "result" what came of a duty, "size" how large a team or project was,
# "example" where a tool was used.
Missing = Literal["figure", "baseline", "period", "own part", "result", "size", "example"]
_Part = Literal["work", "education", "skills", "other"]


class Claim(NamedTuple):
    """A line of a résumé that a question can dig into. `number` is that of its line; `employer`, `title` and
    `years` are those of the post that it stands under, as written, or empty."""

    text: str
    number: int
    what: ClaimKind
    vague: tuple[Missing, ...] = ()
    employer: str = ""
    title: str = ""
    years: str = ""


class Resume(NamedTuple):
    """A résumé that was read: its claims and posts in order, all its text, and what is wrong with it."""

    claims: tuple[Claim, ...]
    posts: tuple[Post, ...]
    texts: tuple[str, ...]
    warnings: tuple[Notice, ...] = ()


_MOST_LINES = 1000


def read_resume(lines: Sequence[Line]) -> Resume:
    """The claims of a résumé. What is no résumé gives a warning and what was found, never an error."""
    heard = list(lines_for_people(lines[:_MOST_LINES]))
    kept = [line for line in heard if not is_private(line.text)]
    claims, posts = [], []
    for claim, post in _claims(kept):
        claims.append(claim)
        posts += [post] if post else []
    texts = tuple(line.text for line in kept)
    warnings = [*_left_out(lines, heard, kept), *_warnings(heard, claims, posts)]
    return Resume(tuple(claims), tuple(posts), texts, tuple(warnings))


# ---- through the parts of a résumé ----------------------------------------------------------------

_PARTS: tuple[tuple[_Part, str], ...] = (
    (
        "education",
        r"education|studies|qualifications|training|courses|certificat\w+|degrees?|school|academic",
    ),
    (
        "skills",
        r"(?:\w+\s+)?(?:skills|tools|technolog\w+|software|competenc\w+|systems|expertise|programs)\b",
    ),
    (
        "other",
        r"(?:profile|summary|about|personal|objective|interests|hobbies|references|referees|languages"
        r"|contact|publications"
        r"|details|awards)\b|curriculum|cv\b|r[eé]sum[eé]",
    ),
    (
        "work",
        r"(?:\w+\s+)?(?:experience|employment|career|history|work|positions|projects|achievements"
        r"|highlights|roles)\b",
    ),
)
_PART_PATTERNS = tuple((part, re.compile(pattern, re.IGNORECASE)) for part, pattern in _PARTS)
_LONGEST_HEADING = 5  # words


def _claims(lines: Sequence[Line]) -> Iterator[tuple[Claim, Post | None]]:
    part: _Part = "work"
    post: Post | None = None
    above = ""
    for line in lines:
        opened = _part_of(line)
        if opened:
            part, above = opened, ""
            continue
        found = find_post(line.text, above) if line.form != "item" and part in ("work", "skills") else None
        if found and (found.title or found.employer):
            post, part = found, "work"
            yield Claim(line.text, line.number, "role", (), found.employer, found.title, found.years), found
        elif part == "skills":
            yield Claim(line.text, line.number, "tool", ("example",)), None
        elif part == "work" and (post or line.form == "item" or _RISE.search(line.text)):
            for claim in _work_claims(line):
                yield _under(claim, post), None
        above = "" if line.form == "item" else line.text


def _part_of(line: Line) -> _Part | None:
    text = line.text.rstrip(":").strip()
    if line.form == "item" or len(text.split()) > _LONGEST_HEADING or re.search(r"[\d,.]", text):
        return None
    found = next((part for part, pattern in _PART_PATTERNS if pattern.match(text)), None)
    is_heading = line.form == "heading" or text.isupper() or len(text.split()) <= 3
    return found if is_heading else None


def _under(claim: Claim, post: Post | None) -> Claim:
    return claim._replace(employer=post.employer, title=post.title, years=post.years) if post else claim


# ---- what a line claims ---------------------------------------------------------------------------

_RISE = re.compile(
    r"\b(?:gr[eo]w\w*|growth|increas\w+|improv\w+|rais(?:e[ds]?|ing)|boost\w*|lift(?:ed|ing)|doubl\w+"
    r"|tripl\w+|quadrupl\w+|reduc\w+"
    r"|cut(?:ting)?|lower(?:ed|ing)|decreas\w+|halv\w+|sav(?:ed|ing)|accelerat\w+|scal(?:ed|ing)"
    r"|optimi[sz](?:ed|ing)|exceed\w*"
    r"|outperform\w*|turned\s+around|faster|higher|more\s+efficient|drove|maximi[sz]ed)\b",
    re.IGNORECASE,
)
_TOOLS_ONLY = re.compile(r"^(?:[\w.+#/& ()-]{1,30}[,;|·]\s*){2,}[\w.+#/& ()-]{1,30}$")
_SHARED = re.compile(
    r"^\W*(?:helped?|support(?:ed|ing)|contribut\w+|assist(?:ed|ing)|involved|participat\w+"
    r"|collaborat\w+|worked\s+(?:on|with)|member\s+of"
    r"|oversaw|overseeing|(?:was\s+)?(?:a\s+)?(?:key\s+)?part\s+of)\b|\b(?:helped?\s+(?:to\s+)?"
    r"|contribut\w+\s+to|as\s+part\s+of|involved\s+in)\b",
    re.IGNORECASE,
)
_DUTY = re.compile(
    r"\b(?:respons\w+|in\s+charge|accountab\w+|P&L)\b|\b(?:led|managed?|built|hired|headed)\b.*\bteams?\b",
    re.IGNORECASE,
)
_TEAM = re.compile(
    r"\b(?:teams?|departments?|direct\s+reports|people|staff|projects?|agenc(?:y|ies)\s+roster)\b",
    re.IGNORECASE,
)
_LED = re.compile(
    r"\b(?:led|lead(?:ing)?|managed?|managing|head(?:ed|ing)?|built|hired|ran|coach\w+)\b", re.IGNORECASE
)
_RESULT = re.compile(
    r"\b(?:won|awarded|result\w*|which\s+(?:led|meant|brought|gave)|so\s+that)\b", re.IGNORECASE
)
_YEARS = re.compile(r"\b(?:19|20)\d\d\b")
_EVERY_YEAR = re.compile(
    r"\byear\s+(?:after|on|over)\s+year\b|\b(?:per|a|each|every)\s+(?:year|month|quarter|week)\b",
    re.IGNORECASE,
)
_FEWEST_WORDS = 3


def _work_claims(line: Line) -> Iterator[Claim]:
    if _TOOLS_ONLY.match(line.text):
        yield Claim(line.text, line.number, "tool", ("example",))
        return
    spans = find_sentences(line.text) if len(line.text.split()) > 25 else (Span(0, len(line.text)),)
    for span in spans:
        text = line.text[span.start : span.end].strip()
        if len(text.split()) >= _FEWEST_WORDS:
            yield Claim(text, line.number, _what(text), _vague(text))


def _amounts(text: str) -> list[tuple[str, bool]]:
    """Unit of each figure and whether its starting value is told; years are no figures."""
    figures = find_figures(text, (Span(0, len(text)),))
    return [
        (f.unit, f.from_ is not None)
        for f in figures
        if not (_YEARS.fullmatch(f.quote.strip()) and not f.unit)
    ]


def _what(text: str) -> ClaimKind:
    if _RISE.search(text):
        return "rise"
    if _DUTY.search(text) or not _amounts(text):
        return "scope"
    return "amount"


def _vague(text: str) -> tuple[Missing, ...]:
    amounts = _amounts(text)
    missing: list[Missing] = []
    if _RISE.search(text):
        if not amounts:
            missing.append("figure")
        if not any(is_from_told for _, is_from_told in amounts):
            missing.append("baseline")
        if not (find_periods(text) or _YEARS.search(text) or _EVERY_YEAR.search(text)):
            missing.append("period")
    else:
        if _TEAM.search(text) and _LED.search(text) and not amounts and not re.search(r"\d", text):
            missing.append("size")
        if not _RESULT.search(text):
            missing.append("result")
    if _SHARED.search(text):
        missing.append("own part")
    return tuple(missing)


# ---- what is no résumé ----------------------------------------------------------------------------

_PROSE_LINE = 40  # words; a line of a résumé has fewer
_ADVERT = re.compile(
    r"\b(?:you\s+will|you'll|you\s+bring|we\s+offer|your\s+(?:tasks|profile))\b", re.IGNORECASE
)


def _left_out(lines: Sequence[Line], heard: Sequence[Line], kept: Sequence[Line]) -> Iterator[Notice]:
    if len(lines) > _MOST_LINES:
        message = f"Only the first {_MOST_LINES} of {len(lines):,} lines of the résumé were read."
        yield Notice(code="resume_long", message=message)
    if len(heard) < min(len(lines), _MOST_LINES):
        message = "Part of the résumé speaks to a machine, not to an interviewer. It was left out."
        yield Notice(code="instruction_in_resume", message=message)
    if len(kept) < len(heard):
        yield private_notice("resume", "résumé", len(heard) - len(kept))


def _warnings(heard: Sequence[Line], claims: Sequence[Claim], posts: Sequence[Post]) -> tuple[Notice, ...]:
    warnings = []
    if not posts or len(claims) <= len(posts):
        code = _lack(heard, claims, posts)
        warnings.append(Notice(code=code, message=_MESSAGES[code]))
    return tuple(warnings)


_MESSAGES = {
    "resume_is_advert": "The résumé reads like a job description. Were the two swapped?",
    "resume_is_prose": "The résumé reads like a story: no employer, years or list of work was found in it.",
    "resume_says_nothing": "Nothing was found in the résumé to dig into: no work, figures or tools.",
    "resume_names_no_post": "No post with employer and years was found in the résumé.",
    "resume_is_thin": "The résumé names posts but not what was done in them.",
}


def _lack(lines: Sequence[Line], claims: Sequence[Claim], posts: Sequence[Post]) -> str:
    if posts:
        return "resume_is_thin"
    words = [len(line.text.split()) for line in lines]
    if sum(1 for line in lines if _ADVERT.search(line.text.replace("’", "'"))) >= 2:
        return "resume_is_advert"
    if sum(count for count in words if count >= _PROSE_LINE) > sum(words) / 2:
        return "resume_is_prose"
    return "resume_names_no_post" if claims else "resume_says_nothing"
