"""One file per step; list each new one in `coach.history.database.REVISIONS`."""
