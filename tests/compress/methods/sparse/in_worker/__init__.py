"""Tests of ``compress.methods.sparse.in_worker``."""
