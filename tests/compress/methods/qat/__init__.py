"""Tests of ``compress.methods.qat``."""
