"""What a change affects and what has to run for it: the plan."""
