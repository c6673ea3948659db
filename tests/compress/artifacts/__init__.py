"""Tests of how models are made through the store."""
