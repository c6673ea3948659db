"""Tests of running a plan."""
