"""What a job description asks for, line by line.

Only sentences that ask for something or describe the work count. Headings steer: what stands under "What we
offer" or "About us" is left out, and so are praise of the company, benefits, legal text, requests to apply
and text that speaks to a machine. Nothing that could only lead to an unlawful question is kept, such as a
criminal record check.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from coach.documents import Line
from coach.question_sets.job_sections import Section, section_of
from coach.question_sets.private_matters import is_private, lines_for_people, private_notice
from coach.question_sets.resume_roles import find_post
from coach.question_sets.weighing import (
    CONDITION,
    RIGHT_TO_WORK,
    RequirementKind,
    Weight,
    kind_of,
    weight_of,
)
from coach.schema import Notice
from coach.signals.segments import find_sentences

_POSTS_OF_A_RESUME = 2
MOST_REQUIREMENTS = 200


class Requirement(NamedTuple):
    """A sentence of a job description that asks for something.

    `number` is that of its line. `activities` and `kpis` are ids of the role, best first; empty for what the
    role does not know, and before they were matched.
    """

    text: str
    number: int
    weight: Weight
    kind: RequirementKind
    activities: tuple[str, ...] = ()
    kpis: tuple[str, ...] = ()


def find_requirements(lines: Sequence[Line]) -> tuple[Requirement, ...]:
    """The first ones in order, not yet matched to a role; empty when the text asks for nothing."""
    return _read(lines).found


class _Read(NamedTuple):
    """The requirements, how many lines asked for something private, and whether there were too many."""

    found: tuple[Requirement, ...]
    private: int
    is_cut: bool


def _read(lines: Sequence[Line]) -> _Read:
    found: dict[Requirement, None] = {}
    private: set[int] = set()
    section: Section = "other"
    for line in lines_for_people(lines):
        opened = section_of(line)
        if opened:
            section = opened
            continue
        for text in _asking_parts(line, section):
            if is_private(text) and not RIGHT_TO_WORK.search(text):
                private.add(line.number)
                continue
            if len(found) == MOST_REQUIREMENTS:
                return _Read(tuple(found), len(private), True)
            kind = kind_of(text, section)
            found[Requirement(text, line.number, weight_of(text, section), kind)] = None
    return _Read(tuple(found), len(private), False)


def requirement_warnings(lines: Sequence[Line], found: Sequence[Requirement]) -> tuple[Notice, ...]:
    """What is wrong with a job description, for the person who gave it."""
    warnings = []
    is_resume = sum(1 for line in lines if _heads_a_post(line)) >= _POSTS_OF_A_RESUME
    if not found and not is_resume:
        message = (
            "Nothing that a job asks for was found in the job description: no task, skill or experience. "
            "The questions were made without it."
        )
        warnings.append(Notice(code="job_asks_nothing", message=message))
    if is_resume:
        message = "The job description reads like a résumé. Were the two swapped?"
        warnings.append(Notice(code="job_is_resume", message=message))
    if len(list(lines_for_people(lines))) < len(lines):
        message = "Part of the job description speaks to a machine, not to a candidate. It was left out."
        warnings.append(Notice(code="instruction_in_job", message=message))
    read = _read(lines)
    if read.private:
        warnings.append(private_notice("job", "job description", read.private))
    if read.is_cut:
        message = (
            f"The job description asks for more than {MOST_REQUIREMENTS} things. Only the first were read."
        )
        warnings.append(Notice(code="job_long", message=message))
    return tuple(warnings)


def _heads_a_post(line: Line) -> bool:
    post = find_post(line.text) if line.form != "item" else None
    return bool(post and post.title and post.employer)


# ---- which sentences count ------------------------------------------------------------------------

_YOU = r"\byou(?:'ll|'re|'ve)?\b"
_ASKS = re.compile(
    rf"{_YOU}\s+(?:will|must|should|need|own|lead|run|manage|develop|build|drive|ensure|take|bring"
    rf"|have|know|can|are"
    r"|plan|steer|set|decide|report|turn|make|keep|improve|grow)\b"
    r"|\byou(?:'ve|\s+have)\s+(?:\w+ly\s+)?(?:spent|worked|run|led|built|managed|done|grown|got)\b"
    r"|\byou'll\b(?!\s+(?:be\s+the\s+first|love|get|receive|find|join|enjoy))|\bwho\s+(?:will|can|has|have|is\s+able|knows|wants)\b"
    r"|\b(?:is|are|be)\s+(?:responsible|accountable)\s+for\b|\bresponsib(?:le|ility)\s+for\b"
    r"|\b(?:post\s*holder|(?:successful|ideal|right)\s+(?:candidate|person|applicant)|role|position"
    r"|job|director|head|manager|executive"
    r"|specialist|assistant|lead)\s+(?:will|must|should|has\s+to|requires?|involves?|includes?|owns?"
    r"|leads?|manages?|sits)\b"
    r"|\b(?:candidates?|applicants?)\s+(?:must|should|need)\b|\bmust\s+(?:have|be)\b|\bwe\s+(?:expect"
    r"|require|need)\b"
    r"|\bexperience\s+(?:in|of|with|as|from|leading|managing)\b|\b(?:is|are)\s+(?:required|essential"
    r"|a\s+must)\b",
    re.IGNORECASE,
)
_DEMANDS = re.compile(
    r"\b(?:requires?|required|must|need\s+to|expected|willing\w*|able\s+to|involves?|necessary)\b",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    r"\b(?:any\s+)?other\s+(?:duties|tasks)\b|\bduties\s+as\s+(?:assigned|required)\b"
    r"|\b(?:send|submit|e-?mail)\s+(?:us\s+)?(?:your|a)\b|\bapply\s+(?:now|by|via|online|with"
    r"|through)\b|\bcover(?:ing)?\s+letter\b|\bsupporting\s+statement\b|\bclosing\s+date\b"
    r"|\bequal\s+opportunit\w+|\bwelcomes?\s+(?:applications?|candidates)\b"
    r"|\bencourage\s+applications\b|\bcookies\b|\bprivacy\s+(?:notice|policy)\b"
    r"|\b(?:days?|weeks?)\s+(?:of\s+)?(?:paid\s+)?(?:annual\s+|paid\s+)?(?:leave|holidays?|vacation)\b"
    r"|\bpension\b|\bhealth\s*(?:care|\s+insurance)|\bdental\b|\bgym\s+membership\b|\bcycle[- ]to[- ]work\b"
    r"|\bstock\s+options?\b|\bstaff\s+discount\b|\b(?:competitive|attractive)\s+salary\b"
    r"|\blearning\s+budget\b|\bfree\s+(?:fruit|coffee|lunch|drinks)\b|\b401\s?\(?k\b"
    r"|^(?:(?:you|this\s+(?:role|position|post)|the\s+\w+)\s+(?:will\s+)?)?report(?:s|ing)?\s+(?:directly\s+)?to\b"
    r"|\bwe\s+pay\b|\bequity\b|\b(?:base|annual|starting)\s+salary\b|\bunlimited\s+pto\b"
    r"|\bjoin\s+(?:us|our|a|the)\b"
    r"|^(?:location|place|salary|pay|contract|hours|start(?:ing)?(?:\s+date)?|company|department"
    r"|reports?\s+to|job\s+(?:type|id|ref\w*)|ref\w*|type|posted|deadline|grade|reference)\s*:",
    re.IGNORECASE,
)
_FEWEST_WORDS = 2
_SPLIT_FROM = 50  # words; a shorter entry of a list is one requirement even when it has two sentences
_SENTENCE_END = re.compile(r"[.!]['\")]*$")


# How a sentence about the company begins, among lines that each name a task.
_TELLS = re.compile(
    r"^(?:we|our|this|it|at|they|join|in\s+this|these|there|the\s+(?:team|company|role|position|group))\b",
    re.IGNORECASE,
)
_LONGEST_ENTRY = 30  # words of a line without a mark that may be an entry of a list


def _asking_parts(line: Line, section: Section) -> list[str]:
    is_entry = line.form == "item" or not _SENTENCE_END.search(line.text)
    sentences = [line.text[span.start : span.end] for span in find_sentences(line.text)]
    if not is_entry and len(sentences) == 1 and len(line.text.split()) <= _LONGEST_ENTRY:
        is_entry = not _TELLS.match(line.text)
    parts = [line.text] if is_entry and len(line.text.split()) <= _SPLIT_FROM else sentences
    return [part for part in parts if _counts(part.replace("’", "'"), section, is_entry)]


def _counts(text: str, section: Section, is_entry: bool) -> bool:
    if RIGHT_TO_WORK.search(text):
        return True
    if _BOILERPLATE.search(text) or text.endswith("?"):
        return False
    if section in ("offer", "company", "legal"):
        return bool(CONDITION.search(text) and _DEMANDS.search(text))
    if section == "other" or not is_entry:
        return bool(_ASKS.search(text)) and len(text.split()) > _FEWEST_WORDS
    return bool(re.search(r"[A-Za-z]{2}", text))
