"""Feedback over a whole interview as markup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coach.interviews import Gaps, InterviewFeedback, Line, Retold, Strength
from coach.rubric import Rubric
from coach.schema import Role
from coach.ui.markup import Html, join, tag, with_slots

_LOW_SCORE = 60.0


def overview(feedback: InterviewFeedback, role: Role, rubric: Rubric) -> Html:
    """What holds for all answers; the answers one by one come after it."""
    if not feedback.answered:
        return tag("p", "No answer was given, so there is nothing to sum up.", class_="quiet")
    return tag(
        "article",
        _strengths(feedback.strengths, rubric),
        _retold(feedback.retold, feedback.lines),
        _gaps("Work of the job", feedback.activities, {a.id: a.name for a in role.activities}),
        _gaps("Figures", feedback.kpis, {kpi.id: kpi.name for kpi in role.kpis}),
        class_="report interview-report",
        aria_label="Feedback on the interview",
    )


def answer_line(number: int, line: Line, rubric: Rubric, said: str = "") -> Html:
    """One answer: its score and what to change first, with what was said folded away."""
    standing = line.band.replace("_", " ")
    if line.score is not None:
        standing += f", {line.score:.0f} of 100"
    took = f"{clock_words(line.seconds)} of about {line.question.minutes} min"
    facts = [standing, took] if line.score is not None or line.seconds >= 1 else [standing]
    return tag(
        "div",
        tag("p", tag("span", f"{number}", class_="number"), line.question.text, class_="set-question"),
        tag("p", " · ".join(facts), class_="quiet facts"),
        _why_so_low(line, rubric),
        tag("p", with_slots(line.first_fix), class_="why-asked") if line.first_fix else None,
        _folded(said, f"interview-answer-{line.question.id}") if said.strip() else None,
        class_="set-card",
    )


def _why_so_low(line: Line, rubric: Rubric) -> Html | None:
    """What held a low score down although something in the answer is strong."""
    if line.score is None or line.score >= _LOW_SCORE or not line.strong:
        return None
    found = [("Strong in", line.strong), ("held down by", line.weak)]
    named = [f"{word}: {', '.join(rubric.criteria[one].name for one in ids)}" for word, ids in found if ids]
    return tag("p", "; ".join(named), class_="quiet facts")


def _folded(said: str, name: str) -> Html:
    label = tag("summary", "Your answer", class_="more")
    return tag("details", label, tag("p", said, class_="said"), data_remember=name)


def clock_words(seconds: float) -> str:
    """Minutes and seconds as a clock shows them."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"


def _strengths(found: Sequence[Strength], rubric: Rubric) -> Html:
    if not found:
        said = tag("p", "No criterion was strong in most of your answers yet.", class_="quiet")
        return tag("section", tag("h2", "Strong across your answers"), said)
    items = [
        tag(
            "li",
            tag("span", rubric.criteria[item.criterion].name, class_="name"),
            tag("span", f"strong in {item.strong} of {item.judged}", class_="quiet"),
        )
        for item in found
    ]
    return tag("section", tag("h2", "Strong across your answers"), tag("ul", *items, class_="findings"))


def _retold(pairs: Sequence[Retold], lines: Sequence[Line]) -> Html | None:
    if not pairs:
        return None
    items = [
        tag(
            "li",
            f"Answers {pair.first + 1} and {pair.second + 1} tell much the same story. "
            "An interviewer remembers: have another one ready for ",
            tag("q", lines[pair.second].question.text),
        )
        for pair in pairs
    ]
    return tag("section", tag("h2", "Stories used twice"), tag("ul", *items))


def _gaps(title: str, gaps: Gaps, names: Mapping[str, str]) -> Html | None:
    blocks = [
        _named("Asked about, but no answer shows it", gaps.asked, names),
        _named("In questions you skipped", gaps.skipped, names),
        _named("Never came up", gaps.never, names),
    ]
    if not any(blocks):
        return None
    return tag("section", tag("h2", f"{title} that your answers do not show"), join(blocks))


def _named(title: str, ids: Sequence[str], names: Mapping[str, str]) -> Html | None:
    if not ids:
        return None
    return tag(
        "p", tag("span", f"{title}: ", class_="label"), "; ".join(names.get(item, item) for item in ids)
    )
