"""A coach for interview answers."""
