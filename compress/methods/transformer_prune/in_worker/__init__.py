"""What this method does inside a worker."""
