"""The role that ships with the project: complete item by item, and rich enough to coach with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.lexicons import phrase_pattern
from coach.roles import infer_kind, load_role, role_hash
from coach.schema import Noun, Role

ROLE_FILE = Path(__file__).resolve().parent.parent / "knowledge" / "roles" / "e-commerce-manager.toml"

ACTIVITIES = {
    "developing-implementing-e-commerce-strategies": "Developing & Implementing E Commerce Strategies",
    "managing-online-platforms-websites": "Managing Online Platforms & Websites",
    "monitoring-analyzing-website-performance": "Monitoring & Analyzing Website Performance",
    "managing-online-marketing-campaigns": "Managing Online Marketing Campaigns",
    "optimizing-product-listings-content": "Optimizing Product Listings & Content",
    "collaborating-with-cross-functional-teams": "Collaborating With Cross Functional Teams",
    "identifying-implementing-new-technologies": "Identifying & Implementing New Technologies",
    "managing-customer-reviews-feedback": "Managing Customer Reviews & Feedback",
    "analyzing-market-trends-competitors": "Analyzing Market Trends & Competitors",
    "driving-customer-acquisition-retention": "Driving Customer Acquisition & Retention",
}
# id: name, which direction is good, unit
KPIS = {
    "conversion-rate": ("Conversion Rate", "up", "%"),
    "average-order-value": ("Average Order Value", "up", "currency"),
    "customer-lifetime-value": ("Customer Lifetime Value", "up", "currency"),
    "customer-acquisition-cost": ("Customer Acquisition Cost", "down", "currency"),
    "return-on-ad-spend": ("Return on Ad Spend (ROAS)", "up", "ratio"),
    "website-traffic": ("Website Traffic", "up", "sessions"),
    "bounce-rate": ("Bounce Rate", "down", "%"),
    "average-session-duration": ("Average Session Duration", "up", "minutes"),
    "cart-abandonment-rate": ("Cart Abandonment Rate", "down", "%"),
    "email-open-rate": ("Email Open Rate", "up", "%"),
}
STAGES = {
    "phone-screening": "Phone screening",
    "first-round-interview": "First-round interview",
    "case-study-or-presentation": "Case study or presentation",
    "second-round-interview": "Second-round interview",
    "reference-checks": "Reference checks",
    "final-interview": "Final interview",
    "offer": "Offer",
}
# In order: q1 to q20.
QUESTIONS = (
    "Can you explain your experience in managing e-commerce platforms?",
    "How do you develop and implement e-commerce strategies?",
    "What metrics do you track to measure the success of e-commerce campaigns?",
    "How do you optimize product listings for better visibility and conversion?",
    "Can you describe your approach to managing inventory and fulfillment?",
    "What techniques do you use to drive traffic to e-commerce websites?",
    "How do you ensure a seamless user experience on e-commerce platforms?",
    "Can you share your experience in managing online advertising campaigns?",
    "How do you analyze customer data to improve e-commerce performance?",
    "What strategies do you employ to increase customer retention and loyalty?",
    "Can you explain your knowledge of SEO and its impact on e-commerce?",
    "How do you stay updated with the latest e-commerce trends and technologies?",
    "Can you describe a successful e-commerce project you managed from start to finish?",
    "What steps do you take to ensure e-commerce platforms are secure and protected?",
    "How do you collaborate with cross-functional teams to achieve e-commerce goals?",
    "Can you provide an example of a time when you faced a challenge in e-commerce and how you resolved it?",
    "How do you conduct market research to identify e-commerce opportunities?",
    "Can you explain your experience in managing e-commerce budgets and forecasting?",
    "What tools or software do you use to manage e-commerce operations?",
    "How do you ensure compliance with e-commerce regulations and policies?",
)
TOPICS = (
    "Experience",
    "Strategy",
    "Metrics",
    "Optimization",
    "Inventory Management",
    "Traffic Generation",
    "User Experience",
    "Online Advertising",
    "Data Analysis",
    "Customer Retention",
    "SEO",
    "Industry Knowledge",
    "Project Management",
    "Security",
    "Collaboration",
    "Problem Solving",
    "Market Research",
    "Budget Management",
    "Tools and Software",
    "Compliance",
)
# All others are questions of approach.
KINDS = {
    "experience": ("q1", "q8", "q18"),
    "knowledge": ("q3", "q11", "q19"),
    "behavioural": ("q13", "q16"),
}


@pytest.fixture(scope="module")
def role() -> Role:
    return load_role(ROLE_FILE)


# ---- everything the role's page says --------------------------------------------------------------


def test_role_names_itself_and_its_function(role: Role) -> None:
    assert (role.id, role.name, role.function) == ("e-commerce-manager", "E-commerce Manager", "Marketing")


def test_activities_are_complete_and_in_order(role: Role) -> None:
    assert [(a.id, a.name) for a in role.activities] == list(ACTIVITIES.items())


def test_kpis_are_complete_and_in_order(role: Role) -> None:
    assert {k.id: (k.name, k.good_direction, k.unit) for k in role.kpis} == KPIS
    assert [k.id for k in role.kpis] == list(KPIS)


def test_stages_are_complete_and_in_order(role: Role) -> None:
    assert [(s.id, s.name) for s in role.stages] == list(STAGES.items())


@pytest.mark.parametrize("number", range(20), ids=lambda n: f"q{n + 1}")
def test_question_has_its_wording_and_topic(role: Role, number: int) -> None:
    question = role.questions[number]
    assert question.id == f"q{number + 1}"
    assert (question.text, question.topics) == (QUESTIONS[number], (TOPICS[number],))


def test_there_are_no_other_questions(role: Role) -> None:
    assert len(role.questions) == len(QUESTIONS) == len(TOPICS) == 20


def test_question_kinds_are_told_apart(role: Role) -> None:
    for kind, ids in KINDS.items():
        assert tuple(q.id for q in role.questions if q.kind == kind) == ids
    assert {q.kind for q in role.questions} == {"approach", *KINDS}


# ---- what coaching needs beyond the page ----------------------------------------------------------


def empty_places(noun: Noun, where: str) -> Iterator[str]:
    for key, value in noun:
        if key == "subject" and not value:
            continue  # a question that takes any story of the role has none
        if value in ("", ()):
            yield f"{where}.{key}"
        elif isinstance(value, tuple):
            for item in value:
                if isinstance(item, Noun):
                    yield from empty_places(item, f"{where}.{key}[{getattr(item, 'id', '?')}]")
                elif not item.strip():
                    yield f"{where}.{key}"


def test_nothing_is_left_empty(role: Role) -> None:
    assert list(empty_places(role, role.id)) == []


def test_activities_are_rich_enough_to_be_recognised(role: Role) -> None:
    for activity in role.activities:
        assert 8 <= len(activity.verbs) <= 15, activity.id
        assert 8 <= len(activity.tools) <= 20, activity.id
        assert 5 <= len(activity.work) <= 8, activity.id
        assert not any(re.search(r"\b(I|we|my|our)\b", text) for text in activity.work), activity.id


def test_activities_know_how_people_tell_them(role: Role) -> None:
    for activity in role.activities:
        assert 80 <= len(activity.said) <= 100, activity.id
        assert all(20 <= len(text) <= 160 and text == text.strip() for text in activity.said), activity.id


def test_no_statement_serves_two_activities(role: Role) -> None:
    statements = [text for activity in role.activities for text in (*activity.work, *activity.said)]
    assert len(statements) == len(set(statements))


def test_every_activity_and_kpi_is_probed_by_a_question(role: Role) -> None:
    assert {a for q in role.questions for a in q.activities} == set(ACTIVITIES)
    assert {k for q in role.questions for k in q.kpis} == set(KPIS)


def test_questions_are_ready_for_coaching(role: Role) -> None:
    for question in role.questions:
        assert 1 <= len(question.activities) <= 3, question.id
        assert 1 <= len(question.kpis) <= 3, question.id
        assert 3 <= len(question.strong_answer_shows) <= 5, question.id
        assert 2 <= len(question.probes) <= 3, question.id
        assert all(p.count("?") == 1 and p.endswith("?") for p in question.probes), question.id


def test_the_words_of_a_subject_fit_their_question(role: Role) -> None:
    for question in role.questions:
        if question.subject:
            told = " ".join((question.text, *question.strong_answer_shows, *question.probes))
            assert phrase_pattern(question.subject).search(told), question.id
            assert len(set(question.subject)) == len(question.subject), question.id


def test_no_probe_is_asked_twice(role: Role) -> None:
    probes = [probe for question in role.questions for probe in question.probes]
    assert len(probes) == len(set(probes))


def test_kpi_statements_hold_slots_and_no_figures(role: Role) -> None:
    for kpi in role.kpis:
        assert not re.search(r"\d", kpi.statement), kpi.id
        assert len(re.findall(r"\[[^\[\]]+\]", kpi.statement)) >= 3, kpi.id
        assert kpi.statement.count("[") == kpi.statement.count("]"), kpi.id
        assert kpi.statement.endswith(".") and kpi.statement.count(". ") == 0, kpi.id


def test_no_alias_belongs_to_two_kpis(role: Role) -> None:
    owners: dict[str, set[str]] = {}
    for kpi in role.kpis:
        assert len(set(kpi.aliases)) == len(kpi.aliases), kpi.id
        for alias in kpi.aliases:
            owners.setdefault(alias.casefold(), set()).add(kpi.id)
    assert {alias: ids for alias, ids in owners.items() if len(ids) > 1} == {}


def test_aliases_are_small_letters_or_abbreviations(role: Role) -> None:
    odd = [a for kpi in role.kpis for a in kpi.aliases if not (a.islower() or re.fullmatch("[A-Z]{2,4}", a))]
    assert odd == []


@pytest.mark.parametrize(
    ("alias", "kpi_id"),
    [
        ("CVR", "conversion-rate"),
        ("CR", "conversion-rate"),
        ("conversions", "conversion-rate"),
        ("checkout conversion", "conversion-rate"),
        ("AOV", "average-order-value"),
        ("basket size", "average-order-value"),
        ("LTV", "customer-lifetime-value"),
        ("CLV", "customer-lifetime-value"),
        ("CPA", "customer-acquisition-cost"),
        ("CAC", "customer-acquisition-cost"),
        ("ROAS", "return-on-ad-spend"),
        ("return on adspend", "return-on-ad-spend"),
        ("organic traffic", "website-traffic"),
        ("bounce rates", "bounce-rate"),
        ("time on site", "average-session-duration"),
        ("basket abandonment", "cart-abandonment-rate"),
        ("abandoned carts", "cart-abandonment-rate"),
        ("open rates", "email-open-rate"),
    ],
)
def test_common_ways_to_say_a_kpi_are_known(role: Role, alias: str, kpi_id: str) -> None:
    assert [k.id for k in role.kpis if alias in k.aliases] == [kpi_id]


@pytest.mark.parametrize(
    "word", ["traffic", "sessions", "visits", "opens", "users", "average", "rate", "cost"]
)
def test_ordinary_words_are_no_alias(role: Role, word: str) -> None:
    assert [k.id for k in role.kpis if word in k.aliases] == []


def test_inferred_kinds_agree_with_the_bank(role: Role) -> None:
    assert {q.id: infer_kind(q.text) for q in role.questions} == {q.id: q.kind for q in role.questions}


# ---- the role's hash ------------------------------------------------------------------------------


def test_hash_follows_the_content(role: Role) -> None:
    assert re.fullmatch("[0-9a-f]{12}", role_hash(role))
    assert role_hash(load_role(ROLE_FILE)) == role_hash(role)
    assert role_hash(role.model_copy(update={"about": role.about + " "})) != role_hash(role)
