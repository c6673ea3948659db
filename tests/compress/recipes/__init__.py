"""Tests of ``compress.recipes``."""
