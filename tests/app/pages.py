"""A session on the page, as Streamlit's own test runner sees it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from coach import Coach
from coach.coach import Progress
from coach.config import Settings
from coach.ui import keys
from coach.ui.seat import Seat

SCRIPT = Path(__file__).resolve().parents[2] / "streamlit_app.py"
PATIENCE = 60.0

MakeCoach = Callable[[Settings, Progress], Coach]


class Page:
    """One browser session on the page "Practise"."""

    def __init__(self) -> None:
        self.app = AppTest.from_file(SCRIPT, default_timeout=PATIENCE).run()

    @property
    def seat(self) -> Seat:
        seat = self.app.session_state[keys.SEAT]
        assert isinstance(seat, Seat)
        return seat

    def type(self, text: str) -> Page:
        """Puts a text where the answer box would have put it."""
        self.seat.text = text
        return self

    def ask(self) -> Page:
        return self.press(keys.ASK)

    def press(self, key: str) -> Page:
        self.app.button(key=key).click().run()
        assert not self.app.exception
        return self

    def choose(self, question: str) -> Page:
        box = self.app.selectbox(key=keys.QUESTION_BOX)
        if question not in box.options:
            # The test runner knows no options but those that were sent; a person may write a new one.
            box.options.append(question)
        box.set_value(question).run()
        assert not self.app.exception
        return self

    def has_button(self, key: str) -> bool:
        return any(button.key == key for button in self.app.button)

    @property
    def html(self) -> str:
        """All markup of the page but its look."""
        bodies = [str(element.proto.body) for element in self.app.get("html")]  # type: ignore[attr-defined]
        return "\n".join(body for body in bodies if not body.startswith("<style>"))


def typed(text: str, number: int, role_id: str, question: str, is_example: bool = False) -> dict[str, object]:
    """What the answer box posts."""
    return {"typed": {"text": text, "number": number, "slot": json.dumps([role_id, question, is_example])}}
