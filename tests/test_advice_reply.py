"""A coaching reply is read however a model writes its headings, and nothing is made of what is no reply."""

from __future__ import annotations

import pytest

from coach.advice_reply import AdviceReply, read_advice

STEPS = "result: Say what changed.\naction: Say how."
ASKED = "- Who decided?\n- What did it cost?"
VERSION = "I moved the price. It helped."
NOTHING = AdviceReply({}, (), "")


def written(steps: str, asked: str, version: str) -> str:
    """A reply with these headings."""
    return f"{steps}\n{STEPS}\n{asked}\n{ASKED}\n{version}\n{VERSION}"


@pytest.mark.parametrize(
    "headings",
    [
        ("## Next steps", "## They will ask", "## Tighter version"),
        ("# Next Steps", "# They Will Ask", "# Tighter Version"),
        ("**Next steps**", "**They will ask**", "**Tighter version**"),
        ("**Next steps:**", "**They will ask:**", "**Tighter version:**"),
        ("### **Next steps**", "### **They will ask**", "### **Tighter version**"),
        ("Next steps:", "They will ask:", "Tighter version:"),
        ("NEXT STEPS", "THEY WILL ASK", "TIGHTER VERSION"),
        ("1. Next steps", "2. They will ask", "3. Tighter version"),
        ("1) Next step", "2) They will ask", "3) Tighter version"),
        ("> ## Next steps", "> ## They will ask", "> ## Tighter version"),
        ("## Next steps\n", "\n## They will ask\n", "\n## Tighter version\n"),
        ("Here is my view.\n\n## Next steps", "## They will ask", "## Tighter version"),
        ("<think>## Next steps\ntask: No.</think>\n## Next steps", "## They will ask", "## Tighter version"),
        ("```\n## Next steps", "## They will ask", "## Tighter version"),
        ("```markdown\n## Next steps", "## They will ask", "```\n## Tighter version"),
    ],
    ids=lambda headings: headings[0].replace("\n", " "),
)
def test_headings_are_read_in_all_the_ways_models_write_them(headings: tuple[str, str, str]) -> None:
    reply = read_advice(written(*headings))
    assert dict(reply.next_steps) == {"result": "Say what changed.", "action": "Say how."}
    assert reply.questions == ("Who decided?", "What did it cost?")
    assert reply.rewrite == VERSION


@pytest.mark.parametrize(
    "line",
    [
        "question_fit: Come back to it.",
        "- question_fit: Come back to it.",
        "* **question_fit**: Come back to it.",
        "**question_fit:** Come back to it.",
        "`question_fit`: Come back to it.",
        "Question fit - Come back to it.",
        "1. Question Fit – Come back to it.",
        "• question fit — Come back to it.",
    ],
)
def test_a_step_is_read_in_all_the_ways_models_write_it(line: str) -> None:
    assert dict(read_advice(f"## Next steps\n{line}").next_steps) == {"question_fit": "Come back to it."}


def test_steps_for_nothing_that_is_judged_are_left_out() -> None:
    steps = "metrics: A.\ndelivery: B.\ncharisma: C.\nresult:\nNo criterion here.\ntask: One.\ntask: Two."
    assert dict(read_advice(f"## Next steps\n{steps}").next_steps) == {"task": "One."}


def test_the_order_of_the_parts_does_not_matter_and_the_first_of_two_counts() -> None:
    text = f"## Tighter version\n{VERSION}\n## Next steps\n{STEPS}\n## Tighter version\nAnother one."
    reply = read_advice(text)
    assert reply.rewrite == VERSION
    assert len(reply.next_steps) == 2
    assert reply.questions == ()


def test_a_part_may_begin_beside_its_heading() -> None:
    assert read_advice(f"Tighter version: {VERSION}").rewrite == VERSION


@pytest.mark.parametrize(
    ("cut", "left"),
    [
        ("I moved the price. It hel", "I moved the price."),
        ("I moved the price. It helped.", "I moved the price. It helped."),
        ('She said "go." Then I', 'She said "go."'),
        ("I moved the pri", ""),
        ("It rose to 2.6 % in", ""),
    ],
)
def test_a_cut_reply_loses_its_broken_sentence(cut: str, left: str) -> None:
    text = f"## Next steps\n{STEPS}\n## Tighter version\n{cut}"
    assert read_advice(text, is_whole=False).rewrite == left
    assert read_advice(text, is_whole=True).rewrite == cut
    assert len(read_advice(text, is_whole=False).next_steps) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n ",
        "I am sorry, I cannot help with that.",
        '{"next_steps": {"result": "Say what changed."}, "rewrite": "I moved it."}',
        '```json\n{"tighter_version": "I moved it."}\n```',
        "result: Say what changed.",
        "## Other heading\nresult: Say what changed.",
        "<think>## Next steps\nresult: Say what changed.</think>",
        "\ud800",
    ],
)
def test_what_is_no_reply_says_nothing(text: str) -> None:
    assert read_advice(text) == NOTHING


@pytest.mark.parametrize(
    "text",
    [
        "## Next steps\n" * 2_000,
        "## Tighter version\n" + "word " * 50_000,
        "#" * 30_000,
        ">" * 30_000 + "next steps",
        "## Next steps\n" + "a " * 15_000,
        "## Next steps\n" + " " * 25_000 + "result: Yes.",
        "## Next steps\n" + "result " * 4_000 + ": Yes.",
    ],
)
def test_strange_replies_are_read_in_no_time(text: str) -> None:
    reply = read_advice(text)
    assert len(reply.rewrite) <= 30_000
