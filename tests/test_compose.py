"""Composed questions: sound English, one question each, about what the role has, under ids that stay."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from coach.errors import ConfigError
from coach.question_sets.compose import compose, open_composer
from coach.question_sets.flaws import MAX_WORDS, flaws
from coach.question_sets.grammar import load_grammar
from coach.question_sets.situations import load_situations
from coach.question_sets.types import LEVELS, Candidate
from coach.roles import load_role
from coach.schema_role import QUESTION_KINDS, Activity, Kpi, Question, Role, Stage
from tests.stories import KNOWLEDGE

ROLE = load_role(KNOWLEDGE / "roles" / "e-commerce-manager.toml")
GRAMMAR = load_grammar(KNOWLEDGE / "composing.toml")
FOUND = load_situations(KNOWLEDGE / "situations", ROLE)


@pytest.fixture(scope="module")
def composed() -> tuple[Candidate, ...]:
    return compose(ROLE, KNOWLEDGE)


# ---- what is asked ---------------------------------------------------------------------------------


def test_every_activity_has_situations_for_every_level() -> None:
    for activity in ROLE.activities:
        own = [s for s in FOUND.situations if s.activity == activity.id]
        assert 8 <= len(own) <= 14, activity.id
        assert {kind for s in own for kind in s.kinds} == set(QUESTION_KINDS), activity.id
        for level in LEVELS:
            assert sum(level in s.levels for s in own) >= 3, (activity.id, level)


def test_situations_are_complete() -> None:
    for situation in FOUND.situations:
        forms = [bool(situation.do), bool(situation.meets and situation.met), bool(situation.knows)]
        assert sum(forms) == 1, situation.id
        assert 2 <= len(situation.shows) <= 4, situation.id
        assert 2 <= len(situation.follow_ups) <= 3, situation.id
        assert all(line.endswith("?") for line in situation.follow_ups), situation.id
        assert situation.kpis, situation.id
        assert ("knowledge" in situation.kinds) == bool(situation.knows), situation.id


def test_every_kpi_is_touched() -> None:
    assert {kpi for situation in FOUND.situations for kpi in situation.kpis} == {k.id for k in ROLE.kpis}


def test_cases_bring_figures_and_a_rubric(composed: tuple[Candidate, ...]) -> None:
    cases = [question for question in composed if question.brief]
    assert {activity for case in cases for activity in case.activities} == {a.id for a in ROLE.activities}
    for case in cases:
        assert case.stages == ("case-study-or-presentation",)
        assert len(re.findall(r"\d", " ".join(case.brief))) >= 6, case.text
        assert len(case.strong_answer_shows) >= 4, case.text


# ---- how it is asked -------------------------------------------------------------------------------


def test_every_question_is_sound(composed: tuple[Candidate, ...]) -> None:
    assert len(composed) > 2000
    assert [(question.text, flaws(question.text)) for question in composed if flaws(question.text)] == []


def test_hardly_any_wording_is_lost_to_a_flaw(composed: tuple[Candidate, ...]) -> None:
    """Flawed wordings are left out in silence, so a careless frame would go unseen."""
    composer = open_composer(ROLE, KNOWLEDGE)
    assert [wording.text for wording in composer.wordings() if flaws(wording.text)] == []


def test_activity_names_are_never_pasted_in(composed: tuple[Candidate, ...]) -> None:
    names = [activity.name.lower().replace("&", "and") for activity in ROLE.activities]
    assert not [q.text for q in composed if any(name in q.text.lower() for name in names)]


def test_every_question_is_whole(composed: tuple[Candidate, ...]) -> None:
    topics = {topic for question in ROLE.questions for topic in question.topics}
    stages = {stage.id for stage in ROLE.stages}
    for question in composed:
        assert question.stages and set(question.stages) <= stages, question.text
        assert question.levels and question.activities and question.kpis, question.text
        assert question.topics and set(question.topics) <= topics, question.text
        assert len(question.strong_answer_shows) >= 2 and len(question.follow_ups) >= 2, question.text
        assert 1 <= question.minutes <= 30, question.text


def test_a_phone_screen_is_not_a_case_study(composed: tuple[Candidate, ...]) -> None:
    screened = [question for question in composed if "phone-screening" in question.stages]
    assert screened
    assert not any(question.brief for question in screened)


def test_ids_are_unique_and_stay() -> None:
    first, again = compose(ROLE, KNOWLEDGE), compose(ROLE, KNOWLEDGE)
    assert [q.id for q in first] == [q.id for q in again]
    assert max(Counter(q.id for q in first).values()) == 1
    known = {q.text: q.id for q in first}
    assert known["Tell me about a time you migrated an online store to a new platform."] == "c-a0f2295a01"


def test_levels_ask_about_their_own_reach() -> None:
    composer = open_composer(ROLE, KNOWLEDGE)
    ask = next(ask for ask in composer.asks if ask.group == "what-gets-built" and ask.kind == "behavioural")
    told = {level: composer.word(ask, GRAMMAR.frames[0], level, None).follow_ups[-1] for level in LEVELS}
    assert all(told[level] in GRAMMAR.levels[level].follow_ups for level in LEVELS)


@pytest.mark.parametrize(
    ("action", "did", "doing", "done"),
    [
        ("choose a tool", "chose a tool", "choosing a tool", "chosen a tool"),
        (
            "plan and send emails",
            "planned and sent emails",
            "planning and sending emails",
            "planned and sent emails",
        ),
        ("try out a tool", "tried out a tool", "trying out a tool", "tried out a tool"),
        ("oversee stock", "oversaw stock", "overseeing stock", "overseen stock"),
        ("agree on terms", "agreed on terms", "agreeing on terms", "agreed on terms"),
        ("deploy a release", "deployed a release", "deploying a release", "deployed a release"),
    ],
)
def test_verbs_change_as_in_english(action: str, did: str, doing: str, done: str) -> None:
    forms = GRAMMAR.forms_of(action)
    assert (forms["did"], forms["doing"], forms["done"]) == (did, doing, done)


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("Tell me about a order you lost.", "article"),
        ("How do you run an user test?", "article"),
        ("How do you plan and what do you leave out?", "several questions"),
        ("How do you plan? Why?", "several questions"),
        ("Your plan failed.", "no question"),
        ("Did you plan the year?", "closed"),
        ("How do you {do}?", "torn"),
        ("How do you do do it?", "torn"),
        ("What happened when you was late?", "agreement"),
        (f"How do you {'really ' * MAX_WORDS}plan?", "too long"),
    ],
)
def test_flaws_are_seen(text: str, flaw: str) -> None:
    assert flaw in flaws(text)


@pytest.mark.parametrize(
    "text",
    [
        "Tell me about an hour you will never forget.",
        "What do you do when an A/B test shows no difference?",
        "How do you get a one-star review taken down?",
        "Suppose a rival cuts prices. What is your first move?",
        "Think of a unique product. Tell me how you sold it.",
    ],
)
def test_sound_questions_pass(text: str) -> None:
    assert flaws(text) == ()


# ---- roles that have no situations -----------------------------------------------------------------


def florist(**changes: object) -> Role:
    work = (
        "Tie bouquets for weddings from the flowers in season.",
        "cut and arranged lilies",
        "Advise customers on the care of cut flowers",
        "Use {slots} and [brackets]",
    )
    activities = (
        Activity(id="bouquet-making", name="Bouquet Making", description="Makes bouquets.", work=work),
        Activity(id="stock", name="Managing Stock & Orders", description="Buys flowers."),
    )
    questions = (
        Question(
            id="f1",
            text="How do you keep flowers fresh?",
            kind="approach",
            topics=("Craft",),
            activities=("bouquet-making", "stock"),
            kpis=("waste",),
        ),
    )
    stages = (
        Stage(id="phone", name="Phone chat", description="A chat."),
        Stage(id="trial", name="Trial task", description="A day."),
    )
    kpis = (
        Kpi(id="waste", name="Waste Rate (WR)", description="Flowers thrown away.", good_direction="down"),
    )
    role = Role(
        id="florist",
        name="Florist",
        function="Retail",
        about="Runs a flower shop.",
        activities=activities,
        kpis=kpis,
        stages=stages,
        questions=questions,
    )
    return role.model_copy(update=changes)


def test_a_role_without_situations_gets_readable_questions() -> None:
    texts = {question.text for question in compose(florist(), KNOWLEDGE)}
    assert "What was the hardest decision you have made in bouquet making?" in texts
    assert "How do you avoid mistakes in managing stock and orders?" in texts
    assert "How do you go about advising customers on the care of cut flowers?" in texts
    assert "How do you find out why your waste rate has changed?" in texts
    assert not [text for text in texts if flaws(text) or "arranged lilies" in text or "slots" in text]


def test_a_kpi_whose_name_makes_no_sentence_gets_no_case() -> None:
    odd = florist().kpis[0].model_copy(update={"id": "odd", "name": "On-time Delivery [OTD]"})
    with_odd = florist(kpis=(odd, *florist().kpis))
    cases = [question for question in compose(with_odd, KNOWLEDGE) if question.brief]
    assert [case.kpis for case in cases] == [(kpi.id,) for kpi in florist().kpis]


def test_a_role_without_cases_gets_a_plain_one() -> None:
    (case,) = (question for question in compose(florist(), KNOWLEDGE) if question.brief)
    assert case.stages == ("trial",)
    assert case.brief[0] == "Waste rate, first month = 100: 100, 106, 112, 118."


# ---- broken files ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", [b"", b"frames = 3\n", b"[[[", b"\xff"], ids=["empty", "wrong", "torn", "no text"]
)
def test_a_broken_grammar_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "composing.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"composing\.toml"):
        load_grammar(path)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('topics = ["SEO", "Inventory Management"]', 'topics = ["Sea"]', "Sea"),
        ('kpis = ["average-order-value"]', 'kpis = ["average-order"]', "average-order"),
        ("[[managing-online-platforms-websites]]", "[[managing-websites]]", "managing-websites"),
        ('id = "next-country"', 'id = "off-discounts"', "used twice"),
        ('levels = ["senior", "lead"]', 'levels = ["boss"]', "levels"),
    ],
)
def test_a_broken_situation_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    path = tmp_path / "e-commerce-manager.toml"
    shutil.copy(KNOWLEDGE / "situations" / "e-commerce-manager.toml", path)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_situations(tmp_path, ROLE)
    assert str(path) in caught.value.message
    assert named in caught.value.message
