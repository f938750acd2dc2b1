"""Cuts an answer into sentences and clauses, each with its offsets.

Sentences come from nupunkt (a Punkt model for English) and are cut again at line breaks, since pasted
drafts use bullets. A sentence that holds two parts of a story is cut at the clause: after a leading
"When ..., " clause, before a new subject behind "and", "but", "so", and before phrases that open an
outcome ("which led to", "resulting in").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from coach.signals.types import Clause, Span

# Shorter pieces read as fragments; they stay with their neighbour.
MIN_CLAUSE_WORDS = 3

WORD = re.compile(r"[^\W_]+(?:['’\-.,][^\W_]+)*")
_LINE_BREAK = re.compile(r"(?:\r\n|\n|\r|\u2028|\u2029)+[ \t]*(?:[-*•–▪◦·]+|\(?\d{1,2}[.)](?!\d))?[ \t]*")

_SUBJECT = (
    r"(?:i|we|they|he|she|it|this|that|these|there|you|(?:everyone|everybody|nobody)(?!\s+else)|people|"
    r"(?:my|our|their|his|her|the|a|an|one|some|both|all|most|each|another)\s+[\w'’-]+)"
)
_FINITE = (
    r"(?:was|were|is|are|had|has|have|did|do|does|could|can|would|will|got|went|ended|started|began|became|"
    r"made|took|came|fell|rose|grew|dropped|increased|decreased|improved|doubled|tripled|halved|"
    r"[\w'’-]+(?:ed|s))"
)
_NEW_SUBJECT = rf"{_SUBJECT}\s+(?:[\w'’-]+ly\s+|also\s+|then\s+|just\s+|still\s+|never\s+|finally\s+)?"
_BREAKS = re.compile(
    "|".join(
        (
            r"(?P<semicolon>;\s*)(?=\w)",
            r"(?P<dash>\s[-–—]+\s|—)(?=\w)",
            # ", and I rebuilt", " but they were", ", so the team"
            rf"(?P<joined>,?\s+)(?=(?:and|but|so|yet|then|because\s+of\s+(?:this|that)|although|though|while|whereas|until)\s+"
            rf"(?:then\s+|so\s+|that\s+|now\s+|in\s+the\s+end\s+|eventually\s+|after\s+that\s+)?{_NEW_SUBJECT}[\w'’-]+)",
            # ", which led to", ", resulting in", " and this brought"
            r"(?P<outcome>,?\s+)(?=(?:which|that)\s+(?:led|helped|resulted|brought|meant|made|gave|allowed|caused|saved|raised|"
            r"increased|reduced|cut|improved|lifted|turned|ended|eventually|in\s+turn|then)\b)",
            r"(?P<gerund>,?\s+)(?=(?:and\s+)?(?:resulting\s+in|leading\s+to|which\s+is\s+why|in\s+order\s+to|so\s+that|"
            r"as\s+a\s+result|(?:and\s+)?ended\s+up|(?:and\s+)?as\s+a\s+consequence)\b)",
            r"(?P<gerund2>,\s+)(?=(?:bringing|cutting|raising|saving|increasing|reducing|lifting|boosting|dropping|improving)\s)",
            # "..., and got promoted": same subject, an outcome verb
            r"(?P<verb>,?\s+)(?=and\s+(?:eventually\s+|finally\s+|later\s+)?(?:got|won|received|earned|saved|increased|reduced|"
            r"doubled|tripled|halved|learned|learnt|realized|realised)\b)",
            # "A time I had to choose was when I ..."
            r"(?P<echo>(?:(?<=\bis)|(?<=\bwas))\s+)(?=when\s+(?:i|we|my|our|in|at|the)\b)",
            rf"(?P<comma>,\s+)(?=(?:i|we)\s+(?:[\w'’-]+ly\s+|also\s+|then\s+|just\s+)?{_FINITE})",
        )
    ),
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"\s*(?:and\s+|but\s+|so\s+)?(?:when(?:ever)?|while|as|after|before|since|once|if|because|although|even\s+though|"
    r"in\s+order\s+to|to|during|by\s+the\s+time|in|at|on|for|from|with|through|over|under|throughout|despite|given)\b",
    re.IGNORECASE,
)


def count_words(text: str) -> int:
    """Words as a reader counts them: "2.4", "don't" and "follow-up" are one each."""
    return sum(1 for _ in WORD.finditer(text))


def find_sentences(answer: str) -> tuple[Span, ...]:
    """Sentences in order, trimmed of white space; a line break or bullet always ends one."""
    from nupunkt import sent_spans

    found = []
    for line in _lines(answer):
        for start, end in sent_spans(answer[line.start : line.end]):
            span = _trimmed(answer, line.start + start, line.start + end)
            if span.end > span.start and WORD.search(answer, span.start, span.end):
                found.append(span)
    return tuple(found)


def find_clauses(answer: str, sentences: tuple[Span, ...]) -> tuple[Clause, ...]:
    """Clauses in order; each lies in one sentence and together they hold every word of it."""
    return tuple(
        Clause(span.start, span.end, answer[span.start : span.end], number)
        for number, sentence in enumerate(sentences)
        for span in _cut(answer, sentence)
    )


def _lines(answer: str) -> Iterator[Span]:
    start = 0
    bullet = re.match(r"[ \t]*[-*•–▪◦·]+[ \t]+", answer)
    if bullet:
        start = bullet.end()
    for found in _LINE_BREAK.finditer(answer, start):
        if found.start() > start:
            yield Span(start, found.start())
        start = found.end()
    if start < len(answer):
        yield Span(start, len(answer))


def _cut(answer: str, sentence: Span) -> list[Span]:
    text = answer[sentence.start : sentence.end]
    cuts = [match.start() for match in _BREAKS.finditer(text) if not _opens_list(text, match)]
    pieces: list[Span] = []
    start = 0
    for cut in [*cuts, len(text)]:
        rest_is_long = cut == len(text) or count_words(text[cut:]) >= MIN_CLAUSE_WORDS
        if count_words(text[start:cut]) >= MIN_CLAUSE_WORDS and rest_is_long:
            pieces.append(_trimmed(answer, sentence.start + start, sentence.start + cut))
            start = cut
    if start < len(text) and count_words(text[start:]):
        tail = _trimmed(answer, sentence.start + start, sentence.end)
        if pieces and count_words(text[start:]) < MIN_CLAUSE_WORDS:
            pieces[-1] = Span(pieces[-1].start, tail.end)
        else:
            pieces.append(tail)
    return pieces


def _opens_list(text: str, match: re.Match[str]) -> bool:
    """A ", I ..." break counts only behind a leading subordinate or adverbial clause."""
    if match.lastgroup != "comma":
        return False
    return not _LEADING.match(text)


def _trimmed(answer: str, start: int, end: int) -> Span:
    piece = answer[start:end]
    left = len(piece) - len(piece.lstrip(" \t\r\n,;–—-•*\u2028\u2029"))
    right = len(piece.rstrip())
    return Span(start + left, start + right) if right > left else Span(start, start)
