"""The Markdown document of a report, read back by a real Markdown parser."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from coach.export import report_to_markdown, reports_to_json
from coach.schema import Overall, Report, Segment
from tests.factories import ANSWER, make_report, make_segments
from tests.markdown_attacks import ATTACKS, PARSER, STRUCTURE, shown, tokens_of, visible


def outline(markdown: str) -> list[str]:
    parsed = PARSER.parse(markdown)
    return [
        f"{token.tag} {parsed[at + 1].content}"
        for at, token in enumerate(parsed)
        if token.type == "heading_open"
    ]


def with_every_text(report: Report, text: str) -> Report:
    """The report with every free text in it replaced."""
    ids = {"id", "answer_type", "kind", "label", "basis", "status", "criterion", "from", "schema_version"}

    def replaced(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: replaced(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [replaced(inner, key) for inner in value]
        return text if isinstance(value, str) and key not in ids else value

    return Report.model_validate(replaced(json.loads(report.to_json())))


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_an_answer_adds_no_structure_and_stays_readable(attack: str) -> None:
    half = len(attack) // 2
    for segments in (
        (),
        (Segment(start=0, end=len(attack), label="action", confidence=1),),
        (
            Segment(start=0, end=half, label="action", confidence=1),
            Segment(start=half, end=len(attack), label="result", confidence=1),
        ),
    ):
        document = report_to_markdown(make_report(segments=segments), attack)
        assert outline(document) == outline(report_to_markdown(make_report(), ANSWER))
        tokens = tokens_of(document)
        assert not [token.type for token in tokens if token.type in STRUCTURE]
        assert [token.type for token in tokens].count("hr") == 1
        assert not re.search(r"(?<!\\)\$", document)
        if len(segments) < 2:
            assert visible(attack) in shown(document)


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_no_text_of_a_report_adds_structure(attack: str) -> None:
    full = make_report(
        overall=Overall(score=40, band="early", caps=("cap: text",), uncapped=60, margin=2),
        warnings=({"code": "c", "message": "m"},),
    )
    clean, attacked = with_every_text(full, "word"), with_every_text(full, attack)
    documents = [report_to_markdown(report, ANSWER, role_name=report.role) for report in (clean, attacked)]
    assert outline(documents[0]) == outline(documents[1])
    counts = [
        {
            kind: [t.type for t in tokens_of(document)].count(kind)
            for kind in ("list_item_open", "blockquote_open", "hr")
        }
        for document in documents
    ]
    assert counts[0] == counts[1]
    assert not [token.type for token in tokens_of(documents[1]) if token.type in STRUCTURE]
    assert not re.search(r"(?<!\\)\$", documents[1])
    assert visible(attack) in shown(documents[1])


# ---- what the document says ---------------------------------------------------------------------------


def test_the_document_has_its_parts_in_the_order_of_the_report() -> None:
    assert outline(report_to_markdown(make_report(), ANSWER)) == [
        "h1 Feedback on your answer",
        "h2 First fix",
        "h2 Where it stands",
        "h2 Your answer, read by a listener",
        "h2 Criteria",
        "h2 For this role",
        "h3 What you show of the job",
        "h3 Figures the job is measured by",
        "h2 They will ask",
        "h2 A tighter version",
    ]


def test_the_whole_report_is_told() -> None:
    report = make_report()
    text = shown(report_to_markdown(report, ANSWER, role_name="E-commerce Manager"))
    told = [report.question.text, "Role: E-commerce Manager"]
    told += [f"{report.priorities[0].advice} (up to 5 points)", *report.follow_ups]
    told += [result.why for result in report.criteria] + [result.next_step for result in report.criteria]
    told += [f"“{quote.quote}”" for result in report.criteria for quote in result.evidence]
    told += [f"Strong ({report.overall.score} of 100)", "Action: 4 of 5.", "Question fit: 5 of 5."]
    told += ["Conversion optimisation, shown: “tested two versions", "Site experience, close by"]
    told += ["Conversion rate, proven: “Conversion on phones” (from 1.7 % to 2.6 %, six weeks)"]
    told += [
        "Average order value, named without a figure: “average order value”",
        "Cart abandonment rate, worth adding",
    ]
    told += ["Say: Abandoned carts on phones fell from [share before] to [share after]."]
    told += ["Where to find it: Your shop system's checkout funnel"]
    told += ["My target was [target].", "“We also looked at the average order value”"]
    told += [
        "Judged by the built-in judge (rubric star@1, knowledge 3fa9c1d2).",
        "A practice aid, not a hiring verdict.",
    ]
    for passage in told:
        assert passage in text


def test_a_level_that_was_not_judged_is_never_a_number() -> None:
    document = report_to_markdown(make_report(), ANSWER)
    assert "- **Role relevance**: not judged. The model's reply on this could not be read." in document
    overall = Overall(score=None, band="not judged")
    document = report_to_markdown(make_report(overall=overall), ANSWER)
    assert "## Where it stands\n\nNot judged.\n" in document
    assert "of 100" not in document


def test_caps_are_told_as_sentences_with_what_the_score_would_be() -> None:
    cap = "no_own_action: at most 45 points, because no step you took yourself is told"
    overall = Overall(score=45, band="partial", caps=(cap,), margin=1.5, uncapped=71.5)
    document = report_to_markdown(make_report(overall=overall), ANSWER)
    assert "**Partial** (45 of 100, give or take 1.5)" in document
    assert "What holds it down (otherwise 71.5):\n\n- At most 45 points, because no step" in document


def test_the_answer_is_marked_by_part_and_whole() -> None:
    document = report_to_markdown(make_report(), ANSWER)
    quoted = document.split("## Your answer, read by a listener")[1].split("## Criteria")[0]
    marks = re.findall(r"\*\*\[(.)\]\*\*", quoted)
    assert marks == ["S", "T", "A", "R", "L"]
    body = "\n".join(line[2:] for line in quoted.splitlines() if line.startswith(">"))
    assert re.sub(r"\*\*\[.\]\*\* ", "", body).split() == ANSWER.split()
    shares = [int(share) for share in re.findall(r"(\d+) %(?=,|\.\n)", quoted.split("\n>")[0])]
    assert len(shares) == 5
    assert abs(sum(shares) - 100) <= 2


def test_words_outside_every_segment_stay_in_their_place() -> None:
    situation, _task, *rest = make_segments()
    document = report_to_markdown(make_report(segments=(situation, *rest)), ANSWER)
    assert (
        "\n>\n> My job was to get the checkout back on track before the summer season.\n>\n> **[A]**"
        in document
    )


def test_neighbours_of_one_label_and_the_marks_between_them_join() -> None:
    answer = "First I asked, then I built. It worked."
    segments = tuple(
        Segment(start=answer.index(part), end=answer.index(part) + len(part), label=label, confidence=1)
        for part, label in (("It worked", "result"), ("First I asked", "action"), ("then I built", "action"))
    )
    document = report_to_markdown(make_report(segments=segments), answer)
    assert "> **[A]** First I asked, then I built.\n>\n> **[R]** It worked.\n" in document


def test_a_bare_report_leaves_empty_sections_out() -> None:
    empty = {
        "segments": (),
        "activities": (),
        "kpis": (),
        "priorities": (),
        "follow_ups": (),
        "rewrite": None,
    }
    document = report_to_markdown(make_report(**empty), ANSWER)
    assert outline(document) == [
        "h1 Feedback on your answer",
        "h2 First fix",
        "h2 Where it stands",
        "h2 Your answer, read by a listener",
        "h2 Criteria",
    ]
    assert "Nothing in this answer asks to be changed first." in document
    assert "Where your words go" not in document


def test_a_model_and_its_warnings_are_named() -> None:
    engine = {
        "judge": "openai/some_model",
        "rubric": "star@1",
        "prompt": "assess@1:ab12cd",
        "knowledge": "3f",
    }
    warnings = ({"code": "model_down", "message": "The model did not answer."},)
    document = report_to_markdown(make_report(engine=engine, warnings=warnings), ANSWER)
    assert "Judged by openai/some\\_model (rubric star@1, prompt assess@1:ab12cd, knowledge 3f)." in document
    assert "## Worth knowing\n\n- The model did not answer.\n" in document


# ---- the history as JSON ------------------------------------------------------------------------------


def test_the_history_as_json_is_readable_and_whole() -> None:
    entries = [{"kind": "report", "answer": "zwölf\r\n👩🏽‍💻", "report": {"score": None}}]
    text = reports_to_json(entries)
    assert json.loads(text) == entries
    assert "zwölf" in text
    assert text.endswith("]\n")
    assert json.loads(reports_to_json([])) == []
