"""GitHub's events and comment commands: who may do what, and what has to run."""
