"""Lets `python -m coach` do what `coach` does."""

from coach.cli import run

run()
