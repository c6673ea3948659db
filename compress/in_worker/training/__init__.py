"""Training with a teacher, and other parts that the training methods share."""
