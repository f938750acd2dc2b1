"""How many tokens do the prompts take, and how many of them can be cached? Run: python -m
benchmarks.prompt_tokens

Counts the two requests on an answer of about 200 words with four activities and four KPIs of the role, by
litellm's own counter for gpt-4o-mini, on this machine. Other models count a little differently. The fixed
part is the same for every answer. Exits with 1 when a request is over its bar.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from benchmarks.speed import answer_of
from coach.documents import read_document
from coach.judges.model_request import JUDGED, RetrievedItem, write_coaching_request, write_request
from coach.llm import Message
from coach.llm_library import litellm_library
from coach.prompts import load_prompt
from coach.question_sets.model_request import shown, write_questions_request
from coach.question_sets.types import Wishes
from coach.role_files import load_role
from coach.rubric import load_rubric
from coach.schema import AskedQuestion, Role
from coach.signals.segments import count_words
from coach.signals.types import Submission

ROOT = Path(__file__).parents[1]
MODEL = "gpt-4o-mini"
WORDS = 200
ITEMS_OF_A_KIND = 4
BARS = {"judging": 2200, "coaching": 1400, "questions": 1950}


class Count(NamedTuple):
    """Tokens of a request: the whole, the part that never changes, and the answer within the rest."""

    whole: int
    fixed: int
    answer: int


def measure() -> dict[str, Count]:
    """The count of each request, by the names of `BARS`."""
    submission, role = measured_submission()
    items = longest_items(role)
    prompts = ROOT / "prompts"
    rubric = load_rubric(ROOT / "knowledge" / "rubric.toml")
    judging = write_request(load_prompt(prompts, "assess"), rubric, submission, role, items)
    coaching = write_coaching_request(
        load_prompt(prompts, "coaching"), submission, role, items, findings(), WORDS, ()
    )
    answer = _tokens(submission.answer)
    counts = {name: _count(asked, answer) for name, asked in (("judging", judging), ("coaching", coaching))}
    return {**counts, "questions": _questions_count(role)}


def _questions_count(role: Role) -> Count:
    """Ten questions for a job description of a page and a résumé; "answer" is what these two take."""
    folder = ROOT / "tests" / "question_files"
    papers = [shown(read_document(folder / name).lines) for name in ("mid-grocery.md", "resume-junior.md")]
    bank = [question.text for question in role.questions]
    asked, _ = write_questions_request(
        load_prompt(ROOT / "prompts", "questions"), role, Wishes(), papers[0], papers[1], bank
    )
    return _count(asked, sum(_tokens(line.text) for paper in papers for line in paper.lines))


def measured_submission() -> tuple[Submission, Role]:
    """The base answer nearest to 200 words under its question, and the role."""
    role = load_role(ROOT / "knowledge" / "roles" / "e-commerce-manager.toml")
    question_id, answer = answer_of(WORDS)
    question = next(one for one in role.questions if one.id == question_id)
    asked = AskedQuestion(id=question.id, text=question.text, kind=question.kind)
    return Submission(answer, asked, count_words(answer)), role


def longest_items(role: Role) -> list[RetrievedItem]:
    """The activities and KPIs with the longest names and texts, four of each: no answer gets more."""
    activities = [RetrievedItem("activity", a.id, a.name, a.description) for a in role.activities]
    kpis = [RetrievedItem("kpi", k.id, k.name, k.description) for k in role.kpis]
    return [
        item
        for kind in (activities, kpis)
        for item in sorted(kind, key=lambda one: -len(one.id + one.name))[:ITEMS_OF_A_KIND]
    ]


def findings() -> str:
    """Findings as long as the built-in judge writes them: a level, some twenty words, three to change."""
    reason = (
        'The setting is clear, from "I looked after the web shop of a brand" on; what was at stake is not.'
    )
    lines = [f"{criterion} 3: {reason}" for criterion in JUDGED]
    return "\n".join([*lines, "To change first: situation, result, metrics"])


def _count(asked: tuple[Message, Message], answer: int) -> Count:
    system, user = asked
    messages = [message._asdict() for message in (system, user)]
    whole = litellm_library().token_counter(model=MODEL, messages=messages)
    return Count(whole, _tokens(system.content), answer)


def _tokens(text: str) -> int:
    return int(litellm_library().token_counter(model=MODEL, text=text))


def main() -> int:
    """Prints the counts; 1 when one is over its bar."""
    counts = measure()
    print(f"{'tokens':<10} {'whole':>6} {'bar':>6} {'fixed':>6} {'share':>6} {'answer':>7} {'other':>6}")
    for name, count in counts.items():
        other = count.whole - count.fixed - count.answer
        share = count.fixed / count.whole
        print(
            f"{name:<10} {count.whole:>6} {BARS[name]:>6} {count.fixed:>6} {share:>6.0%} "
            f"{count.answer:>7} {other:>6}"
        )
    over = [name for name, count in counts.items() if count.whole > BARS[name]]
    if over:
        print(f"Over the bar: {', '.join(over)}")
    return 1 if over else 0


if __name__ == "__main__":
    raise SystemExit(main())
