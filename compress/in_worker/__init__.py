"""What runs inside worker processes: each module answers requests of one kind."""
