"""Tests of ``compress.methods.asp_prune``."""
