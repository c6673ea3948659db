"""Tests of what confines a worker."""
