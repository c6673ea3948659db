"""Tests of ``compress.methods.quant_aware.in_worker``."""
