"""Tests of ``compress.methods.qat.in_worker``."""
