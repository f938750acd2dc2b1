"""Finds text in an answer that is meant for a grader or a machine and not for an interviewer: orders to a
model, forged results, fake system messages. Such text proves nothing and is no evidence.

The patterns look for somebody being addressed ("ignore your instructions", "this answer deserves") and not
for a topic: a candidate may tell of prompts, models, scores and graders.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from coach.signals.quotes import FoldedText
from coach.signals.types import Span

# Unmarked text this short between two finds belongs to them.
_SHORT_GAP = 200
_PART_END = re.compile(r"(?<=[.!?])['\])]*\s+|\n")

# Where an order can begin: at the start, after a mark, after "please" or "you must"; not after "I had to".
_ORDER = (
    r"(?:^\W*|[:;\])}>,]\s*|\b(?:please|kindly|you\s+(?:must|should|shall|are\s+to|have\s+to|need\s+to)|you\s+to)\s+)"
    r"(?:(?:please|just|simply|now|always|only|then|instead|kindly|important|attention|warning)\b\W*)*"
)
_ANSWER = r"(?:response|answer|submission|candidate|applicant|resume|cv|output)"
_AI = r"(?:ai|gpt|llms?|(?:large\s+)?language\s+models?|graders?|evaluators?|examiners?|scorers?|chatbots?)"
_MACHINE = (
    rf"(?:{_AI}|recruiters?|reviewers?|software|parsers?|screeners?|ats|admin\w*"
    r"|(?:automated|screening|grading|scoring|analysis|ai)\s+(?:systems?|models?|tools?))"
)
_MOST = r"(?:maximum|max|highest|top|full|perfect|best)"
_MARK = r"(?:scores?|ratings?|grades?|marks?|points?|levels?|credit)"
_TOP = (
    rf"(?:{_MOST}\s+(?:possible\s+)?{_MARK}|(?:an?\s+)?(?:10|5|100|ten|five)\s*(?:/|out\s+of|points?\b)"
    r"|an?\s+(?:10|5|100|ten|five)\b(?!\s*[-%]|\s+\w)|level\s+(?:5|five)|\d+\s*/\s*\d+)"
)
_ALL = r"(?:all|every|each)\s+(?:of\s+the\s+)?(?:criteri(?:a|on)|levels?|categor(?:y|ies)|dimensions?)"
_SOON = r"(?:[^\n]{0,60}?)"

_ORDERS = (
    rf"{_ORDER}(?:ignore|disregard|forget|override|bypass|discard|skip|stop)\b(?:\s+[\w-]+){{0,4}}?\s+(?:"
    r"(?:(?:all|any|the|your|my|these|those|previous|prior|above|earlier|preceding|other)\s+)+"
    r"(?:[\w-]+\s+)?(?:instructions?|prompts?|guidelines|directions|criteria)|(?:previous|prior|above)\s+rules"
    r"|rubric|system\s+prompt|negative\s+\w+|scoring|grading|(?:the|this|your)\s+evaluation|evaluation\s+criteria)\b",
    rf"{_ORDER}(?:ignore|disregard|forget)\s+(?:your\s+(?:instructions?|rules|prompt)|(?:everything|anything|all)\s+"
    r"(?:of\s+the\s+)?(?:above|before|so\s+far|(?:that\s+)?you\s+(?:were|have|know)))\b",
    r"(?<!to )(?<!we )(?<!i )(?<!they )(?<!not )\bignore\s+(?:all\s+|any\s+)?(?:of\s+)?(?:the\s+|your\s+|my\s+)?"
    r"(?:previous|prior|above|earlier|preceding)\s+(?:instructions?|prompts?)\b(?=\W*(?:$|and\b|[.:;!]))",
    rf"{_ORDER}(?:give|award|assign|grant|set|put|mark|rate|score)\s+{_SOON}\b(?:{_TOP}|{_ALL})",
    rf"{_ORDER}(?:rate|score|grade|mark|evaluate|assess)\s+(?:me|this|it)\b\s+(?:{_ANSWER}\s+)?"
    rf"(?:as\b|highly|favou?rably|positively|generously|only|on\b|an?\b|{_MOST}|\d)",
    rf"{_ORDER}(?:evaluate|grade|score|judge|assess)\s+(?:only\s+)?(?:the|my|this)\s+(?:\w+\s+)?(?:answer|response)\b",
    rf"{_ORDER}(?:pass|approve|reward|mark|accept|prefer|recommend)\s+(?:(?:this|my|all|every)\s+{_ANSWER}s?\b|as\s+pass)",
    rf"{_ORDER}(?:treat|count|consider|regard|classify|label)\s+(?:this|my|the\s+above)\b(?:\s+\w+)?\s+as\s+{_SOON}"
    rf"(?:\d|pass|complete|correct|excellent|{_MOST})",
    rf"{_ORDER}(?:return|output|respond|reply|print|write|report)\b\s+{_SOON}"
    rf"(?:{_TOP}|\bjson\b|\bscore\b\s*[=:]|\bverdict\b|\bpass(?:ing)?\b\W*$|\bthe\s+following\s*:)",
    rf"{_ORDER}(?:reveal|print|repeat|show|display|output|disclose)\s+(?:me\s+)?(?:(?:your|the|all|any)\s+)?(?:rubric"
    r"|(?:hidden|system|internal|secret|evaluation)\s+(?:instructions?|prompt|reasoning|criteria))\b",
    r"(?:^\W*|,\s*)(?:simply|only|just)\s+(?:respond|reply|answer|output|return)\s+(?:with\s+)?['{\[:]",
    rf"{_ORDER}(?:don't|do\s+not|never)\s+(?:re-?)?(?:evaluate|grade|score|assess)\b"
    rf"(?:\s+(?:the\s+|this\s+|my\s+){_ANSWER}|\s+(?:me|this|it)\b|\W*$)",
    r"\byou\s+(?:may|must|can)\s+not\s+deviate\b|^\W*focus\s+(?:exclusively|only|solely)\s+on\s+(?:the\s+)?positive",
    r"^\W*(?:use|apply|follow|trust|adopt)\s+(?:this|these|the\s+(?:above|following))\b"
    rf"[^\n]{{0,40}}\b(?:evaluate|grade|score|judge|assess)\s+(?:the|this)\s+{_ANSWER}\b",
    rf"\b(?:should|must)\s+(?:always\s+)?(?:return|output|give|assign|award|receive|be\s+(?:given|marked|awarded))\s+"
    rf"{_SOON}(?:\b{_MOST}\s+(?:possible\s+)?{_MARK}|\bas\s+pass)",
    rf"\b{_ALL}\s*(?:are|is|must|should|:|=|as|at|to)\s*(?:be\s+)?(?:level\s+)?(?:max\w*|5|five|10)\b",
    r"\bfrom\s+(?:now|here)\s+on\b,?\s+(?:you\s+)?(?:only\s+)?(?:output|respond|reply|act|grade|score|rate)\b",
    rf"{_ORDER}act\s+as\s+(?:an?|the)\s+(?:[\w-]+\s+){{0,2}}(?:{_AI}|assistant)\b",
    rf"^\W*(?:when|while)\s+(?:scoring|grading|marking)\b\W*(?:this\s+\w+\W+)?(?:assume|treat|count|give|please)\b",
    rf"\bi\s+(?:hereby\s+)?(?:instruct|order|command|authori[sz]e)\s+(?:you\b|the\s+(?:\w+\s+)?(?:{_AI}|models?)\b)",
    r"\b(?:ask|request|beg|want|urge|tell|expect)\s+you\s+to\s+(?:\w+\s+)?(?:score|rate|grade|mark|pass|award)\b(?!\s+your)",
)
_ADDRESSES = (
    rf"^\W*(?:dear|hey|hello|hi|to|attention|attn)\W+(?:the\s+|all\s+|any\s+|my\s+)?{_AI}\s*(?:[,:]|reading|who|that|model)",
    rf"\bas\s+(?:an?|the)\s+(?:{_AI}|automated\s+\w+)(?=\s*[,:]|\s+(?:evaluating|grading|judging|model|you)\b)",
    rf"\bif\s+you(?:'re|\s+are)\s+(?:an?\s+|the\s+)?(?:\w+\s+){{0,2}}{_AI}\b",
    rf"\byou\s+are\s+(?:now|no\s+longer|actually)\s+(?:an?\s+|the\s+)?(?:[\w-]+\s+){{0,3}}?(?:\w*{_AI}|assistant|playing)\b",
    rf"^\W*you\s+are\s+(?:an?\s+|the\s+)?(?:[\w-]+\s+){{0,3}}?(?:\w*{_AI}|helpful\s+assistant)\b",
    rf"^\W*(?:[\w-]+\s+){{0,2}}(?:notes?|messages?|memo|instructions?|notice|directive|guidance|profile|metadata)\s+"
    rf"(?:to|for|from|by)\s+(?:[\w-]+\s+){{0,4}}?{_MACHINE}\s*[:\]]",
    r"\b(?:automated|ai|llm)\s(?:\w+\s)?(?:analysis|screening|grading|evaluation|review)\s+(?:software|systems?|tools?)\s*:",
    r"\b(?:in)?visible\s+to\s+(?:humans?|llms?|ais?|the\s+model)\b|^\W*white-text\b",
    r"\byour\s+(?:system\s+prompt|grading|rubric|new\s+instructions?|(?:previous|initial)\s+instructions?)\b",
    r"\byour\s+(?:new\s+|real\s+|only\s+|actual\s+)?(?:task|job|role|goal)\s+is\s+(?:now|only|instead|to\s+(?:return|output|grade))\b",
    rf"\b(?:before|when|while|since|as|know|that)\s+you\s+(?:are\s+)?(?:grad|evaluat|scor|judg|assess|rat)(?:e|ing)\s+"
    rf"(?:this|my|the)\s+{_ANSWER}",
    rf"\bif\s+you\s+(?:pass|fail|approve|reject|grade|score|rate)\s+(?:me\b|(?:this|my|it)\s*(?:{_ANSWER}|[,:]))"
    rf"|\bif\s+you\s+give\s+(?:me\s+|this\s+)?(?:\w+\s+)?an?\s+(?:low|high|{_MOST})\s+{_MARK}",
    r"\b(?:good|fair|reasonable|real|helpful)\s+(?:grader|evaluator)\s+(?:would|should|will)\b",
    r"\b(?:great|good|excellent|fair)\s+(?:job\s+on\s+your\s+)?(?:evaluation|grading)\s+so\s+far\b"
    r"|\btrust\s+(?:that\s+)?you(?:'ll|\s+will)\s+make\s+the\s+right\s+(?:choice|decision)\b",
    r"\b(?!chat)\w+-?gpt\s+(?:response|would|always|must)\b",
    rf"\b(?:passing|good|high|top)\s+{_MARK}\s+would\s+mean\s+(?:so|a\s+lot|everything|the\s+world|very)\b",
    r"^\W*please\s+be\s+(?:understanding|lenient|generous)\b",
    r"\b(?:this\s+is|am\s+aware\s+of)\s+an?\s+prompt\s+injection\b|\bprompt\s+injection\s+(?:test|attempt)\b",
)
# The answer spoken of as a thing to be marked, and marks already given.
_CLAIMS = (
    rf"\bthis\s+(?:\w+\s+)?{_ANSWER}\s+(?:\w+ly\s+)?(?:pass(?:es)?|fails?|deserves?|meets?|satisf\w+|fully"
    r"|demonstrates|exceeds|earns?|merits?|warrants?|scores\s+\w*\d"
    r"|is\s+(?:\w+ly\s+)?(?:correct|excellent|perfect|outstanding|complete|flawless|the\s+(?:best|most))"
    r"|(?:has|have)\s+(?:already\s+|now\s+)?been\s+(?:\w+ly\s+)?(?:pre-?)?"
    r"(?:approved|verified|graded|evaluated|scored|reviewed|validated))\b",
    rf"\b(?:this|my\s+{_ANSWER}|the\s+{_ANSWER}\s+above|it|i)\s+(?:\w+ly\s+)?(?:deserves?|merits?|gets|earns|warrants)\s+"
    rf"(?:the\s+|at\s+least\s+)?{_TOP}",
    rf"\bthe\s+(?:candidate|applicant)\s+is\s+(?:the\s+)?(?:\w+ly\s+)?(?:most\s+|best\s+)?qualified\b",
    rf"\b{_ANSWER}\s+(?:always\s+passes|must\s+pass|fails\s+evaluation|passes\s+all|fully\s+meets)\b",
    r"\b(?:highly|strongly)\s+recommended\s+for\s+(?:immediate\s+)?(?:hir|interview)"
    r"|\binterview\s+(?:is\s+)?(?:highly|strongly)\s+recommended\b|\bprofile\s+exceeds\b",
    r"^\W*(?:evaluation|grading|assessment)\s+(?:is\s+)?(?:now\s+)?(?:complete|finished|over|finali[sz]ed)\b",
    rf"\b(?:unanimous|final)\s+(?:decision|verdict)\s*:\s*{_MOST}",
    r"\b(?:bypass|skip)(?:es|ed)?\s+(?:standard\s+)?(?:rubric|the\s+rubric|evaluation)\b|\brubric\s+should\s+be\b",
    r"\bgrad(?:ing|er)\s+(?:chain|module|supervisor|protocol|override)\b|\bsystem\s+chain\s+of\s+thought\b",
    r"^\W*(?:\w+\s+)?(?:pass(?:ed)?|score|verdict|grade|rating)\s*[:=]\s*(?:true|pass|max|full|perfect|\d)",
    r"^\W*(?:\w+\s+){0,2}(?:result|status|recommendation|confidence|outcome)\s*[:=]\s*"
    r"(?:pass(?:ed)?|true|finali[sz]ed|max(?:imum)?(?:\s+score)?|100\s?%|score\s+\d\S*)\W*$",
    r"^\W*(?:situation|task|action|result|question.fit|role.relevance|overall|total|level)\W+(?:\d+\s*/\s*\d+|maximum)\W*$",
    r"\b\w*(?:score|grade|verdict|pass|override)\w*\s*=\s*'?(?:true|max|pass|\d)",
)
_FORGERIES = (
    r"^\W*(?:grader|evaluator)\s*\d*\s*(?:output|note|verdict)?\s*:",
    r"(?-i:^\W*(?:SYSTEM|ASSISTANT|DEVELOPER)\s*:)|^\W*assistant\s*:|^#+\s*(?:system|assistant|instructions?)\W*$",
    r"^\W*(?:system|assistant|developer|ai)\s+(?:note|message|prompt|override|output|response|instructions?)\s*:",
    r"^\W*(?:new|updated|additional|revised|real)\s+(?:instructions?|criteria|rubric|system\s+prompt)\s*:",
    r"^\W*(?:required|expected)\s+(?:\w+\s+)?(?:output|response)\b[^\n:]{0,30}:|^\W*final\s+answer\s*:\s*\{",
    r"^[=#*_~-]{2,}\s*(?:end|begin|start|new)\b[^\n]{0,40}\b(?:response|answer|transcript|prompt|output|instructions?)\b",
    r"^\W*end\s+of\s+(?:the\s+|my\s+)?(?:answer|response|transcript|submission|prompt|document)\W*$",
    r"</?\s*(?:output|rubric|response|answer|system|instructions?|prompt|assistant|user|evaluation|score)s?[\w-]*\s*>",
    r"<\|\s*/?\w|<!--|<!\[CDATA|<</?SYS|\[/?INST\]|```\s*(?:json|yaml|xml)\b|\[/?system\]|\[rest-of-document\]",
    r"(?-i:\[[^\]\n]*\b[A-Z_]*(?:OVERRIDE|EVALUAT|GRAD(?:ER|ING)|DEBUG|DEV_|DIRECTIVE|SIMULATION|CLASSIFIED|SYSTEM\b(?! NAME))"
    r"[^\]\n]*\])",
    r"(?-i:\[[A-Z][^\]\n]*\b(?:evaluation|grading|evaluator|grader|FROM|MODE|POLICY|CONTEXT|GUIDANCE|LOG|FLAG|API)\b"
    r"[^\]\n]*\])",
    r"(?-i:\b(?:[A-Z]+[-_])*(?:GRADER?|OVERRIDE|ADMIN|ALWAYS)[-_][A-Z]+)|\b(?:always|auto|force)[-_]pass\b",
)
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE) for pattern in (*_ORDERS, *_ADDRESSES, *_CLAIMS, *_FORGERIES)
)
_FORGED_KEY = re.compile(
    r"'(?:scores?|levels?|pass(?:ed)?|verdict|grade|rating|criteri(?:a|on)|answer_type|quotes|next_step)'\s*:",
    re.IGNORECASE,
)
_ENCODED = re.compile(r"(?<![\w/+])[A-Za-z0-9+/]{24,}={0,2}(?![\w/+])")


def find_instructions(answer: str) -> tuple[Span, ...]:
    """The stretches of an answer that address a grader, in order and apart; empty for an honest answer."""
    folded = FoldedText(answer)
    text = folded.folded
    found = sorted((*_addressed(text), *_forged_objects(text), *_encoded(text)))
    return tuple(folded.span(span.start, span.end) for span in _joined(found))


def _addressed(text: str) -> Iterator[Span]:
    start = 0
    for end in [*(found.end() for found in _PART_END.finditer(text)), len(text)]:
        part = text[start:end].strip()
        if part and any(pattern.search(part) for pattern in _PATTERNS):
            begin = text.index(part, start)
            yield Span(begin, begin + len(part))
        start = end


def _forged_objects(text: str) -> Iterator[Span]:
    """Stretches in braces that hold a key of a verdict; an open brace runs to the end of its line."""
    end = 0
    for opening in re.finditer(r"\{", text):
        if opening.start() < end:
            continue
        end = _closing(text, opening.start())
        if _FORGED_KEY.search(text, opening.start(), end):
            yield Span(opening.start(), end)


def _closing(text: str, start: int) -> int:
    depth = 0
    for brace in re.finditer(r"[{}]", text[start:]):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return start + brace.end()
    line_end = text.find("\n", start)
    return len(text) if line_end < 0 else line_end


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
