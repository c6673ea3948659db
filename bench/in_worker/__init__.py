"""What measures inside worker processes."""
