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
KEEPING: Final = "keeping"
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

# ---- the page "Questions" -----------------------------------------------------------------------------
SET_ROLE: Final = "set_role"
SET_LEVEL: Final = "set_level"
SET_STAGE: Final = "set_stage"
SET_TOPICS: Final = "set_topics"
SET_COUNT: Final = "set_count"
BUILD: Final = "build_set"
NEW_SET: Final = "new_set"
LAST_SET: Final = "last_set"
SAVE_SET: Final = "save_set"
DOWNLOADS: Final = "set_downloads"
OWN_QUESTION: Final = "own_question"
ADD_OWN: Final = "add_own_question"
INTERVIEW_THIS: Final = "interview_this"
# ---- the page "Mock interview" ------------------------------------------------------------------------
INTERVIEW_BOX: Final = "interview_box"
CLOCK: Final = "clock"
NEXT_IN_INTERVIEW: Final = "next_in_interview"
BACK_IN_INTERVIEW: Final = "back_in_interview"
PAUSE_INTERVIEW: Final = "pause_interview"
FINISH_INTERVIEW: Final = "finish_interview"
USE_OTHER: Final = "use_other_answer"
USE_OWN: Final = "use_own_answer"
SAVE_GONE: Final = "save_gone_answer"
INTERVIEW_LIST: Final = "interview_list"
TO_QUESTIONS: Final = "to_questions"


def of_paper(widget: str, paper: str, drops: int = 0) -> str:
    """The key of a widget for a job description or a résumé; a new drop place has a new number."""
    return f"{widget}_{paper}_{drops}"


def of_question(action: str, question_id: str) -> str:
    """The key of a widget beside a question of a set or an interview."""
    return f"{action}_question_{question_id}"


def of_format(name: str) -> str:
    """The key of a download of a set."""
    return f"set_as_{name}"


def of_set(action: str, set_id: int) -> str:
    """The key of a widget in the list of saved sets."""
    return f"{action}_set_{set_id}"


def of_interview(action: str, interview_id: int) -> str:
    """The key of a widget in the list of interviews."""
    return f"{action}_interview_{interview_id}"


def of_report(action: str, report_id: int) -> str:
    """The key of a widget in a row of the history."""
    return f"{action}_{report_id}"
