"""Tests of what measures inside worker processes."""
