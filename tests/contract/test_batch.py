"""`coach feedback --batch`: one line in, one line out, in order, whatever the lines hold."""

from __future__ import annotations

import json
from pathlib import Path

from coach.rubric import Rubric
from tests.contract.conftest import Program
from tests.contract.soundness import find_faults
from tests.factories import ANSWER

GERMAN = (
    "Im letzten Sommer habe ich den Webshop einer kleinen Marke betreut und die Quote von einem auf zwei "
    "Prozent gesteigert, weil wir die Kasse mit vielen Kunden getestet haben."
)
FOURTEEN = "I ran the web shop of a small brand and sold many shoes there."
QUESTION = "Can you describe a successful e-commerce project you managed from start to finish?"


def request(id: object, answer: object = ANSWER, question: object = "q13", **more: object) -> bytes:
    return json.dumps({"id": id, "question": question, "answer": answer, **more}).encode()


# What a line holds and the code of its error, None for a report.
NAMED: list[tuple[str, bytes, str | None]] = [
    ("first", request("first"), None),
    ("empty", request("empty", "  \n "), "answer_empty"),
    ("short", request("short", "I sold a lot of shoes."), "answer_too_short"),
    ("fourteen", request("fourteen", FOURTEEN), "answer_too_short"),
    ("fifteen", request("fifteen", f"{FOURTEEN} Really."), None),
    ("long", request("long", "I did a lot of it. " * 1100), "answer_too_long"),
    ("german", request("german", GERMAN), "answer_not_english"),
    ("greek", request("greek", "Πέρσι δούλεψα σε ένα μικρό κατάστημα " * 4), "answer_not_english"),
    ("binary", request("binary", "PK\x03\x04\x00\x01\x02" * 20), "answer_not_text"),
    ("only-question", request("only-question", f"{QUESTION} Sure."), "answer_is_question"),
    ("role", request("role", role="ecommerce manager"), "unknown_role"),
    ("question", request("question", question="q99"), "unknown_question"),
    ("no-question", json.dumps({"id": "no-question", "answer": ANSWER}).encode(), "unknown_question"),
    ("own-question", request("own-question", question="Tell me about a launch you led."), None),
    ("role-name", request("role-name", role="E-Commerce Manager"), None),
    ("7", request(7), None),
    ("ünïcode 🙂", request("ünïcode 🙂", f"🙂 {ANSWER}", unknown_key=[1]), None),
]
UNUSABLE = [
    b'{"id": "cut", "question": "q13", "answer": "I was',
    b'["a", "b"]',
    b'"a text"',
    b"null",
    b"\xff\xfe{}",
    b"[" * 50_000,
    b"9" * 5_000,
    request("no-answer", None),
    b'{"id": "no-answer-key", "question": "q13"}',
    request("number", 12),
    request("list", ["a"]),
    request(["id"]),
    request("question-number", question=13),
    request("role-object", role={}),
    request("half a character", ANSWER + " \ud83d"),
]


def test_every_line_gets_its_line_and_the_batch_goes_on(
    program: Program, rubric: Rubric, tmp_path: Path
) -> None:
    lines: list[bytes] = []
    for (_, line, _), bad in zip(NAMED, [*UNUSABLE, b"", b""], strict=True):
        lines += [line, bad]
    lines += [b"  ", request("last")]
    file = tmp_path / "requests.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(lines))
    ran = program("feedback", "--batch", file, "--json")
    assert (ran.code, ran.stderr) == (0, "")
    named = [line for line in ran.lines if "line" not in line]
    assert [line["id"] for line in named] == [*(id for id, _, _ in NAMED), "last"]
    told = {line["id"]: line["error"]["code"] for line in named if "error" in line}
    assert told == {id: code for id, _, code in NAMED if code}

    unusable = [line for line in ran.lines if "line" in line]
    assert [line["line"] for line in unusable] == [2 * n + 2 for n in range(len(UNUSABLE))]
    assert {(line["id"], line["error"]["code"]) for line in unusable} == {(None, "bad_line")}

    for line in ran.lines:
        if "error" in line:
            assert set(line["error"]) == {"code", "message", "hint"}
            assert all(line["error"].values())
    reports = {line["id"]: line for line in named if "error" not in line}
    for id, raw, code in NAMED:
        if code is None:
            assert find_faults(reports[id], json.loads(raw)["answer"], rubric) == []
    assert reports["own-question"]["question"]["id"] is None
    hints = {line["id"]: line["error"]["hint"] for line in named if "error" in line}
    assert "e-commerce-manager" in hints["role"]
    assert "q9" in hints["question"]


def test_options_fill_in_what_lines_leave_out(program: Program) -> None:
    lines = [json.dumps({"answer": ANSWER}).encode(), request(None, "too short"), request("b", question="q2")]
    ran = program(
        "feedback", "--batch", "-", "--question", "q1", "--role", "e-commerce-manager", "--json",
        stdin=b"\n".join(lines) + b"\n",
    )  # fmt: skip
    first, second, third = ran.lines
    assert (first["id"], first["question"]["id"]) == (None, "q1")
    assert (second["id"], second["line"], second["error"]["code"]) == (None, 2, "answer_too_short")
    assert (third["id"], third["question"]["id"]) == ("b", "q2")


def test_for_people_it_prints_a_line_an_answer(program: Program) -> None:
    ran = program("feedback", "--batch", "-", stdin=request("one") + b"\n" + request("two", "short"))
    one, two = ran.stdout.splitlines()
    assert ran.code == 0
    assert one.startswith("one ")
    assert json.loads(two)["id"] == "two"


def test_an_empty_batch_is_done_at_once(program: Program) -> None:
    ran = program("feedback", "--batch", "-", "--json", stdin=b"\n\n")
    assert (ran.code, ran.stdout, ran.stderr) == (0, "", "")
