"""Tests of the comment commands, one module each, and of the grammar."""
