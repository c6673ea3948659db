"""Tests of ``compress.methods.transformer_prune.in_worker``."""
