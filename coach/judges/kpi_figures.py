"""What a figure stands for in an answer: a value reached, a starting point, a target, a plan, a general
claim or somebody else's figure. Read from the words around it, and from its place among the speaker's own
steps; what a clause was labelled only tips the balance where the words leave it open."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from coach.schema import Figure
from coach.signals.types import LabelledClause, Signals

FARTHEST = 400  # letters ahead of a figure that can say what it stands for
Standing = Literal["reached", "later", "value", "start", "goal", "claim", "foreign"]


class Words(NamedTuple):
    """The words around a figure: from the opening of its sentence or clause, and up to the clause's end."""

    sentence: str
    lead: str
    tail: str


_CHANGE = re.compile(
    r"\b(?:went|gone|got|came|rose|risen|grew|grown|fell|fallen|dropped|climbed|increased|decreased|improved|reduced|declined"
    r"|jumped|moved|passed|slid|shrank|lifted|raised|reached|hit|ended|finished|landed|closed|settled|doubled|tripled|halved"
    r"|brought|cut|took|pushed|gained|recovered|stabili[sz]ed|achieved|averaged|crossed|touched|topped|exceeded|beat|up|down"
    r"|better|higher|lower|more|fewer|less|longer|shorter|now|saved)\b",
    re.IGNORECASE,
)
# "20 % lower", "£6 more per order"
_COMPARED = re.compile(
    r"\s*(?:better|higher|lower|more|fewer|less|longer|shorter|up|down|above|below)\b", re.IGNORECASE
)
# Cues that a plain value was reached in time: "by month six", "after the change", "in the end".
_LATER = re.compile(
    r"\b(?:by\s+(?!then\b)(?:the\s+)?(?:end|middle|start|week|month|day|year|first|second|third|fourth|last|next|spring|summer|autumn|fall|winter|christmas|easter|diwali|q[1-4]"
    r"|thanksgiving|january|february|march|april|may|june|july|august|september|october|november|december|\d+)"
    r"|after\s+(?:the|that|this|\w+\s+(?:days?|weeks?|months?|quarters?|years?))|(?:within|inside)\s+\w+|\w+\s+(?:weeks?|months?|days?|years?)\s+(?:later|after)"
    r"|in\s+(?:the\s+)?(?:end|\w+\s+(?:weeks?|months?)|month\s+\w+|week\s+\w+|first\s+\w+|second\s+\w+|third\s+\w+|\w+th\s+month|next\s+\w+|following\s+\w+)"
    r"|at\s+the\s+end|finally|eventually|since\s+then|afterwards|thereafter|from\s+then\s+on|as\s+a\s+result|resulting|the\s+result"
    r"|now|the\s+(?:next|following)\s+(?:week|month|quarter|season|year)|that\s+(?:month|quarter|season|year))\b",
    re.IGNORECASE,
)
_EARLY = re.compile(
    r"\b(?:back\s+then|at\s+(?:the\s+time|that\s+time|first|the\s+start|the\s+beginning)|in\s+the\s+beginning|initially|originally|previously|used\s+to"
    r"|when\s+(?:i|we)\s+(?:started|joined|came|arrived|began|took|got|looked|inherited)|before\s+(?:i|we|that|this|the)|i\s+inherited|inherited|the\s+problem\s+was"
    r"|until\s+then|starting\s+(?:point|from|at)|stuck\s+(?:at|on|around)|sitting\s+(?:at|on)|hovering|crept|had\s+been)\b",
    re.IGNORECASE,
)
_BASE_VERB = (
    r"(?:get|bring|push|cut|reduce|raise|lift|take|move|grow|increase|improve|hit|reach|halve|double|triple|drop|keep|hold|have|"
    r"make|see|lower|arrive|come|go|climb|achieve|boost|be|stay|exceed|beat|win|recover|decrease|drive|deliver|show|sell|rise|fall|jump|"
    r"end|finish|land|lead|save)"
)
_WISHED = re.compile(
    r"(?<!\bmanaged )(?<!\bable )(?<!\bhelped )(?<!\bus )(?<!\bcame )(?<!\bgot )(?<!\bstarted )"
    r"(?<!\bbegan )(?<!\bdown )"
    rf"\bto\s+(?:\w+ly\s+)?{_BASE_VERB}\b|\bto\s+\w+\b[^.]*\band\s+{_BASE_VERB}\b"
    rf"|\b(?:must|should|could|would|will|can|may|might|shall)\s+(?:\w+ly\s+)?{_BASE_VERB}\b|['’](?:ll|d)\s+(?:\w+ly\s+)?{_BASE_VERB}\b"
    r"|\b(?:want(?:ed|s)?|aim(?:ed|ing)?|hop(?:ed|ing)|expect(?:ed|ing)?|targeted|asked|needed|mandate|mission|brief|supposed|told\s+(?:me|us)|promised)\b",
    re.IGNORECASE,
)
# Right before the figure: "a target of 2", "the goal was 3 %".
_TARGET = re.compile(
    r"\b(?:target|goal|aim|objective|quota|forecast|plan|planned|limit|threshold|break[\s-]?even|requirement|benchmark|ask)\b"
    r"(?:\s+(?:\w+\s+)?(?:of|was|is|at|being|for|to|from|by)(?:\s+\w+){0,4}|\s+[\w’']+){0,2}\s*\Z",
    re.IGNORECASE,
)
_CLAIM = re.compile(
    r"\b(?:usually|typically|normally|generally|ideally|in\s+general|as\s+a\s+rule|for\s+(?:example|instance)|suppose|let['’]?s\s+say|imagine"
    r"|if\s+(?:you|i|we|a|somebody|someone)|you\s+(?:can|should|need|want|get|have)|it\s+depends|most\s+(?:shops|brands|stores|companies)"
    r"|rule\s+of\s+thumb|anything\s+(?:over|under|above|below)|unless|whenever|means\s+that)\b",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"\b(?:competitors?['’]?s?|rivals?|industry|benchmark|category\s+(?:is|was|average)|market\s+average|national\s+average|other\s+(?:shops|brands|stores|sellers|companies)"
    r"|according\s+to|i\s+read|studies|study|research\s+says|my\s+(?:friend|cousin|predecessor)['’]?s?)\b",
    re.IGNORECASE,
)
# A change told behind the wish: "I wanted it under 70 and it fell to 66".
_CHANGED = re.compile(
    r"\b(?:went|rose|grew|fell|dropped|was|were|got|came|reached|ended|climbed|moved|improved|increased|decreased|landed|did|had"
    r"|held|stayed|remained|stood|settled)\b",
    re.IGNORECASE,
)
_OWN_STEP = re.compile(
    r"\b(?:[Ii]|[Ww]e)\s+(?:\w+ly\s+|also\s+|then\s+|just\s+|first\s+|even\s+)*(?!was\b|were\b|had\b|did\b|noticed\b|saw\b|joined\b|worked\b|sold\b|ran\b|managed\b|led\b|handled\b|owned\b|lived\b|needed\b|wanted\b|started\s+(?:at|in|as)\b)"
    r"(?:\w{2,}ed|put|made|wrote|built|cut|ran|took|set|got|began|spoke|sent|chose|went|sat|brought|gave|met|split|rebuilt|rewrote|redid|reshot|kept|left|found|told|bought|drew)\b",
)


def own_step_before(signals: Signals, place: int) -> bool:
    """Whether the speaker tells a step of their own ahead of this place in the answer."""
    if any(c.label == "action" and c.owner != "other" and c.clause.end <= place for c in signals.clauses):
        return True
    return bool(_OWN_STEP.search(signals.answer, 0, place))


def standing_of(figure: Figure, signals: Signals) -> Standing:
    """What the figure stands for, before its metric is known. A "later" one is a plain value with a time. A
    "value" has none: whether it was reached or found depends on what else is told of the metric."""
    clause = clause_at(signals, figure.start)
    words = _words(figure, clause, signals)
    if (figure.from_ is None and _TARGET.search(words.lead)) or _wished(words):
        return "goal"
    if _CLAIM.search(words.lead) and not _LATER.search(words.sentence):
        return "claim"
    if figure.from_ is None and _FOREIGN.search(words.lead):
        return "foreign"
    if figure.from_ is not None:
        return "reached"
    near = f"{words.lead} {figure.quote} {words.tail}"
    if _EARLY.search(near) and not _LATER.search(words.lead):
        return "start"
    if figure.unit == "x" or _CHANGE.search(words.lead) or _COMPARED.match(words.tail):
        return "reached"
    return "later" if _LATER.search(words.sentence) or _LATER.search(words.tail) else "value"


def _wished(words: Words) -> bool:
    """Whether the figure is only wished for: a wish in its clause with no change told after it."""
    wishes = list(_WISHED.finditer(words.lead))
    return bool(wishes) and not _CHANGED.search(words.lead, wishes[-1].end())


def _words(figure: Figure, clause: LabelledClause, signals: Signals) -> Words:
    sentence = next((s for s in signals.sentences if s.start <= figure.start < s.end), signals.sentences[0])
    opening = max(sentence.start, figure.start - FARTHEST)
    start = max(opening, clause.clause.start)
    end = max(figure.end, min(clause.clause.end, sentence.end))
    return Words(
        signals.answer[opening : figure.start],
        signals.answer[start : figure.start],
        re.split(r"[,;]|\s+(?:and|but|while|whereas)\s", signals.answer[figure.end : end])[0][:60],
    )


def clause_at(signals: Signals, place: int) -> LabelledClause:
    """The clause that holds the place, else the last one."""
    return next((c for c in signals.clauses if c.clause.start <= place < c.clause.end), signals.clauses[-1])
