"""Who acts in a clause, what is said twice, and what says nothing."""

from __future__ import annotations

import pytest

from coach.signals.habits import find_repeats, find_talk
from coach.signals.segments import find_clauses, find_sentences
from coach.signals.voice import find_owner, find_phrases
from tests.stories import lexicon


@pytest.mark.parametrize(
    ("clause", "owner"),
    [
        ("I rebuilt the checkout", "self"),
        ("i rebuilt the checkout", "self"),
        ("and then I’d asked the developer", "self"),
        ("so ive changed the page", "self"),
        ("Rebuilt the checkout page", "self"),
        ("and then built a new page", "self"),
        ("my task was the checkout", "self"),
        ("we rebuilt the checkout", "group"),
        ("and the team tested it", "group"),
        ("we agreed that I would test it", "group"),
        ("I asked what we could do", "self"),
        ("our shop is small", "group"),
        ("the checkout was rebuilt", "passive"),
        ("two versions were quickly tested", "passive"),
        ("customers left the page", "other"),
        ("Iceland is cold", "other"),
    ],
)
def test_who_acts(clause: str, owner: str) -> None:
    assert find_owner(clause, lexicon()) == owner


@pytest.mark.parametrize(
    ("text", "fillers", "hedges"),
    [
        ("So um I, you know, rebuilt it.", ["um", "you know"], []),
        ("I think it was maybe ten.", [], ["I think", "maybe"]),
        ("The album had an umbrella.", [], []),
        ("It's, let’s say, kind\nof new.", ["let’s say", "kind\nof"], []),
    ],
)
def test_fillers_and_hedges_are_whole_words(text: str, fillers: list[str], hedges: list[str]) -> None:
    found = [text[s.start : s.end] for s in find_phrases(text, lexicon().fillers)]
    assert found == fillers
    assert [text[s.start : s.end] for s in find_phrases(text, lexicon().hedges)] == hedges


@pytest.mark.parametrize(
    ("answer", "repeated"),
    [
        ("I rebuilt the page. I told the team about it.", []),
        ("I rebuilt the page in May. Sales rose. I rebuilt the page in May!", ["I rebuilt the page in May!"]),
        ("I rebuilt the page in May. i Rebuilt, the page - in may.", ["i Rebuilt, the page - in may."]),
        # Nearly half of the words again, but with something new, is no repeat.
        ("I moved the price to the product page. I moved the price to the top of the menu.", []),
        # Three words are a turn of speech, not a sentence said again.
        ("It went well. It went well.", []),
        ("We cut it by 10 % that week. We cut it by 50 % that week and by 20 % the next month.", []),
    ],
)
def test_a_sentence_said_twice_is_found_the_second_time(answer: str, repeated: list[str]) -> None:
    spans = find_repeats(answer, find_sentences(answer))
    assert [answer[span.start : span.end] for span in spans] == repeated


@pytest.mark.parametrize(
    ("answer", "talk"),
    [
        ("That is a great question.", ["That is a great question."]),
        ("Well, at the end of the day, you know, it sort of is.", True),
        ("I rebuilt the checkout with our developer.", []),
        # A figure makes the clause say something.
        ("Honestly, I guess it was, you know, 40 orders.", []),
        ("That is a great question. I rebuilt the checkout page.", ["That is a great question."]),
    ],
)
def test_talk_that_tells_nothing_is_found(answer: str, talk: list[str] | bool) -> None:
    found = [
        answer[s.start : s.end] for s in find_talk(find_clauses(answer, find_sentences(answer)), lexicon())
    ]
    assert found == talk if isinstance(talk, list) else bool(found) == talk


def test_a_short_sentence_is_said_again_only_behind_another_that_is() -> None:
    once = "I wrote to all the customers who had complained. It worked. I asked the team for help. It worked."
    assert find_repeats(once, find_sentences(once)) == ()
    twice = f"{once} {once}"
    assert len(find_repeats(twice, find_sentences(twice))) == 4
