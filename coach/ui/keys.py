"""Every key of the session, in one place."""

from __future__ import annotations

from typing import Final

# What the page remembers, also while another page is shown: a coach.ui.seat.Seat.
SEAT: Final = "seat"

# ---- widgets ----------------------------------------------------------------------------------------
ROLE_BOX: Final = "role_box"
QUESTION_BOX: Final = "question_box"
FILTER: Final = "filter"
TOPICS: Final = "topics"
KINDS: Final = "kinds"
ANSWER: Final = "answer_box"
ASK: Final = "ask"
SHOW_EXAMPLE: Final = "show_example"
LEAVE_EXAMPLE: Final = "leave_example"
RETRY: Final = "retry"
NEXT_QUESTION: Final = "next_question"
DOWNLOAD: Final = "download"
WIRING: Final = "wiring"
SETTINGS: Final = "settings"
JUDGE_CHOICE: Final = "judge_choice"
PROVIDER_BOX: Final = "provider_box"
MODEL_BOX: Final = "model_box"
ADDRESS_BOX: Final = "address_box"
API_KEY_BOX: Final = "api_key_box"
FORGET_KEY: Final = "forget_key"
LEVELS_BOX: Final = "levels_box"
TEST_MODEL: Final = "test_model"
FORGET_REPLIES: Final = "forget_replies"
STOP: Final = "stop"
LENGTH_BOX: Final = "length_box"
FACTS_BOX: Final = "facts_box"
DELETE_ALL: Final = "delete_all"
DELETE_ALL_SURE: Final = "delete_all_sure"
MORE_REPORTS: Final = "more_reports"
CLOSE_REPORT: Final = "close_report"
WORK_ON: Final = "work_on"


def of_report(action: str, report_id: int) -> str:
    """The key of a widget in a row of the history."""
    return f"{action}_{report_id}"
