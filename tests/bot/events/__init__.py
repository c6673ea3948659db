"""Tests of how events and comments are answered."""
