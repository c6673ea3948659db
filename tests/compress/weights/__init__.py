"""Tests of how trained weights are found, fetched and read."""
