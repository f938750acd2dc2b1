"""Drafts and reports. No step leads back: it would delete what a person wrote."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes both tables."""
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("session_id", sa.String, nullable=False),
        sa.Column("role_id", sa.String, nullable=False),
        sa.Column("question_key", sa.String, nullable=False),
        sa.Column("question_id", sa.String),
        sa.Column("question_text", sa.String, nullable=False),
        sa.Column("question_kind", sa.String, nullable=False),
        sa.Column("answer", sa.String, nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("updated_at", sa.String, nullable=False),
        sa.UniqueConstraint("session_id", "role_id", "question_key", name="uq_drafts_question"),
    )
    op.create_index("ix_drafts_session_turn", "drafts", ["session_id", "turn"])
    op.create_table(
        "reports",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("created_at", sa.String, nullable=False),
        sa.Column("role_id", sa.String, nullable=False),
        sa.Column("question_key", sa.String, nullable=False),
        sa.Column("question_id", sa.String),
        sa.Column("question_text", sa.String, nullable=False),
        sa.Column("answer", sa.String, nullable=False),
        sa.Column("score", sa.Float),
        sa.Column("band", sa.String, nullable=False),
        sa.Column("judge", sa.String, nullable=False),
        sa.Column("report_json", sa.String, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reports_question", "reports", ["role_id", "question_key", "id"])
