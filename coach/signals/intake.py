"""Decides whether an answer can be assessed, and says why not. The text itself is never changed: every
later offset refers to it exactly as submitted."""

from __future__ import annotations

import re
import unicodedata

from coach.errors import AnswerError
from coach.schema import AskedQuestion
from coach.signals.segments import WORD, count_words
from coach.signals.types import Submission

MIN_WORDS = 15
MAX_CHARACTERS = 20_000
# Share of the commonest English words below which a text is looked at by the language identifier: English
# prose lies at .35 to .60, while Portuguese ("do", "no", "as") can reach .25.
_COMMON_SHARE = 0.35
_LATIN_SHARE = 0.6
# Share of capitalised words from which a text is a list of names; German prose lies at .25 to .4.
_NAMES_SHARE = 0.7
_COMMON = frozenset(
    "the a an and or but of to in on at for with from by as is are was were be been am it its this "
    "that these those i me my we our us you your he she they them their his her not no do did does "
    "have has had will would can could so if when while then than there which "
    "who what how all some more because about into out up after before also just very get got one".split()
)


def accept_answer(answer: str, question: AskedQuestion) -> Submission:
    """The submission, or AnswerError with code answer_empty, answer_not_text, answer_too_long,
    answer_is_question, answer_too_short or answer_not_english."""
    if not answer.strip():
        raise AnswerError(
            "answer_empty", "There is no answer yet.", "Paste or write your answer, at least 15 words."
        )
    _refuse_binary(answer)
    if len(answer) > MAX_CHARACTERS:
        raise AnswerError(
            "answer_too_long",
            f"The answer has {len(answer):,} characters; at most {MAX_CHARACTERS:,} can be read.",
            "Paste one answer to one question. Two minutes of speech are about 300 words.",
        )
    _refuse_foreign_script(answer)
    _refuse_question_only(answer, question.text)
    words = count_words(answer)
    if words < MIN_WORDS:
        raise AnswerError(
            "answer_too_short",
            f"The answer has {words} {'word' if words == 1 else 'words'}; "
            f"at least {MIN_WORDS} are needed to say anything useful.",
            "Write down where it was, what your goal was, what you did and what came of it: "
            "a sentence each will do.",
        )
    _refuse_other_language(answer)
    return Submission(answer, question, words)


def _refuse_binary(answer: str) -> None:
    odd = sum(
        1
        for char in answer
        if unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs") and char not in "\t\n\r\f\v\x85"
    )
    broken = any("\ud800" <= char <= "\udfff" for char in answer)  # half a character cannot be saved
    lost = answer.count("�") > max(3, len(answer) // 30)
    if "\x00" in answer or broken or lost or odd > max(2, len(answer) // 50):
        raise AnswerError(
            "answer_not_text",
            "This is not readable text; it looks like a binary file or a broken copy.",
            "Save the answer as plain text (UTF-8), or copy it again from where you wrote it.",
        )


def _refuse_foreign_script(answer: str) -> None:
    letters = [char for char in answer if char.isalpha()]
    latin = sum(1 for char in letters if char < "ɐ" or "Ḁ" <= char <= "ỿ")
    if len(letters) >= 8 and latin / len(letters) < _LATIN_SHARE:
        _raise_not_english()


def _refuse_other_language(answer: str) -> None:
    words = [word.lower().replace("’", "'") for word in WORD.findall(answer)]
    share = sum(1 for word in words if word in _COMMON or word.split("'")[0] in _COMMON) / len(words)
    if share < _COMMON_SHARE and not _is_list_of_names(answer) and _identify_language(answer) != "en":
        _raise_not_english()


def is_english(text: str) -> bool:
    """Whether the text reads as English; names of tools and brands alone do."""
    if not WORD.search(text):
        return False
    try:
        _refuse_foreign_script(text)
        _refuse_other_language(text)
    except AnswerError:
        return False
    return True


def _is_list_of_names(answer: str) -> bool:
    """Tools and brands have no language, so they are no reason to refuse: "Shopify, Klaviyo, Hotjar"."""
    words = WORD.findall(answer)
    names = sum(1 for word in words if word[0].isupper())
    return names >= _NAMES_SHARE * len(words) and not answer.isupper()


def _identify_language(answer: str) -> str:
    # Loading the identifier takes most of a second, so only doubtful texts pay for it.
    from py3langid import classify

    return str(classify(answer[:2000])[0])


def _raise_not_english() -> None:
    raise AnswerError(
        "answer_not_english",
        "The answer does not read as English, the only language that can be assessed.",
        "Answer in English. Grammar slips and accent cost nothing.",
    )


def _refuse_question_only(answer: str, question: str) -> None:
    asked = _fold(question)
    said = _fold(answer)
    if not asked or asked not in said:
        return
    rest = said.replace(asked, " ")
    if count_words(rest) < MIN_WORDS:
        raise AnswerError(
            "answer_is_question",
            "The text holds little more than the question itself.",
            "Write your own answer under the question: "
            "where it was, your goal, what you did, what came of it.",
        )


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", " ", folded).strip()
