"""The plan: what a change affects and what has to run for it."""
