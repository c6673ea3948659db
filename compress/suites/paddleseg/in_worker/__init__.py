"""What needs the suite itself, inside a worker."""
