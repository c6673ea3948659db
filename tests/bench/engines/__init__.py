"""Tests of the inference engines and their targets."""
