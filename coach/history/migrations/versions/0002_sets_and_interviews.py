"""Question sets, what is being built, and mock interviews. No step leads back, as in 0001."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the four tables."""
    op.create_table(
        "question_sets",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("created_at", sa.String, nullable=False),
        sa.Column("role_id", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("set_json", sa.String, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_question_sets_role", "question_sets", ["role_id", "id"])
    op.create_table(
        "set_benches",
        sa.Column("session_id", sa.String, primary_key=True),
        sa.Column("content_json", sa.String, nullable=False),
        sa.Column("updated_at", sa.String, nullable=False),
    )
    op.create_table(
        "interviews",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("started_at", sa.String, nullable=False),
        sa.Column("finished_at", sa.String),
        sa.Column("set_id", sa.Integer, sa.ForeignKey("question_sets.id", ondelete="SET NULL")),
        sa.Column("role_id", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("set_json", sa.String, nullable=False),
        sqlite_autoincrement=True,
    )
    interview = sa.ForeignKey("interviews.id", ondelete="CASCADE")
    op.create_table(
        "interview_answers",
        sa.Column("interview_id", sa.Integer, interview, primary_key=True),
        sa.Column("question_id", sa.String, primary_key=True),
        sa.Column("answer", sa.String, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("report_id", sa.Integer, sa.ForeignKey("reports.id", ondelete="SET NULL")),
        sa.Column("updated_at", sa.String, nullable=False),
    )
