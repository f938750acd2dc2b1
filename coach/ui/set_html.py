"""A question set as markup: what it covers, and what stands behind each question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from coach.schema import Cite, FittingStory, QuestionKind, QuestionSet, Role, SetQuestion
from coach.ui.markup import Html, for_listeners, join, tag

KIND_WORDS: Final[dict[QuestionKind, str]] = {
    "behavioural": "tell a story",
    "approach": "how you work",
    "experience": "your experience",
    "knowledge": "what you know",
}
_MOST_OPEN = 15  # questions of a matrix that is shown at once
_MOST_NAMED = 3
_SOURCES: Final = {
    "job": "Job description",
    "resume": "Your résumé",
    "role": "Role",
    "weak_spot": "Your saved reports",
}


def coverage_section(question_set: QuestionSet, role: Role) -> Html:
    """What the set covers: a line in words, and the matrix of activities and questions to open."""
    is_small = len(question_set.questions) <= _MOST_OPEN
    return tag(
        "section",
        *(tag("p", line, class_="quiet") for line in coverage_lines(question_set, role)),
        tag(
            "details",
            tag("summary", "Which question is about what", class_="more"),
            _matrix(question_set, role),
            data_remember="set-matrix" if is_small else "set-large-matrix",
            open=is_small,
        ),
        class_="covers",
    )


def coverage_lines(question_set: QuestionSet, role: Role) -> list[str]:
    """In words: how many activities and KPIs are covered, and which are not."""
    found = question_set.coverage
    work = {activity.id: activity.name for activity in role.activities}
    kpis = {kpi.id: kpi.name for kpi in role.kpis}
    asked = question_set.tailoring
    lines = [
        _counted("activities", len(asked.activities or work), found.missing_activities),
        _counted("KPIs", len(asked.kpis or kpis), found.missing_kpis),
    ]
    missing = [work.get(item, item) for item in found.missing_activities]
    missing += [kpis.get(item, item) for item in found.missing_kpis]
    said = [f"It covers {' and '.join(lines)}."]
    more = f" and {len(missing) - _MOST_NAMED} more" if len(missing) > _MOST_NAMED else ""
    return [*said, f"Not touched: {'; '.join(missing[:_MOST_NAMED])}{more}."] if missing else said


def _counted(what: str, of: int, missing: Sequence[str]) -> str:
    return f"all {of} {what}" if not missing else f"{of - len(missing)} of {of} {what}"


def _matrix(question_set: QuestionSet, role: Role) -> Html:
    numbers = [tag("th", str(number), scope="col") for number in range(1, len(question_set.questions) + 1)]
    rows = [
        tag("tr", tag("th", activity.name, scope="row"), *_cells(question_set, activity.id))
        for activity in role.activities
    ]
    head = tag("thead", tag("tr", tag("td", for_listeners("Activity")), *numbers))
    table = tag("table", head, tag("tbody", *rows), class_="matrix")
    return tag(
        "div", table, class_="matrix-frame", tabindex="0", role="region", aria_label="What covers what"
    )


def _cells(question_set: QuestionSet, activity_id: str) -> list[Html]:
    return [
        tag("td", tag("span", for_listeners("yes"), class_="dot full"))
        if activity_id in question.activities
        else tag("td", tag("span", class_="dot", aria_hidden="true"))
        for question in question_set.questions
    ]


# ---- a question ---------------------------------------------------------------------------------------


def question_card(
    number: int,
    question: SetQuestion,
    role: Role,
    is_pinned: bool,
    tells_level: bool = False,
    is_unlawful: bool = False,
) -> Html:
    """One question with why it is there; opened, what a strong answer shows and what they ask next."""
    caution = "An interviewer may not ask this. Practise how to turn it aside."
    pinned = tag("span", "pinned", class_="move up") if is_pinned else None
    return tag(
        "div",
        tag("p", tag("span", f"{number}", class_="number"), question.text, class_="set-question"),
        tag("p", facts_of(question, role, tells_level), pinned, class_="quiet facts"),
        tag("p", caution, class_="caution") if is_unlawful else None,
        brief_of(question),
        tag("p", question.why, class_="why-asked"),
        _more(question),
        class_="set-card",
    )


def facts_of(question: SetQuestion, role: Role, tells_level: bool = False) -> str:
    """Kind, stage, level if it is told, and time in a line."""
    stage = next((stage.name for stage in role.stages if stage.id == question.stage), None)
    level = f"{question.level} level" if tells_level else None
    parts = [KIND_WORDS[question.kind], stage, level, f"about {question.minutes} min"]
    line = " · ".join(part for part in parts if part)
    return line[0].upper() + line[1:] + " "


def brief_of(question: SetQuestion | None) -> Html | None:
    """The data of a case, or None."""
    if question is None or not question.brief:
        return None
    lines = [tag("p", line) for line in question.brief.splitlines() if line.strip()]
    return tag("div", tag("p", "The case", class_="label"), *lines, class_="brief")


def _more(question: SetQuestion) -> Html | None:
    blocks = [
        _cites(question.cites),
        _listed("A strong answer shows", question.strong_answer_shows),
        _listed("They may go on with", question.follow_ups),
        _stories(question.stories),
    ]
    if not any(blocks):
        return None
    return tag(
        "details",
        tag("summary", "What a strong answer shows, and what comes next", class_="more"),
        tag("div", *blocks, class_="opened"),
        data_remember=f"set-{question.id}",
    )


def _cites(cites: Sequence[Cite]) -> Html | None:
    if not cites:
        return None
    return join([tag("p", "It rests on", class_="label"), tag("ul", *map(_cite, cites), class_="quotes")])


def _cite(cite: Cite) -> Html:
    where = _SOURCES[cite.of] + (f", line {cite.line}" if cite.line else "")
    return tag("li", tag("span", f"{where}: ", class_="quiet"), tag("q", cite.quote))


def _listed(title: str, lines: Sequence[str]) -> Html | None:
    if not lines:
        return None
    return join([tag("p", title, class_="label"), tag("ul", *(tag("li", line) for line in lines))])


def _stories(stories: Sequence[FittingStory]) -> Html | None:
    if not stories:
        return None
    items = [
        tag(
            "li",
            story.question,
            tag("span", f" ({round(100 * story.fit)} % fit) {story.why}", class_="quiet"),
        )
        for story in stories
    ]
    return join([tag("p", "Answers of yours that would fit", class_="label"), tag("ul", *items)])
