"""Trained weights: found, fetched and read without trusting whoever made them."""
