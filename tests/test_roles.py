"""The role that ships with the project, item by item; finding roles and questions."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from coach.errors import ConfigError, InputError
from coach.roles import RoleBook, find_question, infer_kind, load_role, role_hash
from coach.schema import Noun, Role

ROLES = Path(__file__).resolve().parent.parent / "knowledge" / "roles"
ROLE_FILE = ROLES / "e-commerce-manager.toml"

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
# Text, topic and kind, in order: q1 to q20.
QUESTIONS = (
    ("Can you explain your experience in managing e-commerce platforms?", "Experience", "experience"),
    ("How do you develop and implement e-commerce strategies?", "Strategy", "approach"),
    (
        "What metrics do you track to measure the success of e-commerce campaigns?",
        "Metrics",
        "knowledge",
    ),
    (
        "How do you optimize product listings for better visibility and conversion?",
        "Optimization",
        "approach",
    ),
    (
        "Can you describe your approach to managing inventory and fulfillment?",
        "Inventory Management",
        "approach",
    ),
    ("What techniques do you use to drive traffic to e-commerce websites?", "Traffic Generation", "approach"),
    (
        "How do you ensure a seamless user experience on e-commerce platforms?",
        "User Experience",
        "approach",
    ),
    (
        "Can you share your experience in managing online advertising campaigns?",
        "Online Advertising",
        "experience",
    ),
    ("How do you analyze customer data to improve e-commerce performance?", "Data Analysis", "approach"),
    (
        "What strategies do you employ to increase customer retention and loyalty?",
        "Customer Retention",
        "approach",
    ),
    ("Can you explain your knowledge of SEO and its impact on e-commerce?", "SEO", "knowledge"),
    (
        "How do you stay updated with the latest e-commerce trends and technologies?",
        "Industry Knowledge",
        "approach",
    ),
    (
        "Can you describe a successful e-commerce project you managed from start to finish?",
        "Project Management",
        "behavioural",
    ),
    (
        "What steps do you take to ensure e-commerce platforms are secure and protected?",
        "Security",
        "approach",
    ),
    (
        "How do you collaborate with cross-functional teams to achieve e-commerce goals?",
        "Collaboration",
        "approach",
    ),
    (
        "Can you provide an example of a time when you faced a challenge in e-commerce and how you resolved it?",
        "Problem Solving",
        "behavioural",
    ),
    (
        "How do you conduct market research to identify e-commerce opportunities?",
        "Market Research",
        "approach",
    ),
    (
        "Can you explain your experience in managing e-commerce budgets and forecasting?",
        "Budget Management",
        "experience",
    ),
    ("What tools or software do you use to manage e-commerce operations?", "Tools and Software", "knowledge"),
    ("How do you ensure compliance with e-commerce regulations and policies?", "Compliance", "approach"),
)


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
def test_question_has_its_wording_topic_and_kind(role: Role, number: int) -> None:
    question = role.questions[number]
    assert question.id == f"q{number + 1}"
    assert (question.text, question.topics, question.kind) == (
        QUESTIONS[number][0],
        (QUESTIONS[number][1],),
        QUESTIONS[number][2],
    )


def test_there_are_no_other_questions(role: Role) -> None:
    assert len(role.questions) == len(QUESTIONS) == 20


# ---- what coaching needs beyond the page ----------------------------------------------------------


def empty_places(noun: Noun, where: str) -> Iterator[str]:
    for key, value in noun:
        if value in ("", ()):
            yield f"{where}.{key}"
        elif isinstance(value, tuple):
            for item in value:
                if isinstance(item, Noun):
                    yield from empty_places(item, f"{where}.{key}[{item.id}]")  # type: ignore[attr-defined]
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


def test_no_work_statement_serves_two_activities(role: Role) -> None:
    statements = [text for activity in role.activities for text in activity.work]
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


# ---- the book of roles ----------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(ROLE_FILE, tmp_path)
    (tmp_path / "broken.toml").write_text('id = "broken"\n', encoding="utf-8")
    return tmp_path


def test_book_finds_the_shipped_roles() -> None:
    book = RoleBook.open(ROLES)
    assert "e-commerce-manager" in book.ids
    assert book.problems == ()


@pytest.mark.parametrize("asked", ["e-commerce-manager", "E-commerce Manager", " e-COMMERCE  manager "])
def test_role_is_found_by_id_or_name(folder: Path, asked: str) -> None:
    assert RoleBook.open(folder).get(asked).id == "e-commerce-manager"


def test_broken_role_leaves_the_others_usable(folder: Path) -> None:
    book = RoleBook.open(folder)
    assert book.ids == ("e-commerce-manager",)
    assert [problem.code for problem in book.problems] == ["role_broken"]
    assert "broken.toml" in book.problems[0].message


def test_broken_role_raises_its_own_error_each_time(folder: Path) -> None:
    book = RoleBook.open(folder)
    for _ in range(2):
        with pytest.raises(ConfigError, match=r"broken\.toml: name: is missing") as caught:
            book.get("broken")
        assert caught.value.code == "role_broken"


def test_opening_reads_no_file(folder: Path) -> None:
    book = RoleBook.open(folder)
    (folder / "broken.toml").unlink()
    shutil.copy(ROLE_FILE, folder / "broken.toml")
    with pytest.raises(ConfigError, match="the file is called 'broken'"):
        book.get("broken")


@pytest.mark.parametrize("asked", ["e-comerce-manager", "ecommerce manager", "E-commerce"])
def test_unknown_role_names_the_nearest(folder: Path, asked: str) -> None:
    with pytest.raises(InputError, match="There is no role") as caught:
        RoleBook.open(folder).get(asked)
    assert caught.value.code == "unknown_role"
    assert "e-commerce-manager" in caught.value.hint
    assert "coach roles list" in caught.value.hint


@pytest.mark.parametrize("asked", ["", "../../etc/passwd", "\x1b[2Jx", "x" * 10_000])
def test_odd_role_names_are_unknown_and_printed_safely(folder: Path, asked: str) -> None:
    with pytest.raises(InputError) as caught:
        RoleBook.open(folder).get(asked)
    assert caught.value.code == "unknown_role"
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 200


def test_earlier_folder_wins_and_the_hidden_file_is_named(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    shutil.copy(ROLE_FILE, own)
    book = RoleBook.open(own, folder, tmp_path / "absent")
    assert book.ids == ("e-commerce-manager",)
    assert [(p.code, str(folder) in p.message) for p in book.problems] == [
        ("role_broken", True),
        ("role_hidden", True),
    ]


def test_missing_folder_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    book = RoleBook.open(tmp_path / "absent")
    assert book.ids == ()
    assert [problem.code for problem in book.problems] == ["roles_missing"]


# ---- finding a question ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        "q13",
        " Q13 ",
        "Can you describe a successful e-commerce project you managed from start to finish?",
        "  can you DESCRIBE a successful\n e-commerce project you managed from start to finish ",
        "“Can you describe a successful e‑commerce project you managed from start to finish?”",
        "Can you describe a successful e-commerce project you managed from start to finish?!...",
    ],
)
def test_question_of_the_bank_is_found(role: Role, asked: str) -> None:
    found = find_question(role, asked)
    assert (found.id, found.text, found.kind) == ("q13", QUESTIONS[12][0], "behavioural")


@pytest.mark.parametrize("number", range(1, 21))
def test_every_question_is_found_by_id_and_text(role: Role, number: int) -> None:
    for asked in (f"q{number}", QUESTIONS[number - 1][0].upper()):
        assert find_question(role, asked).id == f"q{number}"


def test_curly_apostrophes_do_not_matter(role: Role) -> None:
    asked = role.questions[0].model_copy(update={"text": "What's the shop's biggest risk?"})
    changed = role.model_copy(update={"questions": (asked, *role.questions[1:])})
    assert find_question(changed, "what’s the shop’s biggest risk").id == "q1"


def test_own_question_is_taken_as_asked(role: Role) -> None:
    found = find_question(role, "  Tell me about a time you missed a sales target. \n")
    assert (found.id, found.text, found.kind) == (
        None,
        "Tell me about a time you missed a sales target.",
        "behavioural",
    )


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("q21", "q2"),
        ("q-13", "q13"),
        ("security", "q14"),
        ("retention loyalty", "q10"),
        ("SEO?", "q11"),
        ("", "q1"),
    ],
)
def test_unknown_question_names_the_nearest(role: Role, asked: str, near: str) -> None:
    with pytest.raises(InputError) as caught:
        find_question(role, asked)
    assert caught.value.code == "unknown_question"
    assert f'{near} "' in caught.value.hint
    assert "coach roles show e-commerce-manager" in caught.value.hint


@pytest.mark.parametrize("asked", [" \n", "?!", "why-do-you-want-this-job", "Why us?", "\x1b[2J"])
def test_too_little_for_a_question_is_refused(role: Role, asked: str) -> None:
    with pytest.raises(InputError) as caught:
        find_question(role, asked)
    assert caught.value.code == "unknown_question"
    assert caught.value.message.isprintable()


def test_question_length_is_limited(role: Role) -> None:
    longest = "How do you plan? ".ljust(500, "x")
    assert find_question(role, longest).id is None
    with pytest.raises(InputError, match="501 characters") as caught:
        find_question(role, longest + "x")
    assert caught.value.code == "question_too_long"
    assert caught.value.hint
