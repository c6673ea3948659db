"""Tests of ``compress.methods.sparse``."""
