"""The same answer in another mood: told by the group, as what one would do, or with every sentence hedged."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tests.evals.variants import BaseAnswer

_GROUP = (
    (r"\bI['’]m\b", "we’re"),
    (r"\bI['’]", "we’"),
    (r"\bI was\b", "we were"),
    (r"\bI am\b", "we are"),
    (r"\bI\b", "we"),
    (r"\b[Mm]y\b", "our"),
    (r"\bme\b", "us"),
    (r"\bmyself\b", "ourselves"),
    (r"\bmine\b", "ours"),
)

# Past form and base of what the speakers of the base answers did; "choosed" is what one of them says.
_IRREGULAR = dict(
    pair.split(":")
    for pair in """
    began:begin bought:buy broke:break built:build chose:choose choosed:choose did:do drew:draw felt:feel
    found:find gave:give got:get had:have heard:hear held:hold kept:keep left:leave let:let made:make put:put
    ran:run rang:ring read:read rebuilt:rebuild redid:redo reshot:reshoot rewrote:rewrite sat:sit saw:see
    seen:see sent:send set:set showed:show shrunk:shrink spent:spend split:split spoke:speak started:start
    took:take thought:think told:tell was:be went:go wrote:write
    """.split()
)
_REGULAR = """
    add agree answer appoint approve ask call cancel change check collect compare correct decide delete
    discover download drop end explain export fix fret join list load look mark merge move note observe offer
    open pick plan post propose pull reallocate recommend remove reply replace score shift stop study suggest
    talk tag test track train try tune turn use walk want watch work
""".split()
_WITHOUT_DOUBLING = {"answer", "cancel", "load", "open", "offer", "discover", "download"}
_ADVERBS = r"(?:(?:also|then|therefore|just|simply|personally|first) )?"
_COORDINATED = r"(?<=\band )|(?<=\bthen )"

_OPENINGS = (
    "I guess",
    "I think maybe",
    "I'm not really sure, but I suppose",
    "It's probably fair to say that, sort of,",
    "If I remember it right, more or less,",
    "I don't really know, but I feel like",
)
_ENDINGS = (", or something like that", ", kind of", ", I suppose", ", if that makes sense", ", I guess")
_LOWERED = set(
    """
    A After Also And As At Because Before But By Every First For From He Her How If In It It's My
    Next Of On One Our She So That The Their Then There They This To We We'd What When Which While
    With Average Bounce Care Cart Cancelled Conversion Cost Customer Duplicate Funny Honestly
    Meanwhile Oh Okay Orders Repeat Returns Right Sales See Top Traffic Ultimately Um Visits Vinyl
    Well Workshops Yeah
    """.split()
)


def past_of(verb: str) -> str:
    """The regular past form: "try" gives "tried", "drop" gives "dropped"."""
    if verb.endswith("e"):
        return verb + "d"
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ied"
    if re.search(r"[^aeiou][aeiou][bdgmnprt]$", verb) and verb not in _WITHOUT_DOUBLING:
        return verb + verb[-1] + "ed"
    return verb + "ed"


_BASES = {past_of(verb): verb for verb in _REGULAR} | {"cancelled": "cancel"} | _IRREGULAR
_PAST = "|".join(sorted(_BASES, key=len, reverse=True))


def group_for_self(text: str) -> str:
    """The text told as "we"."""
    for pattern, group in _GROUP:
        text = re.sub(pattern, group, text)
    return text


def as_hypothetical(answer: BaseAnswer) -> str:
    """The speaker's own actions as "I would ...", and no aftermath, since none of it has happened."""
    told = [
        would_do(part["text"]) if part["label"] == "action" and part.get("owner") == "self" else part["text"]
        for part in answer.parts
        if part["label"] not in ("result", "learning")
    ]
    return joined(told)


def joined(parts: Iterable[str]) -> str:
    """Parts as one text, with the seams mended where a part between two others is gone."""
    text = re.sub(r"[,;:]\s*$", ".", " ".join(parts).strip())
    # "chosen us, We argued" after a cut; a comma before a name or an "I" is no seam.
    text = re.sub(rf",(?= (?:{'|'.join(sorted(_LOWERED))})\b)", ".", text)
    if text[:1].islower():
        return text  # somebody who writes without capitals
    return re.sub(r"(?<=[a-z]{2}[.!?] )(?:and|so|but|then|which)\b", lambda m: m[0].capitalize(), text)


def would_do(text: str) -> str:
    """ "I wrote it up and sent it" as "I would write it up and send it"; other people's verbs stay."""

    def base(match: re.Match[str]) -> str:
        return f"{match['start']} would {match['adverb']}{_BASES[match['verb'].lower()]}"

    text = re.sub(r"\b([Ii]) (?:did not|didn['’]t) (?=\w)", r"\1 would not ", text)
    text = re.sub(r"\b([Ii]) did (?=fret\b)", r"\1 would ", text)
    pattern = rf"\b(?P<start>[Ii])(?: have)? (?P<adverb>{_ADVERBS})(?P<verb>{_PAST})\b(?! (?:seen|been)\b)"
    changed = re.sub(pattern, base, text)
    if not re.search(r"\b[Ii] would\b", changed):
        # A clause whose "I" stands in the part before it: "and tested the payment pages".
        return re.sub(rf"^(\W*(?:and|then) )({_PAST})\b", lambda m: f"{m[1]}would {_BASES[m[2]]}", changed)
    return re.sub(rf"(?:{_COORDINATED})(?:{_PAST})\b", _plain_base, changed)


def _plain_base(match: re.Match[str]) -> str:
    return match[0] if match[0] == "was" else _BASES[match[0]]


def sentences(text: str) -> list[str]:
    """The text in sentences and lines; joined, they are the text again."""
    return re.findall(r".+?(?:[.!?][\"”]?(?:\s+|$)|\n+|$)", text.strip(), re.DOTALL)


def hedged(text: str) -> str:
    """The text with hedges in four of five sentences."""
    told = sentences(text)
    return "".join(
        sentence if len(told) > 4 and number % 5 == 4 else _hedge(sentence, number)
        for number, sentence in enumerate(told)
    )


def _hedge(sentence: str, number: int) -> str:
    bullet, opening, rest = re.match(r"(\W*)(\S*)(.*)", sentence, re.DOTALL).groups()  # type: ignore[union-attr]
    if opening.rstrip(",") in _LOWERED:
        opening = opening[0].lower() + opening[1:]
    hedge = f"{bullet}{_OPENINGS[number % len(_OPENINGS)]} {opening}{rest}"
    if number % 2:
        return hedge
    return re.sub(r"(?=[.!?]?[\"”]?\s*$)", _ENDINGS[number % len(_ENDINGS)], hedge, count=1)
