"""What kind of answer a question asks for, read off its wording."""

from __future__ import annotations

import re

from coach.schema import QuestionKind

# The pieces of the patterns; curly apostrophes are made straight before matching. Repeats are bounded,
# so that time grows with the text and no faster.
_WORD = r"[\w'-]+"
# Verbs that ask for a telling. Their -ing forms are left out on purpose: "your process, giving an
# example" asks for the process.
_TELL = (
    r"\b(?:describe|share|recall|recount|narrate|relate|discuss|give|provide|offer|show|name|explain|outline"
    r"|detail|cite|pick|choose|remember|tell|talk|walk|take|think|reflect)"
    r"(?:,?\s+(?:me|us|through|about|of|on|back|to|with|for|briefly|please|in detail|if you can),?){0,4}\s+"
)
_MOST = r"(?:most|least|best|worst|last|first|(?!interest|request|test)\w+est)"
_BEST_ONE = rf"(?:your|the)(?:\s+single)?\s+{_MOST}"
_ONE = rf"(?:{_BEST_ONE}|an?|one|another|some|any|the)"
_EPISODE = (
    r"(?:times?|instance|situation|story|occasion|moment|scenario|incident|episode|example|anecdote|period|case"
    r"|experience|project|decision|campaign|launch|challenge|goal|problem|mistake|failure|setback|success"
    r"|achievement|accomplishment|crisis|conflict|disagreement|migration|redesign|event)\b"
)
# Plain words between article and noun; "a plan for a project" must not pass as a project.
_BETWEEN = rf"(?:\s+(?!(?:for|and|or|when|where|that|how|if)\b){_WORD}){{0,5}}?\s+"
# "you improved", "you've had to make": the end of "a page you improved", whatever the page is called.
_YOU_DID = (
    r"(?:that\s+)?you(?:(?:'ve|\s+have)\s+(?:ever\s+)?(?!used)\w+"
    r"|\s+(?!used)(?:\w+ed|led|ran|built|made|took|had to))\b"
)


def _compile(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{a})" for a in alternatives), re.IGNORECASE)


_HYPOTHETICAL = _compile(
    r"\b(?:what|how|who|which|where)\s+(?:\w+\s+){0,2}?would you\b",
    r"\bwould you (?:do|handle|approach|react|respond|deal)\b",
    r"\b(?:imagine|suppose|say you|assume)\b",
)
_TOLD_EPISODE = _compile(
    rf"{_TELL}{_ONE}{_BETWEEN}{_EPISODE}",
    rf"{_TELL}(?:something|(?:an?|one|{_BEST_ONE})(?:\s+{_WORD}){{1,5}}?)\s+{_YOU_DID}",
    rf"\bwhat(?:'s| is| was| has been)\s+{_ONE}{_BETWEEN}{_EPISODE}\s+(?:(?:when|where|that|which)\s+)?you\b",
    rf"\bwhat was (?:your|{_ONE})\b",
    rf"\byour {_MOST}(?:\s+{_WORD}){{0,3}}?\s+{_EPISODE}",
    r"\b(?:recall|recount|narrate|think back|take us back)\b",
    r"\bhave you ever\b(?! (?:used|worked with)\b)",
    r"\b(?:how|what|when|why|where|which|who)\b[^,.?!]{0,40}?\b(?:did|have) you\b"
    r"(?! (?:used|worked|managed)\b)",
    rf"^\W*(?:an?|one|the last)\s+(?:{_WORD}\s+){{0,2}}?{_EPISODE}\s+(?:when|where|that|you|in which|of)\b",
)
_EXPERIENCE = _compile(
    rf"{_TELL}(?:your|any|what)(?:\s+{_WORD}){{0,3}}?\s+(?:experience|background)\b",
    rf"\bwhat(?:'s| is)?(?:\s+your)?(?:\s+(?!metrics|tools){_WORD}){{0,2}}?\s+experience\b",
    r"\b(?:how much|how many years)\b.{0,40}?\bexperience\b",
    r"\bhow (?:long|many years) have you\b",
    r"\bdo you have (?:any |some )?(?:\w+ ){0,3}?experience\b",
    rf"{_TELL}(?:yourself|your\s+(?:c\.?v\b|r[eé]sum[eé]|career|current role))",
    r"\bhave you (?:ever )?(?:used|worked|managed|run)\b",
)
_KNOWLEDGE = _compile(
    rf"\b(?:what|which)(?:\s+(?!(?:do|is|are|steps)\b){_WORD}){{0,4}}?\s+(?:metrics?|kpis?|indicators?|figures"
    r"|numbers|tools?|software|apps?|platforms?|systems?|technolog(?:y|ies)|regulations?|laws?|rules|trends?"
    r"|channels?)\b",
    r"\byour (?:\w+ )?(?:knowledge|understanding|familiarity)\b",
    r"\b(?:what|how much) do you (?:know|understand)\b",
    r"\bare you familiar\b|\bhow familiar\b|\bdo you know\b",
    r"\bwhat(?:'s| is| are| does)\s+(?!your\b)",
    r"\b(?:define|explain (?:what|why|the|how (?!you)))\b",
)
_METHOD = r"(?:strateg(?:y|ies)|techniques?|methods?|approach(?:es)?|process(?:es)?|routines?|ways?)\b"
_APPROACH = _compile(
    r"\bhow\s+(?:do|can|should|will|to|you|you'd|exactly do)\b",
    rf"\byour(?:\s+{_WORD}){{0,3}}?\s+{_METHOD}",
    rf"\bwhat(?:\s+{_WORD}){{0,2}}?\s+(?:{_METHOD}|steps?\b|measures\b|practices\b)",
    r"\b(?:various|the|share) strategies\b",
    r"\bwhat do you do\b",
)
_ANY_EPISODE = _compile(
    rf"\b(?:giving|sharing|providing|describing|recalling|using|with)\s+{_ONE}{_BETWEEN}{_EPISODE}",
    rf"\b(?:an?|one|any|specific)\s+(?:{_WORD}\s+){{0,2}}?(?:times?|instances?|occasions?|situations?|moments?)"
    r"\s+(?:when|where|that|you|in which)\b",
    r"\bexamples?\b",
)
_PLAIN_KINDS: dict[QuestionKind, re.Pattern[str]] = {
    "experience": _EXPERIENCE,
    "knowledge": _KNOWLEDGE,
    "approach": _APPROACH,
}


def infer_kind(text: str) -> QuestionKind:
    """The kind of a question that is in no bank.

    Whoever asks for an episode in so many words ("Can you share a time when ...?") wants a story, also
    after a "How do you ...?". An example that only hangs on to a question about method ("Walk me
    through your process, with an example") leaves it a question about method. Otherwise the part that
    comes first decides. What fits nothing counts as "approach", the most general kind.
    """
    plain = text.replace("’", "'")
    if _HYPOTHETICAL.search(plain):
        return "approach"
    if _TOLD_EPISODE.search(plain):
        return "behavioural"
    starts = {kind: match.start() for kind, p in _PLAIN_KINDS.items() if (match := p.search(plain))}
    if starts:
        return min(starts, key=lambda kind: starts[kind])
    return "behavioural" if _ANY_EPISODE.search(plain) else "approach"
