"""Tests of ``compress.methods.transformer_prune``."""
