"""What the server keeps for all its pages: one coach, opened in the background."""

from __future__ import annotations

import contextlib
import logging
import threading
import traceback
from collections.abc import Callable

import streamlit as st

from coach.coach import BUILT_IN, Coach, Progress
from coach.config import Settings
from coach.errors import CoachError, StoreError

_LOG = logging.getLogger(__name__)
_TICK = 0.1


class Desk:
    """The coach of this server. Roles, rubric and history can be used at once, feedback after `wait`."""

    def __init__(self, settings: Settings) -> None:
        self.coach = make_coach(settings, self._hear)
        self._starting = threading.Lock()
        self._opening: threading.Thread | None = None
        self._error: Exception | None = None
        self._heard = ("Getting ready", 0.0)

    def start(self) -> None:
        """Begins to open the coach; does nothing while it opens or once it is open."""
        with self._starting:
            if self._opening is None or self._error is not None:
                self._error = None
                self._opening = threading.Thread(target=self._open, name="open-coach", daemon=True)
                self._opening.start()

    @property
    def is_ready(self) -> bool:
        return self._opening is not None and not self._opening.is_alive() and self._error is None

    def wait(self, show: Callable[[str, float], None]) -> None:
        """Returns once feedback can be asked for; `show` hears what is being done, and how far, 0.0 to 1.0.

        Raises the CoachError that kept the coach from opening, until `start` is called again.
        """
        self.start_first_time()
        thread = self._opening
        while thread is not None and thread.is_alive():
            show(*self._heard)
            thread.join(_TICK)
        if isinstance(self._error, CoachError):
            raise self._error
        if self._error is not None:
            raise StoreError(
                "coach_not_open",
                f"The coach could not be opened ({type(self._error).__name__}).",
                "Run `coach doctor` in a terminal: it says what does not work and how to mend it.",
            ) from self._error

    def start_first_time(self) -> None:
        """Begins to open the coach unless that was tried before."""
        if self._opening is None:
            self.start()

    def start_models(self) -> None:
        """Begins to load what asking a model needs, so that nobody waits for it later."""
        threading.Thread(target=_load_models, name="load-models", daemon=True).start()

    def _hear(self, doing: str, done: float) -> None:
        self._heard = (doing, done)

    def _open(self) -> None:
        try:
            _ = self.coach.engines
            self._warm_up()
        except Exception as error:  # it is told to whoever waits
            log_without_text(error)
            self._error = error

    def _warm_up(self) -> None:
        """The first reading loads what all later ones use, so nobody should have to wait for it."""
        if any(self.coach.model_names()):
            self.start_models()
        question = self.coach.role().questions[0]
        with contextlib.suppress(Exception):  # what is really wrong shows when somebody asks
            self.coach.feedback(question.id, " ".join([question.text, *question.probes]), judge=BUILT_IN)


def _load_models() -> None:
    from coach.llm_library import litellm_library

    with contextlib.suppress(Exception):  # it is told to whoever asks a model
        litellm_library()


def make_coach(settings: Settings, progress: Progress) -> Coach:
    """A coach whose heavy parts are not open yet."""
    return Coach(settings, progress)


@st.cache_resource(show_spinner=False)
def open_desk() -> Desk:
    """The server's one desk; raises ConfigError for settings that cannot be used."""
    return Desk(Settings.from_env())


def log_without_text(error: BaseException) -> None:
    """Logs where an error came from, but not its message, which may quote an answer."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    _LOG.error("%s\n%s", type(error).__name__, frames)
