"""A report as a Markdown document that a person keeps, and the history as JSON.

Everything that was typed or that a model wrote goes through `coach.markdown`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from coach.engine_words import (
    UNCERTAIN,
    as_it_stands,
    instead_of_a_model,
    is_uncertain,
    judge_name,
    what_it_took,
    where_from,
    who_read,
)
from coach.markdown import bullets, escape_line, escape_text, quoted
from coach.schema import (
    LABELS,
    ActivityFinding,
    CriterionResult,
    Evidence,
    Figure,
    KpiFinding,
    Label,
    Opinion,
    Report,
    Rewrite,
    Segment,
)

_LETTERS: dict[Label, str] = {
    "situation": "S",
    "task": "T",
    "action": "A",
    "result": "R",
    "learning": "L",
    "other": "–",
}


class _Part(NamedTuple):
    """Consecutive words of the answer that do the same thing; None where nobody labelled them."""

    label: Label | None
    text: str


def report_to_markdown(report: Report, answer: str, role_name: str | None = None) -> str:
    """The report as Markdown, the first fix first. `answer` is the text the report was given for, as
    submitted; `role_name` is shown in place of the role's id."""
    sections = (
        _heading(report, role_name),
        _first_fix(report),
        _standing(report),
        _answer(report, answer),
        _criteria(report),
        _for_this_role(report),
        _follow_ups(report),
        _tighter_version(report.rewrite),
        _warnings(report),
        _closing(report),
    )
    return "\n\n".join(block for section in sections for block in section) + "\n"


def reports_to_json(entries: Iterable[Mapping[str, Any]]) -> str:
    """What `History.export_all` gives, as indented JSON with a line break at its end."""
    return json.dumps(list(entries), ensure_ascii=False, indent=2) + "\n"


# ---- sections, each a list of blocks ----------------------------------------------------------------


def _heading(report: Report, role_name: str | None) -> list[str]:
    role = escape_line(role_name or report.role)
    return ["# Feedback on your answer", quoted(escape_text(report.question.text)), f"Role: {role}"]


def _first_fix(report: Report) -> list[str]:
    if not report.priorities:
        return [
            "## First fix",
            "Nothing in this answer asks to be changed first. Go on to the next question.",
        ]
    first, *rest = report.priorities
    blocks = ["## First fix", escape_line(first.advice) + _worth(first.gain)]
    if rest:
        blocks += ["After that:", bullets(escape_line(later.advice) + _worth(later.gain) for later in rest)]
    return blocks


def _standing(report: Report) -> list[str]:
    overall = report.overall
    if overall.score is None:
        return ["## Where it stands", "Not judged."]
    line = f"**{_plain(overall.band)}** ({_number(overall.score)} of 100"
    line += f", give or take {_number(overall.margin)})" if overall.margin else ")"
    blocks = ["## Where it stands", line]
    if overall.caps:
        without = overall.uncapped if overall.uncapped is not None else overall.score
        otherwise = f" (otherwise {_number(without)})" if without > overall.score else ""
        blocks += [f"What holds it down{otherwise}:", bullets(_cap(cap) for cap in overall.caps)]
    return blocks


def _cap(cap: str) -> str:
    """A cap as reports name it, "id: what it does", without the id."""
    return _plain(re.sub(r"^[a-z0-9_]+: ", "", cap))


def _answer(report: Report, answer: str) -> list[str]:
    parts = list(_parts(report.segments, answer))
    blocks = ["## Your answer, read by a listener"]
    shares = _shares(parts)
    if shares:
        blocks.append(f"Where your words go: {shares}.")
    marked = (
        f"**[{_LETTERS[part.label]}]** {escape_text(part.text)}" if part.label else escape_text(part.text)
        for part in parts
    )
    return [*blocks, quoted("\n\n".join(marked))]


def _criteria(report: Report) -> list[str]:
    return ["## Criteria", "\n".join(_criterion(result) for result in report.criteria)]


def _criterion(result: CriterionResult) -> str:
    level = "not judged" if result.level is None else f"{result.level} of 5"
    level += f", {UNCERTAIN}" if is_uncertain(result) else ""
    lines = [f"- **{_plain(result.id)}**: {level}. {escape_line(result.why)}".rstrip()]
    lines += [f"  - {_opinion(opinion)}" for opinion in result.opinions]
    lines += [f"  - You said: {_cited(quote)}" for quote in result.evidence]
    if result.next_step:
        lines.append(f"  - Next step: {escape_line(result.next_step)}{_worth(result.gain)}")
    return "\n".join(lines)


def _opinion(opinion: Opinion) -> str:
    level = "not judged" if opinion.level is None else f"level {opinion.level}"
    return f"{escape_line(judge_name(opinion.judge))}, {level}: {escape_line(opinion.why)}"


def _for_this_role(report: Report) -> list[str]:
    blocks = []
    if report.activities:
        blocks += ["### What you show of the job", bullets(_activity(found) for found in report.activities)]
    if report.kpis:
        blocks += ["### Figures the job is measured by", "\n".join(_kpi(found) for found in report.kpis)]
    return ["## For this role", *blocks] if blocks else []


def _activity(found: ActivityFinding) -> str:
    status = "shown" if found.status == "evidenced" else "close by"
    return f"**{escape_line(found.name)}**, {status}{_because(found.evidence)}"


def _kpi(found: KpiFinding) -> str:
    name = f"**{escape_line(found.name)}**"
    if found.status == "evidenced":
        figures = "; ".join(_figure(figure) for figure in found.figures)
        lines = [f"- {name}, proven{_because(found.evidence)}" + (f" ({figures})" if figures else "")]
    elif found.status == "named":
        lines = [f"- {name}, named without a figure{_because(found.evidence)}"]
    else:
        lines = [f"- {name}, worth adding"]
    for lead, text in (("", found.why), ("Say: ", found.statement), ("Where to find it: ", found.find_it)):
        if text:
            lines.append(f"  - {lead}{escape_line(text)}")
    return "\n".join(lines)


def _figure(figure: Figure) -> str:
    unit = f" {escape_line(figure.unit)}" if figure.unit else ""
    change = f"{_number(figure.value)}{unit}"
    if figure.from_ is not None:
        change = f"from {_number(figure.from_)}{unit} to {change}"
    return f"{change}, {escape_line(figure.period)}" if figure.period else change


def _follow_ups(report: Report) -> list[str]:
    if not report.follow_ups:
        return []
    return ["## They will ask", bullets(escape_line(probe) for probe in report.follow_ups)]


def _tighter_version(rewrite: Rewrite | None) -> list[str]:
    if rewrite is None:
        return []
    blocks = ["## A tighter version", escape_line(where_from(rewrite)), quoted(escape_text(rewrite.text))]
    if worth := as_it_stands(rewrite):
        blocks.append(worth)
    if rewrite.dropped:
        blocks += ["Left out:", bullets(f"“{escape_line(sentence)}”" for sentence in rewrite.dropped)]
    return blocks


def _warnings(report: Report) -> list[str]:
    if not report.warnings:
        return []
    return ["## Worth knowing", bullets(escape_line(notice.message) for notice in report.warnings)]


def _closing(report: Report) -> list[str]:
    engine = report.engine
    versions = [f"rubric {escape_line(engine.rubric)}"]
    prompts = filter(None, (engine.prompt, engine.adviser_prompt))
    versions += [f"prompt {escape_line(prompt)}" for prompt in prompts]
    versions.append(f"knowledge {escape_line(engine.knowledge)}")
    made = f"Judged by {escape_line(who_read(engine))} ({', '.join(versions)})."
    told = " ".join(filter(None, (made, what_it_took(engine), instead_of_a_model(engine))))
    return ["---", told, "A practice aid, not a hiring verdict."]


# ---- pieces -----------------------------------------------------------------------------------------


def _parts(segments: Sequence[Segment], answer: str) -> Iterator[_Part]:
    """The whole answer in order, neighbours of one label joined. Text between segments joins the part
    before it when it has no word."""
    joined: list[_Part] = []
    for piece in _pieces(segments, answer):
        wordless = re.search(r"\w", piece.text) is None
        if joined and (wordless or piece.label == joined[-1].label):
            joined[-1] = joined[-1]._replace(text=joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return (part for part in joined if part.text.strip())


def _pieces(segments: Sequence[Segment], answer: str) -> Iterator[_Part]:
    done = 0
    for segment in sorted(segments, key=lambda found: found.start):
        if segment.end <= done:
            continue
        if segment.start > done:
            yield _Part(None, answer[done : segment.start])
        yield _Part(segment.label, answer[max(done, segment.start) : segment.end])
        done = segment.end
    if done < len(answer):
        yield _Part(None, answer[done:])


def _shares(parts: Sequence[_Part]) -> str:
    """The legend of the marks, each with its share of all words."""
    words = {label: sum(len(part.text.split()) for part in parts if part.label == label) for label in LABELS}
    total = sum(len(part.text.split()) for part in parts)
    return ", ".join(
        f"[{_LETTERS[label]}] {label} {round(100 * count / total)} %"
        for label, count in words.items()
        if count
    )


def _because(evidence: Sequence[Evidence]) -> str:
    return ": " + ", ".join(_cited(quote) for quote in evidence) if evidence else ""


def _cited(evidence: Evidence) -> str:
    return f"“{escape_line(evidence.quote)}”"


def _worth(gain: float) -> str:
    """What a change would add, in whole points; nothing below one."""
    points = round(gain)
    return f" (up to {points} {'point' if points == 1 else 'points'})" if points >= 1 else ""


def _plain(name: str) -> str:
    """An id as words; a sentence stays as it is."""
    words = name if " " in name else name.replace("_", " ").replace("-", " ")
    return escape_line(words[:1].upper() + words[1:])


def _number(value: float) -> str:
    return f"{value:.10g}"
