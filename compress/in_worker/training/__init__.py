"""Training with a teacher, and what the methods that train have in common."""
