"""Tests of escaping, consoles and quantities."""
