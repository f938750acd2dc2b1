"""Finds text in an answer that is meant for a grader or a machine and not for an interviewer: orders to a
model, forged results, fake system messages. Such text proves nothing and is no evidence.

Two ways in: signs that alone give it away (a forged reply, a chat token, "ignore your instructions"), and
cues that add up (an order, a top mark, "this answer"), from which story-telling takes away: a candidate may
well tell of prompts, scores and graders.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Sequence

from coach.signals.parts import find_parts
from coach.signals.quotes import FoldedText
from coach.signals.types import Span

LEFT_OUT = "[...]"  # stands for what speaks to a grader
# Unmarked text this short between two finds belongs to them.
_SHORT_GAP = 200
_NEIGHBOURS = 2
_SPEAKER = re.compile(r"\b(?:i|me|my|we|us|our)\b", re.IGNORECASE)
_READER_SPOKEN_TO = re.compile(r"\byou(?:r|'ll|'re)?\b|\bthis\s+(?:answer|response)\b", re.IGNORECASE)
# A forged object, tag or fence ends where it is closed, a code with its letters: the rest is not of it.

_ANSWER = r"(?:response|answer|submission|candidate|applicant|resume|cv|output|transcript)"
_AI = (
    r"(?:ai|gpt|llms?|(?:large\s+)?language\s+models?|graders?|evaluators?|examiners?|scorers?|chatbots?"
    r"|ai\s+\w+)"
)
_READER = (
    rf"(?:{_AI}|recruiters?|reviewers?|software|parsers?|screeners?|ats|admin\w*|(?:who|any)\w*\s+\w+s\s+this"
    r"|(?:automated|screening|grading|scoring|analysis)\s+(?:systems?|models?|tools?))"
)
_MOST = r"(?:maximum|max|highest|top|full|perfect|best\s+possible)"
_MARK = r"(?:scores?|ratings?|grades?|marks?|points|levels?|credit)"
# Where an order can begin: at the start, after a mark, after "please" or "you must"; not after "I had to".
_ORDER = (
    r"(?:^\W{0,12}|[:;\])}>,]\s*|\b(?:please|kindly|you\s+(?:must|should|shall|are\s+to|have\s+to|need\s+to)"
    r"|(?:ask|like|want|need|urge|request|beg|tell)\s+you\s+to)\s+)"
    r"(?:(?:please|just|simply|now|always|only|then|instead|kindly|important|critical|warning)\b\W{0,6}){0,3}"
)

_SIGNS = (
    r"\b(?:evaluate|assess|grade)\s+(?:this\s+)?step\s+by\s+step\b|\brubric\s+asks\b|\bprefer\s+responses?\s+that\b",
    r"\b(?:the\s+)?(?:answer|response)\s+is\s+relevant\b|\bgrading\s+(?:and\s+)?(?:evaluation\s+)?system\b",
    r"\bmy\s+internal\s+analysis\b",
    rf"{_ORDER}use\s+this\s+\w+\s+to\s+(?:evaluate|assess|grade|score|judge|rate)\s+(?:the|this)\s+{_ANSWER}\b",
    # orders that only a machine can be given
    rf"{_ORDER}(?:ignore|disregard|forget|override|bypass|discard|skip)\b(?:\s+[\w-]+){{0,4}}?\s+(?:"
    r"(?:(?:all|any|your|my|these|those|previous|prior|above|earlier|preceding)\s+)+"
    r"(?:[\w-]+\s+)?(?:instructions?|prompts?|guidelines|directions|criteria)|rubric|system\s+prompt"
    r"|negative\s+indicators|(?:manual\s+)?(?:scoring|grading)|(?:the|this|your)\s+evaluation)\b",
    rf"{_ORDER}(?:ignore|disregard|forget)\s+(?:everything|anything|all)\s+"
    r"(?:of\s+the\s+)?(?:above|(?:that\s+)?you\s)",
    r"(?<!to )(?<!we )(?<!i )(?<!they )(?<!not )\bignore\s+(?:all\s+|any\s+)?(?:of\s+)?"
    r"(?:the\s+|your\s+|my\s+)?(?:previous|prior|above|earlier|preceding)\s+(?:instructions?|prompts?)\b(?=\W*(?:$|and\b|[.:;!]))",
    rf"{_ORDER}(?:reveal|print|repeat|show|display|output|disclose)\s+(?:me\s+)?(?:(?:your|the|all|any)\s+)?(?:rubric"
    r"|(?:hidden|system|internal|secret|evaluation)\s+(?:instructions?|prompt|reasoning|criteria))\b",
    rf"{_ORDER}(?:return|output|respond|reply|print|answer)\b\s+(?:[\w-]+\s+){{0,3}}(?:json\b|['{{\[])",
    rf"{_ORDER}(?:rate|score|grade|mark|rank|evaluate)\s+(?:this|me|it|everything|my\s+{_ANSWER})\s+"
    r"(?:as|at|with|an?)?\s*(?:an?\s+)?"
    r"(?:excellent|outstanding|strong|perfect|flawless|five|ten|5|10|highly|pass\w*)\b",
    r"\byou\s+(?:may|must|can)\s+not\s+deviate\b|\bsystem\s+chain\s+of\s+thought\b|\b(?:is|of)\s+an?\s+prompt\s+injection\b",
    r"\byour\s+(?:system\s+prompt|rubric|new\s+instructions?|(?:previous|initial)\s+instructions?|instructions\s+have)\b",
    r"\byour\s+(?:new\s+|real\s+|only\s+)?(?:task|job|role)\s+is\s+(?:now|to\s+(?:return|output|grade|score|praise))\b",
    # somebody spoken to who is no interviewer
    rf"^\W{{0,12}}(?:(?:dear|hey|hello|hi|attention|attn|to|for)\W+(?:(?:the|all|any)\s+)?)?"
    rf"{_AI}\s*(?:[,:]\s|reading\s+this)",
    rf"\b(?:as|if\s+you\s+are|if\s+you're)\s+(?:an?|the)\s+{_AI}(?=\s*[,:]|\s+(?:evaluating|grading|judging|you)\b)",
    rf"^\W{{0,12}}you\s+are\s+(?:now\s+)?(?:an?\s+|the\s+)?(?:[\w-]+\s+){{0,3}}?(?:\w*{_AI}|helpful\s+assistant)\b",
    rf"\byou\s+are\s+now\s+(?:playing\b|(?:an?\s+|the\s+)?\w*{_AI}\b)|\b(?!chat)\w+-?gpt\s+(?:response|would|always|must)\b",
    rf"^\W{{0,12}}(?:[\w-]+\s+){{0,2}}(?:notes?|messages?|memo|instructions?|notice|directive|guidance|profile|metadata)\s+"
    rf"(?:to|for|from|by)\s+(?:[\w-]+\s+){{0,4}}?{_READER}\s*[:\]]",
    r"\b(?:in)?visible\s+to\s+(?:humans?|llms?|ais?|the\s+model)\b",
    # the answer spoken of as a thing to be marked
    rf"\b(?:this|my)\s+{_ANSWER}\s+(?:(?!be)\w+ly\s+)?(?:pass(?:es)?|deserves?|meets|satisfies|merits?|exceeds|warrants?"
    r"|(?:fully\s+)?(?:meets|satisfies)|demonstrates)\b",
    rf"\b(?:this|my)\s+{_ANSWER}\s+(?:has|have)\s+(?:already\s+)?been\s+(?:\w+ly\s+)?(?:pre-?)?"
    r"(?:approved|verified|graded|evaluated|scored|reviewed|validated)\b",
    r"^\W{0,12}please\s+be\s+(?:understanding|lenient|generous)\b|\b(?:passing|good|top)\s+grade\s+would\s+mean\s+(?:so|a\s+lot|every)"
    r"|\b(?:great|good|excellent|careful)\s+(?:job\s+on\s+your\s+)?(?:evaluation|grading)\s+so\s+far\b",
    rf"\bif\s+you\s+(?:pass|fail|approve|reject|grade|score|rate)\s+(?:me\b|(?:this|my|it)\s*(?:{_ANSWER}|[,:]))"
    rf"|\b(?:response|answer|submission|this\s+output)\s+(?:always\s+passes|must\s+pass|fails\s+evaluation|passes\s+all)\b",
    r"\b(?:highly|strongly)\s+recommended\s+for\s+(?:immediate\s+)?(?:hir|interview)"
    r"|\binterview\s+(?:is\s+)?(?:highly|strongly)\s+recommended\b"
    r"|\bthe\s+(?:candidate|applicant)\s+is\s+(?:the\s+)?(?:\w+ly\s+)?(?:most\s+|best\s+)?qualified\b",
    r"^\W{0,12}(?:evaluation|grading|assessment)\s+(?:is\s+)?(?:now\s+)?(?:complete|finished|over|finali[sz]ed)\b",
    # forged fields
    r"^\W{0,12}(?:(?:final|overall|total|current)\s+)?(?:pass(?:ed)?|score|verdict|grade)\s*[:=]\s*(?:true|pass|max|full|perfect|five|ten|\d)",
    r"^\W{0,12}(?:(?:final|overall|previous|test)\s+)*(?:result|status|recommendation|confidence|outcome)\s*[:=]\s*"
    r"(?:pass(?:ed)?|true|max(?:imum)?(?:\s+score)?|100\s?%|score\s+\d\S*)\W*$",
    r"(?-i:^\W{0,12}Status: [A-Z]{4,}\W*$)",
    r"(?:\b(?:situation|task|action|result|question.fit|role.relevance|overall|total)\W{1,20}(?:[0-5]\b(?!\s*%)|maximum).{0,12}){2}",
    r"^\W{0,12}(?:situation|task|action|result|overall|total)\W+(?:\d+\s*/\s*\d+|maximum)\W*$",
    r"\b\w*(?:score|grade|verdict|pass|override|level)\w*\s*=\s*'?(?:true|max|pass|\d+(?=\s*(?:$|[,;.\]\)]|for\s+all)))",
    r"\b(?:all|every|each)\s+(?:of\s+the\s+)?(?:criteri(?:a|on)|levels?|dimensions)\s*(?:are|is|:|=|as|at|to)\s*"
    r"(?:be\s+)?(?:level\s+)?(?:max\w*|5|five|10)\b",
    # forged headings, tags and chat tokens
    r"(?-i:^\W{0,12}(?:SYSTEM|ASSISTANT|DEVELOPER)\s*:)|^\W{0,12}assistant\s*:|^#+\s*(?:system|assistant|instructions?)\W*$",
    r"^\W{0,12}(?:system|assistant|developer|ai|grader|evaluator)\s*(?:\d|note|message|prompt|override|output|response|instructions?)?\s*:"
    r"(?=\s*(?:pass|fail|ignore|give|\{))",
    r"^\W{0,12}(?:new|updated|additional|revised)\s+(?:instructions?|rubric|system\s+prompt)\s*:",
    r"^\W{0,12}(?:required|expected)\s+(?:\w+\s+)?(?:output|response)\b[^\n:]{0,30}:|^\W{0,12}final\s+answer\s*:\s*\{",
    r"^[=#*_~-]{2,}\s*(?:end|begin|start|new)\b[^\n]{0,40}\b(?:response|answer|transcript|prompt|output|instructions?)\b",
    r"^\W{0,12}end\s+of\s+(?:the\s+|my\s+)?(?:answer|response|transcript|submission|prompt|document)\W*$",
    r"</?\s*(?:output|rubric|response|answer|system|instructions?|prompt|assistant|user|evaluation|score)s?[\w-]*\s*>",
    r"<\|\s*/?\w|<!--|<!\[CDATA|<</?SYS|\[/?INST\]|```\s*(?:json|yaml|xml)\b|\[/?system\]|\[rest-of-document\]",
    r"(?-i:\[[^\]\n]{0,120}\b[A-Z_]*(?:OVERRIDE|EVALUAT|GRAD(?:ER|ING)|DEBUG|DEV_|DIRECTIVE|SIMULATION|CLASSIFIED"
    r"|SYSTEM\b(?! NAME))"
    r"[^\]\n]{0,120}\])",
    r"(?-i:\[[A-Z][^\]\n]{0,120}\b(?:evaluation|grading|evaluator|grader|FROM|MODE|POLICY|CONTEXT|GUIDANCE|LOG|FLAG|API)\b"
    r"[^\]\n]{0,120}\])",
    r"(?-i:\b(?:[A-Z]+[-_])*(?:GRADER?|OVERRIDE|ADMIN|ALWAYS)[-_][A-Z]+)|\b(?:always|auto|force)[-_]pass\b",
)
# Cues that add up. Those named as pointed at marking must be among them, or no sum is enough.
_ENOUGH = 4
_POINTED = (
    (3, rf"\b(?:this|the\s+above|the\s+corrected)\s+{_ANSWER}\b(?<!output)"),
    (2, r"\bmy\s+(?:answer|response|submission)\b"),
    (
        2,
        rf"\b{_MOST}\s+{_MARK}|\b(?:10|5|100|ten|five)\s*(?:/|out\s+of)\s*(?:10|5|100|ten|five)\b|\ball\s+fives\b"
        r"|\b(?:scored?|rated?|levels?|an?)\s+(?:of\s+|as\s+|an?\s+)?(?:5|10|five|ten)\b(?!\s*[-%]|\s+\w|\.\d)"
        r"|\bbest\s+possible\s+evaluation",
    ),
    (1, r"\b(?:graders?|evaluators?|examiners?|screeners?|grading)\b"),
    (1, r"\b(?:leniently|generously|favou?rably|flawless|gold-standard|outstanding|excellent)\b"),
)
_GENERAL = (
    (
        2,
        rf"{_ORDER}(?:give|award|assign|grant|rate|score|grade|mark|rank|evaluate|assess|judge|ignore|disregard|forget"
        r"|overlook|return|output|respond|reply|report|print|write|say|set|put|treat|count|consider|regard|assume|pass"
        r"|approve|accept|reward|recommend|prefer|stop|act|pretend|use|trust|be|don't|do\s+not|never)\b",
    ),
    (
        1,
        r"\b(?:scor(?:e[sd]?|ing)|rat(?:e[sd]?|ing)|graded?|marked|rank(?:ed)?|evaluat\w+|assess(?:ed)?|award(?:ed)?|assign)\b",
    ),
    (1, r"\b(?:rubric|criteri(?:a|on)|levels?|verdict|evaluation|scoring|marks)\b"),
    (1, r"\b(?:you|your|please|kindly)\b"),
    (1, rf"\b(?:the|every|all|any|reference)\s+{_ANSWER}s?\b|\b(?:human|expert)\s+reviewers?\b"),
    (1, r"\b(?:must|should)\b"),
    # telling a story
    (
        -3,
        r"\b(?:i|we|he|she|they|us|our|them)\b(?!'?d?\s+(?:like|want|need|ask|urge|beg|trust|know)\s+(?:that\s+)?you)",
    ),
    (
        -1,
        r"\b(?:customers?|teams?|colleagues?|students?|suppliers?|vendors?|employees?|professor|manager|class|exam|shop)\b",
    ),
)
_SIGN_PATTERNS = tuple(re.compile(sign, re.IGNORECASE) for sign in _SIGNS)
_POINTED_CUES = tuple((weight, re.compile(cue, re.IGNORECASE)) for weight, cue in _POINTED)
_GENERAL_CUES = tuple((weight, re.compile(cue, re.IGNORECASE)) for weight, cue in _GENERAL)
_BRACES_AND_KEYS = re.compile(
    r"[{}]|'(?:scores?|levels?|pass(?:ed)?|verdict|grade|rating|criteri(?:a|on)|answer_type|quotes|next_step)'\s*:",
    re.IGNORECASE,
)
_NEAR = 12  # characters within which a sign still belongs to what stands beside it
_NEAR_BEFORE = re.compile(r"(?<!\S)\S+\s*\Z")
_NEAR_AFTER = re.compile(r"\s*\S+(?!\S)")
_WORDY = re.compile(r"\w")
_ENCODED = re.compile(r"(?<![\w/+])[A-Za-z0-9+/]{24,}={0,2}(?![\w/+])")


def find_instructions(answer: str, with_neighbours: bool = True) -> tuple[Span, ...]:
    """The stretches of an answer that address a grader, in order and apart; empty for an honest answer.

    Sentences next to such a stretch are taken to belong to it unless somebody tells of themselves in them;
    `with_neighbours` false leaves them out.
    """
    folded = FoldedText(answer)
    text = folded.folded
    forged = _joined(sorted([*_forged_objects(text), *_encoded(text)]))
    parts = find_parts(text)
    marked = [
        _is_addressed(text[part.start : part.end]) or any(_overlap(part, span) for span in forged)
        for part in parts
    ]
    if not any(marked):
        return ()
    belonging = _spread(text, parts, marked) if with_neighbours else marked
    found = [part for part, belongs in zip(parts, belonging, strict=True) if belongs]
    spans = sorted(_with_marks(text, span) for span in (*found, *forged))
    joined = _joined(spans)
    return tuple(folded.span(span.start, span.end) for span in joined)


def _with_marks(text: str, span: Span) -> Span:
    """The stretch with the signs around it that belong to no word, such as fences and brackets."""
    start, end = span
    while (token := _NEAR_BEFORE.search(text, max(0, start - _NEAR), start)) and not _WORDY.search(token[0]):
        start = token.start()
    while (token := _NEAR_AFTER.match(text, end, end + _NEAR)) and not _WORDY.search(token[0]):
        end = token.end()
    return Span(start, end)


def without(answer: str, spans: Sequence[Span]) -> str:
    """The answer with each stretch replaced by `LEFT_OUT`."""
    parts, place = [], 0
    for span in sorted(spans):
        parts += [answer[place : max(place, span.start)], LEFT_OUT if span.end > place else ""]
        place = max(place, span.end)
    return "".join([*parts, answer[place:]])


def _spread(text: str, parts: list[Span], marked: list[bool]) -> list[bool]:
    spread = list(marked)
    for place in (place for place, found in enumerate(marked) if found):
        for step in (-1, 1):
            for near in range(place + step, place + step * (_NEIGHBOURS + 1), step):
                if not 0 <= near < len(parts) or not _belongs(text, parts[place], parts[near]):
                    break
                spread[near] = True
    return spread


def _belongs(text: str, marked: Span, near: Span) -> bool:
    """Whether nobody tells of themselves in a part, or it stands right under a heading in brackets."""
    heading = text[marked.start : marked.end].startswith("[") and text[marked.end - 1] == "]"
    under = heading and text[marked.end : near.start] == "\n"
    words = text[near.start : near.end]
    return under or not _SPEAKER.search(words) or bool(_READER_SPOKEN_TO.search(words))


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _is_addressed(part: str) -> bool:
    if any(sign.search(part) for sign in _SIGN_PATTERNS):
        return True
    pointed = sum(weight for weight, cue in _POINTED_CUES if cue.search(part))
    return bool(pointed) and pointed + sum(w for w, cue in _GENERAL_CUES if cue.search(part)) >= _ENOUGH


def _forged_objects(text: str) -> Iterator[Span]:
    """Stretches in braces that hold a key of a verdict; what is never closed runs to the end of its line."""
    depth = outermost = opened = 0
    first_key = -1
    for found in _BRACES_AND_KEYS.finditer(text):
        if found[0] == "{":
            opened = found.start()
            outermost = outermost if depth else opened
            depth += 1
        elif found[0] != "}":
            first_key = first_key if first_key >= 0 else (opened if depth else found.start())
        elif depth:
            depth -= 1
            if depth == 0 and first_key >= 0:
                yield Span(outermost, found.end())
                first_key = -1
    if first_key >= 0:
        line_end = text.find("\n", first_key)
        yield Span(first_key, len(text) if line_end < 0 else line_end)


def _encoded(text: str) -> Iterator[Span]:
    """Base64 of readable words."""
    for found in _ENCODED.finditer(text):
        try:
            hidden = base64.b64decode(found[0] + "=" * (-len(found[0]) % 4)).decode("ascii")
        except (binascii.Error, UnicodeDecodeError):
            continue
        if hidden.isprintable() and " " in hidden:
            yield Span(*found.span())


def _joined(spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if joined and span.start - joined[-1].end <= _SHORT_GAP:
            joined[-1] = Span(joined[-1].start, max(span.end, joined[-1].end))
        else:
            joined.append(span)
    return joined
