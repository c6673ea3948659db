"""Tests of ``compress.methods``."""
