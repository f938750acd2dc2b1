"""A realistic answer and the report on it, for tests that need one whole."""

from __future__ import annotations

from typing import Any

from coach.schema import (
    ActivityFinding,
    AskedQuestion,
    CriterionResult,
    Engine,
    Evidence,
    Figure,
    KpiFinding,
    Label,
    Overall,
    Priority,
    Report,
    Rewrite,
    Segment,
)

QUESTION = AskedQuestion(
    id="q13",
    text="Describe a time when you improved the conversion rate of an online store.",
    kind="behavioural",
)

ANSWER = (
    "Last spring I looked after the web shop of a small outdoor brand, and phone visitors kept leaving "
    "when they saw the delivery price. My job was to get the checkout back on track before the summer "
    "season. I went through forty session recordings and saw that the price only appeared on the last "
    "page.\n\n"
    "So I moved it to the product page, tested two versions against the old one with our developer, and "
    "dropped the account that people had to create. We also looked at the average order value, but I "
    "left it alone to keep the test clean. Conversion on phones went from 1.7 % to 2.6 % in six weeks. "
    "What I took from it is to watch people before I change anything."
)

_PARTS: tuple[tuple[Label, str, str], ...] = (
    ("situation", "Last spring", "delivery price."),
    ("task", "My job was", "summer season."),
    ("action", "I went through", "test clean."),
    ("result", "Conversion on phones", "six weeks."),
    ("learning", "What I took", "change anything."),
)


def cite(quote: str, answer: str = ANSWER) -> Evidence:
    """The first place of `quote` in the answer; raises ValueError when it is not there."""
    start = answer.index(quote)
    return Evidence(quote=quote, start=start, end=start + len(quote))


def make_segments(answer: str = ANSWER) -> tuple[Segment, ...]:
    """The five parts of ANSWER, with the white space between them left out."""
    return tuple(
        Segment(start=answer.index(first), end=answer.index(last) + len(last), label=label, confidence=0.9)
        for label, first, last in _PARTS
    )


def make_criteria() -> tuple[CriterionResult, ...]:
    """All eight, in order: seven judged, `role_relevance` not."""
    return (
        CriterionResult(
            id="situation",
            level=4,
            weight=0.10,
            basis="span",
            evidence=(cite("phone visitors kept leaving when they saw the delivery price"),),
            why="Who left, where and at what moment is clear.",
            next_step="Say how many visitors that cost you in a week.",
            gain=2.0,
        ),
        CriterionResult(
            id="task",
            level=4,
            weight=0.10,
            basis="span",
            evidence=(cite("My job was to get the checkout back on track"),),
            why="The job is yours and it has a deadline.",
            next_step="Name the target you were given.",
            gain=2.0,
        ),
        CriterionResult(
            id="action",
            level=4,
            weight=0.25,
            basis="span",
            evidence=(
                cite("I went through forty session recordings"),
                cite("I moved it to the product page"),
            ),
            why="Your own steps come in order and a listener could retell them.",
            next_step="Say why you showed the price earlier and did not lower it.",
            gain=5.0,
        ),
        CriterionResult(
            id="result",
            level=5,
            weight=0.20,
            basis="span",
            evidence=(cite("Conversion on phones went from 1.7 % to 2.6 % in six weeks"),),
            why="The change has a start, an end and a time span, and follows from your steps.",
        ),
        CriterionResult(
            id="question_fit",
            level=5,
            weight=0.12,
            basis="whole",
            why="The story stays with the conversion rate from start to end.",
        ),
        CriterionResult(
            id="role_relevance",
            level=None,
            weight=0.08,
            basis="unscored",
            why="The model's reply on this could not be read.",
        ),
        CriterionResult(
            id="metrics",
            level=5,
            weight=0.10,
            basis="span",
            evidence=(cite("from 1.7 % to 2.6 % in six weeks"),),
            why="A KPI of the role with its baseline and time span.",
        ),
        CriterionResult(
            id="delivery",
            level=5,
            weight=0.05,
            basis="whole",
            why="It takes about a minute to say and the order can be followed.",
        ),
    )


def make_overall(criteria: tuple[CriterionResult, ...]) -> Overall:
    """The score that the levels add up to, without caps."""
    judged = [(result.weight, result.level) for result in criteria if result.level is not None]
    total = sum(weight for weight, _ in judged)
    score = round(100 * sum(weight * level / 5 for weight, level in judged) / total, 1)
    return Overall(score=score, band="strong", uncapped=score)


def make_report(**overrides: Any) -> Report:
    """A full report on ANSWER; name any field of Report to replace it."""
    criteria = overrides.get("criteria", make_criteria())
    figure = cite("from 1.7 % to 2.6 % in six weeks")
    fields: dict[str, Any] = {
        "id": "a1",
        "role": "e-commerce-manager",
        "question": QUESTION,
        "answer_type": "story",
        "overall": make_overall(criteria),
        "criteria": criteria,
        "segments": make_segments(),
        "activities": (
            ActivityFinding(
                id="conversion-optimisation",
                name="Conversion optimisation",
                relevance=0.91,
                status="evidenced",
                evidence=(cite("tested two versions against the old one"),),
            ),
            ActivityFinding(id="site-experience", name="Site experience", relevance=0.55, status="related"),
        ),
        "kpis": (
            KpiFinding(
                id="conversion-rate",
                name="Conversion rate",
                status="evidenced",
                evidence=(cite("Conversion on phones"),),
                figures=(
                    Figure.model_validate(
                        {**figure.model_dump(), "value": 2.6, "unit": "%", "from": 1.7, "period": "six weeks"}
                    ),
                ),
            ),
            KpiFinding(
                id="average-order-value",
                name="Average order value",
                status="named",
                evidence=(cite("average order value"),),
            ),
            KpiFinding(
                id="cart-abandonment-rate",
                name="Cart abandonment rate",
                status="suggested",
                why="Your change aimed at people who left a full cart.",
                statement="Abandoned carts on phones fell from [share before] to [share after].",
                find_it="Your shop system's checkout funnel shows it per device.",
            ),
        ),
        "priorities": (
            Priority(
                criterion="action",
                advice="Why “moved it to the product page” and not a lower price? “I chose it for [reason].”",
                gain=5.0,
            ),
            Priority(criterion="task", advice="Name the target you were given.", gain=2.0),
        ),
        "follow_ups": (
            "What did the developer do, and what did you do yourself?",
            "How do you know that the season did not cause the rise?",
            "What happened to the orders after the six weeks?",
        ),
        "rewrite": Rewrite(
            text="Last spring phone visitors left when they saw the delivery price. My target was [target]. "
            "I moved it to the product page. Conversion on phones went from 1.7 % to 2.6 % in six weeks.",
            slots=("[target]",),
            dropped=("We also looked at the average order value",),
        ),
        "engine": Engine(judge="evidence", rubric="star@1", knowledge="3fa9c1d2"),
    }
    return Report.model_validate({**fields, **overrides})
