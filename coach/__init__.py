"""A coach for interview answers: rubric-based, evidence-bound, on your own machine.

from coach import Coach
coach = Coach.open()
report = coach.feedback(role="e-commerce-manager", question="q13", answer=text)
"""

from coach.coach import Coach
from coach.errors import AnswerError, CoachError, ConfigError, InputError, ModelError, StoreError
from coach.schema import Delta, QuestionSet, Report

__version__ = "0.1.0"
__all__ = [
    "AnswerError",
    "Coach",
    "CoachError",
    "ConfigError",
    "Delta",
    "InputError",
    "ModelError",
    "QuestionSet",
    "Report",
    "StoreError",
    "__version__",
]
