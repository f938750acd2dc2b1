"""The same answer in other words of the language: spelling, contractions, a learner's grammar."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

# British, then American.
_SPELLINGS = dict(
    pair.split(":")
    for pair in """
    analyse:analyze analysed:analyzed analysing:analyzing behaviour:behavior cancelled:canceled
    cancelling:canceling catalogue:catalog catalogues:catalogs centre:center centres:centers colour:color
    colours:colors coloured:colored defence:defense enrol:enroll favour:favor favourite:favorite
    fulfil:fulfill fulfilment:fulfillment grey:gray honour:honor jewellery:jewelry judgement:judgment
    labelled:labeled labelling:labeling labour:labor learnt:learned litre:liter litres:liters
    metre:meter metres:meters modelling:modeling neighbour:neighbor neighbours:neighbors
    optimisation:optimization optimise:optimize optimised:optimized organise:organize organised:organized
    personalised:personalized prioritise:prioritize prioritised:prioritized programme:program
    programmes:programs realise:realize realised:realized recognise:recognize recognised:recognized
    sceptical:skeptical summarise:summarize summarised:summarized theatre:theater travelled:traveled
    travelling:traveling tyre:tire tyres:tires dialogue:dialog customised:customized
    """.split()
)
_AMERICAN = {american: british for british, american in _SPELLINGS.items()}
# The base answers hold few words that are spelt in two ways, so that each is told with one of these.
_SPELT = (
    "I had organised my notes by colour before that.",
    "My favourite neighbour at the office had labelled every drawer.",
    "I realised later how much I had learnt there.",
    "Head office stood in the centre, behind the theatre.",
    "Some colleagues were sceptical, and they travelled a lot.",
    "We summarised it in the grey catalogue on the shelf.",
    "I had analysed behaviour like this on an earlier programme.",
)

_PARTICIPLES = r"(?=(?:not |also |just |never )?(?:\w+ed|been|seen|made|got|found|done|told|put|had)\b)"
_SHORT = (
    (r"\b(did|do|does|was|were|is|are|could|would|should|has|have|had) not\b", r"\1n't"),
    (r"\b(can)not\b", r"\1't"),
    (r"\bI am\b", "I'm"),
    (r"\b(I|[Ww]e|[Tt]hey|[Yy]ou) (?:will|shall)\b", r"\1'll"),
    (r"\b(I|[Ww]e|[Tt]hey|[Yy]ou) would\b", r"\1'd"),
    (rf"\b(I|[Ww]e|[Tt]hey|[Yy]ou) have {_PARTICIPLES}", r"\1've "),
    (rf"\b(I|[Ww]e|[Tt]hey|[Yy]ou) had {_PARTICIPLES}", r"\1'd "),
    (r"\b([Ww]e|[Tt]hey|[Yy]ou) are\b", r"\1're"),
    (r"\b([Ii]t|[Tt]hat|[Tt]here|[Hh]ere|[Ww]hat) is\b", r"\1's"),
)
_LONG = (
    (r"\b([Cc])an['’]t\b", r"\1annot"),
    (r"\b([Ww])on['’]t\b", r"\1ill not"),
    (r"\b(\w+)n['’]t\b", r"\1 not"),
    (r"\bI['’]m\b", "I am"),
    (r"['’]ve\b", " have"),
    (r"['’]ll\b", " will"),
    (r"['’]re\b", " are"),
    (r"['’]d (?=better\b)", " had "),
    (
        r"['’]d (?=(?:not |also |just |never |actually )*"
        r"(?:\w+ed|been|seen|made|got|found|done|told|put|had|slid|gone|bought|half|twelve|plenty|about|no|a)\b)",
        " had ",
    ),
    (r"\b(I|[Ww]e|[Tt]hey|[Ww]ho|[Tt]hat|[Yy]ou)['’]d\b", r"\1 would"),
    (r"\b([Ii]t|[Tt]hat|[Tt]here|[Hh]ere|[Ww]hat)['’]s\b", r"\1 is"),
)

_LEARNER = (
    (r"\bmany (?=\w+s\b)", "much "),
    (r"\bon (Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b", r"in \1"),
    (r"\bat the end\b", "on the end"),
    (r"\binformation\b", "informations"),
    (r"\b(did not|didn['’]t) want\b", r"\1 wanted"),
    (r"\bpeople (?=were|was)", "peoples "),
    (r"\b(they|we|people|customers) were\b", r"\1 was"),
    (r"\basked (?=(?:our|the|each|my)\b)", "asked to "),
    (r"\bdepends on\b", "depends of"),
    (r"\bwhich (?=(?:was|were|is|are)\b)", "what "),
    (r"\bfewer\b", "less"),
    (r"\bmore (\w+) than\b", r"more \1 as"),
    (r"\bsaw that\b", "have seen that"),
    (r"\bfound that\b", "have found that"),
    (r"\binterested in\b", "interested for"),
)


def british_and_american(text: str, number: int) -> tuple[str, str]:
    """The text with one more sentence, spelt in both ways; no other word differs."""
    whole = with_sentence(text, _SPELT[number % len(_SPELT)])
    return _respelt(whole, _AMERICAN), _respelt(whole, _SPELLINGS)


def contracted(text: str) -> str:
    """ "It's" for "it is", wherever it can be said."""
    return _replaced(text, _SHORT)


def written_out(text: str) -> str:
    """ "It is" for "it's", wherever the short form has one reading."""
    return _replaced(text, _LONG)


def learners_grammar(text: str) -> str:
    """Every other article left out, and prepositions, tenses and plurals as a learner may have them."""
    draw = random.Random(text)

    def article(match: re.Match[str]) -> str:
        return "" if draw.random() < 0.5 else match[0]

    text = _replaced(text, _LEARNER)
    return re.sub(
        r"\b(?:the|a|an) (?=[a-z])(?!(?:lot|few|bit|good|third|fifth|week|day|month|year|piece)\b)",
        article,
        text,
    )


def with_sentence(text: str, sentence: str) -> str:
    """The text with a sentence of its own after the first one."""
    first = re.match(r".+?[.!?][\"”]?(?=\s)", text, re.DOTALL)
    end = first.end() if first else len(text)
    return f"{text[:end]} {sentence}{text[end:]}"


def _replaced(text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for pattern, new in pairs:
        text = re.sub(pattern, new, text)
    return text


def _respelt(text: str, spellings: Mapping[str, str]) -> str:
    def spelt(match: re.Match[str]) -> str:
        new = spellings.get(match[0].lower(), match[0])
        return new.capitalize() if match[0][0].isupper() else new

    return re.sub(r"[A-Za-z]+", spelt, text)
