"""From chosen candidates to the questions of a set: what each cites, why it is there, which stories fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from coach.question_sets.role_items import item_of
from coach.question_sets.types import Asker, Candidate, Chosen, ChosenQuestion
from coach.schema import Cite, FittingStory, Role, SetQuestion

_OF: Mapping[Asker, Literal["job", "resume", "weak_spot"]] = {
    "job description": "job",
    "resume": "resume",
    "weak spot": "weak_spot",
}
_MOST_OF_A_WEAK_SPOT = 3  # questions that name one as their reason; more would only say it again


def with_few_repeats(chosen: Chosen) -> Chosen:
    """The set with each weak spot named as a reason by three questions at most."""
    named: Counter[str] = Counter()
    questions = []
    for item in chosen.questions:
        kept = []
        for prompt in item.question.prompted:
            named[prompt.quote] += prompt.by == "weak spot"
            if named[prompt.quote] <= _MOST_OF_A_WEAK_SPOT:
                kept.append(prompt)
        questions.append(item._replace(question=replace(item.question, prompted=tuple(kept))))
    return chosen._replace(questions=tuple(questions))


def finished(
    chosen: Sequence[ChosenQuestion],
    reasons: Sequence[str],
    stories: Sequence[tuple[FittingStory, ...]],
    role: Role,
    cited: Mapping[str, str],
) -> tuple[SetQuestion, ...]:
    """The questions as the contract has them; reasons and stories are in the order of the set. `cited` names
    the item of the role that each question of the bank is about."""
    names = {a.id: a.name for a in role.activities} | {k.id: k.name for k in role.kpis}
    return tuple(
        SetQuestion(
            id=item.question.id,
            text=item.question.text,
            kind=item.question.kind,
            topics=item.question.topics,
            stage=item.stage,
            level=item.level,
            activities=item.question.activities,
            kpis=item.question.kpis,
            why=why,
            strong_answer_shows=item.question.strong_answer_shows,
            follow_ups=item.question.follow_ups,
            source=item.question.source,
            minutes=item.question.minutes,
            brief="\n".join(item.question.brief),
            cites=tuple(_cites(item.question, names, cited)),
            stories=fitting,
        )
        for item, why, fitting in zip(chosen, reasons, stories, strict=True)
    )


def _cites(question: Candidate, names: Mapping[str, str], cited: Mapping[str, str]) -> Iterator[Cite]:
    for prompt in question.prompted:
        yield Cite(of=_OF[prompt.by], line=prompt.line, quote=prompt.quote)
    # What a document led to rests on its line; a role's item was only found near to it.
    if not question.id.startswith(("j-", "r-", "m-")) and (item := item_of(question, cited)):
        yield Cite(of="role", quote=names[item])
