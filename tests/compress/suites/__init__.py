"""Tests of what slimgate knows of the suites."""
