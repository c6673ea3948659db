"""Measures inference models (accuracy, latency, size, memory, proof of int8) and judges changes."""
