"""Tests of worker processes seen from outside."""
