"""Every key of the session, in one place: what the page remembers, and what its widgets are called."""

from __future__ import annotations

from typing import Final

# ---- remembered by the page, also while another page is shown --------------------------------------
RESTORED: Final = "restored"  # bool: the last draft was looked up
ROLE: Final = "role"  # id of the chosen role
QUESTION: Final = "question"  # text of the chosen question
TEXT: Final = "text"  # what stands in the answer box
REVISION: Final = "revision"  # changes whenever the page, not the person, puts text into the box
SEEN: Final = "seen"  # number of the newest change that arrived from the box
STORED: Final = "stored"  # number of the newest change that is on the disk
EXAMPLE: Final = "example"  # bool: the box holds a worked example
OWN_TEXT: Final = "own_text"  # the text that stood there before the example
FEEDBACK: Final = "feedback"  # coach.ui.asking.Feedback that is shown, or None
PROBLEM: Final = "problem"  # coach.ui.notices.Problem that is shown, or None
HISTORY_PROBLEM: Final = "history_problem"  # the same for the history
JUDGE: Final = "judge"  # "evidence", or a model's name
API_KEY: Final = "api_key"  # of this session only; never written anywhere
OPEN_REPORT: Final = "open_report"  # id of the saved report that the history page shows
REPORTS_SHOWN: Final = "reports_shown"  # how many the history page lists

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
MODEL_BOX: Final = "model_box"
API_KEY_BOX: Final = "api_key_box"
DELETE_ALL: Final = "delete_all"
DELETE_ALL_SURE: Final = "delete_all_sure"
MORE_REPORTS: Final = "more_reports"
CLOSE_REPORT: Final = "close_report"
PRACTISE_AGAIN: Final = "practise_again"


def of_report(action: str, report_id: int) -> str:
    """The key of a button in a row of the history."""
    return f"{action}_{report_id}"
