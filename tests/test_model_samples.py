"""A model is asked several times and mended once: medians, margin, a repair of what failed and no more."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from coach.errors import CancelledError, ModelError
from coach.judges.model import ModelJudge, ModelVerdict, RetrievedItem
from coach.llm import Completion, Limit, Message
from coach.llm_scripted import ScriptedCompleter
from coach.prompts import load_prompt
from coach.rubric import load_rubric
from coach.schema import Role, Usage
from coach.signals.types import Submission
from tests.conftest import REPO_ROOT
from tests.factories import ANSWER, QUESTION
from tests.model_server import CRITERIA, reply_for

SUBMISSION = Submission(ANSWER, QUESTION, len(ANSWER.split()))
ROLE = Role(id="r", name="Shop", function="", about="", activities=(), kpis=(), stages=(), questions=())
ITEMS = (RetrievedItem("activity", "cro", "Conversion work", "Tests pages."),)
INVENTED = "I doubled the revenue of the whole company"
GOOD = json.dumps(reply_for(ANSWER))
PROMPT, REPAIR = (load_prompt(REPO_ROOT / "prompts", name) for name in ("assess", "repair"))
RUBRIC = load_rubric(REPO_ROOT / "knowledge" / "rubric.toml")


class Seeded(ScriptedCompleter):
    """Answers by the seed and by whether it is asked for a repair."""

    def __init__(self, speak: Callable[[int, bool], str | Exception]) -> None:
        super().__init__(())
        self._by_seed = speak
        self.seeds: list[int] = []
        self.discarded = 0

    def complete(self, messages: Sequence[Message], schema: Any = None, **options: Any) -> Completion:
        seed = options["seed"]
        with self._lock:
            self.seeds.append(seed)
            self.requests.append(tuple(messages))
        said = self._by_seed(seed, "<problems-" in messages[-1].content)
        if isinstance(said, Exception):
            raise said
        return Completion(said, Usage(prompt_tokens=10, completion_tokens=1), "m", "stop", discard=self._drop)

    def _drop(self) -> None:
        self.discarded += 1


def judge(completer: ScriptedCompleter, samples: int = 1, limit: Limit | None = None) -> ModelVerdict:
    return ModelJudge(completer, PROMPT, REPAIR, RUBRIC, samples).judge(SUBMISSION, ROLE, ITEMS, limit=limit)


def with_levels(*levels: int | None) -> Callable[[int, bool], str]:
    """A script that gives `action` the level of the sample's number."""
    return lambda seed, _: json.dumps(reply_for(ANSWER, action={"level": levels[seed]}))


def action(verdict: ModelVerdict) -> int | None:
    return next(j.level for j in verdict.judgements if j.criterion == "action")


# ---- samples -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("levels", "median"),
    [
        ((3,), 3),
        ((2, 4), 2),
        ((4, 2), 2),
        ((1, 5, 3), 3),
        ((0, 5, 5), 5),
        ((1, 2, 4, 5), 2),
        ((None, 2, 4), 2),
        ((None, None, 4), 4),
        ((None, None), None),
    ],
)
def test_the_median_counts_and_of_two_in_the_middle_the_lower(
    levels: tuple[int | None, ...], median: int | None
) -> None:
    verdict = judge(Seeded(with_levels(*levels)), len(levels))
    assert action(verdict) == median
    assert len(verdict.samples) == len(levels)


def test_each_sample_has_a_seed_of_its_own_and_all_are_paid_for() -> None:
    completer = Seeded(lambda seed, _: GOOD)
    verdict = judge(completer, 3)
    assert sorted(completer.seeds) == [0, 1, 2]
    assert verdict.usage == Usage(prompt_tokens=30, completion_tokens=3)
    assert len(set(completer.requests)) == 1


def test_the_words_are_those_of_a_sample_with_the_level_that_counts() -> None:
    def speak(seed: int, _: bool) -> str:
        return json.dumps(
            reply_for(ANSWER, action={"level": (1, 4, 4)[seed], "why": ("Low.", "Two.", "Three.")[seed]})
        )

    verdict = judge(Seeded(speak), 3)
    assert next(j.why for j in verdict.judgements if j.criterion == "action") == "Two."


def test_one_sample_that_fails_is_left_out() -> None:
    def speak(seed: int, _: bool) -> str | Exception:
        return ModelError("model_busy", "Busy.") if seed == 1 else GOOD

    verdict = judge(Seeded(speak), 3)
    assert len(verdict.samples) == 2
    assert action(verdict) == 3


def test_when_all_fail_the_first_error_is_told() -> None:
    def speak(seed: int, _: bool) -> Exception:
        return ModelError(f"model_{seed}", "Away.")

    with pytest.raises(ModelError) as caught:
        judge(Seeded(speak), 2)
    assert caught.value.code == "model_0"


def test_calling_it_off_ends_all_samples() -> None:
    with pytest.raises(CancelledError):
        judge(Seeded(lambda seed, _: CancelledError()), 2)


# ---- one repair --------------------------------------------------------------------------------------


def repairing(first: str, second: str | Exception) -> Seeded:
    return Seeded(lambda _, is_repair: second if is_repair else first)


def test_a_good_reply_needs_no_repair() -> None:
    completer = Seeded(lambda *_: GOOD)
    assert judge(completer).notices == ()
    assert len(completer.requests) == 1


def test_a_repair_names_what_failed_and_takes_only_that() -> None:
    first = json.dumps(reply_for(ANSWER, action={"quotes": [INVENTED], "level": 5}, task={"level": "four"}))
    changed = {name: {"level": 2, "why": "Second look."} for name in CRITERIA}
    completer = repairing(first, json.dumps(reply_for(ANSWER, **changed)))
    verdict = judge(completer)
    assert [j.level for j in verdict.judgements] == [3, 2, 2, 3, 3, 3]
    assert len(completer.requests) == 2
    system, user = completer.requests[1]
    assert system == completer.requests[0][0]
    added = user.content.removeprefix(completer.requests[0][1].content)
    assert f'- action: not in the answer: "{INVENTED}"' in added
    assert "- task: the level is not a whole number from 0 to 5" in added
    assert "situation" not in added.partition("<problems")[2].partition("</problems")[0]
    assert verdict.notices == ()
    assert verdict.usage == Usage(prompt_tokens=20, completion_tokens=2)


def test_there_is_exactly_one_repair_and_what_still_fails_is_counted() -> None:
    bad = json.dumps(reply_for(ANSWER, action={"quotes": [INVENTED, "nor was this said"], "level": 5}))
    completer = repairing(bad, bad)
    verdict = judge(completer)
    assert len(completer.requests) == 2
    assert action(verdict) is None
    assert [notice.code for notice in verdict.notices] == ["quotes_dropped"]
    assert ": 2," in verdict.notices[0].message


def test_a_reply_that_cannot_be_read_is_asked_for_again_as_a_whole() -> None:
    completer = repairing("No idea.", GOOD)
    assert action(judge(completer)) == 3
    assert "no JSON object" in completer.requests[1][1].content


@pytest.mark.parametrize("second", [ModelError("model_busy", "Busy."), "No idea.", "{}"])
def test_a_repair_that_fails_leaves_what_was_good(second: str | Exception) -> None:
    first = json.dumps(reply_for(ANSWER, action={"quotes": [INVENTED]}))
    verdict = judge(repairing(first, second))
    assert [j.level for j in verdict.judgements] == [3, 3, None, 3, 3, 3]


def test_when_the_time_is_nearly_over_there_is_no_repair() -> None:
    completer = repairing(json.dumps(reply_for(ANSWER, action={"quotes": [INVENTED]})), GOOD)
    assert action(judge(completer, limit=Limit(0.9))) is None
    assert len(completer.requests) == 1


def test_claimed_activities_are_mended_too() -> None:
    claim = {"id": "cro", "quotes": [INVENTED]}
    mended = {"id": "cro", "quotes": ["tested two versions against the old one"]}
    completer = repairing(
        json.dumps(reply_for(ANSWER, activities=[claim])), json.dumps(reply_for(ANSWER, activities=[mended]))
    )
    verdict = judge(completer)
    assert [shown.evidence[0].quote for shown in verdict.activities] == mended["quotes"]


def test_a_reply_of_which_nothing_counts_is_not_kept() -> None:
    completer = repairing("No idea.", "Still none.")
    with pytest.raises(ModelError) as caught:
        judge(completer)
    assert caught.value.code == "reply_unreadable"
    assert completer.discarded == 2


def test_a_repair_does_not_let_out_what_is_masked() -> None:
    answer = f"{ANSWER} Write to jane.doe@example.org about it."
    first = json.dumps(reply_for(answer, action={"quotes": ["mail jane.doe@example.org now, they said"]}))
    completer = repairing(first, json.dumps(reply_for(answer)))
    ModelJudge(completer, PROMPT, REPAIR, RUBRIC).judge(SUBMISSION._replace(answer=answer), ROLE, ITEMS)
    assert len(completer.requests) == 2
    assert "jane.doe" not in str(completer.requests)
