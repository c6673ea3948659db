"""Tests of publishing: decisions as values, and the whole against the emulated GitHub."""
