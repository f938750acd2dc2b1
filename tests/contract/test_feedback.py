"""`coach feedback` with one answer: what it prints, and what it says to what it cannot use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coach.rubric import Rubric
from coach.schema import ANSWER_TYPES, LABELS
from tests.contract.conftest import Program
from tests.contract.soundness import find_faults, find_quotes
from tests.factories import ANSWER

ROLE = "e-commerce-manager"
# Offsets are code points: characters beyond the first plane and combining accents must not shift them.
UNICODE_ANSWER = "Oh 🙂👩🏽‍💻, cafe\u0301 talk:\r\n" + ANSWER
QUOTED = {"quote": str, "start": int, "end": int}
SHAPE: dict[str, Any] = {
    "schema_version": int,
    "id": (str, type(None)),
    "role": str,
    "question": {"id": (str, type(None)), "text": str, "kind": str},
    "answer_type": str,
    "overall": {"score": (float, type(None)), "band": str, "caps": [str], "margin": float},
    "criteria": [
        {
            "id": str,
            "level": (int, type(None)),
            "weight": float,
            "basis": str,
            "evidence": [QUOTED],
            "why": str,
            "next_step": str,
            "gain": float,
        }
    ],
    "segments": [{"start": int, "end": int, "label": str, "confidence": float}],
    "activities": [{"id": str, "name": str, "relevance": float, "status": str, "evidence": [QUOTED]}],
    "kpis": [
        {
            "id": str,
            "name": str,
            "status": str,
            "evidence": [QUOTED],
            "figures": [
                {
                    **QUOTED,
                    "value": float,
                    "unit": str,
                    "from": (float, type(None)),
                    "period": (str, type(None)),
                }
            ],
            "why": str,
        }
    ],
    "priorities": [{"criterion": str, "advice": str, "gain": float}],
    "follow_ups": [str],
    "rewrite": {"text": str, "slots": [str], "dropped": [str]},
    "warnings": [{"code": str, "message": str}],
    "engine": {
        "judge": str,
        "degraded": bool,
        "rubric": str,
        "prompt": (str, type(None)),
        "knowledge": str,
        "usage": (dict, type(None)),
        "elapsed_ms": int,
    },
}


def misfits(value: Any, shape: Any, place: str = "report") -> list[str]:
    """Where a JSON value lacks a field of the shape or has another type there."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [f"{place} is {value!r}"]
        missing = [f"{place}.{key} is missing" for key in shape if key not in value]
        return missing + [
            found
            for key in shape
            if key in value
            for found in misfits(value[key], shape[key], f"{place}.{key}")
        ]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{place} is {value!r}"]
        return [found for n, item in enumerate(value) for found in misfits(item, shape[0], f"{place}[{n}]")]
    wanted = shape if isinstance(shape, tuple) else (shape,)
    return [] if type(value) in wanted else [f"{place} is {value!r}"]


def test_the_report_has_every_field_of_the_contract(program: Program, rubric: Rubric, tmp_path: Path) -> None:
    file = tmp_path / "answer.txt"
    file.write_bytes(UNICODE_ANSWER.encode())
    ran = program("feedback", "--role", ROLE, "--question", "q13", "--answer", file, "--json")
    assert (ran.code, ran.stderr) == (0, "")
    assert ran.stdout.count("\n") == 1
    report = ran.object
    assert misfits(report, SHAPE) == []
    assert find_faults(report, UNICODE_ANSWER, rubric) == []
    assert len(list(find_quotes(report))) > 10
    assert report["schema_version"] == 1
    assert (report["id"], report["role"], report["question"]["id"]) == (None, ROLE, "q13")
    assert report["answer_type"] in ANSWER_TYPES
    assert {segment["label"] for segment in report["segments"]} <= set(LABELS)
    assert report["engine"] | {"elapsed_ms": 0, "knowledge": ""} == {
        "judge": "evidence",
        "adviser": None,
        "samples": 1,
        "reused": False,
        "degraded": False,
        "rubric": "star@1",
        "prompt": None,
        "adviser_prompt": None,
        "knowledge": "",
        "usage": None,
        "elapsed_ms": 0,
    }
    figures = [figure for kpi in report["kpis"] for figure in kpi["figures"]]
    assert {"from": 1.7, "value": 2.6, "unit": "%", "period": "six weeks"}.items() <= figures[0].items()


def test_standard_input_and_text_are_read_as_a_file_is(program: Program) -> None:
    piped = program(
        "feedback", "--question", "q13", "--answer", "-", "--json", stdin=b"\xef\xbb\xbf" + ANSWER.encode()
    ).object
    given = program("feedback", "--question", "Q13", "--text", ANSWER, "--json", "--judge", "evidence").object
    piped["engine"].pop("elapsed_ms"), given["engine"].pop("elapsed_ms")
    assert piped == given
    assert piped["role"] == ROLE


def test_for_people_it_prints_the_fix_the_answer_and_the_levels(program: Program) -> None:
    ran = program("feedback", "--question", "How did you raise sales at your last shop?", "--text", ANSWER)
    assert (ran.code, ran.stderr) == (0, "")
    for part in ("First fix", "[S] Last spring", "[R] Conversion on phones", "Criteria", "They will ask"):
        assert part in ran.stdout
    assert ran.stdout.index("First fix") < ran.stdout.index("Criteria")
    assert "built-in judge" in ran.stdout
    assert max(map(len, ran.stdout.splitlines())) <= 100


def refused(program: Program, *arguments: str | Path, code: int = 2, **rest: Any) -> str:
    """The words of a refusal: two or more lines on stderr, nothing on stdout."""
    ran = program(*arguments, **rest)
    assert (ran.code, ran.stdout) == (code, ""), ran.stderr
    message, *hint = ran.stderr.splitlines()
    assert message.startswith("coach: ")
    assert hint and hint[0].strip()
    return ran.stderr


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--question", "q13", "--text", ""], "no answer yet"),
        (["--question", "q13", "--text", "I sold shoes."], "at least 15"),
        (["--question", "q99", "--text", ANSWER], "has no question 'q99'"),
        (["--role", "ecommerce-manger", "--question", "q13", "--text", ANSWER], "e-commerce-manager"),
        (["--text", ANSWER], "--question"),
        (["--question", "q13", "--answer", "no such file.txt"], "no such file.txt cannot be read"),
        (["--batch", "no such file.jsonl"], "no such file.jsonl cannot be read"),
    ],
)
def test_input_that_cannot_be_used_is_refused(program: Program, arguments: list[str], expected: str) -> None:
    assert expected in refused(program, "feedback", *arguments, "--json")


@pytest.mark.parametrize(
    ("content", "expected"),
    [(ANSWER.encode("utf-16"), "not UTF-8"), (b"PK\x03\x04\x00\x00 zip " * 40, "not readable text")],
)
def test_a_file_that_is_no_text_is_refused(
    program: Program, tmp_path: Path, content: bytes, expected: str
) -> None:
    file = tmp_path / "answer.docx"
    file.write_bytes(content)
    assert expected in refused(program, "feedback", "--question", "q13", "--answer", file)


def test_a_command_line_that_is_no_unicode_is_refused(program: Program) -> None:
    assert "not UTF-8" in refused(program, "feedback", "--question", "q13", "--text", f"\udcff {ANSWER}")


def test_arguments_that_go_together_wrongly_are_refused(program: Program) -> None:
    ran = program("feedback", "--question", "q13", "--text", "a", "--answer", "b")
    assert (ran.code, ran.stdout) == (2, "")
    assert "not allowed with" in ran.stderr
