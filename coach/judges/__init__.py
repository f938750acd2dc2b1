"""Judges: who sets the levels of a rubric."""
