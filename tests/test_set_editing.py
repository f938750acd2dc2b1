"""A set that its owner changes."""

from __future__ import annotations

from typing import get_args

import pytest

from coach.errors import InputError
from coach.question_sets import editing
from coach.question_sets.export import FORMATS, write_set
from coach.question_sets.sheet import SOURCES, sheet_of
from coach.role_files import load_role
from coach.schema import QuestionSet, Role
from coach.schema_questions import QuestionSource
from tests.conftest import REPO_ROOT
from tests.question_sets import make_question, make_set


@pytest.fixture(scope="module")
def role() -> Role:
    return load_role(REPO_ROOT / "knowledge" / "roles" / "e-commerce-manager.toml")


def ids(question_set: QuestionSet) -> list[str]:
    return [question.id for question in question_set.questions]


@pytest.mark.parametrize(
    ("question_id", "by", "order"),
    [
        ("c-2", -1, ["c-2", "c-1", "c-3"]),
        ("c-2", 1, ["c-1", "c-3", "c-2"]),
        ("c-1", -1, ["c-1", "c-2", "c-3"]),
        ("c-3", 5, ["c-1", "c-2", "c-3"]),
        ("c-9", 1, ["c-1", "c-2", "c-3"]),
    ],
)
def test_a_question_moves_and_stops_at_the_ends(
    role: Role, question_id: str, by: int, order: list[str]
) -> None:
    assert ids(editing.moved(make_set(), role, question_id, by)) == order


def test_coverage_follows_every_change(role: Role) -> None:
    work = [activity.id for activity in role.activities]
    found = make_set(
        make_question("c-1", activities=tuple(work[:2])), make_question("c-2", activities=(work[2],))
    )
    less = editing.without(found, role, "c-1")
    assert less.coverage.activities == pytest.approx(1 / len(work))
    assert less.coverage.missing_activities == (*work[:2], *work[3:])
    more = editing.swapped(less, role, "c-2", make_question("c-4", activities=tuple(work)))
    assert (more.coverage.activities, more.coverage.missing_activities) == (1.0, ())
    assert editing.without(more, role, "c-4").coverage.activities == 0.0


def test_coverage_is_of_what_was_asked_for(role: Role) -> None:
    work = role.activities[0].id
    found = make_set(make_question(activities=(work,)), activities=(work,))
    assert editing.moved(found, role, "c-1", 1).coverage.activities == 1.0


def test_a_question_of_ones_own_gets_an_id_that_is_free(role: Role) -> None:
    found = editing.added(make_set(), role, "  How would you\nstart here? ")
    again = editing.added(found, role, "What would you change first?")
    assert ids(again)[-2:] == ["own-1", "own-2"]
    own = again.questions[-2]
    assert (own.text, own.source, own.kind) == ("How would you start here?", "own", "approach")


@pytest.mark.parametrize("format_", FORMATS)
def test_a_question_of_ones_own_is_in_every_file(role: Role, format_: str) -> None:
    found = editing.added(make_set(), role, "How would you\ud800 start\u202e \x00here?")
    assert found.questions[-1].text == "How would you start here?"
    assert write_set(found, role, format_)
    cards = sheet_of(found, role).cards
    assert dict(cards[-1].facts)["Source"] == "added by you"


def test_every_source_of_a_question_has_a_name() -> None:
    assert set(SOURCES) == set(get_args(QuestionSource))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "question_too_short"),
        ("Why so?", "question_too_short"),
        ("word " * 101, "question_too_long"),
        ("TELL me, about a launch that went wrong?!", "question_is_there"),
    ],
)
def test_what_cannot_be_added_is_refused(role: Role, text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        editing.added(make_set(), role, text)
    assert caught.value.code == code and caught.value.hint


def test_pinned_questions_keep_their_places_in_a_new_set(role: Role) -> None:
    new = make_set(make_question("n-1"), make_question("n-2"))
    joined = editing.joined(new, role, make_set(), ["c-2"])
    assert ids(joined) == ["n-1", "c-2", "n-2"]
    assert ids(editing.joined(make_set(make_question("n-1")), role, make_set(), ["c-3"])) == ["n-1", "c-3"]


def test_a_swapped_question_says_only_what_is_true_beside_the_others(role: Role) -> None:
    one, two = role.activities[:2]
    rest = make_set(make_question("c-1", activities=(one.id,)))
    full = make_set(make_question("c-1", activities=(one.id, two.id)))

    def said(why: str, activity: str, beside: QuestionSet, *topics: str) -> str:
        new = make_question("n-1", activities=(activity,), why=why)
        return editing.explained(new, beside, role, topics).why

    only_one, only_two = (f"The set's one question on {work.name}." for work in (one, two))
    assert said(only_two, two.id, rest) == only_two
    assert said(only_one, one.id, rest) == f"Usual for this role: {one.name}."
    assert said(only_two, two.id, full) == f"Usual for this role: {two.name}."
    wish = f"You asked for Metrics and {two.name}."
    assert said(wish, two.id, rest, "Metrics") == "You asked for Metrics."
    assert said(wish, two.id, rest) == only_two
    assert said(wish, two.id, full) == f"Usual for this role: {two.name}."
    line = "The job description says: “Own the conversion: rate; and more”."
    assert said(line, two.id, rest) == line
