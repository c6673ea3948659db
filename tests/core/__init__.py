"""Tests of the package that all others stand on."""
