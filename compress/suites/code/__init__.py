"""What a suite's Python code defines and what uses it, read without running it."""
