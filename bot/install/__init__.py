"""The files that a suite needs for slimgate."""
