"""Tests of the workflow files against the emulated GitHub."""
