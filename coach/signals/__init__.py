"""What code can see in a text: pure functions, no I/O."""
