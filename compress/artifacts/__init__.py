"""Inference models, each made at most once: exported, compressed, searched, inspected."""
