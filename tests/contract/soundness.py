"""What must hold of every report, whoever wrote the answer, seen from outside in the report's own JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coach.rubric import Rubric
from coach.schema import CODE_CRITERIA, CRITERIA, Report


def find_faults(report: dict[str, Any], answer: str, rubric: Rubric) -> list[str]:
    """Every broken promise in a report; an empty list when it is sound."""
    Report.model_validate(report)
    return [*_loose_quotes(report, answer), *_loose_segments(report, answer), *_wrong_sums(report, rubric)]


def find_quotes(node: Any) -> Iterator[dict[str, Any]]:
    """Every object in a report that quotes the answer, however deep."""
    if isinstance(node, dict):
        if {"quote", "start", "end"} <= set(node):
            yield node
        for child in node.values():
            yield from find_quotes(child)
    elif isinstance(node, list):
        for child in node:
            yield from find_quotes(child)


def _loose_quotes(report: dict[str, Any], answer: str) -> Iterator[str]:
    for found in find_quotes(report):
        if not found["quote"] or answer[found["start"] : found["end"]] != found["quote"]:
            yield f"{found['quote']!r} is not at {found['start']}:{found['end']}"


def _loose_segments(report: dict[str, Any], answer: str) -> Iterator[str]:
    place = 0
    for segment in report["segments"]:
        if not place <= segment["start"] < segment["end"] <= len(answer):
            yield f"segment {segment['start']}:{segment['end']} after {place} of {len(answer)}"
        place = segment["end"]


def _wrong_sums(report: dict[str, Any], rubric: Rubric) -> Iterator[str]:
    """The score worked out again by hand, so that an error in the program's own sum cannot hide."""
    criteria = report["criteria"]
    if [criterion["id"] for criterion in criteria] != list(CRITERIA):
        yield "the criteria are not the eight of the contract in their order"
        return
    kind, levels = report["question"]["kind"], {c["id"]: c["level"] for c in criteria}
    for criterion in criteria:
        if criterion["weight"] != rubric.weights[kind][criterion["id"]]:
            yield f"{criterion['id']} does not carry the rubric's weight"
    judged = [c for c in criteria if c["level"] is not None]
    if not set(CODE_CRITERIA) <= {c["id"] for c in judged}:
        yield "code did not judge its own criteria"
        return
    raw = 100 * sum(c["weight"] * c["level"] / 5 for c in judged) / sum(c["weight"] for c in judged)
    limits = [
        cap.limit
        for cap in rubric.caps
        if kind in cap.kinds
        and (
            report["answer_type"] in cap.answer_types
            or (
                cap.criterion is not None
                and levels[cap.criterion] is not None
                and levels[cap.criterion] <= cap.at_most_level
            )
        )
    ]
    expected = min([raw, *limits])
    if abs(report["overall"]["score"] - expected) > 0.051:
        yield f"score {report['overall']['score']} instead of {expected:.2f}"
    if bool(report["overall"]["caps"]) != (expected < raw):
        yield f"caps {report['overall']['caps']} with {raw:.2f} before and {expected:.2f} after"
