"""Tests of ``compress.methods.ptq.in_worker``."""
