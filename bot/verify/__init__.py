"""Checks on a GPU what the project states about GPUs, and what its docs then say."""
