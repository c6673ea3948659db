"""Tests of ``compress.in_worker.graph``."""
