"""Metrics with their per-image statistics, so that they can be computed again on resamples."""
