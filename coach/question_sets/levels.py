"""The level that a job description or a résumé is for, by its title, years and people to lead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from coach.schema import Notice
from coach.schema_questions import Level

if TYPE_CHECKING:
    from coach.documents import Line
    from coach.question_sets.claims import Resume
    from coach.question_sets.requirements import Requirement
    from coach.question_sets.resume_roles import Post

_YEARS_OF_LEAD, _YEARS_OF_SENIOR, _YEARS_OF_ENTRY = 8, 5, 1
_LONGEST_TITLE = 9  # words
_TITLE_LINES = 5  # the title stands among the first so many lines
_LONGEST_QUOTE = 12  # words

_LABEL = re.compile(
    r"^(?:job\s+title|position|role|title|vacancy|job|we\s+are\s+(?:looking\s+for|hiring)|we're\s+hiring)\s*:?\s+"
    r"(?:an?\s+)?",
    re.IGNORECASE,
)
_POST = re.compile(
    r"\b(?:manager|assistant|executive|director|head|analyst|specialist|lead|leader|coordinator|officer|intern"
    r"|internship|trainee|apprentice|apprenticeship|consultant|merchandiser|marketer|president|vp|svp|evp|chief"
    r"|c[emotd]o|associate|trader|administrator|planner|controller|working\s+student|graduate|strategist|expert"
    r"|supervisor|owner|developer|designer|buyer|editor|copywriter|placement|clerk)\b",
    re.IGNORECASE,
)
# What a title says beside the post: to whom, for whom, of what.
_BESIDE = re.compile(
    r"\s*(?:\(.*?\)|\[.*?\]|[,|·•]|\s[-–—]\s|\b(?:reporting|reports?|to|for|under|with|at|in)\b).*$",
    re.IGNORECASE,
)
_IS_NO_TITLE = re.compile(
    r"^(?:report(?:s|ing)?\s+(?:directly\s+)?to|line\s+manager|contact|company|team|department)\b|\b(?:is|are|we|you|will)\b",
    re.IGNORECASE,
)
_NO_LEVEL = re.compile(
    r"\b(?:lead\s+(?:gen\w*|time|times|nurturing)|head\s+office|senior\s+living)\b", re.IGNORECASE
)
_UNSURE = re.compile(
    r"\b(?:assistant|associate|deputy|junior|trainee|graduate)\s+(?:[\w-]+\s+)?(?:manager|buyer|editor)\b"
    r"|\bsenior\b.*\b(?:assistant|intern|trainee|associate|clerk)\b"
    r"|\b(?:junior|entry)\s*(?:/|or|to|-)\s*mid\b|\bmid\s*(?:/|or|to|-)\s*senior\b",
    re.IGNORECASE,
)
_TWO_LEVELS = re.compile(r"\bjunior\b.*\bsenior\b|\bsenior\b.*\bjunior\b", re.IGNORECASE)
_SURELY_ENTRY = re.compile(r"\b(?:junior|jr|trainee|graduate)\s+(?:[\w-]+\s+){0,2}manager\b", re.IGNORECASE)
_BY_TITLE: tuple[tuple[Level, re.Pattern[str]], ...] = (
    (
        "lead",
        re.compile(
            r"\b(?:head|director|vp|svp|evp|vice\s+president|president|chief|c[emotd]o)\b", re.IGNORECASE
        ),
    ),
    (
        "entry",
        re.compile(
            r"\b(?:junior|jr|assistant|graduate|intern|internship|trainee|apprentice|apprenticeship|placement"
            r"|working\s+student|entry[- ]level|associate|clerk)\b",
            re.IGNORECASE,
        ),
    ),
    ("senior", re.compile(r"\b(?:senior|sr|principal|lead|leader)\b", re.IGNORECASE)),
)
_NUMBERS = dict(
    zip("one two three four five six seven eight nine ten twelve".split(), (*range(1, 11), 12), strict=True)
)
_NUMBER = rf"(?:\d{{1,2}}|{'|'.join(_NUMBERS)})"
_YEARS = re.compile(
    rf"\b(?P<least>{_NUMBER})\s?\+?(?:\s*(?:-|–|to|or)\s*(?:{_NUMBER}|more))?\s?\+?\s*years?\b['’]?\s*"
    r"(?=(?:of\s+|in\s+(?!a\s+row\b)|as\s+|with\s+|working\s|spent\s|leading\s|running\s|managing\s)"
    r"|(?:[\w-]+\s+){0,3}experience\b)",
    re.IGNORECASE,
)
_WARRANTS = re.compile(r"\b(?:warranty|guarantee|contract|history|tradition|plan|strategy)\b", re.IGNORECASE)
_LEADS = (
    r"(?:lead(?!\s+(?:times?|gen\w*)\b)|leading|manage|managing|build|building|head|heading|run|running|hire"
    r"|coach|supervise)"
)
_TEAM = re.compile(
    r"^(?:you(?:\s+will|'ll)?\s+)?(?:(?:full\s+)?experience\s+(?:of|in)?\s*)?(?:[\w-]+,?\s+(?:and\s+)?){0,3}?"
    rf"{_LEADS}\b[^,.;]{{0,25}}?\b(?:(?:a|an|the|our|your)\s+(?:[\w-]+\s+){{0,2}}teams?|teams|team\s+of)\b"
    r"(?!\s+(?:lead|leader|meeting))",
    re.IGNORECASE,
)


class Inferred(NamedTuple):
    """A level, and the words of the document that say so."""

    level: Level
    words: str
    by: str


def infer_level(
    job_lines: Sequence[Line], requirements: Sequence[Requirement], resume: Resume | None
) -> Inferred | None:
    """The level that the job description is for, else the one of the résumé; None when neither is sure."""
    by_job = level_of_job(job_lines, requirements) if job_lines else None
    if by_job or not resume:
        return by_job
    return _level_of_resume(resume)


def level_notice(found: Inferred) -> Notice:
    """Says for which level the set was made, and why."""
    quote = " ".join(found.words.split()[:_LONGEST_QUOTE]).rstrip(" .,;:")
    cut = "…" if len(found.words.split()) > _LONGEST_QUOTE else ""
    message = f"Made for {found.level} level, as {found.by} says “{quote}{cut}”. Name a level to change that."
    return Notice(code="level_inferred", message=message)


def level_of_job(lines: Sequence[Line], requirements: Sequence[Requirement]) -> Inferred | None:
    """By the title, and where that says little, by the years asked for and the team to lead."""
    by = "the job description"
    title = _title_among(lines)
    level = level_of_title(title) if title else None
    if title and (level is None or level == "unsure"):
        return None
    years = [
        (wanted, r.text) for r in requirements if r.weight != "nice" and (wanted := years_wanted(r.text))
    ]
    most, line = max(years, default=(0, ""), key=lambda pair: pair[0])
    if level == "entry":
        return Inferred("entry", title, by) if most < _YEARS_OF_SENIOR else None
    if level in ("senior", "lead"):
        return Inferred(level, title, by)
    if most >= _YEARS_OF_SENIOR:
        return Inferred("lead" if most >= _YEARS_OF_LEAD else "senior", line, by)
    team = next((r.text for r in requirements if r.weight != "nice" and leads_a_team(r.text)), "")
    if team:
        return Inferred("senior", team, by)
    if title:
        return Inferred("mid", title, by)
    return Inferred("mid", line, by) if most > _YEARS_OF_ENTRY else None


def level_of_title(title: str) -> Level | Literal["unsure"] | None:
    """The level that a title names; "mid" for a plain one, "unsure" for one that says two things, None for
    what is no title."""
    if _TWO_LEVELS.search(title):
        return "unsure"
    plain = _BESIDE.sub("", _NO_LEVEL.sub("x", _LABEL.sub("", " ".join(title.split()))))
    if not _POST.search(plain):
        return None
    if _UNSURE.search(plain) and not _SURELY_ENTRY.search(plain):
        return "unsure"
    if _SURELY_ENTRY.search(plain):
        return "entry"
    return next((level for level, pattern in _BY_TITLE if pattern.search(plain)), "mid")


def years_wanted(text: str) -> int:
    """The fewest years of work that a line asks for; 0 for none."""
    if _WARRANTS.search(text):
        return 0
    return max((_number(found["least"]) for found in _YEARS.finditer(text)), default=0)


def leads_a_team(text: str) -> bool:
    """Whether the line says that one leads a team, not that one works in it."""
    return bool(_TEAM.search(text.replace("’", "'")))


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS[text.lower()]


def _title_among(lines: Sequence[Line]) -> str:
    """The title of the job: a short line at the beginning that names a post and is no sentence."""
    for line in lines[:_TITLE_LINES]:
        text = _LABEL.sub("", " ".join(line.text.split()))
        plain = _BESIDE.sub("", text)
        is_sentence = text.endswith((".", "!", "?")) or line.form == "item" or _IS_NO_TITLE.search(text)
        if (
            not is_sentence
            and len(plain.split()) <= _LONGEST_TITLE
            and _POST.search(_NO_LEVEL.sub("x", plain))
        ):
            return text
    return ""


def _level_of_resume(resume: Resume) -> Inferred | None:
    """By the latest post; years say that somebody with a plain title is senior."""
    if not resume.posts:
        return None
    latest: Post = max(resume.posts, key=lambda post: (post.last or 9999, post.first))
    level = level_of_title(latest.title) if latest.title else None
    if level is None or level == "unsure":
        return None
    words = latest.title
    if level == "mid" and _years_in_posts(resume.posts) >= _YEARS_OF_LEAD:
        return Inferred("senior", words, "the résumé")
    return Inferred(level, words, "the résumé")


def _years_in_posts(posts: Sequence[Post]) -> int:
    known = [year for post in posts for year in (post.first, post.last or post.first)]
    return max(known) - min(known)
