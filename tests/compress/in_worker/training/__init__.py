"""Tests of ``compress.in_worker.training``."""
