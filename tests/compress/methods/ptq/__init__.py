"""Tests of ``compress.methods.ptq``."""
