"""What kind of answer a question asks for; the bank's own questions are checked in test_roles."""

from __future__ import annotations

import pytest

from coach.question_kinds import infer_kind
from coach.schema import QuestionKind

KINDS: dict[QuestionKind, tuple[str, ...]] = {
    "behavioural": (
        "Tell me about a time you missed a sales target.",
        "Give me an example of a campaign that flopped.",
        "Can you share a story about a launch that went wrong?",
        "Recall the moment you knew that the test had failed.",
        "Describe a situation in which stock ran out. How did you react?",
        "How do you settle disputes with developers, and can you give a specific example of one you settled?",
        "How do you set priorities? Can you share an instance where that was hard?",
        "Describe your way of planning. Can you recall a specific plan that did not work out?",
        "What is the biggest mistake you made in an online shop?",
        "What's the hardest decision you’ve had to make?",
        "What was your toughest negotiation with a supplier?",
        "Have you ever had to pull a product off the site?",
        "How did you handle your last site outage?",
        "Which of your campaigns did you have to stop, and why?",
        "Describe your proudest achievement at work.",
        "Tell us, if you can, about a launch that went wrong.",
        "Tell me about the most difficult customer you've dealt with.",
        "Tell me about something you improved in a checkout.",
        "Walk me through one campaign that you ran end to end.",
        "A time when you disagreed with your boss?",
        "Examples of a test that surprised you, please?",
    ),
    "approach": (
        "How do you decide which metrics to track?",
        "How do you handle a situation where a customer is angry?",
        "Walk me through your process for launching a product, with a specific example.",
        "Discuss your approach to pricing, perhaps sharing a story from your last job.",
        "Can you describe how you plan peak season, including any examples from your own shops?",
        "How do you keep learning? Can you provide examples of steps you've taken?",
        "Tell me about how you plan peak season.",
        "What strategies do you use to cut cart abandonment?",
        "What steps do you take before a launch?",
        "What is your approach to A/B testing?",
        "What do you do when traffic drops overnight?",
        "What would you do in a situation where the site goes down?",
        "How would you raise conversion in our shop?",
        "Imagine the budget is halved: what do you drop?",
        "Why do you want to work here?",
        "pricing and promotions and margins",
    ),
    "experience": (
        "Tell me about your experience with Shopify.",
        "Can you explain your experience of working with agencies?",
        "What is your experience with A/B testing?",
        "What experience do you have in paid search?",
        "How many years of experience do you have with Magento?",
        "Do you have any experience managing people?",
        "Describe your background in retail.",
        "Tell me about yourself.",
        "Walk me through your resume.",
        "Have you ever used BigQuery?",
        "How long have you worked in online retail?",
    ),
    "knowledge": (
        "What metrics matter most for email?",
        "Which tools do you use for SEO?",
        "What tools and software have you used for email?",
        "What e-commerce trends do you see coming?",
        "What do you know about consumer law?",
        "Are you familiar with server-side tracking?",
        "Explain your understanding of attribution.",
        "Explain why bounce rate matters.",
        "What is the difference between ROAS and profit?",
        "What is a good conversion rate?",
        "What is the biggest challenge facing online shops?",
    ),
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in KINDS.items() for text in texts])
def test_kind_is_read_off_the_wording(kind: QuestionKind, text: str) -> None:
    assert infer_kind(text) == kind
    assert infer_kind(text.upper()) == kind


@pytest.mark.parametrize("text", ["", "?", "1234", "日本語の質問", "how " * 2_000, "tell me about " * 2_000])
def test_any_text_has_a_kind(text: str) -> None:
    assert infer_kind(text) in KINDS
