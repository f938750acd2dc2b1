"""Who made a report and what that took, in words for every place that shows one."""

from __future__ import annotations

from decimal import Decimal

from coach.budget_words import dollars
from coach.schema import CriterionResult, Engine, Rewrite

BUILT_IN = "the built-in judge"
UNCERTAIN = "uncertain"
CHECKED = (
    "checked for numbers, names, deeds and results that neither your answer nor your facts hold. "
    "Fill in what stands in brackets."
)
OWN_SENTENCES = "Your own sentences, in order. Fill in what stands in brackets."


def judge_name(judge: str) -> str:
    """The judge's name for a reader."""
    return BUILT_IN if judge == "evidence" else judge


def who_read(engine: Engine) -> str:
    """Such as "openai/gpt-4o-mini, 3 times; advice worded by openai/gpt-4o"."""
    times = f", {engine.samples} times" if engine.samples > 1 else ""
    words = f"{judge_name(engine.judge)}{times}"
    if engine.adviser is None:
        return words
    same = engine.adviser == engine.judge
    return f"{words}, which also worded the advice" if same else f"{words}; advice worded by {engine.adviser}"


def what_it_took(engine: Engine) -> str:
    """A sentence about tokens and cost; empty when no model was asked."""
    if engine.reused:
        return "What the model said was taken from this computer, cost nothing."
    usage = engine.usage
    if usage is None or not usage.prompt_tokens + usage.completion_tokens:
        return ""
    tokens = f"{usage.prompt_tokens + usage.completion_tokens:,} tokens"
    cost = f", {dollars(Decimal(str(usage.cost_usd)))}" if usage.cost_usd else ", at no known price"
    return f"It took {tokens}{cost}."


def instead_of_a_model(engine: Engine) -> str:
    """A sentence for a report in which the built-in judge had to stand in; empty otherwise."""
    if engine.degraded and engine.adviser is None and engine.judge == "evidence":
        return "The model could not answer, so this is the built-in judge's reading."
    return ""


def is_uncertain(result: CriterionResult) -> bool:
    """Whether two judges lie so far apart on a criterion that both are heard."""
    return result.level is not None and len(result.opinions) > 1


def is_worded_by_model(rewrite: Rewrite) -> bool:
    """Whether a tighter version is a model's."""
    return rewrite.by != "evidence"


def where_from(rewrite: Rewrite) -> str:
    """A sentence or two on who wrote a tighter version and what it was checked for."""
    return f"Worded by {rewrite.by} and {CHECKED}" if is_worded_by_model(rewrite) else OWN_SENTENCES


def as_it_stands(rewrite: Rewrite) -> str:
    """A sentence on what a tighter version is worth; empty where nobody judged it."""
    if rewrite.score is None:
        return ""
    slots = "; slots count for nothing until you fill them" if rewrite.slots else ""
    return f"As it stands, the built-in judge gives it {rewrite.score:.0f} of 100{slots}."
