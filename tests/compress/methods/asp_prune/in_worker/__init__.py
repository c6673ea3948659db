"""Tests of ``compress.methods.asp_prune.in_worker``."""
