"""What cannot be assessed is refused with its reason; everything else passes exactly as it came."""

from __future__ import annotations

import pytest

from coach.errors import AnswerError
from coach.signals.intake import MAX_CHARACTERS, accept_answer
from tests.stories import QUESTION

FIFTEEN = "we had a slow shop and I made it quick again for all our customers"
REAL = (
    "At my last shop phone visitors left at the delivery step. I tested two versions of that page and "
    "moved the price to the start, and orders rose by a tenth within a month."
)
GERMAN = (
    "Ich habe im letzten Jahr einen Onlineshop betreut und die Kaufabwicklung neu gebaut, weil viele "
    "Kunden abgesprungen sind. Danach stieg die Quote um zwölf Prozent."
)
SPANISH = (
    "El año pasado trabajé en una tienda en línea y rediseñé la página de pago porque muchos clientes se "
    "iban. Después las ventas subieron un doce por ciento."
)

REFUSED = {
    "nothing": ("", "answer_empty"),
    "white space": (" \n\t \r\n ", "answer_empty"),
    "fourteen words": (FIFTEEN.removeprefix("we "), "answer_too_short"),
    "one word": ("Yes.", "answer_too_short"),
    "emoji": ("😀 " * 40, "answer_too_short"),
    "zero width": ("\u200b" * 40, "answer_too_short"),
    "marks": ("... !!! ??? --- " * 5, "answer_too_short"),
    "one character too many": ((REAL + " ") * 200, "answer_too_long"),
    "NUL": (REAL + "\x00", "answer_not_text"),
    "control bytes": ("\x01\x02\x03\x04" * 20 + REAL, "answer_not_text"),
    "broken copy": (REAL.replace("e", "\ufffd"), "answer_not_text"),
    "Chinese": ("我在一家网店工作。我重新设计了结账页面，转化率提高了百分之二十。", "answer_not_english"),
    "Russian": ("Я переделала страницу оплаты, потому что клиенты уходили.", "answer_not_english"),
    "German": (GERMAN, "answer_not_english"),
    "German in capitals": (GERMAN.upper(), "answer_not_english"),
    "Spanish": (SPANISH, "answer_not_english"),
    "Hinglish": (
        "Mera last project mein humne website ka checkout thik kiya kyunki customers chhod ke ja rahe the "
        "aur phir sales badh gayi thi bahut zyada",
        "answer_not_english",
    ),
    "gibberish": (
        "asdf qwer zxcv lkjh poiu mnbv tyui ghjk vbnm qazx wsxc edcv rfvb tgbn yhnm",
        "answer_not_english",
    ),
    "only the question": (QUESTION.text, "answer_is_question"),
    "the question in capitals": (f"  {QUESTION.text.upper()}  ", "answer_is_question"),
    "the question and three words": (f"{QUESTION.text} I did that.", "answer_is_question"),
    "the question twice": (f"{QUESTION.text}\n{QUESTION.text}", "answer_is_question"),
}

ACCEPTED = {
    "fifteen words": FIFTEEN,
    "the most characters": ((REAL + " ") * 200)[: MAX_CHARACTERS - 1] + ".",
    "the question above a real answer": f"{QUESTION.text}\n\n{REAL}",
    "emoji in it": f"🎉 {REAL} 🚀",
    "zero width in it": REAL.replace(" ", " \u200b"),
    "one broken character": REAL.replace("shop", "sh\ufffdp"),
    "windows line ends": REAL.replace(". ", ".\r\n"),
    "notes without function words": (
        "Rebuilt checkout page. Cut form fields from nine to four. Tested two versions, six weeks. "
        "Conversion up 1.7% to 2.6%. Abandonment down."
    ),
    "a list of tools": (
        "Google Analytics, Shopify, Magento, Klaviyo, Hotjar, SEMrush, Google Ads, Meta Ads, Excel, Looker "
        "Studio, Figma, Jira, Trello, Optimizely, Mailchimp"
    ),
    "slips of a learner": (
        "In my before company I am responsible of the web shop and the customers was leaving the basket, so "
        "I make a test and we see the delivery price is problem."
    ),
    "German words in it": f"{REAL} My boss said „sehr gut, weiter so“.",
}


@pytest.mark.parametrize(("answer", "code"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_assessed_is_refused_with_a_reason_and_a_hint(answer: str, code: str) -> None:
    with pytest.raises(AnswerError) as caught:
        accept_answer(answer, QUESTION)
    assert caught.value.code == code
    assert caught.value.exit_code == 2
    assert caught.value.message.endswith(".") and caught.value.hint.endswith(".")


@pytest.mark.parametrize("answer", ACCEPTED.values(), ids=ACCEPTED)
def test_what_can_be_assessed_passes_unchanged(answer: str) -> None:
    submission = accept_answer(answer, QUESTION)
    assert submission.answer == answer
    assert submission.words >= 15


def test_the_limits_are_exact() -> None:
    whole = ((REAL + " ") * 200)[: MAX_CHARACTERS - 1] + "."
    assert accept_answer(whole, QUESTION).answer == whole
    with pytest.raises(AnswerError, match="20,001"):
        accept_answer(whole + ".", QUESTION)
    with pytest.raises(AnswerError, match="has 14 words; at least 15"):
        accept_answer(REFUSED["fourteen words"][0], QUESTION)
    with pytest.raises(AnswerError, match="has 1 word;"):
        accept_answer("Yes.", QUESTION)
