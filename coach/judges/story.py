"""What of situation, task, action and result is told: explicit rules, one ladder a criterion.

Each rule collects named elements ("place", "trigger", "stakes") with the clauses that hold them, then
climbs the rubric's ladder as far as the elements carry. The names are the reason codes that become
sentences in `judges.wording`; `judges.settle` weighs the ladder's level with the reader network's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coach.judges.outcomes import Outcome, find_outcomes
from coach.lexicons import Lexicon
from coach.schema import Label
from coach.signals.numbers import is_duration
from coach.signals.segments import count_words
from coach.signals.types import LabelledClause, Signals
from coach.signals.verbs import PAST_VERB

# The share of words above which the setting is too long to reach level 4.
MAX_SETTING_SHARE = 0.45
# A setting this long has room for what set the story off.
CLEAR_SETTING_WORDS = 14
_FAR_FROM_EPISODE = ("hypothetical", "opinion", "self_description", "non_answer")
# A decision is an action wherever it is told.
_CHOICE = re.compile(
    r"\bI\s+(?:\w+ly\s+)?(?:decided|chose|picked|started|went|asked|kept|took|helped|worked|made|tried)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<=[a-z,;] )(?!I\b)[A-Z][\w&'’-]+")


@dataclass(frozen=True)
class Reading:
    """A level 0 to 5 with the clauses it rests on, the elements found and those that the next level lacks."""

    level: int
    spans: tuple[LabelledClause, ...]
    found: tuple[str, ...]
    missing: tuple[str, ...]
    details: tuple[str, ...] = ()


def labelled(signals: Signals, *labels: Label) -> tuple[LabelledClause, ...]:
    """Clauses with one of the labels, in order."""
    return tuple(clause for clause in signals.clauses if clause.label in labels)


def word_share(signals: Signals, *labels: Label) -> float:
    """Share of the answer's words in clauses with these labels, 0.0 to 1.0."""
    total = sum(count_words(clause.clause.text) for clause in signals.clauses)
    part = sum(count_words(clause.clause.text) for clause in labelled(signals, *labels))
    return part / total if total else 0.0


def matching(clauses: Iterable[LabelledClause], pattern: re.Pattern[str]) -> tuple[LabelledClause, ...]:
    """Clauses in which the pattern is found."""
    return tuple(clause for clause in clauses if pattern.search(clause.clause.text))


def read_situation(signals: Signals, lexicon: Lexicon) -> Reading:
    """Where, when, what was at stake."""
    setting = labelled(signals, "situation")
    around = (*setting, *labelled(signals, "task"))
    elements = lexicon.elements
    places = matching(around, elements["place"]) or matching(setting, _NAME)
    triggers = matching(setting, elements["trigger"])
    stakes = matching(around, elements["stakes"])
    scale = tuple(clause for clause in setting if _has_figure(signals, clause))
    share = word_share(signals, "situation")
    found = [
        name
        for name, hit in (("place", places), ("trigger", triggers), ("stakes", stakes), ("scale", scale))
        if hit
    ]
    if not setting:
        return Reading(_hinted_setting(signals, lexicon), (), tuple(found), ("setting",))
    words = sum(count_words(clause.clause.text) for clause in setting)
    if signals.answer_type in _FAR_FROM_EPISODE:
        level = 1
    elif signals.answer_type == "pseudo_story":
        level = 2 if places else 1
    elif words < CLEAR_SETTING_WORDS and not triggers:
        level = 2 if places or words >= 8 else 1
    elif not (stakes and triggers) or words < 2 * CLEAR_SETTING_WORDS or share > MAX_SETTING_SHARE:
        level = 3
    else:
        level = 5 if scale and share <= 1 / 3 else 4
    missing = tuple(name for name in ("place", "trigger", "stakes", "scale") if name not in found)
    too_long = ("too_long",) if share > MAX_SETTING_SHARE else ()
    return Reading(level, setting, tuple(found), (*too_long, *missing))


def _hinted_setting(signals: Signals, lexicon: Lexicon) -> int:
    """0 or 1: without a clause of its own the setting can still be hinted at."""
    if signals.answer_type in ("opinion", "hypothetical", "self_description", "non_answer"):
        return 0
    hints = matching(signals.clauses, lexicon.elements["place"])
    if signals.answer_type == "pseudo_story":
        return 1 if hints else 0
    return 2 if hints and labelled(signals, "task") else 1


def read_task(signals: Signals, lexicon: Lexicon) -> Reading:
    """What was the speaker's to achieve."""
    elements = lexicon.elements
    told = labelled(signals, "task")
    near = (*told, *labelled(signals, "situation", "action"))
    cued = matching(near, elements["own_goal"])
    own = (*cued, *(c for c in told if c.owner == "self" and c not in cued))
    group = tuple(clause for clause in matching(near, elements["group_goal"]) if clause not in own)
    goal = own or told or group
    measured = tuple(
        c for c in goal if elements["goal_measure"].search(c.clause.text) or _has_figure(signals, c)
    )
    specific = tuple(c for c in own if count_words(c.clause.text) >= 8)
    found = [
        n
        for n, hit in (
            ("own_goal", own),
            ("group_goal", group),
            ("specific", specific),
            ("measure", measured),
        )
        if hit
    ]
    if signals.answer_type in ("opinion", "non_answer", "self_description"):
        level = 0 if not goal else 1
    elif signals.answer_type == "hypothetical":
        level = 1
    elif own and signals.answer_type == "story":
        sharp = bool(specific) and (bool(told) or len(own) > 1)
        counted = any(_has_figure(signals, clause) for clause in cued)
        level = 3 + sharp + bool(sharp and cued and (counted or (measured and len(own) > 1)))
    else:
        # A story that sets out a problem and acts on it lets a listener infer the goal.
        level = 2 if goal or labelled(signals, "situation") or signals.answer_type == "story" else 1
    if signals.answer_type == "pseudo_story":
        level = min(level, 2 if labelled(signals, "task") or own else 1)
    missing = tuple(name for name in ("own_goal", "specific", "measure") if name not in found)
    return Reading(level, goal, tuple(found), missing)


def read_action(signals: Signals, lexicon: Lexicon) -> Reading:
    """What the speaker did, how and why."""
    elements = lexicon.elements
    acts = labelled(signals, "action")
    chosen = tuple(
        c for c in labelled(signals, "task", "result", "learning") if _CHOICE.search(c.clause.text)
    )
    real = tuple(c for c in (*acts, *chosen) if PAST_VERB.search(c.clause.text) and not _supposed(c, lexicon))
    own = tuple(clause for clause in real if clause.owner == "self")
    group = tuple(clause for clause in real if clause.owner == "group")
    how = tuple(c for c in own if elements["how"].search(c.clause.text) and count_words(c.clause.text) >= 6)
    order = matching(own, elements["order"])
    why = matching((*own, *labelled(signals, "action")), elements["reasoning"])
    found = [
        n for n, hit in (("own", own), ("group", group), ("how", how), ("order", order), ("why", why)) if hit
    ]
    if signals.answer_type == "non_answer" or not (acts or matching(signals.clauses, lexicon.owner["self"])):
        level = 0
    elif signals.answer_type in _FAR_FROM_EPISODE or not real:
        level = 2 if signals.answer_type == "story" and _own_past(signals) else 1
    elif signals.answer_type == "pseudo_story":
        level = 2 if len(own) >= 3 else 1
    elif len(own) < 2:
        level = 2
    elif len(own) < 3 or len(how) < 2:
        level = 3
    else:
        level = 4 + bool(why and len(own) >= 4 and len(how) >= 3)
    missing = tuple(name for name in ("own", "how", "order", "why") if name not in found)
    return Reading(level, own or group or acts, tuple(found), missing, (f"{len(own)}", f"{len(group)}"))


def _own_past(signals: Signals) -> bool:
    return any(c.owner in ("self", "group") and PAST_VERB.search(c.clause.text) for c in signals.clauses)


def _supposed(clause: LabelledClause, lexicon: Lexicon) -> bool:
    return bool(lexicon.types["hypothetical"].search(clause.clause.text))


def read_result(signals: Signals, lexicon: Lexicon) -> Reading:
    """What changed because of it."""
    told = labelled(signals, "result")
    outcomes = find_outcomes(signals, lexicon)
    learned = tuple(
        c for c in labelled(signals, "learning") if c.owner in ("self", "group") and _says_lesson(c, lexicon)
    )
    hoped = matching(labelled(signals, "action", "other", "learning"), lexicon.delivery["hoped"])
    hoped = () if signals.answer_type == "story" else hoped
    measured = tuple(o for o in outcomes if o.measured)
    compared = tuple(o for o in measured if o.compared)
    specific = tuple(o for o in outcomes if o.specific)
    lasting = matching((*told, *learned), lexicon.elements["lasting"])
    found = [
        name
        for name, hit in (
            ("measure", measured),
            ("compared", compared),
            ("specific", specific),
            ("learned", learned),
            ("lasting", lasting),
        )
        if hit
    ]
    level = _result_level(
        signals, outcomes, measured, compared, specific, bool(learned), bool(lasting), bool(hoped)
    )
    missing = tuple(name for name in ("specific", "measure", "compared", "lasting") if name not in found)
    spans = tuple(o.clause for o in (compared or measured or specific or outcomes)) or hoped
    return Reading(level, spans, tuple(found), missing)


def _says_lesson(clause: LabelledClause, lexicon: Lexicon) -> bool:
    text = clause.clause.text
    return bool(lexicon.cues["learning"].search(text) or lexicon.elements["lasting"].search(text))


def _result_level(
    signals: Signals,
    outcomes: Sequence[Outcome],
    measured: Sequence[Outcome],
    compared: Sequence[Outcome],
    specific: Sequence[Outcome],
    learned: bool,
    lasting: bool,
    hoped_for: bool,
) -> int:
    if not outcomes:
        return 1 if hoped_for else 0
    if signals.answer_type in _FAR_FROM_EPISODE or all(outcome.hoped for outcome in outcomes):
        return 1
    if signals.answer_type == "pseudo_story" and not measured:
        return 1  # what usually comes of a habit is a benefit, and no outcome of anything that was done
    if measured:
        return 5 if compared and (lasting or learned) and labelled(signals, "action") else 4
    if specific:
        return 4 if learned and len(specific) > 1 else 3
    return 2


def _has_figure(signals: Signals, clause: LabelledClause) -> bool:
    """Whether a figure that measures something (not a bare duration) lies in the clause."""
    return any(
        clause.clause.start <= figure.start < clause.clause.end
        and (not is_duration(figure.unit) or figure.from_ is not None)
        for figure in signals.figures
    )
