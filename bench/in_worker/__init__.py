"""Modules that measure, inside worker processes only."""
