"""Numbered steps from an empty file to today's tables, run by alembic when the history is opened."""
