"""Alembic's entry: runs the steps on the connection that `coach.history.database` hands over.

No logging is configured here, since the program that hosts the coach owns that.
"""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
